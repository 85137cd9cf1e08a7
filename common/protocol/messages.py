"""What every message is made of.

Inputs and answers are plain pydantic models. Unknown fields are ignored, so that a newer side can speak to an older one;
choices travel as strings, so that an unknown one can still be shown.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

PROTOCOL = 1
"""The protocol that this release speaks."""

OLDEST_PROTOCOL = 1
"""The oldest protocol that the server of this release still accepts."""

LANGUAGES = ("en", "zh", "ru", "fa")
"""The languages of the programs, in the order in which they are offered."""

Words = dict[str, str]
"""A data text in the hall's languages, by language code; read it with `common.text.words.pick`."""

Name = Annotated[str, Field(min_length=1, max_length=80)]
"""A sign-in name, a label, a short name typed by a person."""


class Message(BaseModel):
    """Base of everything that travels between server and clients."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Nothing(Message):
    """An input or answer without content."""


class Problem(Message):
    """A refusal or failure, RFC 9457. Clients branch on `code`; `detail` is a sentence in the reader's language."""

    type: str = "about:blank"
    title: str = ""
    status: int
    detail: str = ""
    code: str
    facts: dict[str, Any] = {}
    reference: str | None = None
    """Where our own bug stands in the server's log; only with status 500."""


class Health(Message):
    """`GET /api/health`: asked by every client before anything else, without a token."""

    name: str
    """The hall's name in its first language."""
    names: Words = {}
    server_id: UUID
    version: str
    protocol: int
    oldest_protocol: int
    now: datetime
    """The server's time; all clients show this, never their own."""
    speed: float = 1.0
    """How fast the server's clock runs against real time (a demo clock may run 60 times as fast)."""
    zone: str
    """IANA name of the outlet's time zone."""
    languages: list[str]
    ready: bool = True
    founded: bool = True
    """False on an empty server that waits for its first set-up."""
    claimed: bool = True
    """False while the one-time code waits for the first administrator."""
    opened: bool = True
    """False until the first set-up is over: the hall serves nobody yet."""
    demo: bool = False
    """A demo hall: only here may a driver press a client's keys."""
    epoch: str = ""
    backup: str = ""
    """`good`, `old` when the last good backup is too old or there is none, `off` when nobody wants to know."""


class Notice(Message):
    """That something changed: ids and versions, never content. Fetch what you show."""

    n: int
    topic: str
    kind: str
    ids: dict[str, str] = {}
    at: datetime
