"""Records of the queue. Tickets change through their own verbs only."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped

from common.text import N_
from server.engine.records.fields import choice, day, document, link, moment, sequence, text, yes_no
from server.engine.records.fields import number as whole
from server.engine.records.record import Record, Retention, Rights, Scope
from server.modules.queue.access import SEE

TICKET_STATES = (
    ("waiting", N_("Waiting")),
    ("called", N_("Called")),
    ("serving", N_("In service")),
    ("finished", N_("Finished")),
    ("no_show", N_("No-show")),
    ("void", N_("Void")),
    ("expired", N_("Expired")),
)
CHANNELS = (
    ("kiosk", N_("Kiosk")),
    ("staff", N_("Staff")),
    ("portal", N_("Portal")),
    ("aux", N_("Auxiliary dispenser")),
    ("assisted", N_("Taken by staff for a citizen")),
    ("block", N_("Kiosk without the server")),
    ("paper", N_("Paper journal")),
)


class Ticket(Record):
    """A place in a queue on one business day."""

    label = N_("Ticket")
    plural = N_("Tickets")
    title = ("number",)
    rights = Rights(see=SEE)
    scope = Scope(own=("staff_id",), outlet="outlet_id")
    retention = Retention(days=730, after="issued_at", why=N_("Figures of two years; no personal data on it."))

    number: Mapped[str] = text(N_("Number"), length=12, in_list=True, search=False)
    service_id: Mapped[UUID] = link("service", N_("Service"), in_list=True, index=False)
    zone_id: Mapped[UUID] = link("zone", N_("Zone"), index=False)
    outlet_id: Mapped[UUID] = link("outlet", N_("Outlet"), index=False)
    business_day: Mapped[date] = day(N_("Business day"))
    state: Mapped[str] = choice(N_("State"), TICKET_STATES, in_list=True)
    priority: Mapped[bool] = yes_no(N_("Priority"), in_list=True)
    reason: Mapped[str] = text(N_("Reason"), length=40, required=False)
    channel: Mapped[str] = choice(N_("Taken at"), CHANNELS, default="kiosk")
    position: Mapped[int] = sequence(N_("Place in the queue"))
    token: Mapped[str] = text(N_("Code"), length=22, secret=True)
    issued_at: Mapped[datetime] = moment(N_("Issued"), in_list=True)
    called_at: Mapped[datetime] = moment(N_("Called at"), in_list=True, required=False)
    started_at: Mapped[datetime] = moment(N_("Started"), in_list=True, required=False)
    finished_at: Mapped[datetime] = moment(N_("Ended"), in_list=True, required=False)
    window_id: Mapped[UUID] = link("window", N_("Window"), in_list=True, required=False, index=False)
    staff_id: Mapped[UUID] = link("staff_member", N_("Staff member"), in_list=True, required=False, index=False)
    recalls: Mapped[int] = whole(N_("Recalls"), default=0)
    transfers: Mapped[int] = whole(N_("Transfers"), default=0)
    matters: Mapped[int] = whole(N_("Matters"), default=1)
    bound_window_id: Mapped[UUID] = link("window", N_("Only at window"), required=False, index=False)
    supplement_of: Mapped[UUID] = link("ticket", N_("Return visit of"), required=False, index=False)
    waiting_since: Mapped[datetime] = moment(N_("In this queue since"), required=False)
    """Nothing where it waits since it was issued."""
    priority_from: Mapped[datetime] = moment(N_("Priority begins"), required=False)
    test: Mapped[bool] = yes_no(N_("For trial"))
    taken_by_id: Mapped[UUID] = link("staff_member", N_("Taken by"), required=False, index=False)
    expected: Mapped[int] = whole(N_("Expected wait"), unit="s", required=False)
    delivery: Mapped[str] = text(N_("Given as"), length=10, required=False)
    pager: Mapped[str] = text(N_("Pager"), length=8, required=False, search=False)
    fact_id: Mapped[str] = text(N_("Made without the server as"), length=36, required=False)


_t = Ticket.__table__
# Contract: (outlet, business day, number) is unique in the database.
Index("ux_ticket_number", _t.c.outlet_id, _t.c.business_day, _t.c.number, unique=True)
Index("ux_ticket_token", _t.c.token, unique=True)
# Only what waits: as quick after 500,000 served as after none.
Index(
    "ix_ticket_waiting",
    _t.c.zone_id, _t.c.service_id, _t.c.business_day, _t.c.priority.desc(), _t.c.position,
    sqlite_where=sql("state = 'waiting'"), postgresql_where=sql("state = 'waiting'"),
)  # fmt: skip
Index(
    "ix_ticket_served", _t.c.service_id, _t.c.finished_at.desc(),
    sqlite_where=sql("state = 'finished'"), postgresql_where=sql("state = 'finished'"),
)  # fmt: skip
Index(
    "ix_ticket_bound",
    _t.c.bound_window_id, _t.c.business_day, _t.c.priority.desc(), _t.c.position,
    sqlite_where=sql("state = 'waiting' AND bound_window_id IS NOT NULL"),
    postgresql_where=sql("state = 'waiting' AND bound_window_id IS NOT NULL"),
)  # fmt: skip
Index(
    "ux_ticket_fact", _t.c.fact_id, unique=True,
    sqlite_where=sql("fact_id IS NOT NULL"), postgresql_where=sql("fact_id IS NOT NULL"),
)  # fmt: skip
Index(
    "ix_ticket_called", _t.c.zone_id, _t.c.business_day, _t.c.called_at.desc(),
    sqlite_where=sql("called_at IS NOT NULL"), postgresql_where=sql("called_at IS NOT NULL"),
)  # fmt: skip
# What is at a window now, and what a window has done: neither grows with the day's other tickets.
Index(
    "ix_ticket_busy", _t.c.zone_id, _t.c.business_day, _t.c.called_at,
    sqlite_where=sql("state = 'called' OR state = 'serving'"),
    postgresql_where=sql("state = 'called' OR state = 'serving'"),
)  # fmt: skip
Index(
    "ix_ticket_live", _t.c.outlet_id, _t.c.business_day,
    sqlite_where=sql("state = 'waiting' OR state = 'called' OR state = 'serving'"),
    postgresql_where=sql("state = 'waiting' OR state = 'called' OR state = 'serving'"),
)  # fmt: skip
Index(
    "ix_ticket_done", _t.c.service_id, _t.c.business_day,
    sqlite_where=sql("state = 'finished'"), postgresql_where=sql("state = 'finished'"),
)  # fmt: skip
Index(
    "ix_ticket_window", _t.c.window_id, _t.c.business_day, _t.c.zone_id,
    sqlite_where=sql("state = 'finished'"), postgresql_where=sql("state = 'finished'"),
)  # fmt: skip


class TicketEvent(Record):
    """A change of a ticket with its time, window and person (QUE-906)."""

    label = N_("Ticket's history")
    plural = N_("Histories of tickets")
    rights = Rights(see=SEE)
    scope = Scope(through="ticket_id")

    ticket_id: Mapped[UUID] = link("ticket", N_("Ticket"), in_list=True)
    kind: Mapped[str] = text(N_("What"), length=20, in_list=True)
    at: Mapped[datetime] = moment(N_("When"), in_list=True)
    window_id: Mapped[UUID] = link("window", N_("Window"), required=False, index=False)
    staff_id: Mapped[UUID] = link("staff_member", N_("Staff member"), required=False, index=False)
    from_service_id: Mapped[UUID] = link("service", N_("From service"), required=False, index=False)
    facts: Mapped[dict[str, Any]] = document(N_("Facts"), required=False)
    """What a rule decided and from which values, or why somebody did it."""


class Call(Record):
    """One announcement of a ticket: `sequence` rises by one in its zone, so that no display skips one."""

    label = N_("Call")
    plural = N_("Calls")
    rights = Rights(see=SEE)
    scope = Scope(through="ticket_id")

    zone_id: Mapped[UUID] = link("zone", N_("Zone"), index=False)
    sequence: Mapped[int] = sequence(N_("Sequence"))
    business_day: Mapped[date] = day(N_("Business day"))
    ticket_id: Mapped[UUID] = link("ticket", N_("Ticket"), index=False)
    window_id: Mapped[UUID] = link("window", N_("Window"), index=False)
    at: Mapped[datetime] = moment(N_("When"))
    recall: Mapped[bool] = yes_no(N_("Recall"))

    __table_args__ = (Index("ux_call_sequence", "zone_id", "sequence", unique=True),)


class WindowSession(Record):
    """Who sits at a window and what it does now: one row a window, and one window a person (QUE-925)."""

    label = N_("State of a window")
    plural = N_("States of windows")
    rights = Rights(see=SEE)
    scope = Scope(own=("staff_id",), through="window_id")

    window_id: Mapped[UUID] = link("window", N_("Window"), index=False)
    staff_id: Mapped[UUID] = link("staff_member", N_("Staff member"), required=False)
    state: Mapped[str] = text(N_("State"), length=12, default="closed")
    ticket_id: Mapped[UUID] = link("ticket", N_("Ticket"), required=False, index=False)
    last_ticket_id: Mapped[UUID] = link("ticket", N_("Last ticket"), required=False, index=False)
    opened_at: Mapped[datetime] = moment(N_("Opened"), required=False)
    paused_at: Mapped[datetime] = moment(N_("Paused at"), required=False)
    pause_reason: Mapped[str] = text(N_("Reason"), length=40, required=False)
    priority_run: Mapped[int] = whole(N_("Priority tickets in a row"), default=0)
    auto_call_at: Mapped[datetime] = moment(N_("Calls by itself at"), required=False)

    __table_args__ = (Index("ux_window_session", "window_id", unique=True),)
