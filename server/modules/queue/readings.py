"""What kiosks, counters, displays and the manager read of the queue."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from common.protocol.queue import (
    AtWindow,
    Board,
    BoardCall,
    BoardService,
    Day,
    DayHour,
    DayService,
    DayWindow,
    HiddenService,
    InZone,
    Offer,
    SectionOffer,
    ServiceOffer,
    TicketRow,
    TicketRows,
    TicketSearch,
    TransferTarget,
    TransferTargets,
    WindowChoice,
    WindowChoices,
    WindowView,
)
from common.text.fold import fold
from server.engine.actions.declare import reading
from server.engine.actions.work import Work
from server.modules.organisation.public import PLAN, periods_of, place_of, public_hours, within
from server.modules.queue import loaders, rules
from server.modules.queue.access import BOARD, DAY, OFFER, SEE
from server.modules.queue.cards import (
    open_windows,
    place_and_day,
    refusal_reason,
    staff_card,
    ticket_card,
    wait_of,
    window_row,
    window_view,
    zone_row,
)
from server.modules.queue.questions import GradesOfDay
from server.modules.services.public import OFFERINGS


@reading("queue.offer", needs=OFFER, input=InZone, output=Offer)
def offer(work: Work, request: InZone) -> Offer:
    """Everything that a kiosk shows: what can be had now, with people waiting, and what cannot, with its rule."""
    zone = zone_row(work, request.zone_id)
    plan, offerings = PLAN.read(work.connection), OFFERINGS.read(work.connection)
    outlet = plan.outlets[zone.outlet_id]
    place, day = place_and_day(work, outlet.id)
    local = work.now.astimezone(place.zone)
    opened = open_windows(work, zone.id)
    waiting = {row.service_id: row.n for row in work.rows(loaders.WAITING, zone=zone.id, day=day)}
    shown: dict[UUID | None, list[ServiceOffer]] = {}
    hidden: list[HiddenService] = []
    for service in offerings.services.values():
        accepted = [w for w in offerings.windows_of.get(service.id, ()) if w in plan.windows]
        if service.id in offerings.parents or not any(plan.windows[w].zone_id == zone.id for w in accepted):
            continue
        serving = [w for w in accepted if w in opened]
        reason = refusal_reason(work, service, outlet, local, len(serving), day)
        if reason is not None:
            hidden.append(HiddenService(service_id=service.id, name=service.name, reason=reason))
            continue
        ahead = waiting.get(service.id, 0)
        wait = wait_of(work, service, ahead, len(serving))
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
                windows=_labels(plan, serving),
                minutes=service.minutes,
                fee=service.fee or {},
            )
        )
    sections = [
        SectionOffer(id=row.id, name=row.name, colour=row.colour or "", services=shown[row.id])
        for row in plan.sections.values()
        if row.id in shown
    ]
    return Offer(
        organisation=outlet.organisation,
        outlet=outlet.name,
        zone_id=zone.id,
        zone=zone.name,
        state="open" if within(public_hours(outlet), local) else "closed",
        hours=periods_of(public_hours(outlet), local.date()),
        sections=sections,
        hidden=hidden,
        languages=list(place.languages),
        public_address=work.engine.public_address,
        now=work.now,
    )


def _labels(plan: Any, windows: list[UUID]) -> list[str]:
    """The windows' labels as people look for them: 2 before 10."""
    labels = [plan.windows[w].label_text for w in windows]
    return sorted(labels, key=lambda label: (not label.isdigit(), int(label) if label.isdigit() else 0, label))


