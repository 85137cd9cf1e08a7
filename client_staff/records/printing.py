"""A record or the loaded rows of a list on paper, as the reader sees them."""

from __future__ import annotations

import html
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument, QTextOption
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QWidget

from client_staff.records.desk import RecordDesk
from common.qt import dialogs
from common.qt.theme import theme
from common.records import Field, RecordFacts
from common.text import formats, right_to_left


async def print_record(parent: QWidget, desk: RecordDesk, facts: RecordFacts, record: dict[str, Any]) -> None:
    """Ask for a printer and print one record."""
    title = desk.reader.title(facts, record)
    rows = [(f.label, desk.reader.text(f, record[f.name])) for f in facts.fields if f.name in record]
    await _print(parent, _page(desk, f"{facts.label}: {title}", _pairs(rows)))


async def print_list(
    parent: QWidget, desk: RecordDesk, title: str, fields: list[Field], rows: list[dict[str, Any]], about: str
) -> None:
    """Ask for a printer and print rows; `about` says what they are of what."""
    head = "".join(f"<th align='left'>{html.escape(f.label)}</th>" for f in fields)
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(desk.reader.text(f, row.get(f.name)))}</td>" for f in fields) + "</tr>"
        for row in rows
    )
    table = f"<p>{html.escape(about)}</p><table width='100%' border='1' cellspacing='0' cellpadding='4'>"
    await _print(parent, _page(desk, title, f"{table}<tr>{head}</tr>{body}</table>"), wide=len(fields) > 5)


def _pairs(rows: list[tuple[str, str]]) -> str:
    lines = "".join(
        f"<tr><td width='32%'><b>{html.escape(label)}</b></td><td>{html.escape(value)}</td></tr>"
        for label, value in rows
    )
    return f"<table width='100%' cellspacing='0' cellpadding='4'>{lines}</table>"


def _page(desk: RecordDesk, title: str, body: str) -> QTextDocument:
    health = desk.link.health
    hall = health.name if health is not None else ""
    when = formats.date_time(desk.link.now(), desk.reader.zone)
    made = QTextDocument()
    made.setDefaultFont(theme.font(11))
    option = QTextOption()
    option.setTextDirection(Qt.LayoutDirection.RightToLeft if right_to_left() else Qt.LayoutDirection.LeftToRight)
    made.setDefaultTextOption(option)
    side = "rtl" if right_to_left() else "ltr"
    foot = f"<p><small>{html.escape(hall)} · {html.escape(when)}</small></p>"
    made.setHtml(f"<div dir='{side}'><h2>{html.escape(title)}</h2>{body}{foot}</div>")
    return made


async def _print(parent: QWidget, document: QTextDocument, wide: bool = False) -> None:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    if wide:
        from PySide6.QtGui import QPageLayout

        printer.setPageOrientation(QPageLayout.Orientation.Landscape)
    dialog = QPrintDialog(printer, parent)
    dialog.setObjectName("print_dialog")
    if await dialogs.open(dialog) == QDialog.DialogCode.Accepted.value:
        document.print_(printer)
