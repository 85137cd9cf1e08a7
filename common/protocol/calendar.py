"""The working calendar: a year as it is drawn, days that are set, proposals of a country's holidays, counts with their
ledger."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from common.protocol.messages import Message, Words

Periods = list[list[str]]
"""A day's sessions as `["08:00", "12:00"]`, local time."""

MOST_DAYS = 366


class OfCalendar(Message):
    """`organisation.calendar_year`: which calendar, which year."""

    calendar_id: UUID
    year: int = Field(ge=1990, le=2100)


class CalendarDayView(Message):
    """One day of a calendar's year."""

    day: date
    kind: str
    """`worked`, `short`, `make_up`, `holiday`, `weekend`."""
    periods: Periods = []
    name: Words = {}
    record_id: UUID | None = None
    """The day's own record, where it differs from the week."""
    proposed: bool = False


class PublicDay(Message):
    """When an outlet serves the public on a day, and what says so."""

    outlet: Words
    day: date
    periods: Periods = []
    """None: closed."""
    by: str
    """`special_day`: the outlet's own, which goes first; `calendar`: the working calendar sets the day apart; `week`."""
    name: Words = {}


class CalendarYear(Message):
    """A calendar's year, every day of it."""

    calendar_id: UUID
    year: int
    days: list[CalendarDayView]
    working_days: int
    minutes: int
    """Minutes of work in the year by the clock."""
    public: list[PublicDay] = []
    """Days on which outlets that work by this calendar have hours of the public that are not their week's."""


class SetDays(Message):
    """`organisation.set_days`: make the days from one to another what is said; `usual` takes the difference away.

    With `worked_only` days that are free anyway stay as they are."""

    calendar_id: UUID
    first: date
    last: date
    kind: str = Field(pattern="^(holiday|short|working|usual)$")
    periods: Periods = Field(default=[], max_length=12)
    name: Words = {}
    worked_only: bool = False


class DayChange(Message):
    """What a verb does, or would do, to one day."""

    day: date
    change: str
    """`new`, `changed`, `removed`, `same`, or `kept`: somebody set this day by hand, and it stays so."""
    kind: str = ""
    periods: Periods = []
    name: Words = {}


class DayChanges(Message):
    """The days that were changed, or with a dry run would be."""

    items: list[DayChange]
    done: bool


class PutDay(Message):
    """A day as it shall be; `usual` takes the difference away."""

    day: date
    kind: str = Field(pattern="^(holiday|short|working|usual)$")
    periods: Periods = Field(default=[], max_length=12)
    name: Words = {}


class PutDays(Message):
    """`organisation.put_days`: several days at once, all or none. A dry run only says what they would change."""

    calendar_id: UUID
    days: list[PutDay] = Field(min_length=1, max_length=MOST_DAYS)
    reason: str = Field(default="", max_length=500)
    """Needed where days are over; the days' histories keep it."""
    dry_run: bool = False


class Span(Message):
    """How much is worked between the first and the last of some days."""

    working_days: int
    minutes: int


class DaysPut(Message):
    """What was changed, or would be."""

    items: list[DayChange]
    before: Span
    after: Span
    public: list[PublicDay] = []
    """Hours of the public that become others."""
    done: bool


class SeedCalendar(Message):
    """`organisation.seed_calendar`: a year's holidays of a country as a proposal. A dry run only lists the days."""

    calendar_id: UUID
    year: int = Field(ge=1990, le=2100)
    country: str = Field(default="", pattern="^(|CN|RU|IR)$")
    """The calendar's own without."""
    dry_run: bool = True


class CopyYear(Message):
    """`organisation.copy_year`: the days that differ in one year into another, on the same dates; days that are set there
    already stay."""

    calendar_id: UUID
    from_year: int = Field(ge=1990, le=2100)
    to_year: int = Field(ge=1990, le=2100)
    from_calendar_id: UUID | None = None
    """Another calendar to copy from; the same one without."""
    dry_run: bool = False


class AtPlace(Message):
    """Whose calendar counts: the nearest that is named; without any the main outlet's."""

    outlet_id: UUID | None = None
    hall_id: UUID | None = None
    department_id: UUID | None = None


class CountTime(AtPlace):
    """`organisation.working_time`: the working time from one moment to another."""

    start: datetime
    end: datetime


class AddTime(AtPlace):
    """`organisation.due`: when so many working days, or so much working time, have passed."""

    start: datetime
    days: int | None = Field(default=None, ge=-2000, le=2000)
    seconds: int | None = Field(default=None, ge=0, le=2000 * 86400)


class LedgerDay(Message):
    """One day of a count: what it is and what it gave."""

    day: date
    kind: str
    """As in `CalendarDayView`, or `no_calendar`."""
    name: Words = {}
    counted: int
    """Seconds; where days are counted 1 or nought."""
    total: int


class Counted(Message):
    """How much working time there is, day by day."""

    seconds: int
    ledger: list[LedgerDay]


class Due(Message):
    """When it has passed, and why then: the moment, or where days were counted the end of that day's work."""

    day: date
    moment: datetime | None
    ledger: list[LedgerDay]
