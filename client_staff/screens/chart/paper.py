"""The whole chart on paper, as PDF or as a picture."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMarginsF, QRectF, QSize
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QWidget

from client_staff.screens.chart.scene import ChartView
from common.qt import dialogs
from common.qt.theme import theme

LARGE = 1600
"""A chart that is wider or higher than so many pixels wants the larger sheet."""
MARGIN_MM = 10


async def print_chart(parent: QWidget, view: ChartView) -> None:
    """Ask for a printer and print it on one sheet."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setPageOrientation(QPageLayout.Orientation.Landscape)
    dialog = QPrintDialog(printer, parent)
    dialog.setObjectName("print_dialog")
    if await dialogs.open(dialog) == QDialog.DialogCode.Accepted.value:
        painter = QPainter(printer)
        view.draw_on(painter, QRectF(printer.pageRect(QPrinter.Unit.DevicePixel)))
        painter.end()


def write_chart(path: Path, view: ChartView, title: str) -> bool:
    """The chart on one page as PDF, or as PNG where the name says so; whether it could be written."""
    room = view.sceneRect()
    if path.suffix.lower() == ".png":
        picture = QImage(QSize(int(room.width() * 2), int(room.height() * 2)), QImage.Format.Format_RGB32)
        picture.fill(theme.colour("surface"))
        painter = QPainter(picture)
        view.draw_on(painter, QRectF(picture.rect()))
        painter.end()
        return picture.save(str(path))
    writer = QPdfWriter(str(path))
    writer.setTitle(title)
    large = max(room.width(), room.height()) > LARGE
    wide = room.width() > room.height()
    size = QPageSize(QPageSize.PageSizeId.A3 if large else QPageSize.PageSizeId.A4)
    turned = QPageLayout.Orientation.Landscape if wide else QPageLayout.Orientation.Portrait
    margins = QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM)
    writer.setPageLayout(QPageLayout(size, turned, margins))
    painter = QPainter()
    if not painter.begin(writer):
        return False
    view.draw_on(painter, QRectF(0, 0, writer.width(), writer.height()))
    painter.end()
    return True
