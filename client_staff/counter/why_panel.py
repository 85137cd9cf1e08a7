"""The panel that answers "why this one" and "when is it my turn"; lies over the page at its far edge."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from client_staff.counter import why as words
from common.link import Link, Offline, Refusal
from common.protocol.queue import TicketCard
from common.protocol.queue_window import AskWhen, AskWhy, When, Why
from common.qt import jobs
from common.qt.theme import theme
from common.qt.widgets import Icon, qicon
from common.text import _, formats

WIDE = 480


class WhyPanel(QFrame):
    """`ask` opens it over its parent. Esc closes it, Ctrl+C copies everything as text."""

    def __init__(self, link: Link, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("why_panel")
        self.setProperty("ground", "raised")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._link, self._over = link, parent
        self.why: Why | None = None
        self.when: When | None = None
        self._asked: tuple[UUID | None, UUID | None] = (None, None)
        self.title = _text("why_title", px=18, bold=True)
        self.shut = QPushButton()
        self.shut.setObjectName("why_close")
        self.shut.setProperty("kind", "plain")
        self.shut.setIcon(qicon("cross"))
        self.shut.clicked.connect(self.close_it)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.shut)
        self.sentence = _text("why_sentence", px=15)
        self.sentence.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        note = QFrame()
        note.setProperty("ground", "chip")
        noted = QHBoxLayout(note)
        noted.setContentsMargins(12, 10, 12, 10)
        noted.addWidget(Icon("info", 20, "accent_strong"), 0, Qt.AlignmentFlag.AlignTop)
        noted.addWidget(self.sentence, 1)
        self.inside = QWidget()
        self.column = QVBoxLayout(self.inside)
        self.column.setContentsMargins(0, 0, 8, 0)
        self.column.setSpacing(6)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(self.inside)
        self.kept = _text("why_kept", tone="second")
        self.copy = QPushButton()
        self.copy.setObjectName("why_copy")
        self.copy.clicked.connect(self._copy)
        foot = QHBoxLayout()
        foot.addWidget(self.kept, 1)
        foot.addWidget(self.copy)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(16, 14, 16, 14)
        outer.setSpacing(12)
        outer.addLayout(head)
        outer.addWidget(note)
        outer.addWidget(self.area, 1)
        outer.addLayout(foot)
        theme.changed.connect(self.say_again)
        self.hide()

    def ask(self, window_id: UUID | None, ticket: TicketCard | None) -> None:
        """Why this ticket (without one: who is next), and when its turn is while it waits."""
        self._asked = (window_id, ticket.id if ticket is not None else None)
        waits = ticket is None or ticket.state == "waiting"
        self.title.setText(ticket.number if ticket is not None else "")
        self.sentence.setText(_("Looking it up."))
        self.why = self.when = None
        self._show()
        self.place()
        self.show()
        self.raise_()
        self.sentence.setFocus()
        jobs.start(
            self, self._read, window_id, ticket, waits, name="why", done=lambda _r: self._show(), offline=self._no
        )

    async def _read(self, window_id: UUID | None, ticket: TicketCard | None, waits: bool) -> None:
        asked = self._asked
        ticket_id = ticket.id if ticket is not None else None
        try:
            self.why = await self._link.read("queue.why", AskWhy(window_id=window_id, ticket_id=ticket_id), Why)
            about = ticket_id if ticket is not None else self.why.ticket.id if self.why.ticket is not None else None
            if waits and about is not None and not self.why.kept:
                self.when = await self._link.read("queue.when", AskWhen(ticket_id=about), When)
        except Refusal as refusal:
            # It may have been called between the two readings; what is known stays.
            if self.why is None and asked == self._asked:
                self.sentence.setText(refusal.sentence)

    def _no(self, why: Offline) -> None:
        self.sentence.setText(why.sentence)

    def place(self) -> None:
        """At the far edge of its parent, over its whole height."""
        parent = self._over
        wide = min(WIDE, parent.width())
        far = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        self.setGeometry(0 if far else parent.width() - wide, 0, wide, parent.height())

    def close_it(self) -> None:
        """Give the page its focus back."""
        self.hide()
        again = getattr(self._over, "first_focus", None)
        if callable(again):
            again()

    def say_again(self) -> None:
        """The reader's language or colours changed."""
        self._show()

    def _show(self) -> None:
        while self.column.count():
            item = self.column.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.shut.setAccessibleName(_("Close"))
        self.copy.setText(_("Copy") + "   Ctrl+C")
        self.copy.setEnabled(self.why is not None)
        zone = self._link.health.zone if self._link.health is not None else "UTC"
        self.kept.setText("")
        if (why := self.why) is not None:
            self.title.setText(words.title(why))
            self.sentence.setText(words.sentence(why))
            if why.steps:
                self.column.addWidget(_heading(words.heading(why)))
            for place, line in enumerate(words.lines(why), start=1):
                self.column.addWidget(_rule(place, line))
            at = formats.time(why.at, zone, seconds=True)
            number = why.ticket.number if why.ticket is not None else ""
            self.kept.setText(
                _("Kept with {number}, {time}").format(number=number, time=at)
                if why.kept
                else _("As of {time}").format(time=at)
            )
        if (when := self.when) is not None:
            self.column.addSpacing(8)
            self.column.addWidget(_heading(_("When is {number}'s turn?").format(number=when.ticket.number)))
            self.column.addWidget(_turn(when, zone))
            self.column.addWidget(_text("when_basis", _(words.BASES[when.basis]), tone="second"))
        self.column.addStretch(1)

    def _copy(self) -> None:
        zone = self._link.health.zone if self._link.health is not None else "UTC"
        QGuiApplication.clipboard().setText(words.as_text(self.why, self.when, zone))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc and Ctrl+C."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_it()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self._copy()
        else:
            super().keyPressEvent(event)


