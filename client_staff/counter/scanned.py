"""A ticket whose code was scanned: found in the lists, and said in a sentence."""

from __future__ import annotations

from client_staff.counter.page import CounterPage
from common.protocol.queue_window import TicketStory
from common.text import N_, _, formats
from common.text.words import pick

STATES = {
    "waiting": N_("{number} waits for {service}."),
    "called": N_("{number} is called to window {window}."),
    "serving": N_("{number} is in service at window {window}."),
    "finished": N_("{number} was finished at window {window}."),
    "no_show": N_("{number} was called to window {window}, and nobody came."),
    "void": N_("{number} is void."),
    "expired": N_("{number} is of another day: it has expired."),
}


def sentence(story: TicketStory) -> str:
    """What became of a ticket, in one sentence."""
    words = STATES.get(story.ticket.state)
    if words is None:
        return story.ticket.number
    window = formats.digits(story.window) if story.window else "–"
    return _(words).format(number=story.ticket.number, service=pick(story.service), window=window)


def show(page: CounterPage, story: TicketStory) -> None:
    """Find it in the list in which it stands."""
    waits = story.ticket.state == "waiting"
    (page.waiting if waits else page.called).search.setText(story.ticket.number)
    (page.called if waits else page.waiting).search.clear()
