"""Saved searches and list layouts: one's own, or shared with everybody (SM-QUERY)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import Table, bindparam, or_, select, true
from sqlalchemy.orm import Mapped

from common.protocol.messages import Message, Name, Nothing
from common.records.query import Query
from common.text import N_
from server.engine.actions.declare import action, reading
from server.engine.actions.work import Work
from server.engine.database.statements import Prepared
from server.engine.errors import refusal
from server.engine.records.access import SEARCHES_SHARE
from server.engine.records.fields import document, text, yes_no
from server.engine.records.lists import may, record_type
from server.engine.records.record import Record
from server.engine.records.scope import Rights, Scope

NOT_YOURS = refusal(
    "records.view_of_another", N_("This search belongs to somebody else. Save it under your own name."), 403
)


class SavedView(Record):
    """A search with its columns, order and widths, kept under a name."""

    label = N_("Saved search")
    plural = N_("Saved searches")
    title = ("name",)
    rights = Rights()
    scope = Scope(own=("created_by",))

    record_type: Mapped[str] = text(N_("Kind of entry"), length=60)
    name: Mapped[str] = text(N_("Name"), length=80, in_list=True, search=True)
    shared: Mapped[bool] = yes_no(N_("For everybody"))
    query: Mapped[dict[str, Any]] = document(N_("Search"))
    layout: Mapped[dict[str, Any]] = document(N_("Columns"), required=False)


_table: Table = SavedView.__table__  # type: ignore[assignment]
_of = Prepared(
    select(_table)
    .where(
        _table.c.record_type == bindparam("key_type"),
        _table.c.deleted_at.is_(None),
        or_(_table.c.created_by == bindparam("key_person"), _table.c.shared == true()),
    )
    .order_by(_table.c.name_sort, _table.c.id)
)


class ViewsOf(Message):
    """Input of `records.views`."""

    type: str


class View(Message):
    """A saved search as it travels."""

    id: UUID
    version: int
    name: str
    shared: bool
    own: bool
    query: Query
    layout: dict[str, Any] = {}


class Views(Message):
    """One's own and the shared searches of a kind of record, by name."""

    views: list[View]


class SaveView(Message):
    """`records.save_view`: a new one, or with `id` one's own anew. `layout`: columns with widths, in their order."""

    type: str
    id: UUID | None = None
    name: Name
    shared: bool = False
    query: Query
    layout: dict[str, Any] = {}


class DropView(Message):
    """Input of `records.drop_view`."""

    id: UUID


@reading("records.views", needs=None, input=ViewsOf, output=Views)
def views(work: Work, request: ViewsOf) -> Views:
    """The searches that this one may use on a kind of record."""
    if not may(record_type(work, request.type), work.who, "see"):
        work.refuse("access.denied", action=f"{request.type}.see")
    found = []
    for row in work.rows(_of, key_type=request.type, key_person=work.who.id):
        try:
            query = Query.model_validate(row.query)
        except ValidationError:
            continue  # of a newer release
        found.append(
            View(
                id=row.id, version=row.version, name=row.name, shared=row.shared, query=query,
                own=row.created_by == work.who.id, layout=row.layout or {},
            )
        )  # fmt: skip
    return Views(views=found)


@action("records.save_view", needs=None, input=SaveView, output=View)
def save_view(work: Work, request: SaveView) -> View:
    """Keep a search under a name; sharing it asks for the right to."""
    if not may(record_type(work, request.type), work.who, "see"):
        work.refuse("access.denied", action=f"{request.type}.see")
    if request.shared and not work.may(SEARCHES_SHARE):
        work.refuse("access.denied", action=SEARCHES_SHARE)
    values: dict[str, Any] = {
        "name": request.name,
        "shared": request.shared,
        "query": request.query.model_dump(mode="json", exclude={"after"}),
        "layout": request.layout,
    }
    if request.id is None:
        row = work.insert(SavedView, record_type=request.type, **values)
    else:
        row = work.change(SavedView, _own(work, request.id), **values)
    return View(
        id=row.id, version=row.version, name=row.name, shared=row.shared, own=True, query=request.query,
        layout=request.layout,
    )  # fmt: skip


@action("records.drop_view", needs=None, input=DropView, output=Nothing)
def drop_view(work: Work, request: DropView) -> Nothing:
    """Forget a search of one's own, or a shared one with the right to share."""
    work.change(SavedView, _own(work, request.id), deleted_at=work.now)
    return Nothing()


def _own(work: Work, view_id: UUID) -> Any:
    row = work.get(SavedView, view_id)
    if row.created_by != work.who.id and not (row.shared and work.may(SEARCHES_SHARE)):
        work.refuse("records.view_of_another")
    return row
