"""The staff card: it replaces the name plate (EVA-017)."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from common.protocol.evaluation import PadView
from common.qt.theme import theme
from common.qt.widgets import FitLabel, PersonPhoto, StarRow
from common.qt.widgets.hall_header import LEADING
from common.text import _, formats
from common.text.words import pick

CENTRE = Qt.AlignmentFlag.AlignCenter


class WindowPlate(QWidget):
    """The window's number, as large as the plate allows."""

    def __init__(self) -> None:
        super().__init__()
        u = theme.u
        self.setFixedWidth(u(240))
        self.word = FitLabel(largest=u(48), smallest=u(24), tone="on_accent", align=CENTRE, name="window_word")
        self.number = FitLabel(
            largest=u(216), smallest=u(60), bold=True, tone="on_accent", align=CENTRE, name="window_number"
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(u(16), u(40), u(16), u(40))
        column.addStretch(1)
        column.addWidget(self.word, 2)
        column.addWidget(self.number, 6)
        column.addStretch(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the plate."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.tokens.accent))
        painter.drawRoundedRect(self.rect(), theme.u(24), theme.u(24))


class CardPage(QWidget):
    """Who serves here, and at which window."""

    def __init__(self) -> None:
        super().__init__()
        u = theme.u
        self.photo = PersonPhoto(u(400), round=False)
        self.photo.setFixedSize(u(390), u(500))
        self.department = FitLabel(largest=u(34), tone="ink_2", align=LEADING, name="department")
        self.name = FitLabel(largest=u(104), smallest=u(60), lines=2, bold=True, align=LEADING, name="staff_name")
        self.post = FitLabel(largest=u(40), smallest=u(26), lines=2, align=LEADING, name="staff_post")
        self.stars = StarRow(u(60))
        self.plate = WindowPlate()
        who = QVBoxLayout()
        who.setSpacing(u(12))
        who.addStretch(2)
        who.addWidget(self.department, 1)
        who.addWidget(self.name, 4)
        who.addWidget(self.post, 2)
        who.addWidget(self.stars, 0)
        who.addStretch(2)
        row = QHBoxLayout(self)
        row.setContentsMargins(u(56), u(32), u(56), u(32))
        row.setSpacing(u(46))
        row.addWidget(self.photo)
        row.addLayout(who, 1)
        row.addWidget(self.plate)

    def show_view(self, view: PadView) -> None:
        """Show who sits here."""
        staff = view.staff
        self.plate.word.setText(_("Window"))
        self.plate.number.setText(formats.digits(view.label))
        if staff is None:
            return
        self.department.setText(pick(staff.department))
        self.department.setVisible(bool(staff.department))
        self.name.setText(pick(staff.name))
        number = _("staff number {number}").format(number=formats.digits(staff.staff_number))
        self.post.setText(formats.listing([one for one in (pick(staff.post), number) if one]))
        self.stars.show_count(staff.stars)
