"""What a ticket printer says of itself, and what became of a ticket: for the citizen, for the console, for the number (QUE-909).

Read from ESC/POS status bytes. Several troubles may stand at once (the cover is open and the paper is low); the worst one is
what people are told. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from common.text import N_, _

Trouble = Literal["offline", "cover_open", "jam", "broken", "paper_out", "paper_low"]
"""Worst first."""
State = Literal["ready", "offline", "cover_open", "jam", "broken", "paper_out", "paper_low"]
Kind = Literal["no_device", "offline", "cover_open", "jam", "broken", "paper_out"]
Extent = Literal["none", "partly", "unknown"]
"""How much of a ticket that failed may be in the citizen's hand."""

WORST: tuple[Trouble, ...] = ("offline", "cover_open", "jam", "broken", "paper_out", "paper_low")

SENTENCES: dict[str, str] = {
    "ready": N_("The printer is ready."),
    "paper_low": N_("The printer's paper is nearly at its end."),
    "paper_out": N_("The printer is out of paper."),
    "cover_open": N_("The printer's cover is open."),
    "jam": N_("The printer's cutter is blocked."),
    "broken": N_("The printer reports a fault of its own. Switch it off and on; if it stays so, call the service."),
    "offline": N_("The printer does not answer. Is it switched on and connected?"),
    "no_device": N_("The printer cannot be opened. Check its address in the kiosk's settings."),
}
EXTENTS: dict[Extent, str] = {
    "none": N_("Nothing of the ticket was printed."),
    "partly": N_("A part of the ticket may hang out of the printer."),
    "unknown": N_("Whether the ticket came out whole is not known."),
}


@dataclass(frozen=True)
class PrinterHealth:
    """What is known of the printer."""

    troubles: frozenset[Trouble] = field(default_factory=frozenset)
    told: bool = False
    """Whether the printer itself said so; a file or a one-way line cannot."""
    detail: str = ""

    @property
    def state(self) -> State:
        """The worst that stands, or `ready`."""
        return next((trouble for trouble in WORST if trouble in self.troubles), "ready")

    @property
    def can_print(self) -> bool:
        """Whether a ticket would come out."""
        return self.state in ("ready", "paper_low")

    @property
    def sentence(self) -> str:
        """In the reader's language."""
        return _(SENTENCES[self.state])

    def facts(self) -> dict[str, Any]:
        """For the heartbeat to the console."""
        return {
            "state": self.state,
            "troubles": [trouble for trouble in WORST if trouble in self.troubles],
            "told": self.told,
            "detail": self.detail[:120],
        }


@dataclass(frozen=True)
class Printed:
    """The ticket came out."""

    seconds: float
    status: PrinterHealth
    confirmed: bool = False
    """Whether the printer said, behind the cut, that it had done everything before; else it only took all bytes."""


@dataclass(frozen=True)
class PrinterTrouble:
    """The ticket did not come out, or not whole. The number stays the citizen's."""

    kind: Kind
    detail: str = ""
    """What the device or system said, for the log and the console."""
    extent: Extent = "none"

    @property
    def begun(self) -> bool:
        """Whether paper may hang out of the printer."""
        return self.extent != "none"

    @property
    def sentence(self) -> str:
        """In the reader's language."""
        return _(SENTENCES[self.kind])

    @property
    def extent_sentence(self) -> str:
        """How much came out, in the reader's language; for the console and for staff who reprint."""
        return _(EXTENTS[self.extent])


Outcome = Printed | PrinterTrouble


def read(answers: Mapping[int, int | None]) -> PrinterHealth:
    """The answers to DLE EOT 2 (why offline), 3 (errors) and 4 (paper); what was not answered counts as good."""
    cause, error, paper = (answers.get(what) or 0 for what in (2, 3, 4))
    troubles: set[Trouble] = set()
    if cause & 0x04:
        troubles.add("cover_open")
    if error & 0x08:
        troubles.add("jam")
    if error & 0x20 or (cause & 0x40 and not error & 0x48):
        # An error that does not heal by itself, or one that the third byte does not explain.
        troubles.add("broken")
    if paper & 0x60 == 0x60 or cause & 0x20:
        troubles.add("paper_out")
    elif paper & 0x0C == 0x0C:
        troubles.add("paper_low")
    return PrinterHealth(frozenset(troubles), told=True)
