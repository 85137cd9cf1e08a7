"""What a program shows until it belongs to a server: looking, choosing a hall, the six digits, or why it cannot."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from common.link import Link, LinkState
from common.qt.theme import theme
from common.qt.widgets import fitting
from common.qt.widgets.big_key import BigKey
from common.qt.widgets.fit_label import FitLabel
from common.qt.widgets.icon import Icon
from common.text import _

CENTRE = Qt.AlignmentFlag.AlignCenter
MOST_HALLS = 5


class Digits(QWidget):
    """Six digits in two groups, each in its box; always from left to right."""

    def __init__(self, px: int) -> None:
        super().__init__()
        self.setObjectName("digits")
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._px = px
        self._text = ""
        self.setFixedHeight(round(px * 1.6))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_digits(self, text: str) -> None:
        """Show others."""
        self._text = text
        self.setAccessibleName(" ".join(text))
        self.setVisible(bool(text))
        self.update()

    def driver_text(self) -> str:
        """What stands here."""
        return self._text

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw them."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        wide, gap = self._px * 1.1, self._px * 0.18
        whole = 6 * wide + 4 * gap + 3 * gap
        x = (self.width() - whole) / 2
        for place, digit in enumerate(self._text):
            box = QRectF(x, 2, wide, self.height() - 4)
            painter.setPen(QPen(QColor(theme.tokens.edge), 2))
            painter.setBrush(QColor(theme.tokens.surface))
            painter.drawRoundedRect(box, theme.tokens.radius_m, theme.tokens.radius_m)
            fitting.draw(painter, box, digit, largest=self._px, bold=True, colour=theme.tokens.ink, align=CENTRE)
            x += wide + gap * (3 if place == 2 else 1)


class JoinPage(QWidget):
    """Follows the link by itself; lengths are of a drawing 1280 wide, scaled here. `wanted` says when it is to be seen."""

    def __init__(self, link: Link, *, large: bool = True) -> None:
        super().__init__()
        self.setObjectName("join")
        self._link = link
        self._found: list[str] = []

        def u(drawn: float) -> int:
            return theme.u(drawn) if large else round(drawn * 0.5)

        self._u = u
        self.symbol = Icon("online", u(120), "accent")
        self.title = FitLabel(largest=u(64), smallest=u(30), lines=2, bold=True, align=CENTRE, name="join_title")
        self.sentence = FitLabel(
            largest=u(34), smallest=u(22), lines=3, tone="ink_2", align=CENTRE, name="join_sentence"
        )
        self.title.setFixedHeight(u(110))
        self.sentence.setFixedHeight(u(130))
        self.digits = Digits(u(96))
        self.halls = QHBoxLayout()
        self.halls.setSpacing(u(20))
        column = QVBoxLayout(self)
        column.setContentsMargins(u(56), u(20), u(56), u(20))
        column.setSpacing(u(20))
        column.addStretch(2)
        column.addWidget(self.symbol, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.title)
        column.addWidget(self.digits)
        column.addWidget(self.sentence)
        column.addLayout(self.halls)
        column.addStretch(3)
        self.destroyed.connect(link.on_state(lambda _state: self.refresh()))
        self.refresh()

    @property
    def wanted(self) -> bool:
        """Nothing else can be shown: the program does not belong to a hall, or not any more."""
        state = self._link.state
        return state in (LinkState.ENROLLING, LinkState.INCOMPATIBLE) or (
            self._link.me is None and state is not LinkState.ONLINE
        )

    def refresh(self) -> None:
        """Say how things stand now."""
        link = self._link
        self.digits.show_digits(link.digits or "")
        sentence = link.sentence
        if link.state is LinkState.ENROLLING and link.digits:
            self.symbol.set("device", "accent")
            title = _("Compare these six digits")
            sentence = _("They must be the same on the console of the hall. Nothing needs to be typed.")
        elif link.state is LinkState.ENROLLING:
            self.symbol.set("device", "warn" if sentence else "accent")
            title = _("This device asks to join the hall")
        elif link.state is LinkState.INCOMPATIBLE:
            self.symbol.set("warning", "warn")
            title = _("This program cannot work with this server")
        elif link.state is LinkState.SIGNED_OUT:
            self.symbol.set("lock", "warn")
            title = _("This device is not known to the hall")
        elif link.state is LinkState.CONNECTING:
            self.symbol.set("online", "accent")
            title = _("Connecting to the hall's server")
        else:
            self.symbol.set("search", "accent")
            title = _("Looking for the hall's server in this network")
        self.title.setText(title)
        self.sentence.setText(sentence)
        self._show_halls()

    def _show_halls(self) -> None:
        found = self._link.found if self._link.state is LinkState.SEARCHING else []
        names = [f"{one.name} {one.url}" for one in found]
        if names == self._found:
            return
        self._found = names
        while self.halls.count():
            item = self.halls.takeAt(0)
            if item is not None and (widget := item.widget()) is not None:
                widget.deleteLater()
        if len(found) < 2:
            return
        for number, one in enumerate(found[:MOST_HALLS]):
            key = BigKey(one.name, one.url, name=f"hall_{number}", title_px=self._u(34), sub_px=self._u(24))
            key.setFixedHeight(self._u(130))
            key.acted.connect(partial(self._link.choose, one))
            self.halls.addWidget(key)
