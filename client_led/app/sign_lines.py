"""What stands on an LED sign: calls of a zone or a window, and the hall's words when nobody was called just now. Pure.

A sign has few letters, so a call is `A012  > 3` in every language; words are shown in the sign's language.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from common.devices.sign import NEW_PAGE, SignLine
from common.protocol.queue import Board, BoardCall, WindowView
from common.text import _, formats
from common.text.words import pick

CALLED = frozenset({"called", "serving"})


def zone_lines(
    board: Board, calls: Sequence[BoardCall], *, new: bool, rows: int, now: datetime, zone: str, old_at: datetime | None
) -> list[SignLine]:
    """A zone's sign. `calls` with the latest first; while one is `new` it is alone with the earlier ones, and flashes.

    `old_at` is the moment of the last news once that is too long ago: what is shown says so then.
    """
    lines = [
        SignLine(
            call.number, f"> {call.window}", colour="red" if new and not place else "amber", flash=new and not place
        )
        for place, call in enumerate(calls[:rows])
    ]
    if new and lines:
        return lines
    if old_at is not None:
        return [*lines, NEW_PAGE, SignLine(_("Last call received at {time}").format(time=formats.time(old_at, zone)))]
    words = [pick(text) for text in board.ticker]
    if not lines:
        words.insert(0, pick(board.outlet) + "\n" + (_("Welcome") if board.state == "open" else _("Closed")))
    words.append(f"{formats.header_date(now, zone)} {formats.time(now, zone)}")
    for text in words:
        # Each on pages of its own: two notices side by side would be read as one.
        lines += [NEW_PAGE, *(SignLine(part, colour="green") for part in text.splitlines() if part.strip())]
    return lines


def window_lines(view: WindowView, *, new: bool, old: bool) -> list[SignLine]:
    """The sign above a window. An old number there would send people wrong: it goes at once."""
    if old:
        return [SignLine(_("Listen for your number"))]
    if view.ticket is not None and view.state in CALLED:
        return [
            SignLine(view.ticket.number, f"> {view.label}", colour="red" if new else "amber", flash=new),
            SignLine(_("Please come") if view.state == "called" else _("In service"), colour="green"),
        ]
    words = {"paused": _("Service is paused"), "back_office": _("Please wait."), "closed": _("Closed")}
    return [SignLine(words.get(view.state, _("Open")), view.label, colour="green")]
