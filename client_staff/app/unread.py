"""What is published to whoever works here and still unread: a bell in the top bar with its count; a new one is said at once."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton

from common.link import Link, View
from common.protocol.content import AnnouncementCards, AskAnnouncements
from common.qt.widgets import qicon
from common.text import _, formats, ngettext
from common.text.words import pick


class UnreadBell(QPushButton):
    """`came(title)` says that one was published while the workbench was open."""

    came = Signal(str)

    def __init__(self, link: Link, open_them: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("unread")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._link = link
        self._view: View[AnnouncementCards] | None = None
        self._known: set[tuple[object, int]] | None = None
        self.count = 0
        self.clicked.connect(lambda _checked=False: open_them())
        self.say_again()

    def begin(self) -> None:
        """Somebody has signed in."""
        self.end()
        me = self._link.me
        if me is None or me.kind != "person":
            return
        topics = ["content", f"announcement_read.{me.id}"]
        self._view = View(self._link, "content.for_me", AskAnnouncements(), AnnouncementCards, topics)
        self._view.on_change(self._heard)
        self._view.start()

    def end(self) -> None:
        """He has left."""
        if self._view is not None:
            self._view.stop()
        self._view, self._known, self.count = None, None, 0
        self.say_again()

    def _heard(self) -> None:
        cards = self._view.value if self._view is not None else None
        if cards is None:
            return
        unread = {(one.id, one.edition): one for one in cards.items if one.read_at is None}
        if self._known is not None and (new := [one for key, one in unread.items() if key not in self._known]):
            self.came.emit(pick(new[0].title))
        self._known = {(one.id, one.edition) for one in cards.items}
        if self.count != len(unread):
            self.count = len(unread)
            self.say_again()

    def say_again(self) -> None:
        """The reader's language or the colours changed."""
        words = (
            ngettext("{count} unread announcement", "{count} unread announcements", self.count).format(
                count=formats.number(self.count)
            )
            if self.count
            else _("No unread announcements")
        )
        self.setText(formats.number(self.count) if self.count else "")
        self.setIcon(qicon("bell", "accent_strong" if self.count else "ink_2"))
        self.setProperty("kind", "" if self.count else "plain")
        self.style().unpolish(self)
        self.style().polish(self)
        self.setToolTip(words)
        self.setAccessibleName(words)
