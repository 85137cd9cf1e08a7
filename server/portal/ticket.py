"""A ticket in words: what its holder reads, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass, field

from common.text import _, formats, ngettext
from common.text.direction import name as isolated
from common.text.words import pick
from server.modules.queue.public import OwnTicket

IN_ITSELF = {"en": "English", "zh": "中文", "ru": "Русский", "fa": "فارسی"}
MOST_FIGURES = 8
"""So many people are drawn; of more the number says enough."""
LEAST_SPAN = 30


@dataclass(frozen=True)
class Range:
    """The estimate as a bar, in hundredths of its length."""

    low: int
    middle: int
    high: int
    end: str


@dataclass(frozen=True)
class TicketPage:
    """Everything on the page, as words."""

    number: str
    state: str
    headline: str
    service: str
    where: str
    alive: bool
    """It may still change: the page looks again by itself."""
    next: str
    sentence: str = ""
    trial: str = ""
    ahead: str = ""
    people: int = 0
    about: str = ""
    between: str = ""
    bar: Range | None = None
    windows: list[str] = field(default_factory=list)
    window: str = ""
    window_place: str = ""
    window_note: str = ""
    as_of: str = ""


def shown(ticket: OwnTicket) -> TicketPage:
    """The page of a ticket; runs in the reader's language."""
    zone = ticket.place.zone
    taken = _("taken at {time}").format(time=formats.time(ticket.issued_at, zone))
    base = TicketPage(
        number=ticket.number,
        state=ticket.state,
        headline=_headline(ticket.state),
        service=pick(ticket.service),
        where=f"{isolated(pick(ticket.zone))} · {taken}",
        alive=ticket.state in ("waiting", "called", "serving"),
        next=_next(ticket),
        sentence=pick(ticket.sentence),
        trial=_("A ticket for trial: the hall is not open yet.") if ticket.test else "",
        as_of=_("As of {time}").format(time=formats.time(ticket.now, zone, seconds=True)),
    )
    if ticket.state == "waiting":
        return _waiting(base, ticket)
    if ticket.window:
        return _at_window(base, ticket)
    return base


def _headline(state: str) -> str:
    words = {
        "waiting": _("You are waiting"),
        "called": _("It is your turn"),
        "serving": _("You are being served"),
        "finished": _("Finished"),
        "no_show": _("You were called"),
        "void": _("This ticket was given up"),
        "expired": _("This ticket is over"),
    }
    return words.get(state, "")


def _next(ticket: OwnTicket) -> str:
    """The next step, whatever the state."""
    if ticket.state == "waiting":
        if ticket.hall_state == "stopped":
            return _("Calling is interrupted just now. Your place is kept; please follow what the staff say.")
        if not ticket.windows:
            return _("No window for this service is open just now. Your place is kept.")
        if ticket.ahead == 0:
            return _("You are next. Please stay near the windows and have your papers ready.")
        return _("Stay within sight of a display, or keep this page open: it looks again by itself.")
    words = {
        "called": _("Please go there now. If you do not come, the next person is called."),
        "serving": _("Keep your ticket until you are done."),
        "finished": _("Thank you for your visit."),
        "no_show": _("Nobody came to the window. Ask the staff today: they can put your ticket back."),
        "void": _("If you still need the service, please take a new ticket."),
        "expired": _("If you still need the service, please take a new ticket."),
    }
    return words.get(ticket.state, "")


def _waiting(base: TicketPage, ticket: OwnTicket) -> TicketPage:
    wait = ticket.wait
    bar, between = None, ""
    if wait is not None and wait.high > 60:
        between = _("probably {range}").format(range=formats.waiting(wait.low, wait.high))
    if wait is not None and ticket.windows:
        span = max(LEAST_SPAN, -(-wait.high // 600) * 10)  # minutes, to the next ten

        def part(seconds: int) -> int:
            return min(100, round(seconds / 60 * 100 / span))

        low, high = part(wait.low), max(part(wait.high), part(wait.low) + 3)
        bar = Range(low, part(wait.middle), min(100, high), formats.number(span))
    return TicketPage(
        **{
            **base.__dict__,
            "ahead": formats.number(ticket.ahead),
            "people": min(ticket.ahead, MOST_FIGURES),
            "about": formats.about(wait.middle) if wait is not None else "",
            "between": between,
            "bar": bar,
            "windows": [formats.digits(label) for label in ticket.windows],
        }
    )


def _at_window(base: TicketPage, ticket: OwnTicket) -> TicketPage:
    zone = ticket.place.zone
    note = ""
    if ticket.state == "called" and ticket.called_at is not None:
        note = _("Called at {time}.").format(time=formats.time(ticket.called_at, zone))
        if ticket.recalls:
            again = ngettext("Called again once.", "Called again {count} times.", ticket.recalls)
            note += " " + again.format(count=formats.number(ticket.recalls))
    elif ticket.state == "serving" and ticket.started_at is not None:
        note = _("Since {time}.").format(time=formats.time(ticket.started_at, zone))
    elif ticket.state == "finished" and ticket.started_at is not None and ticket.finished_at is not None:
        note = formats.time_range(ticket.started_at, ticket.finished_at, zone)
    name = pick(ticket.window_name)
    place = f"{isolated(pick(ticket.zone))}, {isolated(name)}" if name else pick(ticket.zone)
    return TicketPage(
        **{
            **base.__dict__,
            "window": formats.digits(ticket.window),
            "window_place": place,
            "window_note": note,
        }
    )
