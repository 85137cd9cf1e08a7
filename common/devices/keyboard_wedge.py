"""Scanners and card readers that pretend to be keyboards: scans told from typing by their pace and their end. Pure.

Nobody types six signs and Enter with less than 50 ms between any two of them. So a sign is held back for at most 50 ms, which
no typist notices; what follows faster belongs to the same run. A run of enough signs that ends with Enter or Tab in the same
pace is a scan; everything else comes out as it was typed, in its order, with nothing lost.
"""

from __future__ import annotations

from dataclasses import dataclass

PACE = 0.05
"""Seconds between two signs of one scan, at most."""
LEAST = 6
"""Signs of a scan, at least: ticket numbers of five signs are typed by hand too."""
ENDS = frozenset("\r\n\t")
LONGEST = 4096


@dataclass(frozen=True)
class Typed:
    """Somebody typed this."""

    text: str


@dataclass(frozen=True)
class Scanned:
    """A scanner sent this; its end is left out."""

    text: str

    def __repr__(self) -> str:
        # A code may hold a person's number.
        return "Scanned(…)"


Event = Typed | Scanned


class WedgeDecoder:
    """Signs go in with their moments; what was typed and what was scanned comes out."""

    def __init__(self, *, pace: float = PACE, least: int = LEAST) -> None:
        self._pace = pace
        self._least = least
        self._run = ""
        self._at = 0.0

    @property
    def due(self) -> float | None:
        """When `flush` is to be called, in the time of `key`; nothing while nothing is held back."""
        return self._at + self._pace if self._run else None

    def key(self, sign: str, at: float) -> list[Event]:
        """A sign came (Enter as `\\r`, Tab as `\\t`) at a moment in seconds, steady."""
        events: list[Event] = []
        if self._run and at - self._at > self._pace:
            events += self._typed()
        self._at = at
        if sign in ENDS and len(self._run) >= self._least:
            text, self._run = self._run, ""
            return [*events, Scanned(text)]
        self._run += sign
        if sign in ENDS or len(self._run) > LONGEST:
            events += self._typed()
        return events

    def flush(self, now: float) -> list[Event]:
        """Let go of what has waited long enough."""
        return self._typed() if self._run and now - self._at > self._pace else []

    def _typed(self) -> list[Event]:
        text, self._run = self._run, ""
        return [Typed(text)] if text else []
