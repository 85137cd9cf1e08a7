"""A hall to draw a display with: calls, queues and notices, in all languages; and what the parts are called."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from common.protocol.messages import Words
from common.protocol.queue import Board, BoardCall, BoardService
from common.protocol.queue_display import DisplayShape, PartKind
from common.text import N_, _, in_language

LABELS: dict[PartKind, str] = {
    "header": N_("Hall, date and clock"),
    "call": N_("The call"),
    "earlier": N_("Calls just before"),
    "queues": N_("Queues of the services"),
    "clock": N_("Clock and dates, large"),
    "ticker": N_("Scrolling line"),
    "picture": N_("Picture"),
    "text": N_("Own words"),
}
ARRANGEMENTS = {
    "usual": N_("As usual"),
    "call_alone": N_("The call alone"),
    "queues_large": N_("Queues large"),
    "list_first": N_("List of calls large"),
    "with_notice": N_("With a notice"),
}
FAULTS = {
    "outside": N_("{part} reaches beyond the screen."),
    "small": N_("{part} is too small to be read from the seats."),
    "twice": N_("{part} stands there twice."),
    "overlap": N_("{part} lies over another part."),
    "no_call": N_("A display shows the call: add that part."),
}
CALLS = (("A012", "3"), ("B104", "1"), ("A011", "2"), ("C007", "5"), ("B103", "4"))
SERVICES = (
    N_("Identity cards"), N_("Passports"), N_("Business licences"), N_("Social insurance"), N_("Land and housing"),
    N_("Taxes"), N_("Marriage registration"), N_("Certificates"),
)  # fmt: skip
NOBODY = UUID(int=0)


def sample(shape: DisplayShape, now: datetime, hall: Words, zone: Words, languages: list[str]) -> Board:
    """A board that has something to say for every part."""

    def words(text: str) -> Words:
        found = {}
        for code in languages:
            with in_language(code):
                found[code] = _(text)
        return found

    calls = [
        BoardCall(
            sequence=len(CALLS) - place, ticket_id=UUID(int=place + 1), number=number, window_id=NOBODY, window=window,
            service=words(SERVICES[place]), called_at=now,
        )
        for place, (number, window) in enumerate(CALLS)
    ]  # fmt: skip
    services = [
        BoardService(
            service_id=UUID(int=place + 1), name=words(name), waiting=(7 * place + 3) % 11, next_number=f"A{13 + place:03d}"
        )
        for place, name in enumerate(SERVICES)
    ]  # fmt: skip
    return Board(
        zone_id=NOBODY, zone=zone or words(N_("Ground floor")), outlet=hall or words(N_("Sample hall")), organisation={},
        calls=calls, services=services,
        ticker=[words(N_("Please have your documents at hand."))], languages=languages, shape=shape, now=now,
        last_sequence=len(CALLS),
    )  # fmt: skip
