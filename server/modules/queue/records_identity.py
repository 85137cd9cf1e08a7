"""Whose ticket it is, and who is on a black, white or green list (QUE-068). Identities are protected fields."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from common.records.identity import identity_right
from common.text import N_
from server.engine.records.fields import choice, computed, day, identity_number, link, long_text, period
from server.engine.records.record import Record, Retention, Rights, Scope
from server.modules.organisation.public import StaffMember
from server.modules.queue.access import IDENTITIES, LISTS

DOCUMENTS = (
    ("cn", N_("Resident identity card (China)")),
    ("ru", N_("Insurance number, SNILS (Russia)")),
    ("ir", N_("National code (Iran)")),
    ("passport", N_("Passport")),
    ("other", N_("Another document")),
)
SOURCES = (("card", N_("Card")), ("scanned", N_("Scanned")), ("typed", N_("Typed")))
LISTS_KEPT = (
    ("black", N_("Black list: no ticket")),
    ("white", N_("White list: not bound by the day's maximum")),
    ("green", N_("Green channel by card")),
)


class TicketHolder(Record):
    """Whose ticket it is, while the day lasts: cleared at its end (`queue.identity_days`), never in a notice."""

    label = N_("Identity on a ticket")
    plural = N_("Identities on tickets")
    rights = Rights(see=IDENTITIES)
    scope = Scope(outlet="outlet_id")
    traced = True
    retention = Retention(days=0, after="created_at", why=N_("Cleared at the end of the business day."))

    ticket_id: Mapped[UUID] = link("ticket", N_("Ticket"), in_list=True, read_only=True, index=False)
    document: Mapped[str] = choice(N_("Identity document"), DOCUMENTS, in_list=True, read_only=True)
    identity: Mapped[str] = identity_number(N_("Identity number"), in_list=True, read_only=True)
    source: Mapped[str] = choice(N_("Learned by"), SOURCES, read_only=True)
    outlet_id: Mapped[UUID] = link("outlet", N_("Outlet"), read_only=True, index=False)
    business_day: Mapped[date] = day(N_("Business day"), in_list=True, read_only=True)

    __table_args__ = (
        Index("ux_ticket_holder", "ticket_id", unique=True),
        Index("ix_ticket_holder_day", "outlet_id", "business_day"),
    )


class TicketListEntry(Record):
    """That somebody is on a list, for one service (or class of services) or for all, from one day to another."""

    label = N_("Entry of a list")
    plural = N_("Black and white lists")
    title = ("list", "held")
    order = ("-held",)
    rights = Rights(see=LISTS, add=LISTS, edit=LISTS, delete=LISTS)
    traced = True
    reasons = ("edit", "delete")

    list: Mapped[str] = choice(N_("List"), LISTS_KEPT, default="black", in_list=True)
    document: Mapped[str] = choice(N_("Identity document"), DOCUMENTS, in_list=True)
    identity: Mapped[str] = identity_number(N_("Identity number"), in_list=True)
    service_id: Mapped[UUID] = link(
        "service",
        N_("Service"),
        in_list=True,
        required=False,
        help=N_("Without one the entry holds for every service."),
    )
    held: Mapped[str] = period(N_("From, until"), in_list=True)
    why: Mapped[str] = long_text(N_("Reason"), in_list=True)
    set_by = computed("words", N_("Set by"), lambda work, row: _name_of(work, row.created_by), in_list=True)

    @classmethod
    def check(cls, work: Any, before: Any, values: dict[str, Any]) -> None:
        document = values.get("document", getattr(before, "document", None))
        number = values.get("identity")
        if number is None and before is not None and "document" in values:
            number = work.engine.vault.open(cls.plan().place_of("identity"), before.identity)
        if number and not identity_right(number, document or ""):
            work.refuse("queue.identity_wrong", field="identity")


def _name_of(work: Any, person_id: UUID) -> dict[str, str] | None:
    person = work.find(StaffMember, person_id)
    return None if person is None else dict(person.name)
