"""The database's own soundness, and every link of every row: what it names must exist."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import Column, Connection, Table, exists, select

from common.text import N_
from server.engine.database.schema import metadata, stored_file
from server.engine.integrity import Wrong
from server.engine.records.record import RECORDS

DAMAGED = N_("The database file is damaged: {said}. Restore a backup.")
FOREIGN_KEY = N_("{table}, row {row}: it names a {target} that does not exist.")
LINK = N_("{table} {id}: {field} names a {target} that does not exist.")
FILE = N_("{table} {id}: {field} names a file that does not exist.")


def database_sound(connection: Connection) -> Iterator[Wrong]:
    """SQLite's own checks of pages, indexes and foreign keys; PostgreSQL has checksums of its own for pages."""
    if connection.dialect.name != "sqlite":
        return
    for (said,) in connection.exec_driver_sql("PRAGMA integrity_check(100)"):
        if said != "ok":
            yield DAMAGED, {"said": said}
    for table, row, target, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        yield FOREIGN_KEY, {"table": table, "row": row, "target": target}


def broken_links(connection: Connection) -> Iterator[Wrong]:
    """Every foreign key of every table, and the pictures, files and lists of links of records, row by row."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            for key in column.foreign_keys:
                yield from _dangling(connection, table, column, key.column)
    for record in RECORDS.values():
        table = record.__table__  # type: ignore[assignment]
        for name, field in record.fields().items():
            if field.kind == "image":
                for row in _without(connection, table, table.c[name], stored_file.c.id):
                    yield FILE, {"table": table.name, "id": str(row), "field": name}
            elif field.kind == "files":
                yield from _lists(connection, table, table.c[name], stored_file, FILE)
            elif field.kind == "links" and field.link in RECORDS:
                target: Table = RECORDS[field.link].__table__  # type: ignore[assignment]
                yield from _lists(connection, table, table.c[name], target, LINK)


def _dangling(connection: Connection, table: Table, column: Column[UUID], target: Column[UUID]) -> Iterator[Wrong]:
    for row in _without(connection, table, column, target):
        yield LINK, {"table": table.name, "id": str(row), "field": column.name, "target": target.table.name}


def _without(connection: Connection, table: Table, column: Column[UUID], target: Column[UUID]) -> list[object]:
    key = next(iter(table.primary_key.columns))
    other = target.table.alias()
    stands = exists(select(1).select_from(other).where(other.c[target.name] == column))
    return [row[0] for row in connection.execute(select(key).where(column.is_not(None), ~stands))]


def _lists(
    connection: Connection, table: Table, column: Column[object], target: Table, sentence: str
) -> Iterator[Wrong]:
    """Ids as text in a list: compared in Python, since the databases hold lists differently."""
    named: dict[str, str] = {}
    for row_id, values in connection.execute(select(table.c.id, column).where(column.is_not(None))):
        for value in values if isinstance(values, list) else ():
            named.setdefault(str(value), str(row_id))
    if not named:
        return
    standing = {str(row[0]) for row in connection.execute(select(target.c.id))}
    for value, row_id in named.items():
        if value not in standing:
            yield sentence, {"table": table.name, "id": row_id, "field": column.name, "target": target.name}
