"""Small parts of the kiosk's pages."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLayout, QSizePolicy, QVBoxLayout, QWidget

from common.qt.theme import theme
from common.qt.widgets import BigKey, FitLabel, Icon
from common.qt.widgets.hall_header import LEADING
from common.text import _, formats, ngettext

CENTRE = Qt.AlignmentFlag.AlignCenter


def empty(layout: QLayout) -> None:
    """Take everything out of a layout."""
    while layout.count():
        item = layout.takeAt(0)
        if item is None:
            return
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
        elif (inner := item.layout()) is not None:
            empty(inner)
            inner.deleteLater()


def back_key() -> BigKey:
    """The way back, in the same place on every page."""
    key = BigKey(symbol="arrow_back", name="back", title_px=theme.u(34), kind="secondary", lines=1)
    key.setFixedSize(theme.u(260), theme.u(84))
    return key


class Card(QFrame):
    """A panel that groups; `inside` is its layout."""

    def __init__(self, *, across: bool = False) -> None:
        super().__init__()
        self.setProperty("card", True)
        self.inside: QBoxLayout = QHBoxLayout(self) if across else QVBoxLayout(self)
        self.inside.setContentsMargins(theme.u(34), theme.u(22), theme.u(34), theme.u(22))
        self.inside.setSpacing(theme.u(10))


class Fact(Card):
    """A figure with what it is above and what it means below."""

    def __init__(self, name: str) -> None:
        super().__init__()
        u = theme.u
        self.setObjectName(name)
        self.inside.setContentsMargins(u(28), u(18), u(28), u(18))
        self.inside.setSpacing(u(4))
        self.caption = FitLabel(largest=u(28), smallest=u(22), tone="ink_2", align=LEADING, name=f"{name}_caption")
        self.figure = FitLabel(largest=u(56), smallest=u(30), bold=True, align=LEADING, name=f"{name}_figure")
        self.detail = FitLabel(largest=u(26), smallest=u(20), tone="ink_2", align=LEADING, name=f"{name}_detail")
        for label in (self.caption, self.figure, self.detail):
            self.inside.addWidget(label)

    def say(self, caption: str, figure: str, detail: str = "") -> None:
        """Show it."""
        self.caption.setText(caption)
        self.figure.setText(figure)
        self.detail.setText(detail)


class CheckList(Card):
    """What to have at hand, one line each; hidden while there is nothing to say."""

    def __init__(self, name: str, most: int) -> None:
        super().__init__()
        self.hide()
        self.setObjectName(name)
        self.title = FitLabel(largest=theme.u(34), bold=True, align=LEADING, name=f"{name}_title")
        self.title.setFixedHeight(theme.u(46))
        self.inside.addWidget(self.title)
        self.rows: list[tuple[QWidget, FitLabel]] = []
        for place in range(most):
            row = QWidget()
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(theme.u(16))
            label = FitLabel(largest=theme.u(30), smallest=theme.u(24), lines=2, align=LEADING, name=f"{name}_{place}")
            line.addWidget(Icon("check", theme.u(30), "good"))
            line.addWidget(label, 1)
            self.inside.addWidget(row)
            self.rows.append((row, label))

    def say(self, title: str, lines: list[str]) -> None:
        """Show them; hidden when there are none."""
        self.title.setText(title)
        self.setVisible(bool(lines))
        for place, (row, label) in enumerate(self.rows):
            row.setVisible(place < len(lines))
            label.setText(lines[place] if place < len(lines) else "")


class Switch(BigKey):
    """On or off, said by a word and by the knob's place."""

    def __init__(self, name: str) -> None:
        super().__init__(name=name, title_px=theme.u(34), sub_px=theme.u(26), symbol="leaf")
        self.setCheckable(True)

    def click(self) -> None:
        """Pressing asks; only `setChecked` turns it."""
        self.acted.emit()

    def nextCheckState(self) -> None:
        """A touch does not turn it by itself: the question comes first."""

    def paint_inside(self, painter: QPainter, box: object, ink: str, second: str) -> None:
        """Words, then On or Off, then the knob."""
        t = theme.tokens
        rect = self.rect().adjusted(theme.u(24), theme.u(12), -theme.u(24), -theme.u(12))
        wide, high = theme.u(110), theme.u(58)
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        knob = QRectF(rect.x() if rtl else rect.right() - wide, rect.center().y() - high / 2, wide, high)
        words = rect.adjusted(wide + theme.u(150), 0, 0, 0) if rtl else rect.adjusted(0, 0, -wide - theme.u(150), 0)
        super().paint_inside(painter, words, ink, second)
        painter.setPen(QPen(QColor(t.good), 3))
        painter.setBrush(QColor(t.good if self.isChecked() else t.surface))
        painter.drawRoundedRect(knob, high / 2, high / 2)
        painter.setBrush(QColor(t.surface if self.isChecked() else t.good))
        at_end = self.isChecked() != rtl
        painter.drawEllipse(
            QRectF(knob.right() - high + 6 if at_end else knob.x() + 6, knob.y() + 6, high - 12, high - 12)
        )
        painter.setFont(theme.font(theme.u(30), bold=True))
        painter.setPen(QColor(t.good_strong))
        word = QRectF(
            knob.right() + theme.u(10) if rtl else knob.x() - theme.u(140), rect.y(), theme.u(130), rect.height()
        )
        painter.drawText(word, int(CENTRE), _("On") if self.isChecked() else _("Off"))


class TimeRange(QWidget):
    """A middle value and its range on a line from now to half an hour (or an hour)."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(theme.u(30))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._values: tuple[int, int, int] | None = None

    def show_range(self, low: int | None, middle: int | None, high: int | None) -> None:
        """Seconds; nothing known draws nothing."""
        known = low is not None and middle is not None and high is not None
        self._values = (low or 0, middle or 0, high or 0) if known else None
        self.setVisible(known)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it in reading direction."""
        if self._values is None:
            return
        t = theme.tokens
        low, middle, high = self._values
        whole = 1800 if high <= 1800 else max(3600, high)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            painter.translate(self.width(), 0)
            painter.scale(-1, 1)
        bar = QRectF(0, self.height() / 2 - theme.u(5), self.width(), theme.u(10))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(t.line))
        painter.drawRoundedRect(bar, theme.u(5), theme.u(5))
        x, end = low / whole * bar.width(), max(low / whole * bar.width() + theme.u(12), high / whole * bar.width())
        painter.setBrush(QColor(t.accent))
        painter.drawRoundedRect(QRectF(x, bar.y(), end - x, bar.height()), theme.u(5), theme.u(5))
        painter.setBrush(QColor(t.ink))
        painter.drawRect(QRectF(middle / whole * bar.width() - theme.u(3), 0, theme.u(6), self.height()))


def waiting_words(count: int) -> str:
    """`5 waiting`; nobody in words (a Persian zero looks like a dot)."""
    if count == 0:
        return _("nobody waiting")
    return ngettext("{count} waiting", "{count} waiting", count).format(count=formats.number(count))


def turn_words(seconds: int | None) -> str:
    """`about 12 minutes`, or that it cannot be told."""
    return _("We cannot tell yet") if seconds is None else formats.about(seconds)


def expected_words(low: int | None, middle: int | None, high: int | None) -> tuple[str, str]:
    """The middle value, and its range where that says more."""
    words = turn_words(middle)
    between = formats.waiting(low, high) if low is not None and high is not None else ""
    return words, "" if between == words else between
