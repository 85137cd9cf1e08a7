"""The log as the console reads it. There is no verb that changes or deletes a line: it is shortened by its retention alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Select, or_, select

from common.protocol.logs import FindInLog, LogChoices, LogLine, LogPage
from common.protocol.messages import Nothing
from common.text import N_, translate
from server.engine.access.permissions import permission
from server.engine.actions.declare import ACTIONS, action, reading
from server.engine.actions.work import Work
from server.engine.audit.settings import KEEP_DAYS
from server.engine.database.schema import audit, sign_in_attempt
from server.engine.errors import Refused
from server.engine.records.record import RECORDS, Record
from server.engine.records.shown import fields_for, names

SEE = permission("logs.see", N_("See the log of changes, looks and sign-ins"))
EXPORT = permission("logs.export", N_("Save the log as a file"))

LOOKS = ("records.reveal", "records.look")
SIGN_IN = "access.sign_in"
SLACK = 1000
"""On PostgreSQL lines get their number before they are committed, so a few may stand out of the order of their times."""
VERBS = {
    "access.sign_in": N_("signed in"),
    "records.create": N_("made"),
    "records.edit": N_("changed"),
    "records.edit_many": N_("changed with others"),
    "records.delete": N_("deleted"),
    "records.restore": N_("restored"),
    "records.move": N_("moved"),
    "records.reveal": N_("looked at"),
    "records.look": N_("opened"),
    "records.attach": N_("attached"),
    "records.detach": N_("taken off"),
}


@reading("logs.find", needs=SEE, input=FindInLog, output=LogPage)
def find(work: Work, request: FindInLog) -> LogPage:
    """A page of the log (ADM-027, ADM-028, ADM-I05): by person, time, kind of record, record, action and address."""
    return _sign_ins(work, request) if request.part == "sign_ins" else _lines(work, request)


@action("logs.export", needs=EXPORT, input=FindInLog, output=Nothing)
def export(work: Work, request: FindInLog) -> Nothing:
    """Said before a log is saved as a file: that it was, and of what, stands in the log itself."""
    asked = request.model_dump(mode="json", exclude_defaults=True, exclude={"before", "limit"})
    work.audit("log", None, {"export": [None, asked]})
    return Nothing()


@reading("logs.choices", needs=SEE, input=Nothing, output=LogChoices)
def choices(work: Work, request: Nothing) -> LogChoices:
    """What the log may be filtered by, in the reader's language."""
    people = work.connection.execute(select(RECORDS["staff_member"].__table__.c.id).limit(2000)).scalars()
    return LogChoices(
        kinds={name: _kind(work, name) for name in sorted(RECORDS)},
        actions={name: _action(work, name) for name, one in sorted(ACTIONS.items()) if not one.reads},
        people=names(work, "staff_member", set(people)),
        keep_days=work.setting(KEEP_DAYS),
    )


def _kind(work: Work, name: str) -> str:
    record = RECORDS.get(name)
    return translate(record.label, work.language) if record is not None and record.label else name


def _action(work: Work, name: str) -> str:
    if name in VERBS:
        return translate(VERBS[name], work.language)
    declared = ACTIONS.get(name)
    label = getattr(declared, "label", "") if declared is not None else ""
    return translate(label, work.language) if label else name


def _bounded(work: Work, asked: Select[Any], table: Any, request: FindInLog) -> Select[Any]:
    """With the time's limits. Lines are numbered in the order of their times, so a few steps through the numbers do what
    an index on the time would; an index would cost every action its share."""
    if request.before is not None:
        asked = asked.where(table.c.id < request.before)
    if request.since is not None:
        asked = asked.where(table.c.at >= request.since, table.c.id > _number_at(work, table, request.since) - SLACK)
    if request.until is not None:
        asked = asked.where(table.c.at < request.until, table.c.id < _number_at(work, table, request.until) + SLACK)
    return asked.order_by(table.c.id.desc()).limit(request.limit + 1)


def _number_at(work: Work, table: Any, moment: datetime) -> int:
    """About the number of the first line at or after a moment."""

    def edge(order: Any) -> Any:
        return work.connection.execute(select(table.c.id).order_by(order).limit(1)).scalar()

    low, high = edge(table.c.id), edge(table.c.id.desc())
    if low is None:
        return 0
    high += 1
    while low < high:
        middle = (low + high) // 2
        row = work.connection.execute(
            select(table.c.id, table.c.at).where(table.c.id >= middle).order_by(table.c.id).limit(1)
        ).first()
        if row is not None and row.at < moment:
            low = row.id + 1
        else:
            high = middle
    return int(low)


