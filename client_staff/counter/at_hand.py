"""The line below the commands: matters, missing papers, why this one, whose ticket, undo, the call that comes by itself."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from client_staff.counter.counter import Counter
from common.qt.theme import theme
from common.qt.widgets import qicon
from common.text import _, formats

MOST = 99
"""Matters of one ticket, as `Finish` allows."""


class AtHand(QWidget):
    """What belongs to the ticket at the window. Undo and "not yet" show only while there is something to take back."""

    def __init__(self, counter: Counter, why: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("at_hand")
        self._counter = counter
        self.matters_name = QLabel()
        self.matters = QLabel()
        self.matters.setObjectName("matters")
        self.matters.setFont(theme.font(15, bold=True))
        self.matters.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.matters.setMinimumWidth(24)
        self.less = _key("matters_less", lambda: self._count(-1))
        self.more = _key("matters_more", lambda: self._count(1))
        self.supplement = _key("supplement", counter.supplement)
        self.why = _key("why_this", why)
        self.whose = _key("whose_ticket", counter.whose)
        self.undo = _key("undo", counter.undo)
        self.delay = _key("delay_call", counter.delay)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 4, 0)
        row.setSpacing(8)
        row.addWidget(self.matters_name)
        for widget in (self.less, self.matters, self.more):
            row.addWidget(widget)
        row.addWidget(self.supplement)
        row.addWidget(self.why)
        row.addWidget(self.whose)
        row.addStretch(1)
        row.addWidget(self.delay)
        row.addWidget(self.undo)
        counter.changed.connect(self.refresh)
        self.say_again()

    def say_again(self) -> None:
        """The reader's language or colours changed."""
        self.matters_name.setText(_("Matters"))
        self.matters.setToolTip(_("How many matters this ticket counts"))
        for key, text, words in ((self.less, "−", _("One matter less")), (self.more, "+", _("One matter more"))):
            key.setText(text)
            key.setAccessibleName(words)
            key.setToolTip(words)
        self.supplement.setText(_("Finish, papers missing") + "   Alt+M")
        self.supplement.setIcon(qicon("document"))
        self.why.setText(_("Why this one") + "   Alt+W")
        self.why.setIcon(qicon("info"))
        self.whose.setText(_("Whose ticket") + "   Alt+I")
        self.whose.setIcon(qicon("person"))
        self.undo.setIcon(qicon("recall"))
        self.delay.setIcon(qicon("clock"))
        self.refresh()

    def refresh(self) -> None:
        """As the window stands now."""
        counter = self._counter
        view, now, online = counter.window, counter.link.now(), counter.link.online
        held = view is not None and view.ticket is not None and view.state in ("called", "serving")
        on_paper = counter.paper is not None
        may = (held and online) or on_paper
        self.matters.setText(formats.number(counter.matters))
        self.matters.setEnabled(may)
        self.more.setEnabled(may and counter.matters < MOST)
        self.less.setEnabled(may and counter.matters > 1)
        self.supplement.setEnabled(held and online and not on_paper)
        self.why.setEnabled(online)
        self.whose.setVisible(counter.whose_known)
        undo = online and view is not None and view.undo is not None
        if undo and view is not None and view.undo_until is not None:
            left = (view.undo_until - now).total_seconds()
            undo = left > 0
            text = _("{number}: take finish back") if view.undo == "finish" else _("{number}: take no-show back")
            words = text.format(number=view.undo_number or "")
            self.undo.setText(f"{words}  {formats.stopwatch(left + 0.999)}   Ctrl+Z")
        self.undo.setVisible(undo)
        coming = (
            online
            and view is not None
            and view.state == "free"
            and view.auto_call_at is not None
            and bool(view.waiting)
        )
        if coming and view is not None and view.auto_call_at is not None:
            left = max(0.0, (view.auto_call_at - now).total_seconds())
            self.delay.setText(f"{_('Not yet')}  {formats.stopwatch(left + 0.999)}   Esc")
        self.delay.setVisible(coming)

    def _count(self, step: int) -> None:
        self._counter.matters = max(1, min(MOST, self._counter.matters + step))
        self.refresh()


def _key(name: str, act: Callable[[], object]) -> QPushButton:
    key = QPushButton()
    key.setObjectName(name)
    key.clicked.connect(lambda: act())
    return key
