"""Whatever is done to an audit row is named: every byte of every column, rows taken away, moved, or never chained."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from server.engine.actions.work import Work
from server.engine.audit.verify import verify_chain
from server.engine.engine import Engine


def said(engine: Engine) -> list[str]:
    """What the check says."""
    with engine.store.reading() as connection:
        return [str(finding) for finding in verify_chain(connection, engine.clock.now())]


def run(engine: Engine, statement: str, **values: Any) -> None:
    """A change past the engine."""
    with engine.store.write_engine.begin() as connection:
        connection.execute(text(statement), values)


def rows(engine: Engine, statement: str) -> list[Any]:
    """A look past the engine."""
    with engine.store.reading() as connection:
        return list(connection.execute(text(statement)))


def grown(engine: Engine) -> int:
    """Fifteen chained rows, with and without what may be left out; gives the last number."""

    def work(work: Work) -> None:
        for number in range(3):
            identity = uuid4() if number else None
            work.audit(
                "ticket",
                identity,
                {"number": [None, f"A00{number}"], "id": str(uuid4())},
                "یک دلیل" if number else None,
            )

    for _ in range(5):
        engine.act("queue.issue_ticket", work)
    while rows(engine, "SELECT count(*) FROM audit WHERE number IS NULL")[0][0]:
        time.sleep(0.02)  # the sequencer's turn, on PostgreSQL
    assert said(engine) == []
    return int(rows(engine, "SELECT max(number) FROM audit")[0][0])


def test_a_flipped_byte_in_any_column_of_any_row_is_named_and_no_other_row(engine: Engine) -> None:
    """Bytes are flipped where they lie: as SQLite's bytes, or as the value that PostgreSQL makes of them."""
    last = grown(engine)
    sqlite = engine.store.kind == "sqlite"
    for number in (1, last // 2, last):
        row = rows(engine, f"SELECT * FROM audit WHERE number = {number}")[0]._asdict()
        for column, value in row.items():
            if value is None or column == "number":
                continue
            for place, altered in flipped(column, value, sqlite):
                bind = f"CAST(:v AS {'TEXT' if sqlite else 'TIMESTAMPTZ'})" if column == "at" else ":v"
                run(engine, f"UPDATE audit SET {column} = {bind} WHERE number = {number}", v=altered)
                found = said(engine)
                assert any(f"row {number} " in one for one in found), (number, column, place, found)
                assert not any(f"row {other} " in one for one in found for other in (number - 1, number + 1)), found
                run(engine, f"UPDATE audit SET {column} = {bind} WHERE number = {number}", v=value)
    assert said(engine) == []


def flipped(column: str, value: Any, sqlite: bool) -> list[tuple[int, Any]]:
    """The value with one bit of one byte changed: of the first, a middle and the last one."""
    if column == "id":
        return [(0, value ^ (1 << 20)), (1, value ^ (1 << 33))]
    if column == "at" and not sqlite:
        return [(0, value + timedelta(microseconds=1)), (1, value.replace(year=value.year ^ 1))]
    if hasattr(value, "bytes"):
        raw = value.bytes
        return [(n, UUID(bytes=raw[:n] + bytes([raw[n] ^ 1]) + raw[n + 1 :])) for n in (0, 9, 15)]
    raw = value.encode() if isinstance(value, str) else bytes(value)
    places = sorted({0, len(raw) // 2, len(raw) - 1})
    made = [(n, raw[:n] + bytes([raw[n] ^ 1]) + raw[n + 1 :]) for n in places]
    return [(n, one.decode("latin-1") if isinstance(value, str) else one) for n, one in made]


def test_a_byte_that_makes_a_row_unreadable_is_named(engine: Engine) -> None:
    grown(engine)
    if engine.store.kind == "postgresql":
        run(engine, "UPDATE audit SET at = at + interval '200000 years' WHERE number = 5")
    else:
        run(engine, "UPDATE audit SET changes = CAST(X'FF' || changes AS TEXT) WHERE number = 5")
        run(engine, "UPDATE audit SET at = CAST(at AS BLOB) WHERE number = 8")
        assert any(one.startswith("Audit row 8 ") for one in said(engine))
    assert any(one.startswith("Audit row 5 ") for one in said(engine))


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_byte_flipped_in_the_file_itself_is_named(engine: Engine) -> None:
    """Not through SQL: on the disk."""
    grown(engine)
    marker = rows(engine, "SELECT changes FROM audit WHERE number = 7")[0][0].encode()
    path = engine.store.path  # type: ignore[union-attr]
    with engine.store.write_engine.connect() as connection:
        connection.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = path.read_bytes()
    assert content.count(marker) == 1
    place = content.index(marker)
    for offset in (0, len(marker) // 2, len(marker) - 1):
        with open(path, "r+b") as file:
            file.seek(place + offset)
            file.write(bytes([content[place + offset] ^ 1]))
        engine.store.read_engine.dispose()
        assert [one for one in said(engine) if one.startswith("Audit row 7 ")]
        path.write_bytes(content)


def test_a_missing_row_is_named(engine: Engine) -> None:
    grown(engine)
    run(engine, "DELETE FROM audit WHERE number = 6")
    assert said(engine) == ["Audit row 6 is missing."]


def test_missing_rows_at_the_end_are_seen_by_the_head(engine: Engine) -> None:
    last = grown(engine)
    run(engine, f"DELETE FROM audit WHERE number > {last - 2}")
    assert said(engine) == [f"The audit chain ends at {last - 2}, its head says {last}."]


@pytest.mark.parametrize("other", [5, 9])
def test_rows_that_changed_places_are_named_with_their_places(engine: Engine, other: int) -> None:
    grown(engine)
    swap(engine, 4, other)
    ids = {row.number: row.id for row in rows(engine, "SELECT id, number FROM audit")}
    assert said(engine) == [
        f"Audit row 4 (id {ids[4]}) was reordered: it stood at {other}.",
        f"Audit row {other} (id {ids[other]}) was reordered: it stood at 4.",
    ]


def swap(engine: Engine, one: int, other: int) -> None:
    """Two rows change numbers and keep their hashes."""
    for before, after in ((one, -1), (other, one), (-1, other)):
        run(engine, f"UPDATE audit SET number = {after} WHERE number = {before}")


def test_a_row_that_was_moved_to_the_end_is_named(engine: Engine) -> None:
    grown(engine)
    identity = rows(engine, "SELECT id FROM audit WHERE number = 5")[0][0]
    run(engine, "UPDATE audit SET number = 5000 WHERE number = 5")
    assert said(engine) == [f"Audit row 5000 (id {identity}) was reordered: it stood at 5."]


def test_an_altered_hash_is_told_from_altered_content(engine: Engine) -> None:
    last = grown(engine)
    for number in (5, last):
        (row,) = rows(engine, f"SELECT id, hash FROM audit WHERE number = {number}")
        run(engine, f"UPDATE audit SET hash = :h WHERE number = {number}", h=bytes(32))
        assert said(engine) == [f"Audit row {number} (id {row.id}): its hash was altered, its content was not."]
        run(engine, f"UPDATE audit SET hash = :h WHERE number = {number}", h=bytes(row.hash))


def test_a_row_that_nothing_chains_is_named_after_a_minute(engine: Engine) -> None:
    last = grown(engine)
    engine.store.close()  # the sequencer would chain it again
    run(engine, f"UPDATE audit SET number = NULL, hash = NULL WHERE number = {last}")
    run(engine, f"UPDATE head SET number = {last - 1}, hash = (SELECT hash FROM audit WHERE number = {last - 1})"
              " WHERE name = 'audit'")  # fmt: skip
    assert said(engine) == []
    engine.clock.forward(seconds=61)  # type: ignore[attr-defined]
    (found,) = said(engine)
    assert "is not chained since 2026-03-02 10:24:00" in found


def test_several_kinds_of_damage_at_once_are_each_named(engine: Engine) -> None:
    grown(engine)
    run(engine, "UPDATE audit SET action = 'x' WHERE number = 2")
    run(engine, "DELETE FROM audit WHERE number IN (10, 11)")
    swap(engine, 4, 7)
    found = said(engine)
    assert len(found) == 4
    assert found[0] == "Audit rows 10 to 11 are missing."
    for number in (2, 4, 7):
        assert any(one.startswith(f"Audit row {number} ") for one in found)
