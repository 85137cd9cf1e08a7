"""Keeping what was filled in: whole, and each answer by itself under its field's name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import bindparam, insert, update

from common.forms.answers import SENTENCES, FileFacts, Taken, taken
from common.forms.definition import FormDefinition
from common.text import N_
from common.text.fold import fold
from server.engine.actions.work import Work
from server.engine.database.statements import Prepared
from server.engine.database.types import new_id
from server.engine.errors import refusal
from server.engine.forms import sealing
from server.engine.forms.loaders import FILE, FORGET_ANSWERS
from server.engine.forms.records import FilledIn, FormAnswer
from server.engine.ports import ports

WRONG = refusal(
    "forms.wrong", N_("{count} answers are missing or wrong. Each says beside its field what it needs."), 422
)
SENT = refusal("forms.sent", N_("This was sent already and cannot be changed. Fill in a new one."))

NOBODY = UUID(int=0)
"""Who has filled in an anonymous survey."""
_answer: Any = FormAnswer.__table__
_filled: Any = FilledIn.__table__
_COLUMNS = tuple(c.name for c in _answer.columns)
_insert = Prepared(insert(_answer).inline(), _COLUMNS)
_unname = Prepared(
    update(_filled)
    .where(_filled.c.id == bindparam("key_id", type_=_filled.c.id.type))
    .values(
        created_by=NOBODY, changed_by=NOBODY,
        created_at=bindparam("day", type_=_filled.c.created_at.type),
        changed_at=bindparam("day", type_=_filled.c.created_at.type),
        sent_at=bindparam("day", type_=_filled.c.created_at.type),
    )
)  # fmt: skip


def read(
    work: Work, definition: FormDefinition, answers: Mapping[str, Any], context: Mapping[str, Any], *, whole: bool = True,
    before: Mapping[str, Any] | None = None, rights: Mapping[str, str] | None = None,
) -> Taken:  # fmt: skip
    """Answers in their normal form; refuses with every wrong one named in `fields` (field, code, message, facts)."""

    def file(identity: UUID) -> FileFacts | None:
        row = work.first(FILE, in_file=identity)
        return None if row is None else FileFacts(row.kind, row.size, row.name)

    found = taken(definition, answers, context, whole=whole, before=before, rights=rights, file=file)
    if found.faults:
        fields = [
            {"field": fault.key, "code": fault.code, "message": SENTENCES[fault.code], "facts": dict(fault.facts)}
            for fault in found.faults[:100]
        ]
        work.refuse("forms.wrong", count=len(found.faults), fields=fields)
    return found


def keep(
    work: Work, form: Any, version: Any, definition: FormDefinition, found: Taken, *, sent: bool,
    about: tuple[str, UUID | None] = ("", None), row: Any = None,
) -> Any:  # fmt: skip
    """Keep answers that were read; `row` is the draft in whose place they stand. Gives the filled form's row."""
    stored = sealing.sealed(work.engine.vault, form.id, definition, found.answers)
    state: dict[str, Any] = {
        "state": "sent" if sent else "draft",
        "sent_at": work.now if sent else None,
        "answers": stored,
    }
    hidden = definition.purpose == "survey" and definition.anonymous
    if row is None:
        place = ports.places.main(work.connection)
        row = work.insert(
            FilledIn, audited=not hidden, id=uuid4() if hidden else new_id(), form_id=form.id,
            form_version_id=version.id, about=about[0] or None, about_id=about[1],
            outlet_id=place.outlet_id if place is not None else None, **state,
        )  # fmt: skip
        if hidden:
            # Neither the row nor its hour says who it was; ids that tell their moment would.
            work.run(_unname, key_id=row.id, day=datetime.combine(work.now.date(), time(), work.now.tzinfo))
    else:
        row = work.change(FilledIn, row, form_version_id=version.id, **state)
        work.run(FORGET_ANSWERS, in_filled=row.id)
    if sent:
        _apart(work, form, definition, row, found.answers, hidden)
        work.notify("forms", "filled", form=form.id)
    return row


def _apart(
    work: Work, form: Any, definition: FormDefinition, row: Any, answers: Mapping[str, Any], hidden: bool
) -> None:
    who, now = (NOBODY, row.created_at) if hidden else (work.who.id, work.now)
    if hidden:
        now = datetime.combine(work.now.date(), time(), work.now.tzinfo)
    for name, at, value in _each(definition, answers):
        columns = typed(work, form, definition, name, value)
        work.run(
            _insert, id=uuid4() if hidden else new_id(), version=1, created_at=now, changed_at=now, created_by=who,
            changed_by=who, deleted_at=None, search_shadow="", filled_in_id=row.id, form_id=form.id, name=name, row=at,
            **columns,
        )  # fmt: skip


def _each(definition: FormDefinition, answers: Mapping[str, Any]) -> Iterator[tuple[str, int, Any]]:
    for name, value in answers.items():
        if definition.by_name[name].kind == "rows":
            for at, inner in enumerate(value):
                for column, one in inner.items():
                    yield from _several(column, at, one)
        else:
            yield from _several(name, 0, value)


def _several(name: str, at: int, value: Any) -> Iterator[tuple[str, int, Any]]:
    if isinstance(value, list):
        yield from ((name, at, one) for one in value)
    else:
        yield name, at, value


def typed(work: Work, form: Any, definition: FormDefinition, name: str, value: Any) -> dict[str, Any]:
    """An answer in the column of its kind: numbers (and yes as 1), days, and texts with their folded form; of a protected one its
    blind index alone."""
    columns: dict[str, Any] = {"number_value": None, "day_value": None, "text_value": None, "text_sort": None}
    if sealing.protected(definition, name):
        columns["text_sort"] = sealing.index(work.engine.vault, form.id, name, value)
    elif isinstance(value, bool | int):
        columns["number_value"] = int(value)
    elif definition.by_name[name].kind == "date":
        columns["day_value"] = date.fromisoformat(value)
    else:
        text = value if isinstance(value, str) else " ".join(str(part) for part in value.values())
        columns["text_value"], columns["text_sort"] = text, fold(text)[:80]
    return columns
