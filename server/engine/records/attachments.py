"""Files attached to records (SM-ATT): whoever may read the record may open them, whoever may edit it may attach."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import Index, Table, bindparam, func, select
from sqlalchemy.orm import Mapped

from common.protocol.messages import Message, Nothing
from common.text import N_
from server.engine.actions.declare import action, reading
from server.engine.actions.work import Work
from server.engine.database.schema import stored_file
from server.engine.database.statements import Prepared
from server.engine.database.types import Id
from server.engine.errors import refusal
from server.engine.events import Question
from server.engine.records.fields import image, place, text
from server.engine.records.generic import tell
from server.engine.records.lists import met, record_type
from server.engine.records.record import RECORDS, Record
from server.engine.records.scope import Rights, visible

NO_FILES = refusal("records.no_files", N_("Files cannot be attached to entries of this kind."), 422)


class Attachment(Record):
    """That a file belongs to a record."""

    label = N_("Attachment")
    plural = N_("Attachments")
    title = ("name",)
    rights = Rights()

    record_type: Mapped[str] = text(N_("Kind of entry"), length=60)
    record_id: Mapped[UUID] = image(N_("Entry"), required=True)
    file_id: Mapped[UUID] = image(N_("File"), required=True)
    name: Mapped[str] = text(N_("Name"), length=200)
    place: Mapped[int] = place(N_("Place in the order"))

    __table_args__ = (Index("ix_attachment_record", "record_id", "record_type"), Index("ix_attachment_file", "file_id"))


_table: Table = Attachment.__table__  # type: ignore[assignment]
_of = Prepared(
    select(
        _table.c.id, _table.c.name, _table.c.file_id, _table.c.created_at, _table.c.created_by,
        stored_file.c.kind, stored_file.c.size,
    )
    .join(stored_file, stored_file.c.id == _table.c.file_id)
    .where(
        _table.c.record_id == bindparam("key_record", type_=Id()),
        _table.c.record_type == bindparam("key_type"),
        _table.c.deleted_at.is_(None),
    )
    .order_by(_table.c.place, _table.c.id)
)  # fmt: skip
OWNERS = Prepared(
    select(_table.c.record_type, _table.c.record_id).where(
        _table.c.file_id == bindparam("key_file", type_=Id()), _table.c.deleted_at.is_(None)
    )
)


_counts = Prepared(
    select(_table.c.record_id, func.count().label("n"))
    .where(_table.c.record_type == bindparam("key_type"), _table.c.deleted_at.is_(None))
    .group_by(_table.c.record_id)
)


class FileWanted(Question):
    """May who asks open the files of a record that may not be read as a record? Something published is for more people than
    those who keep it."""

    record_type: str
    record_id: UUID


def attached(work: Work, record: type[Record], record_id: UUID) -> list[Any]:
    """The files of a record, in their order, for whoever has asked already whether they may be seen."""
    return work.rows(_of, key_record=record_id, key_type=record.__tablename__)


def attached_counts(work: Work, record: type[Record]) -> dict[UUID, int]:
    """How many files the records of a kind have; those without any are not named."""
    return {row.record_id: int(row.n) for row in work.rows(_counts, key_type=record.__tablename__)}


def may_open(work: Work, row: Any) -> bool:
    """Whether this one may open a stored file: it is public, one's own, or attached to a record that one may read, or whose
    module says so."""
    if row.public or row.made_by == work.who.id:
        return True
    for owner in work.rows(OWNERS, key_file=row.id):
        record = RECORDS.get(owner.record_type)
        table: Any = record.__table__ if record is not None else None
        if (
            record is not None
            and work.who.may(record.attachments_need)
            and work.connection.execute(
                select(table.c.id).where(table.c.id == owner.record_id, visible(record, work.who, "read"))
            ).first()
        ):
            return True
        if work.ask(FileWanted(record_type=owner.record_type, record_id=owner.record_id), False):
            return True
    return False


class OfRecord(Message):
    """Input of `records.files`."""

    type: str
    id: UUID


class AttachedFile(Message):
    """One attached file."""

    id: UUID
    file_id: UUID
    name: str
    kind: str
    size: int
    at: datetime


class AttachedFiles(Message):
    """The files of one record, in their order."""

    files: list[AttachedFile]


class Attach(OfRecord):
    """`records.attach`: a file that was sent to `/api/files` before."""

    file_id: UUID
    name: str = Field(min_length=1, max_length=200)


class Detach(Message):
    """Input of `records.detach`: the attachment's id."""

    id: UUID


@reading("records.files", needs=None, input=OfRecord, output=AttachedFiles)
def files(work: Work, request: OfRecord) -> AttachedFiles:
    """The files of a record that this one may read."""
    record = record_type(work, request.type)
    met(work, record, request.id, "read")
    known = work.who.may(record.attachments_need)
    rows = work.rows(_of, key_record=request.id, key_type=request.type) if known else []
    return AttachedFiles(
        files=[
            AttachedFile(id=r.id, file_id=r.file_id, name=r.name, kind=r.kind, size=r.size, at=r.created_at)
            for r in rows
        ]
    )


@action("records.attach", needs=None, input=Attach, output=AttachedFiles)
def attach(work: Work, request: Attach) -> AttachedFiles:
    """Attach a stored file to a record."""
    record = record_type(work, request.type)
    if not record.attachments:
        work.refuse("records.no_files")
    if not work.who.may(record.attachments_need):
        work.refuse("access.denied", action=f"{request.type}.edit")
    row = met(work, record, request.id, "edit")
    kept = work.connection.execute(select(stored_file.c.made_by).where(stored_file.c.id == request.file_id)).first()
    if kept is None or kept.made_by != work.who.id:
        work.refuse("files.not_found")  # only what one has sent oneself: else ids would open others' files
    count = len(work.rows(_of, key_record=request.id, key_type=request.type))
    work.insert(
        Attachment, record_type=request.type, record_id=request.id, file_id=request.file_id, name=request.name,
        place=count,
    )  # fmt: skip
    work.audit(request.type, request.id, {"attachment": [None, request.name]})
    tell(work, record, "attached", record.plan().row(**row))
    return files(work, request)


def carry(work: Work, record: type[Record], record_id: UUID, carried: Iterable[tuple[UUID, str]]) -> None:
    """Attach files that the house holds already, each with its name there: from a filing into what is made of it."""
    place = len(work.rows(_of, key_record=record_id, key_type=record.__tablename__))
    for n, (file_id, name) in enumerate(carried, place):
        work.insert(
            Attachment, record_type=record.__tablename__, record_id=record_id, file_id=file_id, name=name[:200], place=n
        )
        work.audit(record.__tablename__, record_id, {"attachment": [None, name[:200]]})


@action("records.detach", needs=None, input=Detach, output=Nothing)
def detach(work: Work, request: Detach) -> Nothing:
    """Take a file off its record; its bytes stay for the history."""
    row: Any = work.get(Attachment, request.id)
    record = record_type(work, row.record_type)
    if not work.who.may(record.attachments_need):
        work.refuse("access.denied", action=f"{row.record_type}.edit")
    owner = met(work, record, row.record_id, "edit")
    work.change(Attachment, row, deleted_at=work.now)
    work.audit(row.record_type, row.record_id, {"attachment": [row.name, None]})
    tell(work, record, "attached", record.plan().row(**owner))
    return Nothing()
