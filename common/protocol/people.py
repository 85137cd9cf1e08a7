"""Accounts, sessions and mandates, as they travel."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import Field

from common.protocol.messages import Message, Words

LEAST_PASSWORD = 6
"""Below this no rule of a hall goes (ADM-006)."""
PIN = r"^\d{4,12}$"


class ChangePassword(Message):
    """`people.change_password`: one's own."""

    present: str = Field(max_length=200, repr=False)
    password: str = Field(max_length=200, repr=False)
    """The hall's rules are told by `people.password_short` and its like, in words for whoever chooses."""


class PasswordChanged(Message):
    """Its answer."""

    must_set_second_factor: bool = False
    """Codes of a phone must come first before anything else is permitted."""


class OnlineSession(Message):
    """Somebody who is signed in now (ADM-029)."""

    session: str
    person_id: UUID
    account_id: UUID
    account: str
    name: Words
    address: str
    device: str = ""
    """The label of the PC, where it belongs to the hall."""
    since: datetime
    last_seen: datetime
    own: bool = False


class Online(Message):
    """`people.online`, latest first."""

    items: list[OnlineSession]


class EndSession(Message):
    """`people.end_session`."""

    session: str = Field(min_length=16, max_length=64)


class OwnAccount(Message):
    """`people.own`: what somebody sees of the own account (COR-013)."""

    account: str
    directory: bool = False
    """The directory keeps the password."""
    codes_since: datetime | None = None
    """Since when the phone gives codes."""
    recovery_left: int = 0
    card: bool = False
    pin: bool = False
    short_ways: str = "off"
    """How one may sign in at the hall's PCs: `off`, `card`, `pin`, `card_or_pin`."""
    language: str = ""
    password_at: datetime | None = None
    """When the password was last given."""
    sessions: list[OnlineSession] = []


class Prefer(Message):
    """`people.prefer`: one's own language; an empty one leaves it to the program."""

    language: str = Field(default="", pattern="^(|en|zh|ru|fa)$")


class SetCard(Message):
    """`people.set_card`: one's own card; an empty number takes it away."""

    password: str = Field(max_length=200, repr=False)
    card: str = Field(max_length=60, repr=False)


class AskLog(Message):
    """`people.sign_in_log`: sign-ins, failed ones, and deletions of records; each condition narrows."""

    name: str = Field(default="", max_length=80)
    """Part of a sign-in name or of a person's name."""
    address: str = Field(default="", max_length=60)
    kind: str = ""
    """`signed_in`, `failed`, `deleted`; all without."""
    since: datetime | None = None
    until: datetime | None = None
    limit: int = Field(default=200, ge=1, le=500)


class LogEntry(Message):
    """One line of the log."""

    at: datetime
    kind: str
    name: str
    """The sign-in name as it was given, or that of whoever deleted."""
    address: str = ""
    record_type: str = ""
    record_id: UUID | None = None


class SignInLog(Message):
    """Latest first."""

    items: list[LogEntry]


class SecondFactor(Message):
    """A key for a phone's codes that waits to be confirmed."""

    secret: str = Field(repr=False)
    """Base32, for typing."""
    uri: str = Field(repr=False)
    """`otpauth://…`, for a QR code."""


class ConfirmSecondFactor(Message):
    """`people.confirm_second_factor`: the key of `people.begin_second_factor` and a code of the phone."""

    secret: str = Field(min_length=16, max_length=64, repr=False)
    code: str = Field(min_length=6, max_length=12, repr=False)


class RecoveryCodes(Message):
    """Each serves once instead of the phone; shown this one time only."""

    codes: list[str] = Field(repr=False)
