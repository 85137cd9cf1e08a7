"""Services as an Excel file: the empty form, and reading one that was filled in. Text copied from a spreadsheet is read alike."""

from __future__ import annotations

import base64
import binascii
import io
import zipfile
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font, PatternFill

from common.protocol.messages import LANGUAGES
from common.protocol.setup import BadRow, Sheet, SheetFile
from common.text import N_, translate
from common.text.fold import fold
from server.engine.errors import Refused, refusal
from server.modules.services.rules import Fault, SheetRow

NO_SHEET = refusal(
    "services.no_sheet", N_("This is no Excel file (.xlsx) that can be read. Save it as .xlsx and try again."), 422
)
NO_HEADS = refusal(
    "services.no_heads",
    N_("The first row does not name the columns. Use the template: at least Prefix and Name must be there."),
    422,
)
SHEET_WRONG = refusal(
    "services.sheet_wrong",
    N_("{count} rows cannot be taken. Mend them, or take only the good ones. Nothing was saved."),
    422,
)
EMPTY = refusal("services.sheet_empty", N_("There is no service in this sheet."), 422)

MOST_ROWS = 500
MOST_UNPACKED = 40 << 20
"""A workbook that unpacks to more than this is no list of services."""

HEADS = {
    "prefix": N_("Prefix"),
    "section": N_("Section"),
    "name": N_("Name"),
    "description": N_("Description"),
    "minutes": N_("Usual minutes"),
    "windows": N_("Windows"),
}
IN_ITSELF = {"en": "English", "zh": "中文", "ru": "Русский", "fa": "فارسی"}
BY_LANGUAGE = ("name", "description")
SENTENCES = {
    "prefix_wrong": N_("“{value}” is no prefix: use one to three letters A to Z."),
    "prefix_twice": N_("Prefix {value} stands in row {row} already."),
    "name_missing": N_("The service has no name in any language."),
    "too_long": N_("The text is longer than {most} letters."),
    "minutes_wrong": N_("“{value}” is no number of minutes from 1 to 600."),
    "window_unknown": N_("There is no window {value} in this hall."),
    "too_many": N_("Only the first {most} rows are read."),
}

Column = tuple[str, str]
"""What stands in it and, for words, in which language."""


def columns() -> list[Column]:
    """The columns in their order."""
    made: list[Column] = []
    for what in HEADS:
        made += [(what, code) for code in LANGUAGES] if what in BY_LANGUAGE else [(what, "")]
    return made


def head_of(column: Column, language: str) -> str:
    """The head of a column: `Name (中文)`."""
    what, code = column
    label = translate(HEADS[what], language)
    return f"{label} ({IN_ITSELF[code]})" if code else label


def written(rows: list[dict[Column, str]], language: str) -> SheetFile:
    """The form as an Excel file, with the services that are there already."""
    book = Workbook()
    page = book.active
    page.title = translate(N_("Services"), language)[:31]
    page.sheet_view.rightToLeft = language == "fa"
    for place, column in enumerate(columns(), start=1):
        cell = page.cell(row=1, column=place, value=head_of(column, language))
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="E3EEFA")
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        page.column_dimensions[cell.column_letter].width = 34 if column[0] == "description" else 24 if column[1] else 14
        for line, row in enumerate(rows, start=2):
            # As text: a window's number or a name that begins with “=” must come back as it was.
            said = page.cell(row=line, column=place, value=row.get(column, ""))
            said.data_type = "s"
    page.freeze_panes = "B2"
    stream = io.BytesIO()
    book.save(stream)
    name = translate(N_("Services of the hall"), language) + ".xlsx"
    return SheetFile(name=name, content=base64.b64encode(stream.getvalue()).decode())


def read(sheet: Sheet) -> tuple[list[SheetRow], list[Fault]]:
    """The filled rows of a sheet, and what is wrong with the sheet as a whole. Refuses what is no sheet."""
    lines = _lines_of_book(sheet.content) if sheet.content else [one.split("\t") for one in sheet.text.splitlines()]
    numbered = [
        (number, [cell.strip() for cell in line])
        for number, line in enumerate(lines, start=1)
        if any(map(str.strip, line))
    ]
    if not numbered:
        raise Refused("services.sheet_empty")
    heads = _heads(numbered[0][1])
    if heads is None and not sheet.content:
        # Copied without its heads: the order of the narrow table.
        heads = {0: ("prefix", ""), 1: ("name", sheet.language), 2: ("minutes", ""), 3: ("windows", "")}
    elif heads is None:
        raise Refused("services.no_heads")
    else:
        numbered = numbered[1:]
    if not numbered:
        raise Refused("services.sheet_empty")
    faults = (
        [Fault(numbered[MOST_ROWS][0], "", "too_many", {"most": str(MOST_ROWS)})] if len(numbered) > MOST_ROWS else []
    )
    return [_row(number, cells, heads) for number, cells in numbered[:MOST_ROWS]], faults


def bad_row(fault: Fault, language: str) -> BadRow:
    """A fault in the reader's words."""
    column = translate(HEADS[fault.column], language) if fault.column else ""
    sentence = translate(SENTENCES[fault.code], language).format(**fault.facts)
    return BadRow(row=fault.row, column=column, sentence=sentence)


def _lines_of_book(content: str) -> list[list[str]]:
    try:
        raw = base64.b64decode(content, validate=True)
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            if sum(one.file_size for one in packed.infolist()) > MOST_UNPACKED:
                raise Refused("services.no_sheet")
        book = load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
        page = book.worksheets[0]
        wide = len(columns()) + 8
        lines = [
            [_said(value) for value in row]
            for row in page.iter_rows(max_row=MOST_ROWS + 20, max_col=wide, values_only=True)
        ]
        book.close()
    except Refused:
        raise
    except (
        binascii.Error,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        IndexError,
        OSError,
        EOFError,
        TypeError,
    ) as failure:
        raise Refused("services.no_sheet") from failure
    return lines


def _said(value: Any) -> str:
    """A cell as text; 3.0 is the 3 that somebody typed."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _heads(cells: list[str]) -> dict[int, Column] | None:
    """Which column stands where, by heads in any of the four languages; nothing when there are none."""
    known = {fold(head_of(column, language)): column for column in columns() for language in LANGUAGES}
    # A head without a language means the language in which it is written: “Name”, “名称”.
    for language in LANGUAGES:
        for what in BY_LANGUAGE:
            known.setdefault(fold(translate(HEADS[what], language)), (what, language))
    found = {place: known[fold(cell)] for place, cell in enumerate(cells) if fold(cell) in known}
    named = {what for what, _code in found.values()}
    return found if {"prefix", "name"} <= named else None


def _row(number: int, cells: list[str], heads: dict[int, Column]) -> SheetRow:
    plain = {"prefix": "", "section": "", "minutes": "", "windows": ""}
    words: dict[Column, str] = {}
    for place, column in heads.items():
        text = cells[place] if place < len(cells) else ""
        if column[1]:
            words[column] = text
        else:
            plain[column[0]] = text
    return SheetRow(
        number=number, prefix=plain["prefix"], section=plain["section"], words=words, minutes=plain["minutes"],
        windows=plain["windows"],
    )  # fmt: skip
