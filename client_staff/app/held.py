"""The windows that this person holds: one as a rule, several for who may supervise (QUE-925)."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QStackedWidget, QTabBar, QWidget

from client_staff.counter.counter import Counter
from client_staff.counter.journal_desk import JournalDesk
from client_staff.counter.page import CounterPage
from common.link import Link
from common.text import _, formats


class HeldWindows(QTabBar):
    """A tab a window, seen from the second on. The F-keys belong to the one in front."""

    switched = Signal()
    """Another window is in front, or none any more."""
    changed = Signal()
    """The one in front stands otherwise."""
    lost = Signal(str)
    """Somebody else, or the end of the day, took a window away; its number."""

    def __init__(
        self, link: Link, desk: JournalDesk, work: QStackedWidget, zone: Callable[[], str], show_bar: Callable[[], None],
        home: QWidget,
    ) -> None:  # fmt: skip
        super().__init__()
        self.setObjectName("held_windows")
        self._link, self._desk, self._work, self._zone, self._show_bar = link, desk, work, zone, show_bar
        self._home = home
        self.pages: list[CounterPage] = []
        self.setExpanding(False)
        self.setDrawBase(False)
        self.currentChanged.connect(lambda _place: self.switched.emit())
        self.hide()

    @property
    def page(self) -> CounterPage | None:
        """The page of the window in front."""
        place = self.currentIndex()
        return self.pages[place] if 0 <= place < len(self.pages) else None

    @property
    def counter(self) -> Counter | None:
        """The window in front."""
        return self.page.counter if self.page is not None else None

    def hold(self, window_id: UUID, over: Callable[[], QWidget]) -> CounterPage:
        """Work at this window from now on; one that is held already comes to the front."""
        for place, page in enumerate(self.pages):
            if page.counter.window_id == window_id:
                self.setCurrentIndex(place)
                return page
        counter = Counter(self._link, window_id, self._home, self._desk)
        counter.over = over
        page = CounterPage(counter, self._zone, self._show_bar)
        self._work.addWidget(page)
        self.pages.append(page)
        counter.changed.connect(lambda: self._look(page))
        self.addTab("")
        self.setCurrentIndex(len(self.pages) - 1)
        self.setVisible(len(self.pages) > 1)
        return page

    def drop(self, page: CounterPage) -> None:
        """Work there no more."""
        if page not in self.pages:
            return
        place = self.pages.index(page)
        with QSignalBlocker(self):
            self.pages.remove(page)
            self.removeTab(place)
        self.setVisible(len(self.pages) > 1)
        page.stop()
        self._work.removeWidget(page)
        page.deleteLater()
        page.counter.stop()
        page.counter.deleteLater()
        self.switched.emit()

    def drop_all(self) -> None:
        """Work nowhere."""
        for page in list(self.pages):
            self.drop(page)

    def say_again(self) -> None:
        """The reader's language changed."""
        for page in self.pages:
            page.say_again()
            page.counter.changed.emit()

    def _look(self, page: CounterPage) -> None:
        """A window was heard of: its number, and whether it is still ours."""
        window = page.counter.window
        if window is None or page not in self.pages:
            return
        text = _("Window {window}").format(window=formats.digits(window.label))
        place = self.pages.index(page)
        if self.tabText(place) != text:
            self.setTabText(place, text)
        me = self._link.me
        gone = window.staff is not None and me is not None and window.staff.person_id != me.id
        # Without the server the last word is old: who was signed in then still is.
        if self._link.online and page.counter.view.fresh and (window.state == "closed" or gone):
            self.drop(page)
            self.lost.emit(window.label)
        elif page is self.page:
            self.changed.emit()
