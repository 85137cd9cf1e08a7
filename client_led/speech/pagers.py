"""Calls whoever was given a pager with the ticket, when the call comes to its turn on this display."""

from __future__ import annotations

import logging
from typing import Any

from common.devices.pager import Paged, Pager, PageTrouble, open_pager
from common.protocol.queue import BoardCall

log = logging.getLogger(__name__)


class Pagers:
    """The transmitter on this display's line, if its options name one. Pages go out by themselves, one after the other."""

    def __init__(self, address: str | None) -> None:
        self._pager: Pager | None = open_pager(address) if address else None

    def call(self, call: BoardCall) -> None:
        """Page a call's citizen, a recall too; returns at once."""
        if self._pager is None or not call.pager:
            return
        page = self._pager.page(call.pager, f"{call.number} WINDOW {call.window}")
        page.add_done_callback(lambda done: _told(call, done.result()) if not done.cancelled() else None)

    def state(self) -> str:
        """For the heartbeat."""
        return (
            "ok" if self._pager is None or self._pager.health.state in ("starting", "ok") else self._pager.health.state
        )

    def facts(self) -> dict[str, Any]:
        """For the console."""
        return {} if self._pager is None else {"pagers": self._pager.health.facts()}

    def close(self) -> None:
        """Let go of the line."""
        if self._pager is not None:
            self._pager.close()


def _told(call: BoardCall, outcome: Paged | PageTrouble) -> None:
    if isinstance(outcome, PageTrouble):
        log.warning("ticket %s was not paged: %s %s", call.number, outcome.kind, outcome.detail)
