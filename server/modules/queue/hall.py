"""What holds in a hall now: its state, its windows with somebody at them, and what each of them accepts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from operator import is_
from typing import Any
from uuid import UUID

from server.engine.actions.work import Work
from server.engine.ports import Place
from server.engine.settings import VALUES
from server.modules.organisation.public import PLAN, periods_on, place_of
from server.modules.queue import loaders, rules
from server.modules.queue.loaders import Sitting
from server.modules.queue.settings import (
    LAST_TICKET,
    LAST_TICKET_MINUTES,
    LONGEST_WAIT,
    OPENING,
    PAUSE_COUNTS,
    PRIORITY_RUN,
    SERVICES_BY,
)
from server.modules.services.public import OFFERINGS


def zone_row(work: Work, zone_id: UUID | None) -> Any:
    """The zone named, the caller's own, or the outlet's only one; refuses otherwise."""
    plan = PLAN.read(work.connection)
    wanted = zone_id or work.who.zone_id or (next(iter(plan.zones)) if plan.zones else None)
    row = plan.zones.get(wanted) if wanted else None
    if row is None:
        work.refuse("records.not_found", record="zone", id=str(wanted))
    return row


def window_row(work: Work, window_id: UUID) -> Any:
    """A window; refuses when it is not there."""
    row = PLAN.read(work.connection).windows.get(window_id)
    if row is None:
        work.refuse("records.not_found", record="window", id=str(window_id))
    return row


def place_and_day(work: Work, outlet_id: UUID) -> tuple[Place, date]:
    """An outlet's time and its business day now."""
    place = place_of(PLAN.read(work.connection).outlets[outlet_id])
    return place, place.business_day(work.now)


def periods_now(work: Work, outlet: Any, local: datetime) -> list[tuple[str, str]]:
    """The periods of an outlet's local day (QUE-935), `HH:MM`."""
    return periods_on(outlet, PLAN.read(work.connection).specials.get((outlet.id, local.date())), local.date())


_states: dict[UUID, tuple[tuple[Any, ...], tuple[date, int], rules.HallNow]] = {}
"""What was found last for an outlet, with the tables it was found from and the second of the day."""


def hall_now(work: Work, outlet: Any, local: datetime, day: date) -> rules.HallNow:
    """The state of an outlet's hall: by its hours, or as a manager ordered. Found once a second while nothing changes."""
    read = work.connection
    tables = (PLAN.read(read), loaders.ORDERS.read(read), VALUES.read(read))
    moment = day, local.hour * 3600 + local.minute * 60 + local.second
    known = _states.get(outlet.id)
    if known is not None and known[1] == moment and all(map(is_, known[0], tables)):
        return known[2]
    found = _hall_now(work, outlet, local, day)
    _states[outlet.id] = (tables, moment, found)
    return found


def _hall_now(work: Work, outlet: Any, local: datetime, day: date) -> rules.HallNow:
    if outlet.stage != "open":
        # In its first set-up a hall is always before its opening: only tickets for trial are given.
        return rules.HallNow("opening", True)
    order = loaders.ORDERS.read(work.connection).halls.get(outlet.id)
    mode = "auto"
    # An order lapses with its business day; a stop holds until somebody lifts it.
    if order is not None and (order.mode == "stopped" or order.business_day == day):
        mode = order.mode
    periods = [(_seconds(start), _seconds(end)) for start, end in periods_now(work, outlet, local)]
    last = 0
    if work.setting(LAST_TICKET, outlet=outlet.id) == "time":
        last = work.setting(LAST_TICKET_MINUTES, outlet=outlet.id) * 60
    return rules.hall_state(
        mode,
        periods,
        local.hour * 3600 + local.minute * 60 + local.second,
        opening=work.setting(OPENING, outlet=outlet.id) * 60,
        last_tickets=last,
    )


def _seconds(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 3600 + int(minute) * 60


def sentence_now(work: Work, outlet_id: UUID) -> dict[str, str]:
    """What a manager says to the public with the order that holds, if anything."""
    order = loaders.ORDERS.read(work.connection).halls.get(outlet_id)
    return (order.sentence or {}) if order is not None else {}


def switched_off(work: Work, service_id: UUID, day: date) -> bool:
    """Whether a manager took the service off for this business day."""
    return loaders.ORDERS.read(work.connection).off.get(service_id) == day


def open_windows(work: Work, zone_id: UUID) -> Mapping[UUID, Sitting]:
    """The zone's windows that count as working: somebody is signed in and not paused for too long (note N9)."""
    opened: Mapping[UUID, Sitting] = loaders.OPEN.read(work.connection).get(zone_id, {})
    if any(sitting.paused_at is not None for sitting in opened.values()):
        zone = PLAN.read(work.connection).zones.get(zone_id)
        longest = work.setting(PAUSE_COUNTS, zone=zone_id, outlet=zone.outlet_id if zone else None) * 60
        opened = {
            window: sitting
            for window, sitting in opened.items()
            if rules.window_counts(rules.seconds_between(sitting.paused_at, work.now), longest)
        }
    return opened


def by_person(work: Work, zone_id: UUID, outlet_id: UUID) -> bool:
    """Whether services are allocated by person here, not by window (QUE-071)."""
    return work.setting(SERVICES_BY, zone=zone_id, outlet=outlet_id) == "person"


def accepted_at(work: Work, window: Any, staff_id: UUID | None) -> Mapping[UUID, int]:
    """The services that are accepted at a window while this person sits there, with their rank (QUE-043, QUE-044)."""
    offerings = OFFERINGS.read(work.connection)
    if by_person(work, window.zone_id, window.outlet_id):
        return offerings.of_person.get(staff_id, {}) if staff_id is not None else {}
    return offerings.of_window.get(window.id, {})


def serving_windows(work: Work, service_id: UUID, zone: Any, opened: Mapping[UUID, Sitting]) -> list[UUID]:
    """The working windows of a zone that accept a service."""
    offerings = OFFERINGS.read(work.connection)
    if by_person(work, zone.id, zone.outlet_id):
        return [w for w, sitting in opened.items() if service_id in offerings.of_person.get(sitting.staff_id, {})]
    return [w for w in offerings.windows_of.get(service_id, ()) if w in opened]


def belongs_here(work: Work, service_id: UUID, zone: Any) -> bool:
    """Whether a service is offered in a zone at all, by whichever window or person of it."""
    offerings, plan = OFFERINGS.read(work.connection), PLAN.read(work.connection)
    if service_id in offerings.parents:
        return False
    if by_person(work, zone.id, zone.outlet_id):
        return any(service_id in handled for handled in offerings.of_person.values())
    return any(
        plan.windows[w].zone_id == zone.id for w in offerings.windows_of.get(service_id, ()) if w in plan.windows
    )


def policy_at(work: Work, window: Any) -> rules.Policy:
    """How priority and the others mix at a window (note N11)."""
    return rules.Policy(
        work.setting(PRIORITY_RUN, window=window.id, zone=window.zone_id, outlet=window.outlet_id),
        work.setting(LONGEST_WAIT, zone=window.zone_id, outlet=window.outlet_id) * 60,
    )
