"""The pages of the kiosk, made anew when somebody wants them larger or lower."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from client_kiosk.app.manner import Manner
from client_kiosk.tickets.home import HomePage
from client_kiosk.tickets.identity import IdentityPage
from client_kiosk.tickets.parts import Card, empty
from client_kiosk.tickets.search import SearchPage
from client_kiosk.tickets.service import ServicePage
from client_kiosk.tickets.staff import StaffPage
from client_kiosk.tickets.ticket import TicketPage
from common.link import Link
from common.protocol.queue import Board
from common.qt.joining import JoinPage
from common.qt.theme import theme
from common.qt.widgets import FitLabel, StateView
from common.qt.widgets.hall_header import LEADING
from common.text import _, formats

SHOWN_CALLS = 3


class Pages(QStackedWidget):
    """All pages of one manner."""

    def __init__(self, manner: Manner, link: Link) -> None:
        super().__init__()
        self.join = JoinPage(link)
        self.home = HomePage(manner)
        self.search = SearchPage(manner)
        self.service = ServicePage(manner)
        self.identity = IdentityPage(manner)
        self.ticket = TicketPage(manner)
        self.staff = StaffPage(manner)
        self.notice = StateView(large=True, name="notice")
        for one in (
            self.join, self.home, self.search, self.service, self.identity, self.ticket, self.staff, self.notice,
        ):  # fmt: skip
            self.addWidget(one)


class UpperHalf(QWidget):
    """What stands above while all keys lie below: the question, and who was called just now."""

    def __init__(self) -> None:
        super().__init__()
        u = theme.u
        self.setObjectName("upper_half")
        self.question = FitLabel(largest=u(64), smallest=u(36), lines=2, bold=True, align=LEADING, name="question")
        self.hint = FitLabel(largest=u(32), smallest=u(24), lines=2, tone="ink_2", align=LEADING, name="question_hint")
        self.calls = Card()
        self._heading = FitLabel(largest=u(32), smallest=u(24), tone="ink_2", align=LEADING, name="called_heading")
        self._rows = QVBoxLayout()
        self.calls.inside.addWidget(self._heading)
        self.calls.inside.addLayout(self._rows)
        column = QVBoxLayout(self)
        column.setContentsMargins(u(48), u(40), u(48), u(20))
        column.setSpacing(u(10))
        column.addWidget(self.question)
        column.addWidget(self.hint)
        column.addStretch(1)
        column.addWidget(self.calls)
        self.question.setFixedHeight(u(120))
        self.hint.setFixedHeight(u(70))

    def show_words(self, words: tuple[str, str]) -> None:
        """The question and its hint."""
        self.question.setText(words[0])
        self.hint.setText(_("All keys are in the lower half of the screen."))

    def show_board(self, board: Board | None) -> None:
        """The last calls of the zone; nothing while there are none."""
        calls = board.calls[:SHOWN_CALLS] if board is not None else []
        self.calls.setVisible(bool(calls))
        self._heading.setText(_("Called just now"))
        empty(self._rows)
        for call in calls:
            window = _("Window {window}").format(window=formats.digits(call.window))
            words = FitLabel(
                f"{call.number}    {window}", largest=theme.u(52), smallest=theme.u(30), bold=True, align=LEADING,
                name=f"called_{call.number}",
            )  # fmt: skip
            words.setFixedHeight(theme.u(72))
            self._rows.addWidget(words)
