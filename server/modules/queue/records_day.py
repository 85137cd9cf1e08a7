"""Records of the hall's day: orders of its managers, pauses, numbers and journals kept without the server, layouts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import Column, Index, Integer, Table
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped

from common.devices.ticket_picture import MOST_BYTES, MOST_SIDE, fault
from common.protocol.layouts import LayoutElement
from common.text import N_
from server.engine.database.schema import metadata
from server.engine.database.types import Day, Id, Utc
from server.engine.errors import refusal
from server.engine.files import store as files
from server.engine.records.fields import choice, day, document, link, moment, text, words, yes_no
from server.engine.records.fields import number as whole
from server.engine.records.record import Record, Rights, Scope
from server.engine.records.scope import OPEN
from server.modules.queue.access import LAYOUTS, LAYOUTS_EDIT, SEE
from server.modules.queue.rules import MODES

PICTURE_WRONG = refusal(
    "queue.picture_wrong",
    N_("Choose another picture for the layout: PNG or JPEG, at most {kilobytes} kB and {side} pixels to a side."), 422,
)  # fmt: skip
LAYOUT_WRONG = refusal("queue.layout_wrong", N_("Element {place} of the layout cannot be printed: {what}."), 422)

MODE_LABELS = dict(
    zip(
        MODES,
        (
            N_("By the hours"), N_("Before opening"), N_("Open"), N_("No more tickets"), N_("Closed"),
            N_("Stopped"),
        ),
        strict=True,
    )
)  # fmt: skip


class HallOrder(Record):
    """What a manager ordered for an outlet; it lapses with its business day, a stop only when it is lifted."""

    label = N_("Order for the hall")
    plural = N_("Orders for the hall")
    rights = Rights(see=SEE)
    scope = Scope(outlet="outlet_id")

    outlet_id: Mapped[UUID] = link("outlet", N_("Outlet"), in_list=True, index=False)
    mode: Mapped[str] = choice(N_("State"), tuple(MODE_LABELS.items()), in_list=True)
    sentence: Mapped[dict[str, str]] = words(N_("Sentence to the public"), required=False)
    business_day: Mapped[date] = day(N_("Business day"), in_list=True)

    __table_args__ = (Index("ux_hall_order", "outlet_id", unique=True),)


class ServiceOrder(Record):
    """That a manager took a service off the kiosks, or put it back, for a business day."""

    label = N_("Order for a service")
    plural = N_("Orders for a service")
    rights = Rights(see=SEE)
    scope = OPEN

    service_id: Mapped[UUID] = link("service", N_("Service"), in_list=True, index=False)
    off: Mapped[bool] = yes_no(N_("Taken off"), in_list=True)
    business_day: Mapped[date] = day(N_("Business day"), in_list=True)
    reason: Mapped[str] = text(N_("Reason"), length=200, required=False)

    __table_args__ = (Index("ux_service_order", "service_id", unique=True),)


class WindowEvent(Record):
    """What happened at a window besides its tickets: opened, closed, paused, resumed, taken over, logged out."""

    label = N_("Window's history")
    plural = N_("Histories of windows")
    rights = Rights(see=SEE)
    scope = Scope(own=("staff_id",))

    window_id: Mapped[UUID] = link("window", N_("Window"), in_list=True, index=False)
    staff_id: Mapped[UUID] = link("staff_member", N_("Staff member"), in_list=True, required=False, index=False)
    business_day: Mapped[date] = day(N_("Business day"), in_list=True)
    kind: Mapped[str] = text(N_("What"), length=20, in_list=True)
    at: Mapped[datetime] = moment(N_("When"), in_list=True)
    reason: Mapped[str] = text(N_("Reason"), length=200, required=False)

    __table_args__ = (Index("ix_window_event_day", "business_day", "window_id", "at"),)


class NumberBlock(Record):
    """Numbers that one kiosk may give without the server, for one business day and one epoch of the database."""

    label = N_("Block of numbers")
    plural = N_("Blocks of numbers")
    rights = Rights(see=SEE)
    scope = Scope(outlet="outlet_id")

    device_id: Mapped[UUID] = link("device", N_("Kiosk"), in_list=True)
    service_id: Mapped[UUID] = link("service", N_("Service"), in_list=True, index=False)
    outlet_id: Mapped[UUID] = link("outlet", N_("Outlet"), index=False)
    business_day: Mapped[date] = day(N_("Business day"), in_list=True)
    epoch: Mapped[str] = text(N_("Epoch"), length=40)
    first: Mapped[int] = whole(N_("First number"), in_list=True)
    last: Mapped[int] = whole(N_("Last number"), in_list=True)
    valid_until: Mapped[datetime] = moment(N_("Good until"))

    __table_args__ = (
        # Each kiosk its own: two blocks of a day never begin alike, and they are given in rising order under one lock.
        Index("ux_number_block", "service_id", "business_day", "first", unique=True),
    )


class JournalEntry(Record):
    """A line of the paper journal that a window kept while the server was away; recognised by its own id for ever."""

    label = N_("Entry of the paper journal")
    plural = N_("Entries of the paper journal")
    rights = Rights(see=SEE)
    scope = Scope(own=("staff_id",))

    fact_id: Mapped[str] = text(N_("Made at the window as"), length=36, unique="ever")
    window_id: Mapped[UUID] = link("window", N_("Window"), in_list=True, index=False)
    staff_id: Mapped[UUID] = link("staff_member", N_("Staff member"), in_list=True, required=False, index=False)
    number: Mapped[str] = text(N_("Number"), length=12, in_list=True, required=False)
    service_id: Mapped[UUID] = link("service", N_("Service"), in_list=True, index=False)
    ticket_id: Mapped[UUID] = link("ticket", N_("Ticket"), required=False, index=False)
    started_at: Mapped[datetime] = moment(N_("Started"), in_list=True)
    finished_at: Mapped[datetime] = moment(N_("Ended"), in_list=True)
    outcome: Mapped[str] = text(N_("Outcome"), length=12)
    result: Mapped[str] = text(N_("What became of it"), length=20, in_list=True)
    """`entered`, `made` (nobody knew the ticket) or `over` (the server knew that it had ended otherwise)."""


def picture_fits(work: Any, file_id: UUID) -> None:
    """Refuse what is no picture of the file store that every kiosk and display may read, or a needlessly large one."""
    row, content = files.get(work, file_id)
    if not row.public or fault(content):
        work.refuse("queue.picture_wrong", kilobytes=MOST_BYTES >> 10, side=MOST_SIDE)


class TicketLayout(Record):
    """How a ticket is printed: every element with its place, font, size and effect (QUE-008)."""

    label = N_("Ticket layout")
    plural = N_("Ticket layouts")
    title = ("name",)
    rights = Rights(see=LAYOUTS, add=LAYOUTS_EDIT, edit=LAYOUTS_EDIT, delete=LAYOUTS_EDIT)
    scope = OPEN

    name: Mapped[dict[str, str]] = words(N_("Name"), in_list=True)
    width_mm: Mapped[int] = whole(N_("Paper width"), default=80, least=40, most=210, unit="mm", in_list=True)
    elements: Mapped[list[dict[str, Any]]] = document(N_("Elements"), default=[])
    is_default: Mapped[bool] = yes_no(N_("Default"), in_list=True, read_only=True)
    """Set by `queue.set_default_layout`; one layout is the default (QUE-928)."""

    @classmethod
    def check(cls, work: Any, before: Any, values: dict[str, Any]) -> None:
        for place, element in enumerate(values.get("elements") or (), start=1):
            try:
                read = LayoutElement.model_validate(element)
            except ValidationError as wrong:
                first = wrong.errors()[0]
                where = ".".join(str(part) for part in first["loc"])
                work.refuse("queue.layout_wrong", place=place, what=f"{where}: {first['msg']}")
            if read.kind == "picture" and read.file_id is not None:
                picture_fits(work, read.file_id)
        # QUE-927: kiosks print by it from the next ticket on.
        work.notify("queue.layouts", "changed")


_l = TicketLayout.__table__
Index(
    "ux_ticket_layout_default", _l.c.is_default, unique=True,
    sqlite_where=sql("is_default AND deleted_at IS NULL"), postgresql_where=sql("is_default AND deleted_at IS NULL"),
)  # fmt: skip

queue_pace = Table(
    "queue_pace",
    metadata,
    Column("zone_id", Id, primary_key=True),
    Column("service_id", Id, primary_key=True),
    Column("at", Utc, nullable=False),
    Column("first_ms", Integer, nullable=False),
    Column("each_ms", Integer, nullable=False),
    Column("windows", Integer, nullable=False),
    Column("middle", Integer, nullable=False),
    Column("low", Integer, nullable=False),
    Column("high", Integer, nullable=False),
    Column("known", Integer, nullable=False),
)
"""How fast each queue moves, computed again every few seconds; not audited. Shares are thousandths."""

queue_hour = Table(
    "queue_hour",
    metadata,
    Column("service_id", Id, primary_key=True),
    Column("business_day", Day, primary_key=True),
    Column("hour", Integer, primary_key=True),
    Column("issued", Integer, nullable=False),
    Column("served", Integer, nullable=False),
    Column("middle", Integer),
    Column("high", Integer),
)
"""A past day's tickets of a service by local hour of issue: how many, median and 90th percentile of service seconds."""
