"""What is shown to whom today: to one staff member, on the hall's displays, on the portal."""

from __future__ import annotations

from datetime import date
from typing import Any

from server.engine.actions.work import Work
from server.engine.ports import ports
from server.modules.content import rules
from server.modules.content.loaders import PUBLISHED, belongs
from server.modules.organisation.public import PERSON


def today_of(work: Work) -> date:
    """The business day of the hall."""
    place = ports.places.main(work.connection)
    return place.business_day(work.now) if place is not None else work.now.date()


def mine(work: Work) -> list[Any]:
    """The announcements that hold today for the staff member who asks. A device is nobody's staff (ADM-I09)."""
    person = work.first(PERSON, key_id=work.who.id) if work.who.kind == "person" else None
    if person is None:
        work.refuse("access.denied", action="content.for_me")
    today = today_of(work)
    departments, halls = belongs(work, person, today)
    return [
        row
        for row in PUBLISHED.read(work.connection)
        if rules.holds(row, today) and rules.is_for(row, departments, halls)
    ]


def for_the_public(work: Work, mark: str) -> list[Any]:
    """The announcements that hold today and are marked `on_displays` or `on_portal`; what is internal is never among them
    (ADM-I09)."""
    today = today_of(work)
    return [
        row
        for row in PUBLISHED.read(work.connection)
        if getattr(row, mark) and row.audience == "everyone" and rules.holds(row, today)
    ]
