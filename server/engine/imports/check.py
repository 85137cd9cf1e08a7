"""What the worker does: look at a file, then try every row out against what is there. It changes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from common.protocol.imports import Reading
from common.records.field import LINKS
from common.records.values import BadValue, value_of
from common.text import N_
from common.text.fold import fold
from server.engine.actions.work import Work
from server.engine.database.types import new_id
from server.engine.engine import Engine
from server.engine.errors import Refused
from server.engine.imports import sealed, spelling
from server.engine.imports.meeting import Crowd, Names, beyond, met_by_key
from server.engine.imports.records import ImportRun
from server.engine.imports.sealed import Staged
from server.engine.imports.source import Source, shown
from server.engine.imports.spelling import BadCell, Spelling
from server.engine.imports.targets import SEVERAL, Filled, filled, guess
from server.engine.imports.template import example_signs
from server.engine.ports import ports
from server.engine.principal import HOUSE
from server.engine.records.lists import record_type
from server.engine.records.record import Record
from server.engine.records.values import taken_in

SENTENCES = {
    **spelling.SENTENCES,
    "unknown": N_("There is no “{said}” that you may see. Write its name or number as it stands in its list."),
    "several": N_("“{said}” is the name of several entries. Write the number instead."),
    "no_key": N_("The key is empty here, so no entry can be met."),
    "not_there": N_("There is no entry with this key that you may change."),
    "there": N_("There is an entry with this key already."),
    "key_twice": N_("Line {line} has the same key."),
    "taken": N_("There is an entry with this value already."),
    "taken_deleted": N_("A deleted entry has this value. Restore that entry instead."),
    "taken_here": N_("Line {line} has the same value, which must be another for each entry."),
    "twice": N_("Line {line} says the same."),
    "beyond": N_("This entry would lie beyond what you may reach."),
    "under_bad": N_("It stands under line {line}, which is bad."),
    "given": N_("This is given by the house and cannot be imported."),
}
PIECE = 500
"""Rows that are looked at together, on one reading connection."""
SAMPLES = 3

Progress = Callable[[str, int, int], None]


class _Still:
    """A clock that stands: all rows are of one moment."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment


@contextmanager
def _engine(url: URL, data: Path, now: datetime) -> Iterator[Engine]:
    engine = Engine(url, data, _Still(now))  # type: ignore[arg-type]
    try:
        yield engine
    finally:
        engine.store.close()
        engine.readers.shutdown()


@contextmanager
def _owner(engine: Engine, run_id: UUID) -> Iterator[tuple[Work, Any]]:
    """A reading with the rights that the import's owner has now."""
    with engine.store.reading() as connection:
        row = Work(connection, engine, HOUSE, "imports").get(ImportRun, run_id)
        who = ports.people.person(connection, row.created_by)
        if who is None:
            raise Refused("access.denied", action=f"{row.record_type}.add")
        work = Work(connection, engine, who, "imports")
        work.language = row.language
        yield work, row


def look(url: URL, data: Path, run_id: UUID, path: Path, now: datetime, progress: Progress) -> dict[str, Any]:
    """What a file is: form, encoding, sheets, headings with samples, and which field each seems to fill."""
    with _engine(url, data, now) as engine:
        content = sealed.read_file(engine.vault, path)
        with _owner(engine, run_id) as (work, row):
            record = record_type(work, row.record_type)
            known = filled(work, record)
            reading = Reading.model_validate(row.options.get("reading", {}))
            source = Source(content, reading)
            head, headings = source.table(
                reading.head, lambda texts: sum(bool(one) for one in guess(known, texts, row.language))
            )
            samples: list[list[str]] = [[] for _ in headings]
            for number, (_line, cells) in enumerate(source.rows(head)):
                for place, cell in enumerate(cells[: len(headings)]):
                    if len(samples[place]) < SAMPLES and shown(cell):
                        samples[place].append(shown(cell)[:60])
                if number >= 50 or all(len(one) == SAMPLES for one in samples):
                    break
            else:
                if not any(samples):
                    raise Refused("imports.empty")
            targets = guess(known, headings, row.language)
            # Samples of protected fields would stand in the run's row as they are.
            columns = [
                {"heading": h, "samples": [] if t and known[t].field.protected else s, "target": t}
                for h, s, t in zip(headings, samples, targets, strict=True)
            ]
            if record.plan().protected:
                columns = [c if c["target"] else {**c, "samples": []} for c in columns]
            return {
                "columns": columns,
                "about": {
                    "form": source.form, "encoding": source.encoding, "separator": source.separator,
                    "sheets": source.sheets, "sheet": source.sheet, "head": head, "size": len(content),
                },
            }  # fmt: skip


