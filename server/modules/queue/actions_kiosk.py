"""Kiosks without the server, and how a ticket is given: leased numbers, printed tickets, paper and codes on the screen."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import Field

from common.protocol.layouts import TicketPaper
from common.protocol.messages import Message, Nothing
from common.protocol.queue_kiosk import (
    CodeAnswer,
    CodeOver,
    Delivered,
    Entered,
    EnteredPrinted,
    EnterPrinted,
    LeaseNumbers,
    Leases,
    NumberLease,
    OfTicket,
    PrintedTicket,
)
from common.records.field import When
from common.text import N_
from server.engine.actions.declare import action
from server.engine.actions.work import Work
from server.modules.organisation.public import PLAN
from server.modules.queue import loaders, rules
from server.modules.queue import loaders_day as day_loaders
from server.modules.queue.access import ISSUE, LEASE, REPRINT
from server.modules.queue.actions_window import voided
from server.modules.queue.cards import ticket_card
from server.modules.queue.hall import belongs_here, by_person, place_and_day, zone_row
from server.modules.queue.issuing import next_place
from server.modules.queue.papers import paper_of
from server.modules.queue.records import Ticket
from server.modules.queue.records_day import NumberBlock
from server.modules.queue.settings import BLOCK_MINUTES, BLOCK_SIZE, GREEN_CHANNEL, PAPERLESS_THEN
from server.modules.queue.steps import log, told_zone
from server.modules.services.public import OFFERINGS


@action("queue.lease_numbers", needs=LEASE, input=LeaseNumbers, output=Leases, locks=lambda r: [("blocks", "lease")])
def lease_numbers(work: Work, request: LeaseNumbers) -> Leases:
    """Give a kiosk blocks of its own from the ranges kept for the time without the server, for services without a maximum
    and identity; bound to the business day and the epoch."""
    zone = zone_row(work, None)
    outlet = PLAN.read(work.connection).outlets[zone.outlet_id]
    place, day = place_and_day(work, outlet.id)
    at = {"device": work.who.device_id, "zone": zone.id, "outlet": outlet.id}
    size, epoch = work.setting(BLOCK_SIZE, **at), work.engine.house.epoch
    until = within_day(place, day, work.now, work.now + timedelta(minutes=work.setting(BLOCK_MINUTES, **at)))
    taken: dict[UUID, list[tuple[int, int]]] = {}
    for row in work.rows(day_loaders.BLOCKS_TAKEN, day=day, outlet=outlet.id):
        taken.setdefault(row.service_id, []).append((row.first, row.last))
    mine: dict[UUID, list[Any]] = {}
    for row in work.rows(day_loaders.BLOCKS, device=work.who.id, day=day, epoch=epoch):
        mine.setdefault(row.service_id, []).append(row)
    blocks = []
    for service in OFFERINGS.read(work.connection).services.values():
        if not belongs_here(work, service.id, zone) or not rules.leasable(
            service.daily_limit,
            by_person(work, zone.id, outlet.id),
            rules.must_show(service.identity, service.listed_only, vouched=False),
        ):
            continue
        held = mine.get(service.id, [])
        used = request.used.get(service.id, 0)
        left = sum(max(0, row.last - max(row.first - 1, used)) for row in held)
        if left * 2 < size:
            kept = rules.kept_from(service.first_number, service.last_number, service.kept_from)
            found = rules.next_block(kept, service.last_number, taken.get(service.id, ()), size)
            if found is not None:
                held = [*held, work.insert(
                    NumberBlock, device_id=work.who.id, service_id=service.id, outlet_id=outlet.id, business_day=day,
                    epoch=epoch, first=found[0], last=found[1], valid_until=until,
                )]  # fmt: skip
        blocks += [
            NumberLease(
                service_id=service.id, name=service.name, prefix=service.prefix, digits=service.digits, first=row.first,
                last=row.last,
            )
            for row in held
        ]  # fmt: skip
    return Leases(epoch=epoch, business_day=day.isoformat(), valid_until=until, blocks=blocks, now=work.now)


def within_day(place: Any, day: date, now: datetime, until: datetime) -> datetime:
    """The moment `until`, or the end of the business day where that comes first, to the second: kiosks know the moment
    only, and a block is worth nothing on another day."""
    if place.business_day(until) == day:
        return until
    while until - now > timedelta(seconds=1):
        middle = now + (until - now) / 2
        now, until = (middle, until) if place.business_day(middle) == day else (now, middle)
    return now


@action(
    "queue.enter_printed",
    needs=LEASE,
    input=EnterPrinted,
    output=EnteredPrinted,
    locks=lambda r: [("line", t.service_id) for t in r.tickets],
)
def enter_printed(work: Work, request: EnterPrinted) -> EnteredPrinted:
    """Take in the tickets that a kiosk printed without the server: each enters its queue by its printed time, once."""
    zone = zone_row(work, None)
    outlet = PLAN.read(work.connection).outlets[zone.outlet_id]
    place, today = place_and_day(work, outlet.id)
    blocks: dict[tuple[UUID, date], list[tuple[int, int]]] = {}

    def in_block(one: PrintedTicket, day: date) -> bool:
        if (one.service_id, day) not in blocks:
            for row in work.rows(day_loaders.BLOCKS, device=work.who.id, day=day, epoch=request.epoch):
                blocks.setdefault((row.service_id, day), []).append((row.first, row.last))
        return rules.in_block(one.serial, blocks.get((one.service_id, day), ()))

    results = []
    for one in sorted(request.tickets, key=lambda t: t.printed_at):
        stood = work.first(day_loaders.BY_FACT, fact=str(one.fact_id))
        if stood is not None:
            results.append(Entered(fact_id=one.fact_id, state="known", ticket=ticket_card(stood)))
            continue
        day = place.business_day(one.printed_at)
        service = OFFERINGS.read(work.connection).services.get(one.service_id)
        code = ""
        if request.epoch != work.engine.house.epoch:
            code = "other_epoch"  # a restore refuses old leases: their numbers may have been given anew
        elif service is None:
            code = "service_unknown"
        elif one.printed_at > work.now:
            code = "from_the_future"
        elif not in_block(one, day):
            code = "not_in_block"
        row = None if code or service is None else _entered(work, zone, service, one, day, today)
        if row is None:
            results.append(Entered(fact_id=one.fact_id, state="refused", code=code or "number_taken"))
        else:
            results.append(Entered(fact_id=one.fact_id, state="entered", ticket=ticket_card(row)))
    order = {one.fact_id: place for place, one in enumerate(request.tickets)}
    return EnteredPrinted(results=sorted(results, key=lambda r: order[r.fact_id]))


def _entered(work: Work, zone: Any, service: Any, one: PrintedTicket, day: date, today: date) -> Any:
    """Enter one printed ticket; nothing when its number stands for another one."""
    number = rules.ticket_number(service.prefix, one.serial, service.digits)
    standing = work.first(loaders.BY_NUMBER, outlet=zone.outlet_id, day=day, number=number)
    if standing is not None:
        # The paper journal of a window was quicker: the same ticket, whose time of issue is known now.
        if standing.channel != "paper" or standing.fact_id is not None or standing.service_id != service.id:
            return None
        issued = min(one.printed_at, standing.called_at)
        return work.change(Ticket, standing, issued_at=issued, channel="block", fact_id=str(one.fact_id))
    row = work.insert(
        Ticket, number=number, service_id=service.id, zone_id=zone.id, outlet_id=zone.outlet_id, business_day=day,
        # Of an earlier day it can only be written down: nothing of yesterday is called (QUE-902).
        state="waiting" if day == today else "expired",
        priority=one.reason == "green_channel" and work.setting(GREEN_CHANNEL, zone=zone.id, outlet=zone.outlet_id),
        reason=one.reason, channel="block", position=place_at(work, zone, service.id, day, one.printed_at),
        token=secrets.token_urlsafe(16), issued_at=one.printed_at, fact_id=str(one.fact_id),
    )  # fmt: skip
    log(work, row, "issued", at=one.printed_at)
    log(work, row, "entered")
    told_zone(work, row, "issued")
    return row


def place_at(work: Work, zone: Any, service_id: UUID, day: date, moment: Any) -> int:
    """The place of a ticket by its printed time: between those issued before and after it."""
    line = {"zone": zone.id, "service": service_id, "day": day}
    before = work.scalar(day_loaders.PLACE_BEFORE, moment=moment, **line)
    if before is None:
        after = work.scalar(day_loaders.FIRST_PLACE, **line)
        return next_place(work) if after is None else rules.place_between(None, after)
    after = work.scalar(day_loaders.PLACE_AFTER, place=before, **line)
    # At the end of the queue the sequence goes on: what is issued next must come behind.
    return next_place(work) if after is None else rules.place_between(before, after)


@action("queue.delivered", needs=ISSUE, input=Delivered, output=Nothing, locks=lambda r: [("ticket", r.ticket_id)])
def delivered(work: Work, request: Delivered) -> Nothing:
    """Write down how the citizen got the ticket; paper that failed neither burns nor loses the number (QUE-909)."""
    row = work.get(Ticket, request.ticket_id)
    row = work.change(Ticket, row, delivery=request.how)
    log(work, row, "delivered", facts={"how": request.how})
    return Nothing()


@action("queue.code_over", needs=ISSUE, input=CodeOver, output=CodeAnswer, locks=lambda r: [("ticket", r.ticket_id)])
def code_over(work: Work, request: CodeOver) -> CodeAnswer:
    """Nobody scanned the code on the screen: by setting it is printed or void, so that no empty number stays (QUE-933)."""
    row = work.get(Ticket, request.ticket_id)
    if row.delivery == "scanned" or row.state != "waiting":
        return CodeAnswer(then="scanned")
    if work.setting(PAPERLESS_THEN, zone=row.zone_id, outlet=row.outlet_id) == "void":
        voided(work, row, "code_not_scanned")
        return CodeAnswer(then="void")
    row = work.change(Ticket, row, delivery="paper")
    log(work, row, "delivered", facts={"how": "paper"})
    return CodeAnswer(then="print", paper=paper_of(work, row))


class GivePager(Message):
    """`queue.give_pager`: this pager goes with a waiting ticket; an empty number takes it back."""

    ticket_id: UUID
    pager: str = Field(default="", max_length=8, pattern=r"^[0-9]*$", title=N_("Pager's number"))


@action(
    "queue.give_pager", needs=ISSUE, input=GivePager, output=Nothing,
    locks=lambda r: [("ticket", r.ticket_id), ("pagers", r.pager)],
    on=Ticket, subject="ticket_id", when=[When("state", "is", "waiting")], label=N_("Give a pager"),
)  # fmt: skip
def give_pager(work: Work, request: GivePager) -> Nothing:
    """Give a pager with a waiting ticket: it buzzes when the ticket is called. One pager goes with one living ticket."""
    row = work.get(Ticket, request.ticket_id)
    if row.state != "waiting":
        work.refuse("queue.not_waiting", number=row.number)
    pager = request.pager or None
    if pager is not None:
        held = {"outlet": row.outlet_id, "day": row.business_day, "pager_number": pager}
        for other in work.rows(loaders.HAS_PAGER, **held):
            if other.id != row.id:
                work.refuse("queue.pager_out", pager=pager, number=other.number)
    row = work.change(Ticket, row, pager=pager)
    log(work, row, "pager", facts={"pager": pager or ""})
    return Nothing()


@action("queue.reprint", needs=REPRINT, input=OfTicket, output=TicketPaper, locks=lambda r: [("ticket", r.ticket_id)])
def reprint(work: Work, request: OfTicket) -> TicketPaper:
    """Print a lost ticket again, by staff; who did it stands in its history (QUE-909)."""
    row = work.get(Ticket, request.ticket_id)
    log(work, row, "reprinted", facts={"reason": request.reason, "by": str(work.who.id)})
    return paper_of(work, row)
