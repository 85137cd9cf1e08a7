"""Numbers of a series, such as `R-2026-00017`: one counter row a series and period, taken inside the transaction."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from server.engine.ports import ports

if TYPE_CHECKING:
    from server.engine.actions.work import Work

_FINEST = (("day", "%Y-%m-%d"), ("month", "%Y-%m"), ("year", "%Y"))


def number(work: Work, record: Any, name: str, pattern: str) -> str:
    """The next number of this field's series (SM-NUM); the serial begins anew with the finest part that the pattern names.

    No number is given twice, also after a deletion; an action that is refused gives its number back."""
    place = ports.places.main(work.connection)
    day = place.business_day(work.now) if place is not None else work.now.date()
    period = next((day.strftime(form) for part, form in _FINEST if re.search(rf"{{{part}\b", pattern)), "")
    serial = work.next_number(f"number:{record.__tablename__}.{name}", period)
    return pattern.format(year=day.year, month=f"{day:%m}", day=f"{day:%d}", serial=serial)