@reading("queue.board", needs=BOARD, input=InZone, output=Board)
def board(work: Work, request: InZone) -> Board:
    """What a zone's central display shows and speaks (QUE-027 to QUE-029)."""
    zone = zone_row(work, request.zone_id)
    plan, offerings = PLAN.read(work.connection), OFFERINGS.read(work.connection)
    outlet = plan.outlets[zone.outlet_id]
    place, day = place_and_day(work, outlet.id)
    local = work.now.astimezone(place.zone)
    waiting = {row.service_id: row.n for row in work.rows(loaders.WAITING, zone=zone.id, day=day)}
    current = {row.service_id: row.number for row in work.rows(loaders.CURRENT_NUMBERS, zone=zone.id, day=day)}
    upcoming: dict[UUID, str] = {}
    for row in work.rows(loaders.WAITING_ROWS, zone=zone.id, day=day):
        upcoming.setdefault(row.service_id, row.number)
    calls = [
        BoardCall(
            sequence=row.sequence,
            ticket_id=row.ticket_id,
            number=row.number,
            window_id=row.window_id,
            window=plan.windows[row.window_id].label_text if row.window_id in plan.windows else "",
            service=offerings.services[row.service_id].name if row.service_id in offerings.services else {},
            called_at=row.at,
            recall=row.recall,
            state=row.state,
        )
        for row in work.rows(loaders.CALLS, zone=zone.id, day=day)
    ]
    services = [
        BoardService(
            service_id=service.id,
            name=service.name,
            waiting=waiting.get(service.id, 0),
            next_number=upcoming.get(service.id),
            current_number=current.get(service.id),
        )
        for service in offerings.services.values()
        if service.id not in offerings.parents
        and any(
            plan.windows[w].zone_id == zone.id for w in offerings.windows_of.get(service.id, ()) if w in plan.windows
        )
    ]
    return Board(
        zone_id=zone.id,
        zone=zone.name,
        outlet=outlet.name,
        organisation=outlet.organisation,
        calls=calls,
        services=services,
        ticker=outlet.ticker or [],
        languages=list(outlet.voice_languages or place.languages[:2]),
        silent=zone.silent,
        speed=zone.voice_speed,
        now=work.now,
        last_sequence=calls[0].sequence if calls else 0,
        state="open" if within(public_hours(outlet), local) else "closed",
        hours=periods_of(public_hours(outlet), local.date()),
    )


@reading("queue.window", needs=BOARD, input=AtWindow, output=WindowView)
def window(work: Work, request: AtWindow) -> WindowView:
    """The state of one window."""
    return window_view(work, request.window_id)


@reading("queue.windows", needs=SEE, input=InZone, output=WindowChoices)
def windows(work: Work, request: InZone) -> WindowChoices:
    """All windows with who sits there, for the choice after signing in."""
    plan, offerings = PLAN.read(work.connection), OFFERINGS.read(work.connection)
    sessions = {row.window_id: row for row in work.rows(loaders.SESSIONS)}
    choices = []
    for row in plan.windows.values():
        if request.zone_id is not None and row.zone_id != request.zone_id:
            continue
        session = sessions.get(row.id)
        held = session is not None and session.state != "closed"
        card = staff_card(work, session.staff_id) if session is not None and held else None
        accepted = offerings.of_window.get(row.id, {})
        _, day = place_and_day(work, row.outlet_id)
        waiting = {w.service_id: w.n for w in work.rows(loaders.WAITING, zone=row.zone_id, day=day)}
        choices.append(
            WindowChoice(
                window_id=row.id,
                label=row.label_text,
                name=row.name or {},
                zone_id=row.zone_id,
                zone=plan.zones[row.zone_id].name,
                state=session.state if session is not None else "closed",
                staff=card.name if card else {},
                staff_id=card.person_id if card else None,
                services=[offerings.services[s].name for s in accepted],
                waiting=sum(waiting.get(s, 0) for s in accepted),
            )
        )
    return WindowChoices(windows=choices)


def _scope(work: Work, request: TicketSearch) -> tuple[UUID, UUID, set[UUID] | None]:
    """Outlet, zone and the services asked for."""
    if request.window_id is not None:
        row = window_row(work, request.window_id)
        return row.outlet_id, row.zone_id, set(OFFERINGS.read(work.connection).of_window.get(row.id, {}))
    zone = zone_row(work, request.zone_id)
    return zone.outlet_id, zone.id, None


