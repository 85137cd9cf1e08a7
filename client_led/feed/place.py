"""The zone or the window that a display shows: read, followed by notices, kept over a power cut, and how old it is."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Literal
from uuid import UUID

from common.link import Link, LinkState, View
from common.protocol.queue import AtWindow, Board, InZone, WindowView

Kind = Literal["zone", "window"]


class Place:
    """One place at a time. `changed` is called when it was read; `begun` when another place is followed from now on."""

    def __init__(
        self, link: Link, old_after: float, changed: Callable[[], None], begun: Callable[[], None] = lambda: None
    ) -> None:
        self.board: View[Board] | None = None
        self.window: View[WindowView] | None = None
        self.at: tuple[Kind, UUID] | None = None
        self._link = link
        self._old_after = old_after
        self._changed = changed
        self._begun = begun
        self._without_since: float | None = time.monotonic()

    @property
    def old(self) -> bool:
        """Whether nothing was heard for so long that what is shown may be wrong."""
        return self._without_since is not None and time.monotonic() - self._without_since > self._old_after

    def heard(self, state: LinkState) -> None:
        """The link changed."""
        if state is LinkState.ONLINE:
            self._without_since = None
        elif self._without_since is None:
            self._without_since = time.monotonic()

    def kept(self, *kinds: Kind) -> tuple[Kind, UUID] | None:
        """After a power cut the server may come later: the last place holds, looked for in this order."""
        if self.at is not None:
            return self.at
        for kind in kinds:
            if kind == "zone" and (board := self._link.cache.get("board", Board)) is not None:
                return "zone", board.value.zone_id
            if kind == "window" and (window := self._link.cache.get("window", WindowView)) is not None:
                return "window", window.value.window_id
        return None

    def follow(self, kind: Kind, place: UUID) -> None:
        """Show this place from now on."""
        if self.at == (kind, place):
            return
        self.stop()
        self.at = (kind, place)
        self.board = self.window = None
        self._begun()
        if kind == "window":
            topics = [f"queue.window.{place}", f"evaluation.window.{place}", "organisation", "services"]
            self.window = View(self._link, "queue.window", AtWindow(window_id=place), WindowView, topics, keep="window")
            self.window.on_change(self._changed)
            self.window.start()
        else:
            topics = [f"queue.zone.{place}", "organisation", "services", "settings", "queue.displays", "content"]
            self.board = View(self._link, "queue.board", InZone(zone_id=place), Board, topics, keep="board", every=60)
            self.board.on_change(self._changed)
            self.board.start()
        self._changed()

    def stop(self) -> None:
        """Follow nothing more."""
        for view in (self.board, self.window):
            if view is not None:
                view.stop()
