"""The paper journal alone: a PC that starts without the server, before anybody has signed in. Numbers, services, times."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Literal
from uuid import UUID

from PySide6.QtCore import QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from client_staff.counter.journal import NOBODY, PaperLine
from client_staff.counter.journal_desk import JournalDesk
from client_staff.counter.journal_panel import JournalPanel
from client_staff.counter.paper_question import PaperQuestion
from common.link import Link
from common.protocol.queue import WindowView
from common.qt import jobs
from common.qt.theme import theme
from common.qt.widgets import Banner
from common.text import _, formats
from common.text.words import pick


class PaperPlace:
    """The window where this PC stood last, for the journal's panel."""

    def __init__(self, link: Link, desk: JournalDesk, say: Callable[[str, str], None]) -> None:
        self.link, self.desk, self._say = link, desk, say

    @property
    def window(self) -> WindowView | None:
        """The window as last known."""
        place = self.desk.place()
        return place[0] if place is not None else None

    @property
    def window_id(self) -> UUID:
        """Its id."""
        return self.window.window_id if self.window is not None else NOBODY

    @property
    def zone(self) -> str:
        """The hall's time zone as last known."""
        place = self.desk.place()
        return place[1] if place is not None else "UTC"

    def tell(self, sentence: str, tone: str) -> None:
        """Say something for eight seconds."""
        self._say(sentence, tone)


class PaperPage(QWidget):
    """The window is the one where this PC stood last; lines count once somebody with the right has taken them over."""

    def __init__(self, link: Link, desk: JournalDesk, back: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("paper_page")
        self.link, self.desk = link, desk
        self.banner = Banner(14, name="paper_page_banner")
        self.at = PaperPlace(link, desk, lambda sentence, tone: self.banner.say(sentence, tone, seconds=8))
        self.title = QLabel()
        self.title.setObjectName("paper_page_title")
        self.title.setFont(theme.font(22, bold=True))
        self.said = QLabel()
        self.said.setObjectName("paper_page_said")
        self.said.setWordWrap(True)
        self.said.setProperty("tone", "second")
        self.now_served = QLabel()
        self.now_served.setObjectName("paper_page_now")
        self.now_served.setFont(theme.font(18, bold=True))
        self.next, self.finish, self.no_show, self.back = QPushButton(), QPushButton(), QPushButton(), QPushButton()
        row = QHBoxLayout()
        row.setSpacing(8)
        for key, name, keys, act in (
            (self.next, "paper_next", "F2", self._next),
            (self.finish, "paper_finish", "F4", lambda: self._end("served")),
            (self.no_show, "paper_no_show", "F7", lambda: self._end("no_show")),
        ):
            key.setObjectName(name)
            key.setMinimumHeight(44)
            key.clicked.connect(act)
            QShortcut(QKeySequence(keys), self, act)
            row.addWidget(key)
        row.addStretch(1)
        row.addWidget(self.back)
        self.back.setObjectName("paper_back")
        self.back.clicked.connect(back)
        self.panel = JournalPanel(self.at)
        column = QVBoxLayout(self)
        column.setContentsMargins(48, 32, 48, 24)
        column.setSpacing(12)
        for widget in (self.title, self.said, self.now_served, self.banner):
            column.addWidget(widget)
        column.addLayout(row)
        column.addWidget(self.panel, 1)
        self._tick = QTimer(self, interval=1000)
        self._tick.timeout.connect(self.refresh)
        desk.changed.connect(self.refresh)
        self.say_again()

    def begin(self) -> None:
        """The page is opened."""
        self._tick.start()
        self.panel.refresh()
        self.refresh()

    def stop(self) -> None:
        """The page is left."""
        self._tick.stop()

    def say_again(self) -> None:
        """The reader's language changed."""
        self.said.setText(
            _(
                "Note number, service and times of whoever you serve. The lines stay on this PC; they count once somebody "
                "has signed in and entered them."
            )
        )
        self.next.setText(_("Note next") + "   F2")
        self.finish.setText(_("Finish") + "   F4")
        self.no_show.setText(_("No-show") + "   F7")
        self.back.setText(_("Back"))
        self.panel.say_again()
        self.refresh()

    def refresh(self) -> None:
        """Who is served now, and what may be pressed."""
        window, line = self.at.window, self._line()
        label = formats.digits(window.label) if window is not None else "–"
        self.title.setText(_("Paper journal of window {window}").format(window=label))
        if line is None:
            self.now_served.setText(_("No ticket"))
        else:
            name = formats.listing([part for part in (line.number, pick(line.service)) if part])
            since = formats.stopwatch((self.link.now() - line.started_at).total_seconds())
            self.now_served.setText(f"{name}   {since}")
        self.next.setEnabled(window is not None and line is None)
        self.finish.setEnabled(line is not None)
        self.no_show.setEnabled(line is not None)

    def _line(self) -> PaperLine | None:
        return self.desk.journal.open_at(self.at.window_id)

    def _next(self) -> None:
        if self.next.isEnabled():
            jobs.start(self, self._note, name="note")

    async def _note(self) -> None:
        window = self.at.window
        if window is None:
            return
        noted = await PaperQuestion(self, self.at.zone, self.link.now, view=window).asked()
        if noted is not None:
            self.desk.begin(window, noted.number, noted.service_id, noted.started_at)

    def _end(self, outcome: Literal["served", "no_show"]) -> None:
        line = self._line()
        if line is not None:
            self.desk.change(replace(line, finished_at=self.link.now(), outcome=outcome))
