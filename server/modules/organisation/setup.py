"""The first set-up of a hall: what its verbs share. Each verb says how things shall be, so that saying it twice changes nothing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from common.protocol.setup import FoundHall, SetupProblem, SetupZone, SetUpZones
from server.engine.actions.work import Work
from server.modules.organisation.loaders import PLAN, WINDOWS_OF, Plan
from server.modules.organisation.questions import PlaceInUse, SetupProblems
from server.modules.organisation.records import Outlet, Window, Zone
from server.modules.organisation.rules import bare_name, setup_problems

# On PostgreSQL a change reaches what is kept in memory a moment after its commit; steps follow each other quicker than that.
plan_now = PLAN.load
"""The hall's plan as it stands in the database, past the memory."""

PARTS = ("services", "people", "devices")
"""Steps that modules above answer for."""


def outlet_in_setup(work: Work) -> Any:
    """The hall that is being set up; refuses before it is founded and after it has opened."""
    outlet = plan_now(work.connection).main
    if outlet is None:
        work.refuse("organisation.not_founded")
    if outlet.stage != "in_setup":
        work.refuse("organisation.opened_already")
    return outlet


def passed(work: Work, outlet: Any, step: str, **more: Any) -> None:
    """Remember that a step was left, with what belongs to it."""
    kept = dict(outlet.setup or {})
    steps = [one for one in kept.get("passed", []) if one != step]
    work.change(Outlet, outlet, setup={**kept, **more, "passed": [*steps, step]})


def put_zones(work: Work, outlet: Any, wanted: SetUpZones) -> None:
    """Make the zones and windows what they shall be: found by id, name or number, changed, made, taken away."""
    plan = plan_now(work.connection)
    free = dict(plan.zones)
    rows = sorted(work.rows(WINDOWS_OF, outlet=outlet.id), key=lambda row: row.deleted_at is None)
    windows = {row.label_text: row for row in rows}  # of several with one number the one that stands
    named: set[str] = set()
    place = 0
    for zone in wanted.zones:
        row = _zone_row(work, outlet, zone, free)
        for label in zone.windows:
            named.add(label)
            _put_window(work, outlet, row.id, label, place, windows.get(label))
            place += 1
    for label, window in windows.items():
        if label not in named and window.deleted_at is None:
            _refuse_used(work, PlaceInUse(window_id=window.id), label)
            work.change(Window, window, deleted_at=work.now)
    for row in free.values():
        _refuse_used(work, PlaceInUse(zone_id=row.id), bare_name(row.name))
        work.change(Zone, row, deleted_at=work.now)


def _zone_row(work: Work, outlet: Any, zone: SetupZone, free: dict[UUID, Any]) -> Any:
    found = free.get(zone.id) if zone.id is not None else None
    found = found or next((row for row in free.values() if row.name == zone.name), None)
    if found is None:
        return work.insert(Zone, outlet_id=outlet.id, name=zone.name)
    del free[found.id]
    return work.change(Zone, found, name=zone.name)


def _put_window(work: Work, outlet: Any, zone_id: UUID, label: str, place: int, found: Any) -> None:
    if found is None:
        work.insert(Window, outlet_id=outlet.id, zone_id=zone_id, label_text=label, place=place)
    else:
        # A number that was taken away comes back as the same window, with its history and devices.
        work.change(Window, found, zone_id=zone_id, place=place, deleted_at=None)


def _refuse_used(work: Work, question: PlaceInUse, name: str) -> None:
    user = work.ask(question, "")
    if user:
        work.refuse("organisation.place_in_use", place=name, user=user)


def hall_of(plan: Plan, outlet: Any) -> SetUpZones:
    """The zones, windows and hours as they stand."""
    zones = [
        SetupZone(
            id=zone.id, name=zone.name, windows=[w.label_text for w in plan.windows.values() if w.zone_id == zone.id]
        )
        for zone in plan.zones.values()
    ]
    kept = outlet.setup or {}
    return SetUpZones(zones=zones, hours=outlet.hours, day_starts=outlet.day_starts, template=kept.get("template", ""))


def place_facts(outlet: Any) -> FoundHall:
    """The outlet's name, languages and time zone."""
    return FoundHall(
        name=outlet.name, organisation=outlet.organisation, languages=outlet.languages or ["en"],
        voice_languages=outlet.voice_languages or [], time_zone=outlet.time_zone,
    )  # fmt: skip


def problems(work: Work) -> list[SetupProblem]:
    """Everything that is not as it should be, in the order of the steps."""
    plan = plan_now(work.connection)
    found = [SetupProblem.model_validate(one) for one in setup_problems(plan.main, plan.zones, plan.windows)]
    for part in PARTS:
        found += [SetupProblem.model_validate(one) for one in work.ask(SetupProblems(part=part), [])]
    return found