def _text(name: str, text: str = "", *, px: int = 13, bold: bool = False, tone: str = "") -> QLabel:
    label = QLabel(text)
    label.setObjectName(name)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setFont(theme.font(px, bold=bold))
    if tone:
        label.setProperty("tone", tone)
    return label


def _heading(text: str) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 4, 0, 2)
    column.setSpacing(4)
    column.addWidget(_text("why_heading", text, bold=True, tone="second"))
    column.addWidget(_ruled())
    return box


def _ruled() -> QFrame:
    line = QFrame()
    line.setFixedHeight(1)
    line.setStyleSheet(f"background: {theme.tokens.line};")
    return line


def _rule(place: int, line: words.Line) -> QWidget:
    box = QWidget()
    grid = QGridLayout(box)
    grid.setContentsMargins(0, 2, 0, 0)
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(2)
    number = _text("", formats.number(place), px=14, tone="second")
    number.setFixedWidth(24)
    verdict = QHBoxLayout()
    verdict.setSpacing(6)
    if line.symbol:
        verdict.addWidget(Icon(line.symbol, 16, line.tone))
    word = _text(f"why_verdict_{place}", line.verdict, px=14, tone="accent" if line.symbol == "check" else "second")
    word.setWordWrap(False)
    verdict.addWidget(word)
    top = Qt.AlignmentFlag.AlignTop
    grid.addWidget(number, 0, 0, top)
    grid.addWidget(_text(f"why_rule_{place}", line.title, px=14, bold=True), 0, 1)
    grid.addLayout(verdict, 0, 2, top)
    if line.values:
        grid.addWidget(_text(f"why_values_{place}", line.values, tone="second"), 1, 1, 1, 2)
    grid.addWidget(_ruled(), 2, 0, 1, 3)
    grid.setColumnStretch(1, 1)
    return box


def _turn(when: When, zone: str) -> QWidget:
    at, between = words.expected(when, zone)
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 4, 0, 4)
    row.setSpacing(16)
    left = QVBoxLayout()
    left.addWidget(_text("when_at", at, px=28, bold=True))
    left.addWidget(_text("when_between", between, tone="second"))
    left.addStretch(1)
    held = QWidget()
    held.setLayout(left)
    left.setContentsMargins(0, 0, 0, 0)
    held.setFixedWidth(130)
    grid = QGridLayout()
    grid.setVerticalSpacing(4)
    for place, (name, value) in enumerate(words.made_of(when)):
        grid.addWidget(_text(f"when_name_{place}", name, px=13, tone="second"), 2 * place, 0)
        shown = _text(f"when_value_{place}", value, px=13, bold=True)
        shown.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(shown, 2 * place, 1)
        grid.addWidget(_ruled(), 2 * place + 1, 0, 1, 2)
    grid.setColumnStretch(0, 1)
    grid.setColumnStretch(1, 1)
    row.addWidget(held)
    row.addLayout(grid, 1)
    return box
