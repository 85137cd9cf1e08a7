"""Excel files for imports: a template a kind, with headings, lists of what may be chosen and an example; and the bad rows."""

from __future__ import annotations

import io
from datetime import date
from functools import lru_cache
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from sqlalchemy import Table, select

from common.text import N_, translate
from server.engine.actions.work import Work
from server.engine.exports.cells import NO, YES
from server.engine.exports.write import WIDTH
from server.engine.imports.targets import LANGUAGES, filled, needed
from server.engine.records.fields import Field
from server.engine.records.record import RECORDS, Record
from server.engine.records.scope import visible
from server.engine.records.shown import name_of

EXAMPLE = N_("Example: write over this line or delete it")
LISTS = N_("Lists")
WRONG = N_("What is wrong")
LINE = N_("Line")
ROWS_WITH_LISTS = 5000
MOST_CHOICES = 500
"""Linked entries beyond so many are no list to choose from."""
MOST_BAD_ROWS = 20_000
EXAMPLES: dict[str, Any] = {
    "number": 1, "money": 12.5, "percentage": 12.5, "duration": "1:30", "moment": "2026-03-21 10:30", "time": "08:30",
    "day": date(2026, 3, 21), "period": "2026-03-21 – 2026-12-31", "colour": "#2a6fdb", "email": "name@place.org",
    "phone": "+86 10 1234 5678", "coordinates": "31.23; 121.47",
}  # fmt: skip


@lru_cache(maxsize=1)
def example_signs() -> frozenset[str]:
    """What tells a template's example from a row of the person's own, in every language."""
    return frozenset(translate(EXAMPLE, one) for one in LANGUAGES)


def template(work: Work, record: type[Record]) -> bytes:
    """An empty table of a kind in the reader's language."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = _sheet_name(translate(record.plural or record.label, work.language))
    lists = book.create_sheet(translate(LISTS, work.language))
    for one in (sheet, lists):
        one.sheet_view.rightToLeft = work.language == "fa"
    sheet.freeze_panes = "A2"
    hall = {work.language, *(_languages(work))}
    columns = [
        one for one in filled(work, record).values()
        if not one.field.read_only and (one.field.kind != "words" or one.part in hall)
    ]  # fmt: skip
    marked = False
    for place, one in enumerate(columns, 1):
        letter = get_column_letter(place)
        head = sheet.cell(
            1,
            place,
            one.label(work.language) + (" *" if needed(record, one) and one.part in ("", work.language) else ""),
        )
        head.font = Font(bold=True)
        head.fill = PatternFill("solid", fgColor="E8EEF7")
        if one.field.help:
            head.comment = Comment(translate(one.field.help, work.language), "Openhall")
        sheet.column_dimensions[letter].width = WIDTH.get(one.field.kind, 18)
        choices = _choices(work, one.field)
        if choices:
            _offer(sheet, lists, letter, one.label(work.language), choices, several=one.field.kind == "links")
        example: Any = choices[0] if choices else EXAMPLES.get(one.field.kind)
        if not marked and not choices and one.field.kind in ("text", "words", "long_text"):
            example, marked = translate(EXAMPLE, work.language), True
        cell = sheet.cell(2, place, example)
        cell.font = Font(italic=True, color="808080")
        if one.field.kind in ("text", "phone", "identity_number"):
            # As text from the beginning: Excel takes leading noughts and all digits beyond the fifteenth.
            for row in range(2, 1002):
                sheet.cell(row, place).number_format = "@"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _languages(work: Work) -> tuple[str, ...]:
    place = work.engine.main_place(work.connection)
    return place.languages if place is not None else ()


def _choices(work: Work, field: Field) -> list[str]:
    if field.kind == "yes_no":
        return [translate(YES, work.language), translate(NO, work.language)]
    if field.kind == "choice":
        return [translate(label, work.language) for _, label in field.choices]
    target = RECORDS.get(field.link or "")
    if target is None or not target.title:
        return []
    table: Table = target.__table__  # type: ignore[assignment]
    asked = select(*[table.c[n] for n in target.title]).where(table.c.deleted_at.is_(None), visible(target, work.who))
    if field.dictionary:
        dictionaries: Table = RECORDS["dictionary"].__table__  # type: ignore[assignment]
        codes = select(dictionaries.c.id).where(dictionaries.c.code == field.dictionary)
        asked = asked.where(table.c.dictionary_id.in_(codes))
    if any(target.fields()[n].protected for n in target.title):
        return []
    rows = work.connection.execute(asked.limit(MOST_CHOICES + 1)).all()
    names = sorted({name_of(target, row._mapping, work.language) for row in rows} - {""})
    return names if len(rows) <= MOST_CHOICES else []


def _offer(sheet: Any, lists: Any, letter: str, label: str, choices: list[str], *, several: bool) -> None:
    """The values on the sheet of lists; and a drop-down, which only helps: what is typed is checked by the server."""
    place = lists.max_column + 1 if lists.cell(1, 1).value is not None else 1
    lists.cell(1, place, label).font = Font(bold=True)
    lists.column_dimensions[get_column_letter(place)].width = 28
    for row, choice in enumerate(choices, 2):
        lists.cell(row, place, choice).data_type = "s"
    if several:
        return
    column = get_column_letter(place)
    rule = DataValidation(
        "list", formula1=f"={quote_sheetname(lists.title)}!${column}$2:${column}${len(choices) + 1}", allow_blank=True
    )
    rule.showErrorMessage = False
    sheet.add_data_validation(rule)
    rule.add(f"{letter}2:{letter}{ROWS_WITH_LISTS}")


def bad_rows(headings: list[str], rows: list[Any], language: str) -> bytes:
    """Rows as they stand in the file, with their line in front and what is wrong with them behind: mended, the sheet can be
    imported as it is."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("1")
    sheet.sheet_view.rightToLeft = language == "fa"
    sheet.freeze_panes = "A2"
    head = [translate(LINE, language), *headings, translate(WRONG, language)]
    bold = [WriteOnlyCell(sheet, text) for text in head]
    for one in bold:
        one.font = Font(bold=True)
        one.data_type = "s"
    sheet.append(bold)
    for row in rows[:MOST_BAD_ROWS]:
        cells = (list(row.cells) + [""] * len(headings))[: len(headings)]
        wrong = "; ".join(f"{f.column}: {f.sentence}" if f.column else f.sentence for f in row.faults)
        line: list[Any] = [row.number]
        for text in (*cells, wrong):
            one = WriteOnlyCell(sheet, text or None)
            if text:
                one.data_type, one.number_format = "s", "@"
            line.append(one)
        sheet.append(line)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _sheet_name(title: str) -> str:
    return "".join("-" if letter in "[]:*?/\\" else letter for letter in title)[:31] or "1"
