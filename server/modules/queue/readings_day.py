"""Figures of the business day: the manager's and each person's own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from common.protocol.messages import Nothing
from common.protocol.queue import InZone
from common.protocol.queue_day import Day, DayHour, DayService, DayWindow, OwnDay
from server.engine.actions.declare import reading
from server.engine.actions.work import Work
from server.modules.organisation.public import PLAN, place_of
from server.modules.queue import loaders, rules
from server.modules.queue import loaders_day as day_loaders
from server.modules.queue.access import CALL, DAY
from server.modules.queue.cards import staff_card
from server.modules.queue.questions import GradesOfDay, GradesOfPerson
from server.modules.queue.readings_hall import pauses_of
from server.modules.services.public import OFFERINGS


@reading("queue.day", needs=DAY, input=InZone, output=Day)
def day_figures(work: Work, request: InZone) -> Day:
    """The manager's live figures of the business day, each from the tickets themselves."""
    plan, offerings = PLAN.read(work.connection), OFFERINGS.read(work.connection)
    outlet = plan.main
    if outlet is None:
        work.refuse("records.not_found", record="outlet", id="")
    place = place_of(outlet)
    day = place.business_day(work.now)
    rows = [
        r
        for r in work.rows(loaders.DAY_ROWS, outlet=outlet.id, day=day)
        if request.zone_id is None or r.zone_id == request.zone_id
    ]
    by_state: dict[str, int] = {}
    for row in rows:
        by_state[row.state] = by_state.get(row.state, 0) + 1
    waits = [s for r in rows if (s := rules.seconds_between(r.issued_at, r.called_at)) is not None]
    times = [
        s
        for r in rows
        if r.state == "finished" and (s := rules.seconds_between(r.started_at, r.finished_at)) is not None
    ]
    still = [int((work.now - r.issued_at).total_seconds()) for r in rows if r.state == "waiting"]
    sessions = {s.window_id: s for s in work.rows(loaders.SESSIONS)}
    grades: dict[str, int] = work.ask(GradesOfDay(outlet_id=outlet.id, business_day=day.isoformat()), {})
    finished = by_state.get("finished", 0)
    hours = {h: [0, 0] for h in range(24)}
    for row in rows:
        hours[row.issued_at.astimezone(place.zone).hour][0] += 1
        if row.state == "finished" and row.finished_at is not None:
            hours[row.finished_at.astimezone(place.zone).hour][1] += 1
    numbers = {r.id: r.number for r in rows}
    tops = {service_id: offerings.top(service_id) for service_id in {r.service_id for r in rows}}
    return Day(
        business_day=day.isoformat(),
        outlet=outlet.name,
        issued=len(rows),
        waiting=by_state.get("waiting", 0),
        called=by_state.get("called", 0),
        serving=by_state.get("serving", 0),
        finished=finished,
        no_show=by_state.get("no_show", 0),
        longest_wait_seconds=max(still, default=None),
        mean_wait_seconds=rules.mean(waits),
        mean_service_seconds=rules.mean(times),
        windows_open=sum(1 for s in sessions.values() if s.state != "closed"),
        windows_total=len(plan.windows),
        services=[
            _day_service(service, mine)
            for service in offerings.services.values()
            if (mine := [r for r in rows if r.service_id == service.id]) or service.id not in offerings.parents
        ],
        # QUE-037: statistics by major class; a service that belongs to none is its own.
        classes=[
            _day_service(service, [r for r in rows if tops.get(r.service_id) == service.id])
            for service in offerings.services.values()
            if offerings.top(service.id) == service.id
        ],
        windows=[_day_window(work, row, sessions.get(row.id), rows, numbers) for row in plan.windows.values()],
        hours=[DayHour(hour=h, issued=i, finished=f) for h, (i, f) in hours.items()],
        grades={**grades, "none": finished - sum(grades.values())},
        now=work.now,
    )


def _day_service(service: Any, mine: list[Any]) -> DayService:
    return DayService(
        service_id=service.id,
        name=service.name,
        issued=len(mine),
        waiting=sum(r.state == "waiting" for r in mine),
        serving=sum(r.state in ("called", "serving") for r in mine),
        finished=sum(r.state == "finished" for r in mine),
        no_show=sum(r.state == "no_show" for r in mine),
        mean_wait_seconds=rules.mean(
            [s for r in mine if (s := rules.seconds_between(r.issued_at, r.called_at)) is not None]
        ),
        mean_service_seconds=rules.mean(
            [
                s
                for r in mine
                if r.state == "finished" and (s := rules.seconds_between(r.started_at, r.finished_at)) is not None
            ]
        ),
    )


def _day_window(work: Work, window: Any, session: Any, rows: list[Any], numbers: dict[UUID, str]) -> DayWindow:
    mine = [r for r in rows if r.window_id == window.id and r.state == "finished"]
    held = session is not None and session.state != "closed"
    card = staff_card(work, session.staff_id) if held else None
    return DayWindow(
        window_id=window.id,
        label=window.label_text,
        state=session.state if session is not None else "closed",
        staff=card.name if card else {},
        number=numbers.get(session.ticket_id) if session is not None else None,
        since=session.changed_at if held else None,
        served=len(mine),
        mean_service_seconds=rules.mean(
            [s for r in mine if (s := rules.seconds_between(r.started_at, r.finished_at)) is not None]
        ),
    )


@reading("queue.mine", needs=CALL, input=Nothing, output=OwnDay)
def mine(work: Work, request: Nothing) -> OwnDay:
    """The caller's own figures of the business day."""
    outlet = PLAN.read(work.connection).main
    if outlet is None:
        work.refuse("records.not_found", record="outlet", id="")
    place = place_of(outlet)
    day = place.business_day(work.now)
    rows = work.rows(day_loaders.OWN_ROWS, outlet=outlet.id, day=day, staff=work.who.id)
    finished = [r for r in rows if r.state == "finished"]
    waits = [s for r in rows if (s := rules.seconds_between(r.issued_at, r.called_at)) is not None]
    times = [s for r in finished if (s := rules.seconds_between(r.started_at, r.finished_at)) is not None]
    hours: dict[int, list[int]] = {}
    for row in rows:
        for place_in, moment in ((0, row.called_at), (1, row.finished_at if row.state == "finished" else None)):
            if moment is not None:
                hours.setdefault(moment.astimezone(place.zone).hour, [0, 0])[place_in] += 1
    own = [
        (began, ended)
        for began, ended in pauses_of(work.rows(day_loaders.WINDOW_EVENTS, day=day))
        if began.staff_id == work.who.id
    ]
    return OwnDay(
        business_day=day.isoformat(),
        served=len(finished),
        matters=sum(r.matters for r in finished),
        no_show=sum(r.state == "no_show" for r in rows),
        transferred=work.scalar(day_loaders.TRANSFERRED_BY, outlet=outlet.id, day=day, staff=work.who.id),
        mean_wait_seconds=rules.mean(waits),
        mean_service_seconds=rules.mean(times),
        longest_service_seconds=max(times, default=None),
        paused_seconds=sum(int(((e.at if e is not None else work.now) - b.at).total_seconds()) for b, e in own),
        pauses=len(own),
        hours=[DayHour(hour=h, issued=c, finished=f) for h, (c, f) in sorted(hours.items())],
        grades=work.ask(GradesOfPerson(staff_id=work.who.id, business_day=day.isoformat()), {}),
        now=work.now,
    )
