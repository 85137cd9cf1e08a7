"""Four keys, equal in size; each answers once (EVA-007, EVA-901)."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from client_pad.screens.card import CENTRE
from common.protocol.evaluation import GRADES, PadView
from common.qt.theme import theme
from common.qt.widgets import FitLabel, Icon
from common.qt.widgets.face_key import FaceKey
from common.qt.widgets.hall_header import LEADING, TRAILING
from common.text import N_, _, formats, language, ngettext, translate
from common.text.words import pick

WORDS = {
    "very_satisfied": N_("Very satisfied"),
    "satisfied": N_("Satisfied"),
    "fair": N_("Fair"),
    "dissatisfied": N_("Dissatisfied"),
}


class TimeBar(QWidget):
    """How much of the time is left."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(theme.u(12))
        self.share = 1.0

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it; it empties towards the reader's beginning."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        radius = self.height() / 2
        painter.setBrush(QColor(theme.tokens.line))
        painter.drawRoundedRect(self.rect(), radius, radius)
        wide = self.width() * self.share
        x = self.width() - wide if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else 0
        painter.setBrush(QColor(theme.tokens.accent))
        painter.drawRoundedRect(QRectF(x, 0, wide, self.height()), radius, radius)


class RatingPage(QWidget):
    """`rated(grade)` comes once a request."""

    rated = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        u = theme.u
        self.question = FitLabel(largest=u(60), smallest=u(34), bold=True, align=LEADING, name="rating_question")
        self.about = FitLabel(largest=u(34), smallest=u(22), tone="ink_2", align=LEADING, name="rating_about")
        self.left = FitLabel(largest=u(28), tone="ink_2", align=TRAILING, name="rating_left")
        self.bar = TimeBar()
        self.offline = Icon("offline", u(32), "warn")
        self.hint = FitLabel(largest=u(28), smallest=u(20), lines=2, tone="ink_2", align=CENTRE, name="rating_hint")
        self.keys = {grade: FaceKey(grade, "", word_px=u(54)) for grade in GRADES}
        for grade, key in self.keys.items():
            key.sub_px = u(28)
            key.acted.connect(partial(self._press, grade))
        self._answered = False
        words = QVBoxLayout()
        words.setSpacing(u(4))
        words.addWidget(self.question, 3)
        words.addWidget(self.about, 2)
        time = QVBoxLayout()
        time.setSpacing(u(10))
        time.addStretch(1)
        time.addWidget(self.left, 2)
        time.addWidget(self.bar)
        time.addStretch(1)
        head = QHBoxLayout()
        head.setSpacing(u(20))
        head.addLayout(words, 5)
        head.addWidget(self.offline)
        head.addLayout(time, 2)
        row = QHBoxLayout()
        row.setSpacing(u(24))
        for key in self.keys.values():
            row.addWidget(key)
        column = QVBoxLayout(self)
        column.setContentsMargins(u(56), u(20), u(56), u(12))
        column.setSpacing(u(16))
        column.addLayout(head, 3)
        column.addLayout(row, 10)
        column.addWidget(self.hint, 1)

    def show_view(self, view: PadView) -> None:
        """Ask about this ticket."""
        self.question.setText(_("How was our service?"))
        parts = [view.number or "", pick(view.staff.name) if view.staff else ""]
        self.about.setText(formats.listing([one for one in parts if one]))
        self.hint.setText(_("One touch is enough. Your answer changes nothing about your matter."))
        second = next((code for code in view.languages if code != language()), None)
        for grade, key in self.keys.items():
            key.say(_(WORDS[grade]), translate(WORDS[grade], second) if second else "")

    def begin(self) -> None:
        """A new request: all keys are open, none is chosen."""
        self._answered = False
        for key in self.keys.values():
            key.choose(None)
            key.setEnabled(True)

    def show_time(self, seconds: int, share: float) -> None:
        """How long it may still be answered."""
        self.left.setText(
            ngettext("{count} second left", "{count} seconds left", seconds).format(count=formats.number(seconds))
        )
        self.bar.share = share
        self.bar.update()

    def _press(self, grade: str) -> None:
        if self._answered:
            return
        self._answered = True
        for one, key in self.keys.items():
            key.choose(one == grade)
        self.rated.emit(grade)