def check(
    url: URL, data: Path, run_id: UUID, path: Path, to: Path, now: datetime, progress: Progress
) -> dict[str, Any]:
    """Try every row out and write them, sealed, for the server to stage. Gives how many are good and bad."""
    with _engine(url, data, now) as engine:
        content = sealed.read_file(engine.vault, path)
        with _owner(engine, run_id) as (work, row):
            options = row.options
            trial = Trial(work, row)
        reading = Reading.model_validate(options.get("reading", {}))
        source = Source(content, reading)
        # A name of its own: the worker of a server that was killed may still be writing when the next one begins.
        draft = to.with_name(f"{to.name}.{uuid4().hex}.part")
        done = 0
        # How many rows there are is not known before the last one; their share of the bytes is near enough.
        likely = max(1, len(content) // (12 if source.form == "xlsx" else 40))
        try:
            with open(draft, "wb") as stream:
                for piece in _pieces(source.rows(int(row.about["head"]))):
                    with _owner(engine, run_id) as (work, _row):
                        sealed.write_rows(stream, engine.vault, trial.tried(work, piece))
                    done += len(piece)
                    progress("rows", min(done, likely - 1), likely)
            draft.replace(to)
        finally:
            draft.unlink(missing_ok=True)
        if not trial.good + trial.bad:
            raise Refused("imports.empty")
        return {"rows": trial.good + trial.bad, "good": trial.good, "bad": trial.bad}


def _pieces(rows: Iterator[tuple[int, list[Any]]]) -> Iterator[list[tuple[int, list[Any]]]]:
    piece: list[tuple[int, list[Any]]] = []
    for one in rows:
        piece.append(one)
        if len(piece) == PIECE:
            yield piece
            piece = []
    if piece:
        yield piece


class Trial:
    """Rows tried out one after the other, with what the earlier ones were."""

    def __init__(self, work: Work, row: Any) -> None:
        self.record: type[Record] = record_type(work, row.record_type)
        self.good = self.bad = 0
        known = filled(work, self.record)
        self._mapping: list[Filled | None] = [known.get(name) for name in row.options["mapping"]]
        self._key = known.get(row.options.get("key") or "")
        self._way = row.options["way"]
        self._allow_twice = row.options.get("allow_twice", False)
        place = ports.places.main(work.connection)
        self._spelling = Spelling(
            row.language,
            place.zone if place is not None else datetime.now().astimezone().tzinfo,  # type: ignore[arg-type]
            Reading.model_validate(row.options.get("reading", {})),
        )
        self._names = Names()
        self._crowd = Crowd(self.record)
        self._lines: dict[bytes, int] = {}
        self._keys: dict[str, int] = {}
        self._mine: dict[str, list[Staged]] = {}
        """Of a tree, the file's own rows by name, for those that stand under them further down."""
        self._by_id: dict[str, Staged] = {}

    def tried(self, work: Work, piece: list[tuple[int, list[Any]]]) -> list[Staged]:
        """Rows with their values and what is wrong with them; examples of the template are left out."""
        rows: list[Staged] = []
        before: dict[int, Any] = {}
        typed: dict[int, dict[str, Any]] = {}
        for number, cells in piece:
            texts = [shown(cell) for cell in cells]
            if not example_signs().isdisjoint(texts):
                continue
            row = Staged(number, texts, str(new_id()))
            self._read(work, row, cells)
            self._branch(row)
            self._same_as_before(row)
            rows.append(row)
        self._meet(work, rows, before)
        for row in rows:
            typed[row.number] = self._taken_in(work, row, before.get(row.number))
        self._crowded(work, rows, before, typed)
        self._root(rows)
        self.bad += sum(bool(row.faults) for row in rows)
        self.good += sum(not row.faults for row in rows)
        return rows

    def _read(self, work: Work, row: Staged, cells: list[Any]) -> None:
        for target, cell in zip(self._mapping, cells, strict=False):
            if target is None:
                continue
            name = target.field.name
            try:
                value = self._spelling.value(target.field, cell)
                if value is None:
                    continue
                if target.field.kind in LINKS or target.field.kind == "links":
                    value = self._linked(work, target, str(value))
            except BadCell as wrong:
                _fault(row, target.name, wrong.code, **wrong.facts)
                continue
            if target.part:
                row.values.setdefault(name, {})[target.part] = str(value)
            else:
                row.values[name] = value

    def _linked(self, work: Work, target: Filled, said: str) -> Any:
        parts = [part for part in SEVERAL.split(said) if part] if target.field.kind == "links" else [said]
        whole = self._names.ids(work, target.field, said)
        if target.field.kind == "links" and len(whole) == 1:
            return [str(next(iter(whole)))]  # a name that holds a comma
        ids = []
        for part in parts:
            found = self._names.ids(work, target.field, part)
            if not found and target.field.kind == "parent" and target.field.link == self.record.__tablename__:
                mine = self._mine.get(fold(part), [])
                if len(mine) == 1:
                    return mine[0].record_id
            if len(found) != 1:
                raise BadCell("several" if found else "unknown", said=part[:80])
            ids.append(str(next(iter(found))))
        return ids if target.field.kind == "links" else ids[0]

    def _branch(self, row: Staged) -> None:
        """Keep a row of a tree for those that stand under it."""
        if self.record.plan().parent is not None:
            self._by_id[row.record_id] = row
            for one in _titles(self.record, row.values):
                self._mine.setdefault(fold(one), []).append(row)

    def _root(self, rows: list[Staged]) -> None:
        """Put rows under those of the file that they name, whatever entries these have become; a bad one bears none."""
        parent = self.record.plan().parent or ""
        for row in rows:
            above = self._by_id.get(row.values.get(parent, ""))
            if above is None:
                continue
            row.values[parent] = above.record_id
            if above.faults and not row.faults:
                _fault(row, parent, "under_bad", line=above.number)

    def _same_as_before(self, row: Staged) -> None:
        if self._allow_twice:
            return
        sign = hashlib.blake2b("\x1f".join(row.cells).rstrip("\x1f").encode(), digest_size=12).digest()
        earlier = self._lines.setdefault(sign, row.number)
        if earlier != row.number:
            _fault(row, "", "twice", line=earlier)

    def _meet(self, work: Work, rows: list[Staged], before: dict[int, Any]) -> None:
        """Find the entries that the rows name by their key; decide which are changed and which are added."""
        if self._key is None:
            return
        field = self._key.field
        said = {row.number: str(row.values.get(field.name) or "") for row in rows}
        met = met_by_key(work, self.record, field, [one for one in said.values() if one])
        for row in rows:
            key = said[row.number]
            if not key:
                if self._way == "update":
                    _fault(row, self._key.name, "no_key")
                continue
            earlier = self._keys.setdefault(key, row.number)
            if earlier != row.number and not row.faults:
                _fault(row, self._key.name, "key_twice", line=earlier)
            found = met.get(key, [])
            if len(found) > 1:
                _fault(row, self._key.name, "several", said=key[-4:] if field.protected else key)
            elif found and self._way == "add":
                _fault(row, self._key.name, "there")
            elif not found and self._way == "update":
                _fault(row, self._key.name, "not_there")
            elif found:
                row.adds, row.record_id = False, str(found[0].id)
                before[row.number] = found[0]

    def _taken_in(self, work: Work, row: Staged, before: Any) -> dict[str, Any]:
        """The values as they would be kept; what the server itself would say of them is added to the faults."""
        series = self.record.plan().series
        for name in series:
            given = row.values.pop(name, None)
            if given is not None and row.adds and self._way != "update":
                _fault(row, name, "given")
        values = dict(row.values)
        if before is not None:
            values = self._changes(before, values)
            row.values = values
        parent = self.record.plan().parent
        own = parent is not None and values.get(parent) in self._by_id
        tried = {n: v for n, v in values.items() if not (own and n == parent)}
        wrong = {fault["field"].partition(":")[0] for fault in row.faults}
        typed: dict[str, Any] = {}
        try:
            typed = taken_in(work, self.record, tried, before)
            if not row.faults:
                self.record.check(work, before, dict(typed))
        except Refused as no:
            row.faults += [one for one in sealed.faults_of(no) if one["field"] not in wrong]
        except DBAPIError:
            # A check that wants to write cannot be asked here; it is asked when the row is taken.
            pass
        if own and parent is not None:
            typed[parent] = UUID(values[parent])
        return typed

    def _changes(self, before: Any, values: dict[str, Any]) -> dict[str, Any]:
        """Of an entry that is there, what would become another; languages and parts that the file does not name stay."""
        fields = self.record.fields()
        changed = {}
        for name, value in values.items():
            held = getattr(before, name)
            if isinstance(value, dict) and isinstance(held, dict):
                value = {**held, **value}
            if self._key is not None and name == self._key.field.name:
                continue
            if not fields[name].protected:
                try:
                    if value_of(fields[name], value) == held:
                        continue
                except BadValue:
                    pass
            changed[name] = value
        return changed

    def _crowded(
        self, work: Work, rows: list[Staged], before: dict[int, Any], typed: dict[int, dict[str, Any]]
    ) -> None:
        """Values that must be unique, and rows that would lie beyond the writer's reach."""
        plan = self.record.plan()
        stamps = {"created_by": work.who.id, "changed_by": work.who.id}
        whole: list[tuple[Staged, dict[str, Any]]] = []
        for row in rows:
            if row.faults:
                continue
            held = before.get(row.number)
            known = {**plan.defaults, **stamps} if held is None else held._asdict()
            whole.append((row, {**known, **typed[row.number], "id": UUID(row.record_id)}))
        alike = [(row.number, UUID(row.record_id), values) for row, values in whole]
        by_number = {row.number: row for row, _ in whole}
        for number, many in self._crowd.taken(work, alike).items():
            row, met = by_number[number], many[0]
            if met.line:
                _fault(row, met.field, "taken_here", line=met.line)
            else:
                _fault(row, met.field, "taken_deleted" if met.deleted else "taken")
        for operation, adds in (("add", True), ("edit", False)):
            part = [(row, values) for row, values in whole if row.adds is adds]
            for (row, _), outside in zip(part, beyond(work, self.record, operation, [v for _, v in part]), strict=True):
                if outside:
                    _fault(row, "", "beyond")


def _titles(record: type[Record], values: dict[str, Any]) -> set[str]:
    found: set[str] = set()
    for name in (*record.title, "code"):
        value = values.get(name)
        found.update(value.values() if isinstance(value, dict) else [str(value)] if value else [])
    return found


def _fault(row: Staged, field: str, code: str, **facts: Any) -> None:
    row.faults.append({"field": field, "code": code, "message": SENTENCES[code], "facts": facts})
