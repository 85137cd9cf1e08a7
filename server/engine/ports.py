"""What the engine must know of the hall, as protocols; the foundation modules implement them at import."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from common.protocol.access import Me
from common.protocol.calendar import AtPlace
from server.engine.calendars.working_time import Timeline
from server.engine.principal import Principal


@dataclass(frozen=True)
class Account:
    """What a sign-in must know of an account."""

    person_id: UUID
    account_id: UUID
    name: str
    password_hash: str
    locked: bool
    must_change_password: bool
    directory: bool = False
    """The directory checks the password."""
    second_factor: str | None = None
    """The sealed key of the codes; without one no code is asked for."""
    recovery: tuple[str, ...] = ()
    """Indexes of the recovery codes that were not used yet."""
    pin_hash: str | None = None
    password_at: datetime | None = None
    """When the password was given last: card and PIN serve on that business day only."""


@dataclass(frozen=True)
class Proof:
    """What somebody gave at a sign-in beside the name."""

    password: bool = True
    step: int | None = None
    """The step of time of a phone's code."""
    recovery: str | None = None
    """The index of a recovery code."""


@dataclass(frozen=True)
class Outsider:
    """Somebody whom a directory or identity provider has proved."""

    provider: str
    subject: str
    """What names this one there for ever."""
    name: str
    """The sign-in name."""
    full_name: str
    mail: str = ""
    role: str = ""
    """The role that newcomers get; without one nobody unknown comes in."""
    number: str = ""
    """The staff number, where the provider knows it."""
    match: str = "name"
    """By what an account that stands is found at the first use: `name`, `mail`, `number`, `nobody`."""


@dataclass(frozen=True)
class Provider:
    """An identity provider as administrators described it."""

    code: str
    names: dict[str, str]
    symbol: str
    issuer: str
    client_id: str
    secret: str
    """Sealed by the vault, as hexadecimal digits; empty where the provider wants none."""
    scopes: str
    claims: dict[str, str]
    """Which claim tells `name`, `full_name`, `mail`, `number`."""
    match: str
    role: str
    asks_anew: bool
    leaves_too: bool
    port: int
    web_return: str


class PeoplePort(Protocol):
    """People: who they are and what they may do. Implemented by `people`."""

    def account(self, connection: Connection, name: str) -> Account | None:
        """The account of a sign-in name, or nothing."""

    def account_of_card(self, connection: Connection, indexes: list[str]) -> Account | None:
        """The account of a card, or nothing."""

    def person(
        self, connection: Connection, person_id: UUID, now: datetime | None = None, since: datetime | None = None
    ) -> Principal | None:
        """The person with the permissions of this moment, in a session that began at `since`; nothing when gone or locked."""

    def proved(self, work: Any, account_id: UUID, proof: Proof) -> bool:
        """Keep what a sign-in used up; whether it still stood."""

    def admit(self, work: Any, outsider: Outsider) -> Account | None:
        """The account behind somebody from outside, tied to it at the first use; nothing when the hall does not know him."""

    def account_of(self, connection: Connection, account_id: UUID) -> Account | None:
        """The account of an id, or nothing."""

    def providers(self, connection: Connection) -> list[Provider]:
        """The identity providers that are in use, in their order."""

    def substitute(self, connection: Connection, person_id: UUID, day: date) -> UUID | None:
        """Who stands in for a person on a day, or nobody."""

    def short_ways(self, connection: Connection, person_id: UUID | None, now: datetime) -> str:
        """Whether the hall of a person allows card or PIN: `off`, `card`, `pin`, `card_or_pin`."""

    def me(self, connection: Connection, who: Principal) -> Me:
        """How this one is shown to itself."""

    def claimed(self, connection: Connection) -> bool:
        """Whether there is an account: the first administrator has come."""

    def claim(self, work: Any, name: str, password_hash: str, full_name: dict[str, str]) -> UUID:
        """Make the first administrator; refused when there is one."""


class DevicesPort(Protocol):
    """Devices: where they stand. Implemented by `devices`."""

    def device(self, connection: Connection, device_id: UUID) -> Principal | None:
        """The device with the permissions of its kind; nothing when removed."""

    def me(self, connection: Connection, who: Principal) -> Me:
        """How this one is shown to itself."""

    def admit(self, work: Any, kind: str, label: str, window_id: UUID | None, zone_id: UUID | None) -> UUID:
        """Make the record of a device that was accepted; gives its id."""


@dataclass(frozen=True)
class Place:
    """An outlet's time: its zone and the hour at which its business day begins."""

    outlet_id: UUID | None
    name: dict[str, str]
    zone: ZoneInfo
    languages: tuple[str, ...]
    reporting_calendar: str = "gregorian"
    opened: bool = True
    """Serves the public: its first set-up is over."""

    def business_day(self, moment: datetime) -> date:
        """The outlet's day of a moment; a local day is [start, end)."""
        return moment.astimezone(self.zone).date()


