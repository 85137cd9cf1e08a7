"""The citizen's identity on a ticket: checked, compared with the lists, kept sealed while the day lasts (QUE-068)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from common.protocol.queue_identity import CitizenIdentity
from common.records.identity import identity_number, identity_right
from server.engine.actions.work import Work
from server.modules.organisation.public import within_period
from server.modules.queue import loaders_identity as loaders
from server.modules.queue import rules
from server.modules.queue.records_identity import TicketHolder, TicketListEntry
from server.modules.queue.settings import GREEN_AGE
from server.modules.services.public import OFFERINGS


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody whose identity is right, and what the house knows of it for a service today."""

    kind: str
    number: str
    source: str
    listed: str | None
    reason: str | None
    """Of the ticket: as declared, or recognised."""


def known(work: Work, identity: CitizenIdentity, service: Any, zone: Any, reason: str | None, today: date) -> Known:
    """Check an identity and compare it with the lists by its blind index; refuses a number that cannot be right."""
    number = identity_number(identity.number)
    if not identity_right(number, identity.kind):
        work.refuse("queue.identity_wrong", field="identity")
    place = TicketListEntry.plan().place_of("identity")
    entries = [
        (row.list, row.service_id, row.held)
        for exact in work.engine.vault.blinds(place, "exact", number)
        for row in work.rows(loaders.LISTED, exact=exact, document=identity.kind)
    ]
    said = rules.listing(entries, OFFERINGS.read(work.connection).with_classes(service.id), today, within_period)
    green_age = work.setting(GREEN_AGE, zone=zone.id, outlet=zone.outlet_id)
    age = rules.age_on(rules.born_on(identity.kind, number), today)
    recognised = rules.green_reason(reason, identity.source == "card", said.green, age, green_age)
    return Known(identity.kind, number, identity.source, said.listed, recognised)


def keep(work: Work, ticket: Any, who: Known) -> None:
    """Keep whose ticket it is, sealed; its audit row says that there was one."""
    work.insert(
        TicketHolder, ticket_id=ticket.id, document=who.kind, identity=who.number, source=who.source,
        outlet_id=ticket.outlet_id, business_day=ticket.business_day,
    )  # fmt: skip
