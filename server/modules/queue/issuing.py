"""Issuing a ticket: one way for kiosks, staff, return visits and other modules."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

from common.protocol.queue import Issued
from common.protocol.queue_identity import CitizenIdentity
from server.engine.actions.work import Work
from server.modules.organisation.public import PLAN, within
from server.modules.queue import identities, loaders, rules
from server.modules.queue.cards import counted_today, pace_of, ticket_card
from server.modules.queue.events import PriorityDue
from server.modules.queue.hall import hall_now, open_windows, place_and_day, serving_windows, switched_off
from server.modules.queue.records import Ticket
from server.modules.queue.settings import GREEN_CHANNEL, LAST_TICKET
from server.modules.queue.steps import log, told_zone
from server.modules.services.public import OFFERINGS

_BY_LIST = {"black_list": "queue.listed", "not_on_list": "queue.not_on_list"}
TEST_PREFIX = "TEST"
"""Four letters, which no service's prefix has."""


def next_place(work: Work) -> int:
    """The next place in a queue, with room before it for tickets that were printed without the server."""
    return work.next_place() * rules.SPACING


def issue(
    work: Work,
    zone: Any,
    service_id: UUID,
    *,
    channel: str,
    reason: str | None = None,
    priority: bool | None = None,
    priority_from: datetime | None = None,
    test: bool = False,
    delivery: str | None = None,
    bound: Any = None,
    supplement_of: UUID | None = None,
    identity: CitizenIdentity | None = None,
    vouched: bool = False,
) -> Issued:
    """Give the next number of a service, or refuse with the rule that hides it.

    `priority_from` is an appointment's time: from then on the ticket has priority (QUE-015, note N6). `bound` is the
    window to which a return visit belongs (QUE-062). `vouched`: whoever asks has made sure who it is, so that a service
    which demands an identity demands none here.
    """
    service = OFFERINGS.read(work.connection).leaf(service_id)
    if service is None:
        work.refuse("queue.service_unknown")
    outlet = PLAN.read(work.connection).outlets[zone.outlet_id]
    place, day = place_and_day(work, outlet.id)
    local = work.now.astimezone(place.zone)
    hall = hall_now(work, outlet, local, day)
    serving = 1 if bound is not None else len(serving_windows(work, service.id, zone, open_windows(work, zone.id)))
    if test and not hall.tests:
        work.refuse("queue.no_trial")
    # Before the insert: an action that changed rows reads past the memory.
    times = loaders.TIMES.read(work.connection, service.id)
    pace = pace_of(work, zone.id, service.id)
    by_staff = channel == "assisted" and work.who.kind == "person"
    who = None
    if identity is not None:
        who = identities.known(work, identity, service, zone, reason, day)
        reason = who.reason
    elif not test and rules.must_show(service.identity, service.listed_only, vouched=vouched or by_staff):
        work.refuse("queue.identity_missing", service_id=str(service.id))
    elif reason == rules.RECOGNISED:
        reason = None
    if priority is None:
        # QUE-017, QUE-018: a kiosk declares a reason; whether that gives priority is decided here.
        green = reason in (rules.DECLARED, rules.RECOGNISED)
        priority = green and work.setting(GREEN_CHANNEL, zone=zone.id, outlet=outlet.id)
    if priority_from is not None:
        priority = priority_from <= work.now
    position = next_place(work)
    ahead = ahead_of(work, zone.id, service.id, day, priority, position)
    wait = rules.estimate(ahead, serving, times, service.minutes * 60, pace)
    needed = None
    if hall.seconds_left is not None and wait and work.setting(LAST_TICKET, outlet=outlet.id) == "estimate":
        needed = wait.high + service.minutes * 60
    why_not = rules.hidden_reason(
        windows_open=serving,
        in_service_hours=service.hours is None or within(service.hours, local),
        in_hall_hours=hall.issues or test,
        daily_limit=None if test else service.daily_limit,
        counted=0 if test else counted_today(work, outlet.id, service, day),
        hall=hall.state,
        switched_off=switched_off(work, service.id, day),
        listed=who.listed if who is not None else None,
        listed_only=service.listed_only and who is not None,
        seconds_left=hall.seconds_left,
        seconds_needed=needed,
    )
    if why_not is not None:
        if why_not in _BY_LIST:
            # QUE-068: told to whoever asked, on a screen that others may see: neither why nor until when.
            work.refuse(_BY_LIST[why_not], service_id=str(service.id))
        work.refuse("queue.service_hidden", reason=why_not, service_id=str(service.id))
    row = work.insert(
        Ticket,
        number=next_number(work, outlet, service, day, test),
        service_id=service.id,
        zone_id=zone.id,
        outlet_id=outlet.id,
        business_day=day,
        state="waiting",
        priority=priority,
        priority_from=priority_from,
        reason=reason,
        channel=channel,
        position=position,
        token=secrets.token_urlsafe(16),
        issued_at=work.now,
        test=test,
        delivery=delivery,
        expected=wait.expected if wait is not None else None,
        bound_window_id=bound.id if bound is not None else None,
        supplement_of=supplement_of,
        # QUE-934: who took it for the citizen.
        taken_by_id=work.who.id if by_staff else None,
    )
    if who is not None and rules.demanded(service.identity, service.listed_only) != "none":
        identities.keep(work, row, who)
    log(work, row, "issued")
    told_zone(work, row, "issued")
    if priority_from is not None and not priority:
        work.emit_at(PriorityDue(ticket_id=row.id, since=priority_from), priority_from)
    return Issued.model_construct(
        ticket=ticket_card(row),
        ahead=ahead,
        estimate_seconds=wait.middle if wait else None,
        estimate_low=wait.low if wait else None,
        estimate_high=wait.high if wait else None,
    )


def ahead_of(work: Work, zone_id: UUID, service_id: UUID, day: Any, priority: bool, position: int) -> int:
    """The waiting tickets of the service in the zone that go before this place (QUE-914)."""
    return int(
        work.scalar(
            loaders.AHEAD,
            zone=zone_id,
            service=service_id,
            day=day,
            priority_before=position if priority else loaders.EVERY,
            position=0 if priority else position,
        )
    )


def next_number(work: Work, outlet: Any, service: Any, day: Any, test: bool = False) -> str:
    """The next number of a service on a business day (QUE-901); tickets for trial have a series of their own."""
    if test:
        serial = work.next_number(f"test:{outlet.id.hex}", day.isoformat())
        return rules.ticket_number(TEST_PREFIX, serial, 3)
    serial = work.next_number(f"ticket:{outlet.id.hex}:{service.prefix}", day.isoformat(), service.first_number)
    # The last part of the range is kept for kiosks without the server; a full range gives no number twice.
    if serial >= rules.kept_from(service.first_number, service.last_number, service.kept_from):
        work.refuse("queue.range_full")
    return rules.ticket_number(service.prefix, serial, service.digits)
