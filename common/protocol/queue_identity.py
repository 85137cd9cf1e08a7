"""The citizen's identity on a ticket (QUE-068): on its way to the server, and shown to whoever serves the ticket."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from common.protocol.messages import Message

DocumentKind = Literal["cn", "ru", "ir", "passport", "other"]
"""Kinds of identity documents, as everywhere in the house; those of a country have check digits."""


class CitizenIdentity(Message):
    """Whose ticket it is to be (QUE-068). It goes to the server and never comes back with a ticket."""

    kind: DocumentKind
    number: str = Field(min_length=1, max_length=40, repr=False)
    source: Literal["card", "scanned", "typed"] = "typed"
    """How it was learned; only a card lets the server recognise the green channel (QUE-018)."""


class TicketIdentity(Message):
    """`queue.whose {window_id}`: whose ticket is in hand at this window; every look leaves a trace."""

    number: str
    """The ticket's."""
    kind: DocumentKind
    identity: str = Field(repr=False)
    source: str
