"""The server's time, in the hall's zone and the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QWidget

from common.qt.widgets.fit_label import FitLabel
from common.text import formats


class ClockLabel(FitLabel):
    """`now` gives UTC (the link's), `zone` the hall's IANA zone; `date` shows the date instead of the time (QUE-931)."""

    def __init__(
        self,
        now: Callable[[], datetime],
        zone: str = "UTC",
        *,
        date: bool = False,
        largest: int = 24,
        bold: bool = False,
        tone: str = "ink",
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter,
        name: str = "clock",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(largest=largest, bold=bold, tone=tone, align=align, name=name, parent=parent)
        self._now, self._date = now, date
        self.zone = zone
        self.second = "none"
        """Another calendar behind the date."""
        self._timer = QTimer(self, interval=500)
        self._timer.timeout.connect(self.refresh)
        self._timer.start()
        self.refresh()

    def refresh(self) -> None:
        """Show what it is now."""
        now = self._now()
        self.setText(
            formats.header_date(now, self.zone, second=self.second) if self._date else formats.time(now, self.zone)
        )
