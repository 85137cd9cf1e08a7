"""Pure decisions about one ticket: its states, its number, its place, what may be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

CHANGES: dict[str, dict[str, str]] = {
    "call": {"waiting": "called"},
    "call_chosen": {"waiting": "called", "no_show": "called"},
    "start": {"called": "serving"},
    "finish": {"called": "finished", "serving": "finished"},
    "no_show": {"called": "no_show"},
    "transfer": {"called": "waiting", "serving": "waiting"},
    "transfer_waiting": {"waiting": "waiting"},
    "put_back": {"no_show": "waiting"},
    "release": {"called": "waiting", "serving": "waiting"},
    "void": {"waiting": "void"},
    "expire": {"waiting": "expired", "called": "expired"},
    "undo_finish": {"finished": "serving"},
    "undo_no_show": {"no_show": "called"},
    "enter_journal": {"waiting": "finished", "called": "finished", "serving": "finished", "no_show": "finished"},
}
"""QUE-906: the allowed changes of a ticket, by verb and state."""

SPACING = 1 << 20
"""Places lie so far apart that tickets printed without the server find theirs between two others."""

NEAR = 64
"""A ticket that enters later takes this share of the gap: some 700 in a row find a place of their own."""


def changed(verb: str, state: str) -> str | None:
    """The state after a verb, or nothing when the verb is not allowed in this state (QUE-906)."""
    return CHANGES[verb].get(state)


def ticket_number(prefix: str, serial: int, digits: int) -> str:
    """`A012`: the service's prefix and its serial with at least so many digits (QUE-042, QUE-901)."""
    return f"{prefix}{serial:0{digits}d}"


def place_between(before: int | None, after: int | None) -> int:
    """The place of a ticket that enters by its printed time, between the places of its neighbours.

    At the end a whole space is left; where no room is left it shares the place of the one before it.
    """
    if before is None:
        return SPACING if after is None else after - max(1, SPACING // NEAR)
    if after is None:
        return before + SPACING
    return before + min(max(1, (after - before) // NEAR), max(0, after - before - 1))


def spoken_in(chosen: Sequence[str], usual: Sequence[str]) -> list[str]:
    """The languages of announcements, spoken one after the other: those chosen for the zone, each once, else the outlet's
    (QUE-031)."""
    first, *more = chosen
    return list(usual) if first == "outlet" else list(dict.fromkeys([first, *(one for one in more if one != "none")]))


def recalls_left(recalls: int, needed: int) -> int:
    """How often the citizen must still be called before the ticket may count as a no-show (QUE-907)."""
    return max(0, needed - recalls)


def may_undo(state: str, ended_at: datetime | None, now: datetime, seconds: int) -> str | None:
    """The verb that takes back a mistaken finish or no-show, or nothing when it was too long ago."""
    if ended_at is None or (now - ended_at).total_seconds() > seconds:
        return None
    return {"finished": "undo_finish", "no_show": "undo_no_show"}.get(state)


def journal_ends(state: str | None, outcome: str) -> str | None:
    """The state that an entry of the paper journal gives to its ticket, or nothing when the ticket stays as it is.

    Nobody's ticket (`None`) is made anew. What the server knows to be over meanwhile is not changed by the journal.
    """
    wanted = "finished" if outcome == "served" else "no_show"
    if state is None:
        return wanted
    return wanted if changed("enter_journal", state) is not None else None


def sound_times(start: datetime, end: datetime, now: datetime) -> bool:
    """Whether times written down without the server can be true: in order, and not in the future."""
    return start <= end <= now


def seconds_between(start: datetime | None, end: datetime | None) -> int | None:
    """Whole seconds from one moment to another; nothing when one of them is not known."""
    return int((end - start).total_seconds()) if start is not None and end is not None else None
