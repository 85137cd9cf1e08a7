"""Records of deadlines: each with its term and the instants at which its light turns, its ledger, and what a changed calendar
did to them. What a deadline is of stands as a bare id: any kind of record may have one."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from common.text import N_
from server.engine.calendars.access import SEE
from server.engine.calendars.deadlines import NEXT
from server.engine.database.types import Id, Utc
from server.engine.records.fields import choice, day, document, link, long_text, moment, number, text, words, yes_no
from server.engine.records.record import Record, Rights
from server.engine.records.scope import Scope

STATES = (
    ("running", N_("Running")),
    ("stopped", N_("Clock stopped")),
    ("met", N_("Met")),
    ("late", N_("Ended late")),
    ("cancelled", N_("No longer needed")),
)
OPEN = ("running", "stopped")
UNITS = (("days", N_("Days")), ("hours", N_("Hours")), ("minutes", N_("Minutes")), ("seconds", N_("Seconds")))
FREE_ENDS = (
    ("next", N_("On the next working day")),
    ("before", N_("On the working day before")),
    ("stays", N_("On that day")),
)
WHAT = (
    ("started", N_("Begun")),
    ("stopped", N_("Clock stopped")),
    ("resumed", N_("Goes on")),
    ("extended", N_("Extended")),
    ("shared", N_("Shared anew")),
    ("strained", N_("Too little time for what is to come")),
    ("recounted", N_("Counted anew")),
    ("not_counted", N_("Could not be counted anew")),
    ("yellow", N_("Nearly due")),
    ("red", N_("Overdue")),
    ("met", N_("Met")),
    ("late", N_("Ended late")),
    ("cancelled", N_("No longer needed")),
)
_OPEN: dict[str, Any] = {n: sql("ended_at IS NULL") for n in ("sqlite_where", "postgresql_where")}
_TURNS: dict[str, Any] = {n: sql("turns_at IS NOT NULL") for n in ("sqlite_where", "postgresql_where")}


def _id(*, index: bool = False) -> Any:
    return mapped_column(Id, nullable=True, index=index or None)


class Deadline(Record):
    """Until when something must be done: the term, when it ends, and the instants at which its light turns (SM-DUE).

    Lists compare the instants with the clock; nothing recolours a row."""

    label = N_("Deadline")
    plural = N_("Deadlines")
    title = ("name",)
    order = ("due_at",)
    rights = Rights(see=SEE)
    scope = Scope(own=("person_id",), department="department_id", hall="hall_id", outlet="outlet_id")

    name: Mapped[dict[str, str]] = words(N_("Of what"), in_list=True)
    state: Mapped[str] = choice(N_("State"), STATES, default="running", in_list=True)
    started_at: Mapped[datetime] = moment(N_("Began"), in_list=True)
    due_at: Mapped[datetime] = moment(N_("Due"), in_list=True)
    yellow_at: Mapped[datetime] = moment(N_("Yellow from"))
    red_at: Mapped[datetime] = moment(N_("Red from"))
    ended_at: Mapped[datetime] = moment(N_("Ended"), in_list=True, required=False)
    amount: Mapped[int] = number(N_("Term"), least=1)
    added: Mapped[int] = number(N_("Extended by"), default=0)
    """In the term's unit; may be less than nought."""
    unit: Mapped[str] = choice(N_("Counted in"), UNITS, default="days")
    working: Mapped[bool] = yes_no(N_("In working time"), default=True)
    free_end: Mapped[str] = choice(N_("Ends on a free day"), FREE_ENDS, default=NEXT)
    warn_share: Mapped[int] = number(N_("Yellow after this part of the term"), unit="%", default=75, least=0, most=100)
    warn_before: Mapped[int] = number(N_("Yellow so long before the end"), least=0, required=False)
    """In the term's unit; goes before the share."""
    pauses: Mapped[list[list[str | None]]] = document(N_("Stopped from, to"), default=[])
    """Pairs of moments; the last one's end is missing while the deadline is stopped."""
    owner: Mapped[str] = text(N_("Kind of entry"), length=60)
    part: Mapped[str] = text(N_("Part"), length=60, default="", required=False)
    """Which of an owner's deadlines: nothing for the whole."""
    counted: Mapped[Any] = document(N_("Days counted"), required=False)
    """What each day gave when it was counted last, as runs of days: first day, kind, count as a fraction, how many days."""
    stages: Mapped[Any] = document(N_("Stages to come"), required=False)
    """Of a stage of a whole: itself and those after it, each with its usual and least seconds."""
    owner_id: Mapped[UUID] = _id()
    whole_id: Mapped[UUID] = _id(index=True)
    """The deadline whose time this one has a share of (APL-035)."""
    person_id: Mapped[UUID] = _id()
    department_id: Mapped[UUID] = _id()
    hall_id: Mapped[UUID] = _id()
    outlet_id: Mapped[UUID] = _id()
    turns_at: Mapped[datetime] = mapped_column(Utc, nullable=True)
    """When something is to be told next; nothing when all is told, or the deadline is stopped or ended."""
    said: Mapped[str] = mapped_column(String(10), nullable=False, default="", server_default="")
    """The last light that was told."""

    __table_args__ = (
        Index("ux_deadline_owner", "owner", "owner_id", "part", unique=True, **_OPEN),
        Index("ix_deadline_turns", "turns_at", **_TURNS),
        Index("ix_deadline_open", "id", **_OPEN),
    )


class DeadlineEntry(Record):
    """A line of a deadline's ledger: what happened to it, why, and what it was before and after. Never changed."""

    label = N_("Line of a deadline's ledger")
    plural = N_("Lines of deadlines' ledgers")
    title = ("what",)
    order = ("created_at",)
    rights = Rights(see=SEE)
    scope = Scope(through="deadline_id")

    deadline_id: Mapped[UUID] = link("deadline", N_("Deadline"), in_list=True)
    what: Mapped[str] = choice(N_("What happened"), WHAT, in_list=True)
    why: Mapped[str] = long_text(N_("Why"), required=False, in_list=True)
    due_before: Mapped[datetime] = moment(N_("Due before"), required=False, in_list=True)
    due_after: Mapped[datetime] = moment(N_("Due after"), required=False, in_list=True)
    days: Mapped[Any] = document(N_("Days that count otherwise"), required=False)
    """Of a new count by another calendar: day, kind and count before, kind and count after."""
    recount_id: Mapped[UUID] = _id(index=True)


class DeadlineRecount(Record):
    """That a calendar was changed and open deadlines are counted anew: how far that is, and what it moved (ADM-I07)."""

    label = N_("New count of deadlines")
    plural = N_("New counts of deadlines")
    title = ("created_at",)
    order = ("-created_at",)
    rights = Rights(see=SEE)

    calendar_id: Mapped[UUID] = _id(index=True)
    first: Mapped[date] = day(N_("First day that changed"), required=False)
    last: Mapped[date] = day(N_("Last day that changed"), required=False)
    why: Mapped[str] = long_text(N_("Why"), required=False, in_list=True)
    looked_at: Mapped[int] = number(N_("Looked at"), default=0, in_list=True)
    moved: Mapped[int] = number(N_("Moved"), default=0, in_list=True)
    failed: Mapped[int] = number(N_("Could not be counted"), default=0, in_list=True)
    done_at: Mapped[datetime] = moment(N_("Done"), required=False, in_list=True)
    begun: Mapped[bool] = mapped_column(nullable=False, default=False)
    after_id: Mapped[UUID] = _id()
    """The last deadline that was looked at."""
