"""A ticket to draw a layout with: everything that may stand on one, in all languages."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from common.protocol.layouts import ElementKind, Layout, TicketPaper
from common.protocol.messages import Words
from common.text import N_, _, in_language

LABELS: dict[ElementKind, str] = {
    "number": N_("Number"),
    "issued_at": N_("Time of issue"),
    "service": N_("Service"),
    "windows": N_("Windows"),
    "waiting": N_("People ahead"),
    "estimate": N_("Expected turn"),
    "organisation": N_("Organisation"),
    "outlet": N_("Outlet"),
    "zone": N_("Zone"),
    "hint": N_("Service hint"),
    "instructions": N_("How to proceed"),
    "requirements": N_("What to bring"),
    "code": N_("Code for the phone"),
    "text": N_("Own words"),
    "line": N_("Line"),
    "picture": N_("Picture"),
    "test_mark": N_("Mark of a ticket for trial"),
    "priority": N_("Mark of the green channel"),
    "source": N_("How it was taken"),
}
"""What each element is called in the editor."""

NOBODY = UUID(int=0)


def sample(layout: Layout, now: datetime, names: Words, languages: list[str]) -> TicketPaper:
    """A ticket that has something to say for every element (QUE-928)."""

    def words(text: str) -> Words:
        found = {}
        for code in languages:
            with in_language(code):
                found[code] = _(text)
        return found

    return TicketPaper(
        ticket_id=NOBODY,
        number="A012",
        issued_at=now,
        service=words(N_("Sample service with a long name")),
        windows=["3", "4", "12"],
        waiting=5,
        estimate_seconds=900,
        estimate_low=600,
        estimate_high=int(timedelta(minutes=25).total_seconds()),
        organisation=words(N_("Sample organisation")),
        outlet=names or words(N_("Sample hall")),
        zone=words(N_("Ground floor")),
        hint=words(N_("Please have your documents at hand.")),
        instructions=words(N_("Watch the screens and go to the window shown.")),
        requirements=[words(N_("Identity card")), words(N_("Two photographs"))],
        token="sample" + "0" * 16,
        address="https://example.invalid/t/sample" + "0" * 16,
        priority=True,
        test=True,
        source="assisted",
        taken_by=words(N_("Staff member")),
        languages=languages,
        layout=layout,
    )
