"""A QR code, drawn in whole pixels."""

from __future__ import annotations

import qrcode
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget


class QrCode(QWidget):
    """Dark on white in every skin, as readers want it, with its quiet border of four modules."""

    def __init__(self, text: str = "", name: str = "qr_code", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._rows: list[list[bool | None]] = []
        self._text = ""
        self.setMinimumSize(120, 120)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.show_text(text)

    def show_text(self, text: str) -> None:
        """Show another text; nothing for an empty one."""
        self._text = text
        self._rows = []
        if text:
            code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0)
            code.add_data(text)
            code.make(fit=True)
            self._rows = code.modules
        self.update()

    def driver_text(self) -> str:
        """What it holds."""
        return self._text

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        if not self._rows:
            return
        painter = QPainter(self)
        count = len(self._rows) + 8
        module = max(1, min(self.width(), self.height()) // count)
        side = module * count
        left, top = (self.width() - side) // 2, (self.height() - side) // 2
        painter.fillRect(left, top, side, side, Qt.GlobalColor.white)
        dark = QColor("#000000")
        for y, row in enumerate(self._rows):
            for x, filled in enumerate(row):
                if filled:
                    painter.fillRect(left + (x + 4) * module, top + (y + 4) * module, module, module, dark)
