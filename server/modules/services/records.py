"""Records of services."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped

from common.text import N_
from server.engine.errors import refusal
from server.engine.records.fields import choice, document, link, number, text, words, yes_no
from server.engine.records.record import Record, Rights
from server.engine.records.scope import OPEN
from server.engine.records.unique import unique_together
from server.modules.organisation.public import bad_periods
from server.modules.services.access import EDIT, SEE
from server.modules.services.rules import letters
from server.modules.services.settings import NAME_LENGTH

PREFIX_WRONG = refusal("services.prefix_wrong", N_("A prefix is one to three letters A to Z."), 422)
RANGE_WRONG = refusal("services.range_wrong", N_("The last number must be larger than the first."), 422)
KEPT_WRONG = refusal(
    "services.kept_wrong", N_("The numbers kept for kiosks must lie inside the range, after its first number."), 422
)

NAME_LONG = refusal(
    "services.name_long",
    N_("The name has {count} letters and {most} are allowed, so that it can be read everywhere: {name}. Shorten it."),
    422,
)

IDENTITY = (
    ("none", N_("Not asked for")),
    ("optional", N_("Asked for, may be left out")),
    ("required", N_("Required")),
)


class Service(Record):
    """A service; leaves have queues and tickets, the top level carries statistics (notes N1 and N2)."""

    label = N_("Service")
    plural = N_("Services")
    title = ("name",)
    rights = Rights(see=SEE, add=EDIT, edit=EDIT, delete=EDIT)
    scope = OPEN

    name: Mapped[dict[str, str]] = words(N_("Name"), in_list=True)
    parent_id: Mapped[UUID] = link("service", N_("Belongs to"), required=False)
    section_id: Mapped[UUID] = link("section", N_("Section"), in_list=True, required=False)
    department_id: Mapped[UUID] = link("department", N_("Department"), in_list=True, required=False)
    description: Mapped[dict[str, str]] = words(N_("Description"), required=False)
    hint: Mapped[dict[str, str]] = words(N_("Hint"), required=False)
    instructions: Mapped[dict[str, str]] = words(N_("How to proceed"), required=False)
    requirements: Mapped[list[dict[str, str]]] = document(N_("What to bring"), default=[])
    fee: Mapped[dict[str, str]] = words(N_("Fee"), required=False)
    # QUE-042: told apart when called; unique in the outlet, stricter than QUE-928 asks, since numbers are (outlet, day).
    prefix: Mapped[str] = text(N_("Prefix"), length=3, in_list=True, unique=True)
    minutes: Mapped[int] = number(N_("Usual minutes"), default=10, least=1, most=600, in_list=True)
    # QUE-068: what a ticket of this service asks of the citizen.
    identity: Mapped[str] = choice(N_("Identity for a ticket"), IDENTITY, default="none")
    listed_only: Mapped[bool] = yes_no(
        N_("Only for people on the white list"), help=N_("An identity is then required for each ticket.")
    )
    limit_minutes: Mapped[int] = number(N_("Handling-time limit, minutes"), least=1, most=600, required=False)
    hours: Mapped[dict[str, list[list[str]]]] = document(N_("Acceptance hours"), required=False)
    # QUE-040: of a top class; how many may wait in all its services before managers are told.
    warn_waiting: Mapped[int] = number(N_("Warn when more wait than"), least=1, most=99999, required=False)
    daily_limit: Mapped[int] = number(N_("Maximum per day"), least=1, most=99999, required=False)
    first_number: Mapped[int] = number(N_("First number"), default=1, least=0, most=99999)
    last_number: Mapped[int] = number(N_("Last number"), default=99999, least=1, most=99999)
    kept_from: Mapped[int] = number(
        N_("Numbers kept for kiosks without the server begin at"), least=1, most=99999, required=False,
        help=N_("From here to the last number; empty keeps the last tenth."),
    )  # fmt: skip
    digits: Mapped[int] = number(N_("Digits"), default=3, least=1, most=5)
    transfer_priority: Mapped[bool] = yes_no(N_("A transferred ticket has priority"))
    place: Mapped[int] = number(N_("Place in the order"), default=0, least=0, most=9999)

    @classmethod
    def check(cls, work: Any, before: Any, values: dict[str, Any]) -> None:
        if "name" in values:
            fits(work, values["name"] or {})
        if "prefix" in values and not re.fullmatch("[A-Z]{1,3}", values["prefix"] or ""):
            work.refuse("services.prefix_wrong")
        first = values.get("first_number", before.first_number if before else 1)
        last = values.get("last_number", before.last_number if before else 99999)
        if last <= first:
            work.refuse("services.range_wrong")
        kept = values.get("kept_from", before.kept_from if before else None)
        if kept is not None and not first < kept <= last:
            work.refuse("services.kept_wrong")
        if values.get("hours") is not None and bad_periods(values["hours"]):
            work.refuse("organisation.hours_wrong", field="hours")


def fits(work: Any, name: dict[str, str]) -> None:
    """Refuse a name that is longer, in any language, than the administrator allows (QUE-036)."""
    most = work.setting(NAME_LENGTH)
    for one in name.values():
        if letters(one) > most:
            work.refuse("services.name_long", field="name", name=one, count=letters(one), most=most)


class WindowService(Record):
    """That a window accepts a service, in its own order of priority (QUE-043, QUE-044)."""

    label = N_("Service of a window")
    plural = N_("Services of windows")
    rights = Rights(see=SEE, add=EDIT, edit=EDIT, delete=EDIT)
    scope = OPEN

    window_id: Mapped[UUID] = link("window", N_("Window"), in_list=True)
    service_id: Mapped[UUID] = link("service", N_("Service"), in_list=True)
    rank: Mapped[int] = number(N_("Order"), default=1, least=1, most=99, in_list=True)

    __table_args__ = (unique_together("ux_window_service", "window_id", "service_id"),)


class StaffService(Record):
    """That somebody handles a service, in an own order of priority, where halls allocate services by person (QUE-071)."""

    label = N_("Service of a staff member")
    plural = N_("Services of staff members")
    rights = Rights(see=SEE, add=EDIT, edit=EDIT, delete=EDIT)
    scope = OPEN

    staff_member_id: Mapped[UUID] = link("staff_member", N_("Staff member"), in_list=True)
    service_id: Mapped[UUID] = link("service", N_("Service"), in_list=True)
    rank: Mapped[int] = number(N_("Order"), default=1, least=1, most=99, in_list=True)

    __table_args__ = (unique_together("ux_staff_service", "staff_member_id", "service_id"),)
