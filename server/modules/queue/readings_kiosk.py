"""What kiosks read: what can be had now, and what cannot, with its rule."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from common.protocol.queue import (
    DepartmentOffer,
    HiddenService,
    InZone,
    Offer,
    SectionOffer,
    ServiceGroup,
    ServiceOffer,
)
from server.engine.actions.declare import reading
from server.engine.actions.work import Work
from server.modules.organisation.public import DEPARTMENTS, PLAN, within
from server.modules.queue import loaders, rules
from server.modules.queue.access import OFFER
from server.modules.queue.cards import counted_today, wait_of
from server.modules.queue.hall import (
    belongs_here,
    hall_now,
    open_windows,
    periods_now,
    place_and_day,
    sentence_now,
    serving_windows,
    switched_off,
    zone_row,
)
from server.modules.queue.settings import LAST_TICKET, PAPERLESS_SECONDS
from server.modules.services.public import OFFERINGS


@reading("queue.offer", needs=OFFER, input=InZone, output=Offer)
def offer(work: Work, request: InZone) -> Offer:
    """Everything that a kiosk shows: what can be had now, with people waiting, and what cannot, with its rule."""
    zone = zone_row(work, request.zone_id)
    plan, offerings = PLAN.read(work.connection), OFFERINGS.read(work.connection)
    outlet = plan.outlets[zone.outlet_id]
    place, day = place_and_day(work, outlet.id)
    local = work.now.astimezone(place.zone)
    hall = hall_now(work, outlet, local, day)
    opened = open_windows(work, zone.id)
    waiting = {row.service_id: row.n for row in work.rows(loaders.WAITING, zone=zone.id, day=day)}
    activity = loaders.ACTIVITY.read(work.connection, day)
    by_estimate = hall.seconds_left is not None and work.setting(LAST_TICKET, outlet=outlet.id) == "estimate"
    shown: dict[UUID | None, list[ServiceOffer]] = {}
    hidden: list[HiddenService] = []
    for service in offerings.services.values():
        if not belongs_here(work, service.id, zone):
            continue
        serving = serving_windows(work, service.id, zone, opened)
        ahead = waiting.get(service.id, 0)
        wait = wait_of(work, zone.id, service, ahead, len(serving))
        reason = rules.hidden_reason(
            windows_open=len(serving),
            in_service_hours=service.hours is None or within(service.hours, local),
            in_hall_hours=hall.issues,
            daily_limit=service.daily_limit,
            counted=counted_today(work, outlet.id, service, day),
            hall=hall.state,
            switched_off=switched_off(work, service.id, day),
            seconds_left=hall.seconds_left,
            seconds_needed=wait.high + service.minutes * 60 if by_estimate and wait else None,
        )
        if reason is not None:
            hidden.append(HiddenService(service_id=service.id, name=service.name, reason=reason))
            continue
        shown.setdefault(service.section_id, []).append(
            ServiceOffer(
                id=service.id,
                name=service.name,
                description=service.description or {},
                hint=service.hint or {},
                instructions=service.instructions or {},
                requirements=service.requirements or [],
                prefix=service.prefix,
                section_id=service.section_id,
                waiting=ahead,
                estimate_seconds=wait.middle if wait else None,
                estimate_low=wait.low if wait else None,
                estimate_high=wait.high if wait else None,
                windows=labels_of(plan, serving),
                minutes=service.minutes,
                fee=service.fee or {},
                activity=activity.get(service.id, 0),
                parent_id=service.parent_id,
                department_id=service.department_id,
                identity=rules.demanded(service.identity, service.listed_only),
                listed_only=service.listed_only,
                search=service.search_shadow,
            )
        )
    sections = [
        SectionOffer(id=row.id, name=row.name, colour=row.colour or "", services=shown[row.id])
        for row in plan.sections.values()
        if row.id in shown
    ]
    offered = [service for services in shown.values() for service in services]
    return Offer(
        organisation=outlet.organisation,
        outlet=outlet.name,
        zone_id=zone.id,
        zone=zone.name,
        state=hall.state,
        sentence=sentence_now(work, outlet.id) if hall.ordered else {},
        hours=periods_now(work, outlet, local),
        sections=sections,
        groups=_groups(offerings, offered),
        departments=_departments(work, offered),
        hidden=hidden,
        languages=list(place.languages),
        public_address=work.engine.public_address,
        paperless_seconds=work.setting(PAPERLESS_SECONDS, zone=zone.id, outlet=outlet.id),
        now=work.now,
    )


def _groups(offerings: Any, offered: list[ServiceOffer]) -> list[ServiceGroup]:
    """The classes above what is offered, at any depth (QUE-035)."""
    found: dict[UUID, ServiceGroup] = {}
    for offer_ in offered:
        above = offer_.parent_id
        while above is not None and above not in found and above in offerings.services:
            row = offerings.services[above]
            found[above] = ServiceGroup(
                id=row.id, name=row.name, parent_id=row.parent_id, description=row.description or {}
            )
            above = row.parent_id
    return list(found.values())


def _departments(work: Work, offered: list[ServiceOffer]) -> list[DepartmentOffer]:
    """The departments that have something on offer (QUE-047)."""
    wanted = {service.department_id for service in offered}
    return [
        DepartmentOffer(id=row.id, name=row.name)
        for row in DEPARTMENTS.read(work.connection).values()
        if row.id in wanted
    ]


def labels_of(plan: Any, windows: list[UUID]) -> list[str]:
    """The windows' labels as people look for them: 2 before 10."""
    labels = [plan.windows[w].label_text for w in windows]
    return sorted(labels, key=lambda label: (not label.isdigit(), int(label) if label.isdigit() else 0, label))
