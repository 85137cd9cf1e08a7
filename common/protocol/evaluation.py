"""Ratings: asking for one, giving one, and what the pad shows."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from common.protocol.messages import Message, Words
from common.protocol.queue import RatingRequest, StaffCard

GRADES = ("very_satisfied", "satisfied", "fair", "dissatisfied")
Grade = Literal["very_satisfied", "satisfied", "fair", "dissatisfied"]


class RequestRating(Message):
    """`evaluation.request {window_id}`: ask for a rating of the ticket just served."""

    window_id: UUID


class Requested(Message):
    """The open request."""

    request: RatingRequest


class Rate(Message):
    """`evaluation.rate`, from that window's pad only.

    A rating given without the server carries the id and time made where it happened: by that id it is recognised for
    ever, and it is accepted although the request's time is over, when the request was open at `rated_at`.
    """

    ticket_id: UUID
    grade: Grade
    fact_id: UUID | None = None
    rated_at: datetime | None = None


class RatingCard(Message):
    """A rating."""

    id: UUID
    ticket_id: UUID
    grade: str
    rated_at: datetime


class Rated(Message):
    """The answer to `evaluation.rate`."""

    rating: RatingCard


class PadAt(Message):
    """Input of `evaluation.pad`; a pad's own window where none is named."""

    window_id: UUID | None = None


class PadView(Message):
    """`evaluation.pad`: the one thing that the pad of a window shows now."""

    window_id: UUID
    label: str
    state: str
    """`closed`, `card`, `called`, `rating`, `paused`, `back_office`."""
    organisation: Words
    outlet: Words
    staff: StaffCard | None = None
    ticket_id: UUID | None = None
    number: str | None = None
    request: RatingRequest | None = None
    languages: list[str]
    thanks_seconds: int = 3
    now: datetime
