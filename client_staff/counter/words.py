"""Words of tickets: their states, and why they stand where they stand."""

from __future__ import annotations

from common.protocol.queue import TicketRow
from common.text import N_, _, formats

STATES = {
    "waiting": N_("Waiting"),
    "called": N_("Called"),
    "serving": N_("In service"),
    "finished": N_("Finished"),
    "no_show": N_("No-show"),
    "void": N_("Void"),
    "expired": N_("Expired"),
}
STATE_TONES = {
    "called": "accent_strong",
    "serving": "accent_strong",
    "finished": "good_strong",
    "no_show": "warn_strong",
    "waiting": "ink",
}
STATE_SYMBOLS = {
    "called": "speaker",
    "serving": "play",
    "finished": "check_round",
    "no_show": "no_show",
    "waiting": "clock",
    "void": "cross",
    "expired": "moon",
}
WINDOW_STATES = {
    "closed": N_("Closed"),
    "free": N_("Free"),
    "called": N_("Called"),
    "serving": N_("In service"),
    "rating": N_("Asks for the rating"),
    "paused": N_("Paused"),
    "back_office": N_("Back-office processing"),
}
WINDOW_TONES = {"free": "good", "called": "accent", "serving": "accent", "rating": "accent", "paused": "warn"}
WHY = {
    "bound": N_("Return visit to this window"),
    "longest_wait": N_("Waits beyond the bound"),
    "mixing": N_("Turn of the others"),
    "green_channel": N_("Green channel"),
    "green_recognised": N_("Green channel by card"),
    "appointment": N_("Appointment"),
    "transfer_priority": N_("Transferred with priority"),
    "priority": N_("Priority"),
    "first_come": N_("By ticket time"),
}

WHY_SYMBOLS = {
    "bound": "recall", "longest_wait": "warning", "mixing": "people", "green_channel": "leaf", "green_recognised": "leaf",
    "appointment": "calendar", "transfer_priority": "transfer", "priority": "star",
}  # fmt: skip
WHY_TONES = {"longest_wait": "warn_strong", "first_come": "ink"}


def state(code: str) -> str:
    """A ticket's state; one that a newer server invents is shown as it is."""
    return _(STATES[code]) if code in STATES else code


def window_state(code: str) -> str:
    """A window's state."""
    return _(WINDOW_STATES[code]) if code in WINDOW_STATES else code


def why(row: TicketRow) -> str:
    """Why a ticket stands where it stands: the first of its reasons says most."""
    codes = row.why or ["first_come"]
    first = _(WHY[codes[0]]) if codes[0] in WHY else codes[0]
    if row.ticket.transfers and codes[0] == "first_come":
        return formats.listing([_("Transferred"), first])
    return first


def _first(row: TicketRow) -> str:
    return row.why[0] if row.why else "first_come"


def why_symbol(row: TicketRow) -> str:
    """A shape beside the reason, so that it is not told by colour alone."""
    return WHY_SYMBOLS.get(_first(row), "")


def why_tone(row: TicketRow) -> str:
    """Whoever stands before others for a reason is told apart."""
    return WHY_TONES.get(_first(row), "accent_strong")
