"""What the queue asks of the modules above it."""

from __future__ import annotations

from uuid import UUID

from server.engine.events import Question


class MayCallNext(Question):
    """May this window call its next ticket? An answer is the moment (ISO) until which it may not (QUE-060)."""

    window_id: UUID


class OpenRequest(Question):
    """The open request for a rating at this window, as `RatingRequest` values."""

    window_id: UUID


class GradesOfDay(Question):
    """Ratings of a business day by grade."""

    outlet_id: UUID
    business_day: str


class MayReopen(Question):
    """May the finish of this ticket be taken back? Any answer is the code of a refusal."""

    ticket_id: UUID


class GradesOfPerson(Question):
    """Ratings of a staff member on a business day by grade."""

    staff_id: UUID
    business_day: str