@reading("queue.waiting", needs=SEE, input=TicketSearch, output=TicketRows)
def waiting_list(work: Work, request: TicketSearch) -> TicketRows:
    """Who waits, in the order in which this window would call them, each with why (QUE-057)."""
    outlet_id, zone_id, services = _scope(work, request)
    offerings = OFFERINGS.read(work.connection)
    _, day = place_and_day(work, outlet_id)
    order = offerings.of_window.get(request.window_id, {}) if request.window_id else {}
    rows = [
        r
        for r in work.rows(loaders.WAITING_ROWS, zone=zone_id, day=day)
        if services is None or r.service_id in services
    ]
    rows.sort(key=lambda r: (order.get(r.service_id, 1), not r.priority, r.position))
    wanted = fold(request.search)
    items = []
    for place, row in enumerate(rows, start=1):
        service = offerings.services.get(row.service_id)
        if wanted and wanted not in fold(row.number) and (service is None or wanted not in service.search_shadow):
            continue
        items.append(
            TicketRow(
                ticket=ticket_card(row),
                service=service.name if service else {},
                waited_seconds=int((work.now - row.issued_at).total_seconds()),
                place=place,
                why=rules.why(row.priority, row.reason, row.transfers),
            )
        )
    return TicketRows(items=items[: request.limit], total=len(items), now=work.now)


@reading("queue.called", needs=SEE, input=TicketSearch, output=TicketRows)
def called_list(work: Work, request: TicketSearch) -> TicketRows:
    """The tickets called today at this window, or in the zone, latest first (QUE-057)."""
    outlet_id, zone_id, _ = _scope(work, request)
    plan, offerings = PLAN.read(work.connection), OFFERINGS.read(work.connection)
    _, day = place_and_day(work, outlet_id)
    wanted = fold(request.search)
    items = []
    for row in work.rows(loaders.CALLED_ROWS, zone=zone_id, day=day):
        if request.window_id is not None and row.window_id != request.window_id:
            continue
        service = offerings.services.get(row.service_id)
        if wanted and wanted not in fold(row.number) and (service is None or wanted not in service.search_shadow):
            continue
        at = plan.windows.get(row.window_id)
        items.append(
            TicketRow(
                ticket=ticket_card(row),
                service=service.name if service else {},
                window=at.label_text if at else None,
                waited_seconds=int((row.called_at - row.issued_at).total_seconds()),
            )
        )
    return TicketRows(items=items[: request.limit], total=len(items), now=work.now)


@reading("queue.targets", needs=SEE, input=AtWindow, output=TransferTargets)
def targets(work: Work, request: AtWindow) -> TransferTargets:
    """Where the current ticket may go: services with an open window, and how many wait there (QUE-920)."""
    row = window_row(work, request.window_id)
    plan, offerings = PLAN.read(work.connection), OFFERINGS.read(work.connection)
    _, day = place_and_day(work, row.outlet_id)
    found: list[TransferTarget] = []
    for zone in plan.zones.values():
        opened = open_windows(work, zone.id)
        waiting = {w.service_id: w.n for w in work.rows(loaders.WAITING, zone=zone.id, day=day)}
        for service in offerings.services.values():
            serving = [w for w in offerings.windows_of.get(service.id, ()) if w in opened]
            if service.id in offerings.parents or not serving:
                continue
            if zone.id != row.zone_id and any(t.service_id == service.id for t in found):
                continue
            found.append(
                TransferTarget(
                    service_id=service.id,
                    name=service.name,
                    prefix=service.prefix,
                    zone=zone.name,
                    waiting=waiting.get(service.id, 0),
                    windows=_labels(plan, serving),
                    default_priority=service.transfer_priority,
                )
            )
    return TransferTargets(targets=found)


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
        services=[_day_service(service, rows) for service in offerings.services.values()],
        windows=[_day_window(work, row, sessions.get(row.id), rows, numbers) for row in plan.windows.values()],
        hours=[DayHour(hour=h, issued=i, finished=f) for h, (i, f) in hours.items()],
        grades={**grades, "none": finished - sum(grades.values())},
        now=work.now,
    )


def _day_service(service: Any, rows: list[Any]) -> DayService:
    mine = [r for r in rows if r.service_id == service.id]
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
