"""Which archives may go: pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Kept:
    """An archive that lies in the folder."""

    name: str
    made_at: datetime
    good: bool
    """It was read again and checked after it was written."""


def superfluous(archives: Iterable[Kept], now: datetime, days: int, least: int) -> list[Kept]:
    """Those older than `days`, but never one of the `least` (at least one) newest good ones."""
    standing = sorted(archives, key=lambda a: a.made_at, reverse=True)
    stays = {a.name for a in [a for a in standing if a.good][: max(1, least)]}
    return [a for a in standing if a.name not in stays and now - a.made_at > timedelta(days=days)]