class PlacesPort(Protocol):
    """Outlets: their zones and calendars. Implemented by `organisation`."""

    def main(self, connection: Connection) -> Place | None:
        """The outlet that this server greets with; nothing before the hall is founded."""

    def place(self, connection: Connection, outlet_id: UUID) -> Place:
        """An outlet's time."""


class CalendarsPort(Protocol):
    """Whose working calendar counts where. Implemented by `organisation`."""

    def timeline(self, work: Any, place: AtPlace) -> Timeline:
        """The calendars that hold at a place; may be a moment behind what another process changed."""

    def fresh(self, work: Any) -> Callable[[AtPlace], Timeline]:
        """The same, read past the memory: for whoever counts because a calendar was changed."""


@dataclass(frozen=True)
class Unit:
    """Where a person belongs."""

    department_id: UUID | None = None
    hall_id: UUID | None = None
    outlet_id: UUID | None = None


@dataclass(frozen=True)
class Hands:
    """All that one person may act on today: what waits for these people, posts and roles, each with in whose place he acts;
    nothing for what is his own."""

    people: dict[UUID, UUID | None] = field(default_factory=dict)
    posts: dict[UUID, UUID | None] = field(default_factory=dict)
    roles: dict[UUID, UUID | None] = field(default_factory=dict)


class HoldingPort(Protocol):
    """Who holds what, for flows. Implemented by `people`."""

    def hands(self, connection: Connection, person_id: UUID, now: datetime, day: date) -> Hands:
        """What a person may act on: by himself, as a substitute, by a mandate."""

    def active(self, connection: Connection, person_id: UUID, day: date) -> bool:
        """Whether a person can act: signs in, was not cancelled, and is not on leave without a substitute."""

    def on_post(self, connection: Connection, post_id: UUID, day: date) -> list[UUID]:
        """Who holds a post on a day and can act."""

    def with_role(self, work: Any, role_id: UUID) -> list[UUID]:
        """Who has a role today and can act."""

    def head(self, connection: Connection, department_id: UUID | None, day: date, besides: UUID | None) -> list[UUID]:
        """The posts that head a unit, held by somebody else than `besides`; else those of the unit above it."""

    def above(self, connection: Connection, post_id: UUID) -> UUID | None:
        """The post above a post, of a deleted one too."""

    def unit(self, connection: Connection, person_id: UUID, day: date) -> Unit:
        """Where a person belongs."""

    def post_name(self, connection: Connection, post_id: UUID) -> dict[str, str] | None:
        """A post's name; nothing when it does not exist any more."""

    def role_name(self, connection: Connection, role_id: UUID) -> dict[str, str] | None:
        """A role's name; nothing when it does not exist any more."""

    def person_name(self, connection: Connection, person_id: UUID) -> dict[str, str]:
        """A person's name."""

    def pin_of(self, connection: Connection, person_id: UUID) -> str | None:
        """The hash of a person's PIN; nothing without one."""


@dataclass(frozen=True)
class Member:
    """Somebody of a department."""

    person_id: UUID
    name: dict[str, str]
    number: str
    department_id: UUID | None
    department: dict[str, str]
    post: dict[str, str]
    head: bool
    """Whether a post of this one heads it."""


class DepartmentsPort(Protocol):
    """Who is above and below whom, and who belongs where (ADM-019). Implemented by `organisation`."""

    def superiors(self, connection: Connection, person_id: UUID, day: date) -> list[UUID]:
        """Who is directly above a person."""

    def line(self, connection: Connection, person_id: UUID, day: date) -> list[UUID]:
        """Everybody above a person, nearest first."""

    def subordinates(self, connection: Connection, person_id: UUID, day: date, *, deep: bool = False) -> list[UUID]:
        """Who is directly below a person, or with `deep` all who are."""

    def heads(
        self, connection: Connection, department_id: UUID | None, day: date, besides: UUID | None = None
    ) -> list[UUID]:
        """Who heads a department, else the one above it."""

    def members(
        self, connection: Connection, day: date, *, words: str = "", department_id: UUID | None = None,
        with_below: bool = True, heads_only: bool = False, limit: int | None = None,
    ) -> list[Member]:  # fmt: skip
        """People of a department and those below it, by words of their name, number, post or department."""


class Ports:
    """The implementations; set by the foundation modules when they are loaded."""

    people: PeoplePort
    devices: DevicesPort
    places: PlacesPort
    departments: DepartmentsPort
    holding: HoldingPort
    calendars: CalendarsPort


ports = Ports()
