"""The words that stand in the templates, by name; the rest is put together in `ticket.py`."""

from __future__ import annotations

from common.text import N_, _

_WORDS = {
    "your_ticket": N_("Your ticket"),
    "language": N_("Language"),
    "go_to_window": N_("Go to window"),
    "people_ahead": N_("People ahead of you"),
    "you": N_("you"),
    "at_window": N_("At window"),
    "window": N_("Window"),
    "look_again": N_("Look again"),
    "unknown": N_("This ticket is not known"),
    "unknown_why": N_(
        "A ticket's page can be read on its own day only. The code may be from another day, or not quite complete."
    ),
    "unknown_next": N_("Look at the number on your ticket and at the displays in the hall, or ask the staff."),
    "slower": N_("Please wait a moment"),
    "slower_why": N_(
        "Too many unknown codes came from here. Try again in a few minutes; your place in the hall is not touched by this."
    ),
    "failed": N_("This page cannot be shown just now"),
    "failed_next": N_("Your place is safe. Look at the displays in the hall, and try again in a moment."),
}


def words() -> dict[str, str]:
    """All of them in the reader's language."""
    return {name: _(text) for name, text in _WORDS.items()}
