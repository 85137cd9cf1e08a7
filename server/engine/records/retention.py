"""Retention: rows whose kind says how long it is kept are deleted for good once they are older, in pieces, at night.

A row that another row still names stays until that one goes. With a row go its attachments and the rows of its files; the
bytes of files that no row names any more are swept from the file store when they are a day old.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Text, and_, bindparam, cast, delete, exists, func, insert, or_, select

from common.protocol.keeping import RetentionLine, RetentionView
from common.protocol.messages import Nothing
from common.text import N_, translate
from server.engine.access.permissions import permission
from server.engine.actions.declare import action, reading
from server.engine.actions.work import Work
from server.engine.database.schema import house, metadata, stored_file
from server.engine.database.statements import Prepared
from server.engine.engine import Engine
from server.engine.integrity_files import YOUNG, nameless
from server.engine.jobs.declare import job
from server.engine.ports import ports
from server.engine.records.attachments import Attachment
from server.engine.records.record import RECORDS, Record
from server.engine.settings import setting

SEE = permission("retention.see", N_("See what is deleted by its retention"))
RUN = permission("retention.run", N_("Delete now what its retention lets go"))

HOUR = setting(
    "retention.hour", 3, N_("What need not be kept any more is deleted at the hour"), unit="h", least=0, most=23
)

PIECE = 200
WANTED = "retention_wanted"
LAST = "retention_last"
AN_HOUR = timedelta(hours=1)
STAMPS = {"created_at": N_("Made"), "changed_at": N_("Changed")}

_unset = Prepared(delete(house).where(house.c.name == bindparam("key_name")))
_set = Prepared(insert(house).inline(), ("name", "value"))
_value = Prepared(select(house.c.value).where(house.c.name == bindparam("key_name")))


def kept_for_days() -> list[type[Record]]:
    """The kinds with a retention in days. Nought days is a kind's own job's affair: it goes with its business day."""
    return [record for _, record in sorted(RECORDS.items()) if record.retention.days]


def _old(record: type[Record], now: datetime) -> Any:
    days = record.retention.days or 0
    column = record.__table__.c[record.retention.after]
    return column < now - timedelta(days=days)


def _named(record: type[Record]) -> Any:
    """Whether another row names this one by a foreign key."""
    table: Any = record.__table__
    found: list[Any] = []
    for other in metadata.tables.values():
        for key in other.foreign_keys:
            if key.column.table is table:
                there = other.alias(f"names_{len(found)}")
                found.append(exists().where(there.c[key.parent.name] == table.c[key.column.name]))
    return or_(*found) if found else None


def over(record: type[Record], now: datetime) -> Select[Any]:
    """The ids of rows that go."""
    table: Any = record.__table__
    named = _named(record)
    asked = select(table.c.id).where(_old(record, now))
    return asked.where(~named) if named is not None else asked


@reading("retention.tonight", needs=SEE, input=Nothing, output=RetentionView)
def tonight(work: Work, request: Nothing) -> RetentionView:
    """What would be deleted at the next turn, by kind; nothing is changed by looking."""
    lines = []
    for record in kept_for_days():
        due = work.connection.execute(select(func.count()).select_from(over(record, work.now).subquery())).scalar_one()
        old = work.connection.execute(
            select(func.count()).select_from(select(record.__table__.c.id).where(_old(record, work.now)).subquery())
        ).scalar_one()
        field = record.fields().get(record.retention.after)
        since = field.label if field is not None else STAMPS.get(record.retention.after, record.retention.after)
        lines.append(
            RetentionLine(
                kind=record.__tablename__, label=translate(record.plural or record.label, work.language),
                days=record.retention.days or 0, since=translate(since, work.language),
                why=translate(record.retention.why, work.language) if record.retention.why else "",
                due=due, held=old - due,
            )
        )  # fmt: skip
    loose = list(nameless(work.connection, work.engine.data, work.now))
    last = (work.scalar(_value, key_name=LAST) or "").split()
    return RetentionView(
        lines=lines,
        files=len(loose),
        files_kb=sum(size for _, size in loose) // 1024,
        hour=work.setting(HOUR),
        at_work=_at_work(work),
        last_at=datetime.fromisoformat(last[0]) if last else None,
        last_rows=int(last[1]) if last else 0,
    )


@action("retention.run_now", needs=RUN, input=Nothing, output=Nothing)
def run_now(work: Work, request: Nothing) -> Nothing:
    """Begin at once, not at night only."""
    work.run(_unset, key_name=WANTED)
    work.run(_set, name=WANTED, value=work.now.isoformat())
    work.audit("retention", None, {"run_now": [None, True]})
    work.notify("retention", "wanted")
    work.outcome.after.append(work.engine.jobs.wake)
    return Nothing()


def _at_work(work: Work) -> bool:
    wanted = work.scalar(_value, key_name=WANTED)
    if wanted is not None and work.now - datetime.fromisoformat(wanted) < AN_HOUR:
        return True
    place = ports.places.main(work.connection)
    return place is not None and work.now.astimezone(place.zone).hour == work.setting(HOUR)


def next_piece(work: Work) -> tuple[type[Record], list[UUID]] | None:
    """Up to two hundred rows of one kind; nothing outside of the hour, or when nothing is left."""
    if not _at_work(work):
        return None
    for record in kept_for_days():
        ids = list(work.connection.execute(over(record, work.now).limit(PIECE)).scalars())
        if ids:
            return record, ids
    return None


@job("records.retention", every_seconds=5, look=next_piece, label=N_("Delete records that need not be kept any more"))
def purge(work: Work, found: tuple[type[Record], list[UUID]]) -> None:
    """Delete them with their attachments; how many stands in the log."""
    record, ids = found
    table: Any = record.__table__
    # What was found beside the writer is looked at once more: a row may have been changed, or named, meanwhile.
    still = list(work.connection.execute(over(record, work.now).where(table.c.id.in_(ids))).scalars())
    if not still:
        return
    files = _files_of(work, record, still)
    attached: Any = Attachment.__table__
    work.connection.execute(
        delete(attached).where(attached.c.record_type == table.name, attached.c.record_id.in_(still))
    )
    work.connection.execute(delete(table).where(table.c.id.in_(still)))
    gone = _forget_files(work, files)
    work.audit("retention", None, {str(table.name): [len(still), 0], **({"files": [gone, 0]} if gone else {})})
    last = (work.scalar(_value, key_name=LAST) or "").split()
    same = bool(last) and datetime.fromisoformat(last[0]) > work.now - AN_HOUR
    work.run(_unset, key_name=LAST)
    work.run(_set, name=LAST, value=f"{work.now.isoformat()} {len(still) + (int(last[1]) if same else 0)}")
    work.notify("retention", "deleted", type=str(table.name))
    work.notify(f"records.{table.name}", "purged")


def _file_columns() -> list[tuple[Any, str]]:
    """Every column that names stored files, with its field's kind."""
    return [
        (record.__table__.c[name], field.kind)
        for record in RECORDS.values()
        for name, field in record.fields().items()
        if field.kind in ("image", "files") and name in record.__table__.c
    ]


