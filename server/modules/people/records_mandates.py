"""Records of those who act for others."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped

from common.text import N_
from server.engine.errors import refusal
from server.engine.records.fields import choice, link, links, long_text, moment, period
from server.engine.records.record import Record, Rights
from server.engine.records.scope import Scope
from server.modules.people.access import EDIT, MANDATES, SEE

TO_ONESELF = refusal("people.substitute_of_oneself", N_("Nobody is the own substitute. Choose somebody else."), 422)

MANDATE_STATES = (
    ("offered", N_("Offered")),
    ("accepted", N_("Accepted")),
    ("declined", N_("Declined")),
    ("withdrawn", N_("Withdrawn")),
)


class Mandate(Record):
    """Roles of one person that another may use from a moment until another: offered, then accepted by its taker; it
    lapses by itself at its end."""

    label = N_("Mandate")
    plural = N_("Mandates")
    title = ("giver_id",)
    order = ("-starts_at",)
    rights = Rights(see=MANDATES)
    scope = Scope(own=("giver_id", "taker_id"))

    giver_id: Mapped[UUID] = link("staff_member", N_("Given by"), in_list=True)
    taker_id: Mapped[UUID] = link("staff_member", N_("Taken by"), in_list=True)
    roles: Mapped[list[str]] = links("role", N_("Roles"))
    starts_at: Mapped[datetime] = moment(N_("From"), in_list=True)
    ends_at: Mapped[datetime] = moment(N_("Until"), in_list=True)
    state: Mapped[str] = choice(N_("State"), MANDATE_STATES, default="offered", in_list=True)
    answered_at: Mapped[datetime] = moment(N_("Answered"), required=False)
    note: Mapped[str] = long_text(N_("Note"), required=False)


class Substitute(Record):
    """Who stands in for a person in a period: flows send the person's tasks there."""

    label = N_("Substitute")
    plural = N_("Substitutes")
    title = ("substitute_id",)
    rights = Rights(see=SEE, add=EDIT, edit=EDIT, delete=EDIT)
    scope = Scope(own=("person_id", "substitute_id"))

    person_id: Mapped[UUID] = link("staff_member", N_("Person"), in_list=True)
    substitute_id: Mapped[UUID] = link("staff_member", N_("Substitute"), in_list=True)
    held: Mapped[str] = period(N_("From, until"), in_list=True)

    @classmethod
    def check(cls, work: Any, before: Any, values: dict[str, Any]) -> None:
        person = values.get("person_id", before.person_id if before is not None else None)
        if values.get("substitute_id", before.substitute_id if before is not None else None) == person:
            work.refuse("people.substitute_of_oneself")
