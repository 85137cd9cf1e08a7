"""The line below the commands: matters of this ticket, missing papers, why this one, undo, the call that comes by itself."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSpinBox, QWidget

from client_staff.counter.counter import Counter
from common.qt.widgets import qicon
from common.text import _, formats


class AtHand(QWidget):
    """What belongs to the ticket at the window. Undo and "not yet" show only while there is something to take back."""

    def __init__(self, counter: Counter, why: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("at_hand")
        self._counter = counter
        self.matters_name = QLabel()
        self.matters = QSpinBox()
        self.matters.setObjectName("matters")
        self.matters.setRange(1, 99)
        self.matters.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.matters.setFixedWidth(48)
        self.matters.valueChanged.connect(self._count)
        self.more = _key("matters_more", lambda: self.matters.stepUp())
        self.supplement = _key("supplement", counter.supplement)
        self.why = _key("why_this", why)
        self.undo = _key("undo", counter.undo)
        self.delay = _key("delay_call", counter.delay)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 4, 0)
        row.setSpacing(8)
        row.addWidget(self.matters_name)
        row.addWidget(self.matters)
        row.addWidget(self.more)
        row.addWidget(self.supplement)
        row.addWidget(self.why)
        row.addStretch(1)
        row.addWidget(self.delay)
        row.addWidget(self.undo)
        counter.changed.connect(self.refresh)
        self.say_again()

    def say_again(self) -> None:
        """The reader's language or colours changed."""
        self.matters_name.setText(_("Matters"))
        self.matters.setAccessibleName(_("How many matters this ticket counts"))
        self.matters.setToolTip(_("How many matters this ticket counts"))
        self.more.setIcon(qicon("plus"))
        self.more.setAccessibleName(_("One matter more"))
        self.more.setToolTip(_("One matter more"))
        self.supplement.setText(_("Finish, papers missing") + "   Alt+M")
        self.supplement.setIcon(qicon("document"))
        self.why.setText(_("Why this one") + "   Alt+W")
        self.why.setIcon(qicon("info"))
        self.undo.setIcon(qicon("recall"))
        self.delay.setIcon(qicon("clock"))
        self.refresh()

    def refresh(self) -> None:
        """As the window stands now."""
        counter = self._counter
        view, now, online = counter.window, counter.link.now(), counter.link.online
        held = view is not None and view.ticket is not None and view.state in ("called", "serving")
        on_paper = counter.paper is not None
        self.matters.setEnabled((held and online) or on_paper)
        self.more.setEnabled(self.matters.isEnabled())
        if self.matters.value() != counter.matters:
            self.matters.setValue(counter.matters)
        self.supplement.setEnabled(held and online and not on_paper)
        self.why.setEnabled(online)
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

    def _count(self, value: int) -> None:
        self._counter.matters = value


def _key(name: str, act: Callable[[], object]) -> QPushButton:
    key = QPushButton()
    key.setObjectName(name)
    key.clicked.connect(lambda: act())
    return key
