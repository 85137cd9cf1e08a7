"""Whose ticket is in hand: shown to whoever serves it, with a trace; and the end of that knowledge."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from common.protocol.queue import AtWindow
from common.protocol.queue_identity import TicketIdentity
from common.text import N_
from server.engine.actions.declare import action
from server.engine.actions.work import Work
from server.engine.jobs.declare import job
from server.modules.organisation.public import PLAN, place_of
from server.modules.queue import loaders_identity as loaders
from server.modules.queue.access import CALL
from server.modules.queue.records import Ticket
from server.modules.queue.records_identity import TicketHolder
from server.modules.queue.settings import IDENTITY_DAYS
from server.modules.queue.steps import session_of


@action("queue.whose", needs=CALL, input=AtWindow, output=TicketIdentity, secret=True)
def whose(work: Work, request: AtWindow) -> TicketIdentity:
    """Show whose ticket is called or in service at one's own window; who looked, and when, stays in the audit (QUE-068)."""
    session = session_of(work, request.window_id)
    row = work.find(Ticket, session.ticket_id)
    if row is None or row.state not in ("called", "serving"):
        work.refuse("queue.no_ticket")
    holder: Any = work.first(loaders.HOLDER, ticket=row.id)
    if holder is None:
        work.refuse("queue.identity_unknown", number=row.number)
    work.audit("ticket_holder", holder.id, {"identity": ["•", "•"]})
    identity = work.engine.vault.open(TicketHolder.plan().place_of("identity"), holder.identity)
    return TicketIdentity.model_construct(
        number=row.number, kind=holder.document, identity=identity, source=holder.source
    )


def over(work: Work) -> list[UUID]:
    """At most 200 identities whose day, and the days that a setting adds, are over."""
    for outlet in PLAN.read(work.connection).outlets.values():
        kept = work.setting(IDENTITY_DAYS, outlet=outlet.id)
        day = place_of(outlet).business_day(work.now) - timedelta(days=kept)
        found = [row.id for row in work.rows(loaders.OVER, outlet=outlet.id, day=day)]
        if found:
            return found
    return []


@job("queue.forget_identities", every_seconds=60, look=over, label=N_("Forget identities on tickets"))
def forget(work: Work, found: list[UUID]) -> None:
    """Clear what nobody needs any more; the tickets stay, for figures that know nobody."""
    for holder_id in found:
        work.run(loaders.FORGET, key_id=holder_id)
    work.audit("ticket_holder", None, {"cleared": [len(found), 0]})
