"""What kiosks, counters, displays and the manager read of the queue."""

from __future__ import annotations

from uuid import UUID

from common.protocol.queue import (
    AtWindow,
    Board,
    BoardCall,
    BoardService,
    InZone,
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
from server.modules.content.public import for_the_public, on_one_line
from server.modules.organisation.public import PLAN
from server.modules.queue import loaders, rules
from server.modules.queue.access import BOARD, SEE
from server.modules.queue.cards import staff_card, ticket_card, window_view
from server.modules.queue.choosing import as_head
from server.modules.queue.hall import (
    accepted_at,
    belongs_here,
    hall_now,
    open_windows,
    periods_now,
    place_and_day,
    policy_at,
    sentence_now,
    serving_windows,
    switched_off,
    window_row,
    zone_row,
)
from server.modules.queue.loaders_display import shape_of
from server.modules.queue.readings_kiosk import labels_of
from server.modules.queue.settings import CHIME, VOICE_FIRST, VOICE_SECOND, VOICE_THIRD, VOLUME
from server.modules.services.public import OFFERINGS


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
            pager=row.pager,
            state=row.state,
        )
        for row in work.rows(loaders.CALLS, zone=zone.id, day=day)
    ]
    hall = hall_now(work, outlet, local, day)
    services = [
        BoardService(
            service_id=service.id,
            name=service.name,
            waiting=waiting.get(service.id, 0),
            next_number=upcoming.get(service.id),
            current_number=current.get(service.id),
        )
        for service in offerings.services.values()
        if belongs_here(work, service.id, zone)
    ]
    at = {"zone": zone.id, "outlet": outlet.id}
    return Board(
        zone_id=zone.id,
        zone=zone.name,
        outlet=outlet.name,
        organisation=outlet.organisation,
        calls=calls,
        services=services,
        ticker=[
            *(on_one_line(one.name, one.text) for one in for_the_public(work, "on_displays", zone=zone)),
            *(outlet.ticker or []),
        ],
        languages=rules.spoken_in(
            [work.setting(one, **at) for one in (VOICE_FIRST, VOICE_SECOND, VOICE_THIRD)],
            outlet.voice_languages or place.languages[:2],
        ),
        volume=work.setting(VOLUME, **at),
        chime=work.setting(CHIME, **at),
        shape=shape_of(work, zone.id),
        silent=zone.silent,
        speed=zone.voice_speed,
        now=work.now,
        last_sequence=calls[0].sequence if calls else 0,
        state=hall.state,
        sentence=sentence_now(work, outlet.id) if hall.ordered else {},
        hours=periods_now(work, outlet, local),
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
        accepted = accepted_at(work, row, session.staff_id if session is not None and held else None)
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
                services=[offerings.services[s].name for s in accepted if s in offerings.services],
                waiting=sum(waiting.get(s, 0) for s in accepted),
            )
        )
    return WindowChoices(windows=choices)


@reading("queue.waiting", needs=SEE, input=TicketSearch, output=TicketRows)
def waiting_list(work: Work, request: TicketSearch) -> TicketRows:
    """Who waits, in the order in which this window would call them, each with why (QUE-057)."""
    offerings = OFFERINGS.read(work.connection)
    if request.window_id is not None:
        window = window_row(work, request.window_id)
        session = work.first(loaders.SESSION, window=window.id)
        zone_id, outlet_id = window.zone_id, window.outlet_id
        order = accepted_at(work, window, session.staff_id if session is not None else None)
        policy, run = policy_at(work, window), session.priority_run if session is not None else 0
    else:
        zone = zone_row(work, request.zone_id)
        zone_id, outlet_id, policy, run = zone.id, zone.outlet_id, rules.STRICT, 0
        order = dict.fromkeys(offerings.services, 1)
    _, day = place_and_day(work, outlet_id)
    rows, heads = {}, []
    for row in work.rows(loaders.WAITING_ROWS, zone=zone_id, day=day):
        bound = request.window_id is not None and row.bound_window_id == request.window_id
        if bound or (row.bound_window_id is None and row.service_id in order) or request.window_id is None:
            rows[row.id] = row
            heads.append(as_head(work, row, bound=bound))
    wanted = fold(request.search)
    items = []
    for place, chosen in enumerate(rules.sequence(heads, order, policy, run), start=1):
        row = rows[chosen.head.ticket_id]
        service = offerings.services.get(row.service_id)
        if wanted and wanted not in fold(row.number) and (service is None or wanted not in service.search_shadow):
            continue
        items.append(
            TicketRow(
                ticket=ticket_card(row),
                service=service.name if service else {},
                waited_seconds=int((work.now - row.issued_at).total_seconds()),
                place=place,
                why=rules.why(row.priority, row.reason, row.transfers, chosen.rule),
            )
        )
    return TicketRows(items=items[: request.limit], total=len(items), now=work.now)


@reading("queue.called", needs=SEE, input=TicketSearch, output=TicketRows)
def called_list(work: Work, request: TicketSearch) -> TicketRows:
    """The tickets called today at this window, or in the zone, latest first (QUE-057)."""
    at = window_row(work, request.window_id) if request.window_id is not None else None
    zone = zone_row(work, at.zone_id if at is not None else request.zone_id)
    zone_id, outlet_id = zone.id, zone.outlet_id
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
        called_to = plan.windows.get(row.window_id)
        items.append(
            TicketRow(
                ticket=ticket_card(row),
                service=service.name if service else {},
                window=called_to.label_text if called_to else None,
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
    found: dict[UUID, TransferTarget] = {}
    # The window's own zone first: a service that is served there is not offered elsewhere.
    for zone in sorted(plan.zones.values(), key=lambda z: z.id != row.zone_id):
        opened = open_windows(work, zone.id)
        waiting = {w.service_id: w.n for w in work.rows(loaders.WAITING, zone=zone.id, day=day)}
        for service in offerings.services.values():
            if service.id in offerings.parents or service.id in found or switched_off(work, service.id, day):
                continue
            serving = serving_windows(work, service.id, zone, opened)
            if serving:
                found[service.id] = TransferTarget(
                    service_id=service.id,
                    name=service.name,
                    prefix=service.prefix,
                    zone=zone.name,
                    waiting=waiting.get(service.id, 0),
                    windows=labels_of(plan, serving),
                    default_priority=service.transfer_priority,
                )
    return TransferTargets(targets=list(found.values()))
