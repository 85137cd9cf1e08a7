"""A line of text that runs without tearing, or stands when it fits."""

from __future__ import annotations

import time

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from common.qt.theme import theme

PIXELS_A_SECOND = 160
PAGE_SECONDS = 6


class Ticker(QWidget):
    """Runs at constant speed on whole pixels, from the reader's end; with `reduce_motion` it turns pages instead."""

    def __init__(
        self, px: int = 32, reduce_motion: bool = False, name: str = "ticker", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.px = px
        self.reduce_motion = reduce_motion
        self._texts: list[str] = []
        self._line: QPixmap | None = None
        self._begun = time.monotonic()
        self._timer = QTimer(self, interval=16)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.update)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._forget)

    def show_texts(self, texts: list[str]) -> None:
        """Show these one after the other; nothing changes while they stay the same."""
        if texts != self._texts:
            self._texts = list(texts)
            self._begun = time.monotonic()
            self._forget()

    def driver_text(self) -> str:
        """All of it."""
        return "   ".join(self._texts)

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(400, QFontMetrics(theme.font(self.px)).height() + 8)

    def moving(self) -> bool:
        """Longer than the line, and allowed to move."""
        line = self._drawn()
        return not self.reduce_motion and line.width() / line.devicePixelRatio() > self.width()

    def resizeEvent(self, event: object) -> None:
        """Another width: perhaps it stands now."""
        self._forget()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the part that is to be seen now."""
        if not self._texts:
            self._timer.stop()
            return
        painter = QPainter(self)
        passed = time.monotonic() - self._begun
        if self.reduce_motion:
            page = self._texts[int(passed / PAGE_SECONDS) % len(self._texts)]
            painter.setLayoutDirection(self.layoutDirection())
            painter.setFont(theme.font(self.px))
            painter.setPen(QColor(theme.tokens.ink))
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter), page)
            self._run(1000)
            return
        line = self._drawn()
        width = int(line.width() / line.devicePixelRatio())
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        if width <= self.width():
            self._timer.stop()
            painter.drawPixmap(self.width() - width if rtl else 0, 0, line)
            return
        whole = width + self.width() // 3
        moved = int(passed * PIXELS_A_SECOND) % whole
        for copy in (0, whole):
            x = moved - copy + self.width() - width if rtl else copy - moved
            painter.drawPixmap(x, 0, line)
        self._run(16)

    def _run(self, interval: int) -> None:
        if not self._timer.isActive() or self._timer.interval() != interval:
            self._timer.start(interval)

    def _drawn(self) -> QPixmap:
        if self._line is None:
            text = "      ·      ".join(self._texts)
            metrics = QFontMetrics(theme.font(self.px))
            ratio = self.devicePixelRatioF()
            width = min(metrics.horizontalAdvance(text) + 8, 16000)
            self._line = QPixmap(int(width * ratio), int(max(self.height(), metrics.height()) * ratio))
            self._line.setDevicePixelRatio(ratio)
            self._line.fill(QColor(0, 0, 0, 0))
            painter = QPainter(self._line)
            painter.setFont(theme.font(self.px))
            painter.setPen(QColor(theme.tokens.ink))
            painter.setLayoutDirection(self.layoutDirection())
            painter.drawText(
                0, 0, width, max(self.height(), metrics.height()), int(Qt.AlignmentFlag.AlignVCenter), text
            )
            painter.end()
        return self._line

    def _forget(self) -> None:
        self._line = None
        self.update()
