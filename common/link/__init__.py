"""The link between a program and its server: discovery, enrolment, session, live notices, outbox, cache. No Qt."""

from __future__ import annotations

from common.link.cache import Cache, Kept
from common.link.discovery import Found
from common.link.heartbeat import Heartbeats
from common.link.link import Link
from common.link.outbox import Fact, Outbox, RefusedFact
from common.link.outcome import Offline, Refusal
from common.link.pace import Pace
from common.link.state import LinkState
from common.link.verbs import new_key
from common.link.view import View

__all__ = [
    "Cache",
    "Fact",
    "Found",
    "Heartbeats",
    "Kept",
    "Link",
    "LinkState",
    "Offline",
    "Outbox",
    "Pace",
    "Refusal",
    "RefusedFact",
    "View",
    "new_key",
]
