"""Writing a list into a file, page by page on one reading connection: all of one moment, with the reader's rights."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from sqlalchemy.engine import URL

from common.records.field import Field
from common.records.query import Condition, Query
from common.text import translate
from server.engine.actions.work import Work
from server.engine.engine import Engine
from server.engine.errors import Refused
from server.engine.exports.cells import as_text, cell, number_format
from server.engine.exports.records import Export
from server.engine.ports import ports
from server.engine.records.lists import listed, matching, record_type
from server.engine.records.shown import fields_for
from server.engine.reports.pdf import PdfTable
from server.engine.reports.sheets import DANGEROUS, harmless

SIGNS = {
    "is": "=", "is_not": "≠", "contains": "∋", "contains_not": "∌", "at_least": "≥", "at_most": "≤", "between": "↔",
    "any_of": "∈", "none_of": "∉", "empty": "= –", "not_empty": "≠ –", "starts_with": "=", "on": "=", "below": "↳",
}  # fmt: skip
PAGE = 500
MOST_ON_PAPER = 20_000
WIDTH = {"text": 28, "words": 28, "long_text": 40, "link": 24, "moment": 20, "day": 12, "yes_no": 8, "number": 10}

Progress = Callable[[str, int, int], None]


class Listed:
    """What an export writes: title, conditions, columns, and the rows as cells."""

    def __init__(self, work: Work, row: Any) -> None:
        self.work = work
        self.record = record_type(work, row.record_type)
        self.query = Query.model_validate({**row.query, "limit": PAGE, "after": None})
        matching(work, self.record, self.query, "export")
        known = fields_for(self.record, work.who)
        self.fields: list[Field] = [known[n] for n in row.columns if n in known]
        self.language = row.language
        work.language = row.language
        place = ports.places.main(work.connection)
        self.zone = place.zone if place is not None else ZoneInfo("UTC")
        self.hall = next(iter(place.name.values()), "") if place is not None else ""
        self.title = translate(self.record.plural or self.record.label, row.language)
        self.heads = [translate(f.label, row.language) + (f" ({f.unit})" if f.unit else "") for f in self.fields]
        self.total = int(listed(work, self.record, self.query.model_copy(update={"limit": 1, "count": True})).total)

    @property
    def about(self) -> str:
        """The conditions, for the file's head."""
        said = [self._said(c) for c in self.query.conditions]
        return "; ".join([*([self.query.search] if self.query.search else []), *said])

    def _said(self, condition: Condition) -> str:
        """A condition with signs that every language reads."""
        if condition.either:
            return " / ".join(self._said(one) for one in condition.either)
        field = fields_for(self.record, self.work.who).get(condition.field)
        name = translate(field.label, self.language) if field is not None else condition.field
        value = condition.value
        choices = {code: translate(label, self.language) for code, label in field.choices} if field is not None else {}
        if isinstance(value, list):
            value = ", ".join(choices.get(str(one), str(one)) for one in value)
        value = choices.get(str(value), str(value)) if value is not None else ""
        return f"{name} {SIGNS.get(condition.operator, condition.operator)} {value}".strip()

    def rows(self, progress: Progress) -> Iterator[list[Any]]:
        """Every row, in the list's order."""
        done, after = 0, None
        while True:
            page = listed(self.work, self.record, self.query.model_copy(update={"after": after}))
            for item in page.items:
                yield [cell(f, item.get(f.name), page.labels, self.language, self.zone) for f in self.fields]
            done += len(page.items)
            progress("rows", done, max(1, self.total))
            after = page.next
            if after is None:
                return


