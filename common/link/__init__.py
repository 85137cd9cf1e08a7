"""The link between a program and its server: discovery, trust, session, live notices, outbox. No Qt.

Programs use `Link`; `common/link/README.md` says what it promises.
"""

from __future__ import annotations

from common.link.cache import Cache, Kept
from common.link.link import Link
from common.link.outbox import Fact, Outbox, RefusedFact
from common.link.outcome import Offline, Refusal
from common.link.state import LinkState

__all__ = ["Cache", "Fact", "Kept", "Link", "LinkState", "Offline", "Outbox", "Refusal", "RefusedFact"]
