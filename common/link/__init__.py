"""The link between a program and its server: its outbox, its cache and its states so far. No Qt."""

from __future__ import annotations

from common.link.cache import Cache, Kept
from common.link.outbox import Fact, Outbox, RefusedFact
from common.link.outcome import Offline, Refusal
from common.link.state import LinkState

__all__ = ["Cache", "Fact", "Kept", "LinkState", "Offline", "Outbox", "Refusal", "RefusedFact"]