def _files_of(work: Work, record: type[Record], ids: list[UUID]) -> set[UUID]:
    attached: Any = Attachment.__table__
    found = set(
        work.connection.execute(
            select(attached.c.file_id).where(
                attached.c.record_type == record.__tablename__, attached.c.record_id.in_(ids)
            )
        ).scalars()
    )
    table: Any = record.__table__
    for column, kind in _file_columns():
        if column.table is not table or record is Attachment:
            continue
        for value in work.connection.execute(select(column).where(table.c.id.in_(ids), column.is_not(None))).scalars():
            found.update([value] if kind == "image" else [UUID(str(one)) for one in value])
    return found


def _forget_files(work: Work, files: set[UUID]) -> int:
    """Delete the rows of files that nothing names any more; gives how many."""
    gone = 0
    for file_id in files:
        if not any(_names(work, column, kind, file_id) for column, kind in _file_columns()):
            gone += work.connection.execute(delete(stored_file).where(stored_file.c.id == file_id)).rowcount
    return gone


def _names(work: Work, column: Any, kind: str, file_id: UUID) -> bool:
    inside = and_(column.is_not(None), cast(column, Text).contains(str(file_id)))
    where = column == file_id if kind == "image" else inside
    return work.connection.execute(select(column.table.c.id).where(where).limit(1)).first() is not None


@job("files.sweep", every_seconds=3600, aside=True, label=N_("Delete files that nothing names any more"))
def sweep(engine: Engine) -> None:
    """Delete bytes that no row names and that are older than a day; a backup that runs takes what is there."""
    with engine.store.reading() as connection:
        loose = [path for path, _size in nameless(connection, engine.data, engine.clock.now())]
    for begin in range(0, len(loose), PIECE):
        engine.act("files.sweep", partial(_swept, paths=loose[begin : begin + PIECE]))


def _swept(work: Work, paths: list[Path]) -> None:
    """Delete those that are nameless still: somebody may have sent the same bytes since the look."""
    named = set(
        work.connection.execute(
            select(stored_file.c.sha256).where(stored_file.c.sha256.in_([bytes.fromhex(p.name) for p in paths]))
        ).scalars()
    )
    gone = 0
    for path in paths:
        about = path.stat() if path.exists() else None
        young = about is None or work.now - datetime.fromtimestamp(about.st_mtime, UTC) < YOUNG
        if not young and bytes.fromhex(path.name) not in {bytes(one) for one in named}:
            path.unlink()
            gone += 1
    if gone:
        work.audit("stored_file", None, {"swept": [gone, 0]})
