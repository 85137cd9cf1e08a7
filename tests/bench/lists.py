"""Lists over many rows: three kinds with department scope, sorted by a column that is no key, a text that few rows hold, first
and last page. In the server's own process, as JSON leaves it; without the network."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Mapped

from common.records.query import Query
from server.engine.database.migrations import migrate
from server.engine.database.schema import metadata
from server.engine.database.types import new_id
from server.engine.engine import Engine
from server.engine.principal import Principal
from server.engine.records.fields import choice, link, number, text
from server.engine.records.lists import listed
from server.engine.records.record import Record
from server.engine.records.scope import Scope

DEPARTMENTS = 20
RARE = 10_000
"""One row in so many holds the word that is looked for."""
PIECE = 5000
TURNS = 20


class BenchPaper(Record):
    """A paper of an archive."""

    label = "Paper"
    title = ("name",)
    scope = Scope(own=("created_by",), department="department_id")

    name: Mapped[str] = text("Name", in_list=True, search=True)
    pages: Mapped[int] = number("Pages", in_list=True)
    department_id: Mapped[UUID] = link("department", "Department")


class BenchVisit(Record):
    """A visit somewhere."""

    label = "Visit"
    title = ("name",)
    scope = Scope(own=("created_by",), department="department_id")

    name: Mapped[str] = text("Name", in_list=True, search=True)
    minutes: Mapped[int] = number("Minutes", in_list=True)
    outcome: Mapped[str] = choice("Outcome", (("good", "Good"), ("bad", "Bad")), in_list=True)
    department_id: Mapped[UUID] = link("department", "Department")


class BenchThing(Record):
    """A thing in a store."""

    label = "Thing"
    title = ("name",)
    scope = Scope(own=("created_by",), department="department_id")

    name: Mapped[str] = text("Name", in_list=True, search=True)
    count: Mapped[int] = number("Count", in_list=True)
    note: Mapped[str] = text("Note", in_list=True, required=False)
    department_id: Mapped[UUID] = link("department", "Department")


KINDS: dict[type[Record], str] = {BenchPaper: "pages", BenchVisit: "minutes", BenchThing: "count"}


def measure(url: str, folder: Path, rows: int) -> Iterator[str]:
    """A line for each kind and question, over so many rows of all three kinds together."""
    migrate(make_url(url))
    engine = Engine(make_url(url), folder)
    metadata.create_all(engine.store.write_engine, tables=[kind.__table__ for kind in KINDS])  # type: ignore[misc]
    engine.open(jobs=False)
    try:
        began = time.perf_counter()
        departments = _seed(engine, rows)
        yield f"{rows} rows on {engine.store.kind}, written in {time.perf_counter() - began:.0f} s"
        names = frozenset(f"{kind.__tablename__}.see" for kind in KINDS)
        whos = {
            "all": Principal(new_id(), "person", permissions=names),
            "department": Principal(
                new_id(), "person", permissions=names, levels=dict.fromkeys(names, "department"),
                places={"department": tuple(departments[:1])},
            ),
        }  # fmt: skip
        for kind, column in KINDS.items():
            for reach, who in whos.items():
                for what, asked in _questions(column):
                    yield _timed(engine, kind, who, f"{kind.__tablename__:12} {reach:11}{what}", asked)
    finally:
        engine.close()


def _questions(column: str) -> list[tuple[str, Query]]:
    return [
        ("sorted, first page", Query(sort=[f"-{column}"])),
        ("sorted, last page", Query(sort=[f"-{column}"], after="end")),
        ("rare word, first page", Query(search="needle", sort=[column])),
        ("rare word, last page", Query(search="needle", sort=[column], after="end")),
    ]


def _timed(engine: Engine, kind: type[Record], who: Principal, what: str, asked: Query) -> str:
    took, found = [], 0
    for _ in range(TURNS):
        began = time.perf_counter()
        page = engine.look(lambda work: listed(work, kind, asked), who)
        page.model_dump_json()
        took.append((time.perf_counter() - began) * 1000)
        found = len(page.items)
    took.sort()
    p95 = took[int(TURNS * 0.95) - 1]
    mark = "" if p95 <= 300 else "   OVER 300 ms"
    return f"{what:50} p50 {took[TURNS // 2]:7.1f} ms  p95 {p95:7.1f} ms  {found:4d} rows  load {os.getloadavg()[0]:.1f}{mark}"


def _seed(engine: Engine, rows: int) -> list[UUID]:
    """Rows by plain statements, past actions and audit."""
    departments = metadata.tables["department"]
    now, nobody = datetime.now(UTC), UUID(int=0)
    ids = [new_id() for _ in range(DEPARTMENTS)]
    stamps: dict[str, Any] = {
        "version": 1, "created_at": now, "created_by": nobody, "changed_at": now, "changed_by": nobody,
    }  # fmt: skip
    with engine.store.write_engine.begin() as connection:
        for place, one in enumerate(ids):
            values = {"id": one, "name": {"en": f"Department {place}"}, "search_shadow": "", **stamps}
            needed = {c.name for c in departments.columns if not c.nullable and c.name not in values}
            values |= {name: _least(departments.c[name], place) for name in needed}
            connection.execute(insert(departments).values(**values))
    for kind, column in KINDS.items():
        table: Any = kind.__table__
        names = [c.name for c in table.columns]
        extra = {"outcome": "good", "note": "kept on a shelf"}
        for begin in range(0, rows // len(KINDS), PIECE):
            piece = []
            for n in range(begin, min(begin + PIECE, rows // len(KINDS))):
                name = f"{'needle' if n % RARE == 0 else 'common'} words of row {n * 7919 % 1_000_003}"
                values = {
                    **stamps, **extra, "id": new_id(), "name": name, "name_sort": name, "search_shadow": name,
                    "deleted_at": None, column: n * 7919 % 1_000_003, "department_id": ids[n * 31 % DEPARTMENTS],
                }  # fmt: skip
                piece.append({one: values[one] for one in names})
            with engine.store.write_engine.begin() as connection:
                connection.execute(insert(table), piece)
    with engine.store.write_engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    return ids


def _least(column: Any, place: int) -> Any:
    """Some value for a column that needs one."""
    kind = column.type.python_type if hasattr(column.type, "python_type") else str
    return {bool: True, int: place}.get(kind, f"d{place}")
