"""Pure decisions about announcements: whether one holds, and for whom."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from common.text.words import pick, plain
from server.modules.organisation.public import within_period


def holds(announcement: Any, today: date) -> bool:
    """Whether an announcement is published and within its days."""
    return announcement.state == "published" and within_period(announcement.held, today)


@dataclass(frozen=True)
class Belongs:
    """Where somebody belongs, or a display hangs; ids as text."""

    outlets: Collection[str] = ()
    halls: Collection[str] = ()
    departments: Collection[str] = ()
    """With all above them."""
    roles: Collection[str] = ()


def is_over(announcement: Any, today: date) -> bool:
    """Whether its last day has passed."""
    last = announcement.held.partition("/")[2]
    return bool(last) and last < today.isoformat()


def is_for(announcement: Any, of: Belongs) -> bool:
    """Whether an announcement is for somebody who belongs there."""
    if announcement.audience == "everyone":
        return True
    named = getattr(announcement, announcement.audience, None) or ()
    return any(one in getattr(of, announcement.audience) for one in named)


def on_one_line(title: Mapping[str, str], text: Mapping[str, str]) -> dict[str, str]:
    """Title and text as they run through a ticker, in each language that either has; a text without markup."""
    lines = {}
    for code in dict.fromkeys((*title, *text)):
        head, body = pick(title, code), plain(pick(text, code))
        lines[code] = f"{head} · {body}" if head and body and head != body else head or body
    return lines
