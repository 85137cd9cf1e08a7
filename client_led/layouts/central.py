"""The central display of a zone (QUE-027 to QUE-029)."""

from __future__ import annotations

from client_led.feed.calls import CallFeed
from common.link import Link
from common.protocol.queue import BoardCall
from common.qt.display import DisplaySheet


class Central(DisplaySheet):
    """The display's parts, with the feed that decides which call stands in the large place."""

    def __init__(self, link: Link, *, reduce_motion: bool) -> None:
        super().__init__(link.now, reduce_motion=reduce_motion)
        self.feed = CallFeed()

    def refresh_calls(self, new: BoardCall | None) -> None:
        """Show the feed as it stands; `new` slides in."""
        self.show_calls(self.feed.current, self.feed.earlier, new=new is not None)
