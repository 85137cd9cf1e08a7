"""Pure decisions about the hall's day: whether it is open, what can be had, which numbers a kiosk may hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MODES = ("auto", "opening", "open", "last_tickets", "closed", "stopped")
"""What a manager may order; `auto` follows the hours."""


@dataclass(frozen=True, slots=True)
class HallNow:
    """The hall's state at a moment."""

    state: str
    """`opening`, `open`, `last_tickets`, `closed`, `stopped`."""
    ordered: bool = False
    """By a manager, not by the hours."""
    seconds_left: int | None = None
    """Until the day's last period ends; nothing outside of it or when a manager keeps the hall open."""

    @property
    def issues(self) -> bool:
        """Whether citizens get tickets."""
        return self.state == "open"

    @property
    def calls(self) -> bool:
        """Whether windows call: those who wait at closing are still served; only an emergency stops them."""
        return self.state != "stopped"

    @property
    def tests(self) -> bool:
        """Whether tickets for trial are given: before opening only."""
        return self.state == "opening"


def hall_state(
    mode: str, periods: Sequence[tuple[int, int]], second: int, *, opening: int = 0, last_tickets: int = 0
) -> HallNow:
    """The hall's state from a manager's order and the day's periods (QUE-006, QUE-935), all in seconds of the local day.

    `opening` before the day's first period is for trial; `last_tickets` before the end of its last one, no new tickets
    are given. Between two periods the hall is closed, and tickets stay valid (QUE-009).
    """
    left = next((end - second for start, end in periods[-1:] if start <= second < end), None)
    if mode != "auto":
        return HallNow(mode, True, None if mode == "open" else left)
    if any(start <= second < end for start, end in periods):
        if left is not None and left <= last_tickets:
            return HallNow("last_tickets", False, left)
        return HallNow("open", False, left)
    if periods and periods[0][0] - opening <= second < periods[0][0]:
        return HallNow("opening")
    return HallNow("closed")


def window_counts(paused_seconds: int | None, longest_pause: int) -> bool:
    """Whether a window with somebody signed in counts as working (note N9): a pause of limited length still does."""
    return paused_seconds is None or paused_seconds <= longest_pause


def hidden_reason(
    *,
    windows_open: int,
    in_service_hours: bool,
    in_hall_hours: bool,
    daily_limit: int | None,
    counted: int,
    hall: str = "open",
    switched_off: bool = False,
    listed: str | None = None,
    listed_only: bool = False,
    seconds_left: int | None = None,
    seconds_needed: int | None = None,
) -> str | None:
    """Why a service cannot be had now, or nothing when it can.

    QUE-006 hall hours, QUE-005 acceptance hours, QUE-003 no window, QUE-004 and QUE-039 the day's maximum: `counted` is
    served, in service and waiting; no-shows and void tickets give their place back (note N4). QUE-068: whoever is on the
    black list gets no ticket, whoever is on the white list is not bound by the maximum (note N13), and a `listed_only`
    service is for them alone. `seconds_needed`, where the last ticket goes by the estimate, is the wait and the service
    that must fit into `seconds_left`.
    """
    if hall == "stopped":
        return "stopped"
    if not in_hall_hours:
        return "last_tickets" if hall == "last_tickets" else "hall_hours"
    if not in_service_hours:
        return "service_hours"
    if switched_off:
        return "switched_off"
    if listed == "black":
        return "black_list"
    if listed_only and listed != "white":
        return "not_on_list"
    if windows_open == 0:
        return "no_window"
    if daily_limit is not None and counted >= daily_limit and listed != "white":
        return "quota"
    if seconds_left is not None and seconds_needed is not None and seconds_needed > seconds_left:
        return "too_late"
    return None


def kept_from(first: int, last: int, given: int | None) -> int:
    """The first number of the range kept for kiosks without the server: as declared, else the last tenth."""
    return given if given is not None else last - (last - first + 1) // 10 + 1


def next_block(first: int, last: int, taken: Sequence[tuple[int, int]], size: int) -> tuple[int, int] | None:
    """The next block of numbers of a kept range that nobody holds today, or nothing when it is used up.

    Blocks are given in rising order and never twice a day, whether they were used or not.
    """
    start = max((end for _, end in taken), default=first - 1) + 1
    return (start, min(start + size - 1, last)) if start <= last and size > 0 else None


def in_block(serial: int, blocks: Sequence[tuple[int, int]]) -> bool:
    """Whether a printed number lies in one of a kiosk's own blocks."""
    return any(first <= serial <= last for first, last in blocks)


def leasable(daily_limit: int | None, by_person: bool, identity: bool = False) -> bool:
    """Whether numbers of a service may be given without the server: not where a maximum or an identity is checked."""
    return daily_limit is None and not by_person and not identity