def _lines(work: Work, request: FindInLog) -> LogPage:
    asked = select(audit)
    if request.part == "looks":
        asked = asked.where(or_(*[audit.c.action == name for name in LOOKS]))
    elif request.part == "deletions":
        asked = asked.where(or_(audit.c.action == "records.delete", audit.c.action.like("%.delete%")))
    elif request.part == "chart":
        kinds = [name for name, record in RECORDS.items() if record.plan().module == "organisation"]
        asked = asked.where(audit.c.record_type.in_(kinds))
    for column, wanted in (
        (audit.c.who, request.who), (audit.c.record_id, request.record_id), (audit.c.record_type, request.kind),
        (audit.c.action, request.action), (audit.c.address, request.address),
    ):  # fmt: skip
        if wanted:
            asked = asked.where(column == wanted)
    found = work.connection.execute(_bounded(work, asked, audit, request)).all()
    rows = found[: request.limit]
    known: dict[str, set[str]] = {}
    for kind in {row.record_type for row in rows}:
        record = RECORDS.get(kind)
        known[kind] = {*fields_for(record, work.who), "deleted_at", "attachment"} if record is not None else set()
    called = _called(work, rows)
    changes = {row.id: _changes(row, known) for row in rows}
    return LogPage(
        lines=[
            LogLine(
                number=row.id, at=row.at, who=row.who, who_kind=row.who_kind, who_name=called.get(str(row.who), ""),
                action=row.action, action_label=_action(work, row.action), kind=row.record_type,
                kind_label=_kind(work, row.record_type), record_id=row.record_id,
                record_name=called.get(str(row.record_id), ""), address=row.address or "", reason=row.reason or "",
                changes=changes[row.id],
            )
            for row in rows
        ],
        next=rows[-1].id if len(found) > request.limit else None,
        labels=_linked(work, rows, changes),
    )  # fmt: skip


def _changes(row: Any, known: dict[str, set[str]]) -> dict[str, list[Any]]:
    """Before and after; of what is no kind of record, everything that was written down."""
    changes: dict[str, Any] = orjson.loads(row.changes)
    if row.record_type in RECORDS:
        changes = {name: value for name, value in changes.items() if name in known[row.record_type]}
    return {n: v if isinstance(v, list) and len(v) == 2 else [None, v] for n, v in changes.items()}


def _called(work: Work, rows: Sequence[Any]) -> dict[str, str]:
    """The names of who acted and of what was changed, as far as the reader may see them."""
    wanted: dict[str, set[UUID]] = {"staff_member": set(), "device": set()}
    for row in rows:
        if row.who is not None and row.who_kind != "house":
            wanted["device" if row.who_kind == "device" else "staff_member"].add(row.who)
        if row.record_id is not None and row.record_type in RECORDS:
            wanted.setdefault(row.record_type, set()).add(row.record_id)
    return {key: name for kind, ids in wanted.items() for key, name in _names(work, kind, ids).items()}


def _linked(work: Work, rows: Sequence[Any], changes: dict[int, dict[str, list[Any]]]) -> dict[str, str]:
    wanted: dict[str, set[UUID]] = {}
    for row in rows:
        record: type[Record] | None = RECORDS.get(row.record_type)
        fields = record.fields() if record is not None else {}
        for name, pair in changes[row.id].items():
            field = fields.get(name)
            if field is not None and field.link:
                for value in pair:
                    for one in value if isinstance(value, list) else [value]:
                        if isinstance(one, str) and len(one) in (32, 36):
                            wanted.setdefault(field.link, set()).add(UUID(one))
    return {key: name for kind, ids in wanted.items() for key, name in _names(work, kind, ids).items()}


def _names(work: Work, kind: str, ids: set[UUID]) -> dict[str, str]:
    try:
        return names(work, kind, ids)
    except Refused:
        return {}


def _sign_ins(work: Work, request: FindInLog) -> LogPage:
    attempt = sign_in_attempt
    asked = select(attempt)
    if request.name:
        asked = asked.where(attempt.c.name.contains(request.name, autoescape=True))
    if request.address:
        asked = asked.where(attempt.c.address == request.address)
    found = work.connection.execute(_bounded(work, asked, attempt, request)).all()
    rows = found[: request.limit]
    return LogPage(
        lines=[
            LogLine(
                number=row.id, at=row.at, who_name=row.name, who_kind="person", action=SIGN_IN,
                action_label=translate(N_("signed in") if row.succeeded else N_("refused"), work.language),
                address=row.address, succeeded=row.succeeded,
            )
            for row in rows
        ],
        next=rows[-1].id if len(found) > request.limit else None,
    )  # fmt: skip