class _Still:
    """A clock that stands: the whole file is of one moment."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment


def write(url: URL, data: Path, export_id: UUID, to: Path, now: datetime, progress: Progress) -> dict[str, Any]:
    """Make the file of an export; gives what its row then says. The file appears whole or not at all."""
    engine = Engine(url, data, _Still(now))  # type: ignore[arg-type]
    draft = to.with_name(to.name + ".part")
    try:
        with engine.store.reading() as connection:
            house = Work(connection, engine, _nobody(), "exports")
            row = house.get(Export, export_id)
            who = ports.people.person(connection, row.created_by)
            if who is None:
                raise Refused("access.denied", action=f"{row.record_type}.export")
            list_ = Listed(Work(connection, engine, who, "exports"), row)
            count = _WRITERS[row.form](list_, draft, now, progress)
        with open(draft, "rb+") as stream:
            os.fsync(stream.fileno())
        os.replace(draft, to)
    finally:
        draft.unlink(missing_ok=True)
        with suppress(Exception):
            engine.store.close()
        engine.readers.shutdown()
    name = f"{list_.title} {now.astimezone(list_.zone):%Y-%m-%d %H%M}.{row.form}".replace("/", "-")
    return {"rows": count, "size": to.stat().st_size, "file_name": name}


def _nobody() -> Any:
    from server.engine.principal import HOUSE

    return HOUSE


def _xlsx(list_: Listed, draft: Path, now: datetime, progress: Progress) -> int:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_sheet_name(list_.title))
    sheet.sheet_view.rightToLeft = list_.language == "fa"
    sheet.freeze_panes = "A4"
    for place, field in enumerate(list_.fields):
        sheet.column_dimensions[_letters(place)].width = WIDTH.get(field.kind, 18)
    title = WriteOnlyCell(sheet, list_.title)
    title.font = Font(bold=True, size=14)
    sheet.append([title])
    sheet.append([_text(sheet, list_.about), now.astimezone(list_.zone).strftime("%Y-%m-%d %H:%M"), list_.hall])
    heads = [WriteOnlyCell(sheet, head) for head in list_.heads]
    for one in heads:
        one.font = Font(bold=True)
    sheet.append(heads)
    formats = [number_format(f) for f in list_.fields]
    count = 0
    for line in list_.rows(progress):
        cells = []
        for value, form in zip(line, formats, strict=True):
            one = _text(sheet, value) if isinstance(value, str) else WriteOnlyCell(sheet, value)
            if form and value is not None:
                one.number_format = form
            cells.append(one)
        sheet.append(cells)
        count += 1
    book.save(draft)
    return count


def _text(sheet: Any, value: str) -> Any:
    one = WriteOnlyCell(sheet, value)
    if value.startswith(DANGEROUS):
        one.data_type = "s"  # text stays text: never a formula
    return one


def _csv(list_: Listed, draft: Path, now: datetime, progress: Progress) -> int:
    count = 0
    with open(draft, "w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(list_.heads)
        for line in list_.rows(progress):
            writer.writerow([harmless(as_text(v, f)) for v, f in zip(line, list_.fields, strict=True)])
            count += 1
    return count


def _pdf(list_: Listed, draft: Path, now: datetime, progress: Progress) -> int:
    if list_.total > MOST_ON_PAPER:
        raise Refused("exports.too_long", most=MOST_ON_PAPER, rows=list_.total)
    numbers = [f.kind in ("number", "money", "percentage", "duration") for f in list_.fields]
    widths = [float(WIDTH.get(f.kind, 18)) for f in list_.fields]
    paper = PdfTable(draft, list_.title, list_.hall, list_.about, now.astimezone(list_.zone), list_.language)
    paper.columns(list_.heads, widths, numbers)
    count = 0
    for line in list_.rows(progress):
        paper.row([as_text(v, f) for v, f in zip(line, list_.fields, strict=True)])
        count += 1
    paper.close()
    return count


_WRITERS: dict[str, Callable[[Listed, Path, datetime, Progress], int]] = {"xlsx": _xlsx, "csv": _csv, "pdf": _pdf}


def _sheet_name(title: str) -> str:
    return "".join("-" if letter in "[]:*?/\\" else letter for letter in title)[:31] or "1"


def _letters(place: int) -> str:
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
