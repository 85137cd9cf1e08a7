"""Reports as JSON, CSV and Excel with typed cells, the conditions and the time of export in the file."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from common.text import translate
from common.text.words import pick
from server.engine.database.types import to_json
from server.engine.reports.declare import Column, Report
from server.engine.reports.pdf import PdfTable

KINDS = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def rendered(
    report: Report, rows: list[dict[str, Any]], form: str, language: str, zone: ZoneInfo, now: datetime, conditions: str
) -> bytes:
    """The report's file in the reader's language and the outlet's time."""
    if form == "json":
        return to_json(
            {
                "report": report.name,
                "columns": [{"name": c.name, "label": translate(c.label, language)} for c in report.columns],
                "rows": rows,
                "exported_at": now,
            }
        ).encode()
    table = [[_cell(c, row.get(c.name), language, zone) for c in report.columns] for row in rows]
    heads = [translate(c.label, language) for c in report.columns]
    if form == "csv":
        stream = io.StringIO()
        writer = csv.writer(stream)
        writer.writerow(heads)
        for line in table:
            writer.writerow([harmless(v) for v in line])
        return b"\xef\xbb\xbf" + stream.getvalue().encode()
    if form == "pdf":
        return _paper(report, heads, table, language, now.astimezone(zone), conditions)
    return _workbook(report, heads, table, language, zone, now, conditions)


def _paper(report: Report, heads: list[str], table: list[list[Any]], language: str, now: datetime, about: str) -> bytes:
    stream = io.BytesIO()
    paper = PdfTable(stream, translate(report.label, language), "", about, now, language)
    numbers = [c.kind in ("number", "seconds") for c in report.columns]
    paper.columns(heads, [float(c.width) for c in report.columns], numbers)
    for line in table:
        paper.row(
            ["" if v is None else v.strftime("%Y-%m-%d %H:%M") if isinstance(v, datetime) else str(v) for v in line]
        )
    paper.close()
    return stream.getvalue()


def _workbook(
    report: Report, heads: list[str], table: list[list[Any]], language: str, zone: ZoneInfo, now: datetime, about: str
) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(translate(report.label, language)[:31])
    if language == "fa":
        sheet.sheet_view.rightToLeft = True
    sheet.freeze_panes = "A4"
    for place, column in enumerate(report.columns, start=1):
        sheet.column_dimensions[chr(64 + place) if place <= 26 else "Z"].width = column.width
    title = WriteOnlyCell(sheet, translate(report.label, language))
    title.font = Font(bold=True, size=14)
    sheet.append([title])
    sheet.append([about, "", now.astimezone(zone).strftime("%Y-%m-%d %H:%M")])
    cells = []
    for text in heads:
        cell = WriteOnlyCell(sheet, text)
        cell.font = Font(bold=True)
        cells.append(cell)
    sheet.append(cells)
    for line in table:
        sheet.append([_typed_cell(sheet, value) for value in line])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _typed_cell(sheet: Any, value: Any) -> Any:
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, str) and value.startswith(DANGEROUS):
        cell.data_type = "s"  # text stays text: never a formula
    if isinstance(value, datetime):
        cell.number_format = "yyyy-mm-dd hh:mm:ss"
    return cell


def _cell(column: Column, value: Any, language: str, zone: ZoneInfo) -> Any:
    if value is None:
        return None
    if column.kind == "words":
        return pick(value, language)
    if column.kind == "moment":
        return value.astimezone(zone).replace(tzinfo=None, microsecond=0)
    if column.kind == "choice":
        return translate(column.choices.get(value, value), language)
    if column.kind in ("number", "seconds"):
        return int(value)
    return str(value)


def harmless(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula gets an apostrophe."""
    if isinstance(value, str) and value.startswith(DANGEROUS):
        return "'" + value
    return value
