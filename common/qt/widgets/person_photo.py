"""A person's picture in a rounded frame, or a plain head."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from common.qt.theme import theme
from common.qt.widgets import icon


class PersonPhoto(QWidget):
    """Shows PNG or JPEG bytes, cropped to its frame; `round` cuts a circle."""

    def __init__(self, px: int = 48, *, round: bool = True, name: str = "photo", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setFixedSize(px, px)
        self._round = round
        self._picture: QPixmap | None = None

    def show_picture(self, content: bytes | None) -> None:
        """Show a picture; a plain head for none, or for what is no picture."""
        made = QPixmap()
        self._picture = made if content and made.loadFromData(content) else None
        self.update()

    @property
    def has_picture(self) -> bool:
        """A picture stands in the frame."""
        return self._picture is not None

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        path = QPainterPath()
        if self._round:
            path.addEllipse(frame)
        else:
            path.addRoundedRect(frame, theme.tokens.radius_l, theme.tokens.radius_l)
        painter.fillPath(path, QColor(theme.tokens.accent_soft))
        painter.setClipPath(path)
        if self._picture is not None:
            shape = self._picture.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatioByExpanding)
            x, y = (self.width() - shape.width()) // 2, (self.height() - shape.height()) // 2
            painter.drawPixmap(x, y, shape.width(), shape.height(), self._picture)
        else:
            side = frame.width() * 0.62
            box = QRectF(frame.center().x() - side / 2, frame.center().y() - side / 2, side, side)
            icon.paint(painter, box, "person", theme.tokens.accent_strong)
