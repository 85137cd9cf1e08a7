"""How a zone's displays look: which part stands where, and the welcome that fills the screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Literal
from uuid import UUID

from pydantic import Field

from common.protocol.messages import Message, Words

ACROSS, DOWN = 32, 18
"""The screen's grid: square cells, 60 pixels on a screen of 1920 × 1080."""
MOST_PARTS = 16

PartKind = Literal["header", "call", "earlier", "queues", "clock", "ticker", "picture", "text"]
LEAST: dict[PartKind, tuple[int, int]] = {
    "header": (14, 2), "call": (10, 6), "earlier": (7, 4), "queues": (6, 3), "clock": (5, 2), "ticker": (8, 1),
    "picture": (2, 2), "text": (4, 1),
}  # fmt: skip
"""Cells across and down below which a part cannot be read from the seats."""
ONCE: tuple[PartKind, ...] = ("header", "call", "earlier", "ticker")
"""These stand once at most; of the others there may be several."""


class DisplayPart(Message):
    """One part of a display: its upper start corner and size in cells of the grid (mirrored where people read from the right)."""

    kind: PartKind
    x: int = Field(default=0, ge=0, lt=ACROSS)
    y: int = Field(default=0, ge=0, lt=DOWN)
    width: int = Field(default=8, ge=1, le=ACROSS)
    height: int = Field(default=4, ge=1, le=DOWN)
    text: Words = {}
    """Of `text`: a welcome, a notice."""
    file_id: UUID | None = None
    """Of `picture`."""


class DisplayShape(Message):
    """What a display shows and where, and its welcome (QUE-026)."""

    earlier: bool = True
    queues: bool = True
    ticker: bool = True
    """These three hold where no `parts` are placed."""
    parts: list[DisplayPart] = []
    second_date: str = "none"
    """`lunar`, `jalali` or `gregorian` behind the date of the reader's own calendar."""
    welcome: Words = {}
    """Over the whole screen; empty shows none."""
    welcome_after: int = 0
    """Seconds without a call; 0 shows it before the day's first call only."""

    @property
    def placed(self) -> list[DisplayPart]:
        """The parts as they stand: those that were placed, else the house's own arrangement of what is to be shown."""
        return self.parts or usual_parts(earlier=self.earlier, queues=self.queues, ticker=self.ticker)


def part(kind: PartKind, x: int, y: int, width: int, height: int) -> DisplayPart:
    """A part at a place."""
    return DisplayPart(kind=kind, x=x, y=y, width=width, height=height)


def usual_parts(*, earlier: bool = True, queues: bool = True, ticker: bool = True) -> list[DisplayPart]:
    """The house's own arrangement: the call large, beside it the ones before, below the queues and the scrolling line."""
    bottom = DOWN - 1 if ticker else DOWN
    upper = bottom - 2 - (4 if queues else 0)
    parts = [part("header", 0, 0, ACROSS, 2), part("call", 0, 2, 20 if earlier else ACROSS, upper)]
    if earlier:
        parts.append(part("earlier", 20, 2, 12, upper))
    if queues:
        parts.append(part("queues", 0, bottom - 4, ACROSS, 4))
    if ticker:
        parts.append(part("ticker", 0, DOWN - 1, ACROSS, 1))
    return parts


def arrangements() -> dict[str, list[DisplayPart]]:
    """Arrangements to begin with, by name."""
    head, line = part("header", 0, 0, ACROSS, 2), part("ticker", 0, DOWN - 1, ACROSS, 1)
    return {
        "usual": usual_parts(),
        "call_alone": [head, part("call", 0, 2, ACROSS, 15), line],
        "queues_large": [
            head, part("call", 0, 2, 16, 9), part("earlier", 0, 11, 16, 6), part("queues", 16, 2, 16, 15), line,
        ],
        "list_first": [
            head, part("earlier", 0, 2, 14, 15), part("call", 14, 2, 18, 10), part("queues", 14, 12, 18, 5), line,
        ],
        "with_notice": [
            head, part("call", 0, 2, 20, 9), part("earlier", 20, 2, 12, 9), part("text", 0, 11, 20, 6),
            part("queues", 20, 11, 12, 6), line,
        ],
    }  # fmt: skip


def faults(parts: Sequence[DisplayPart]) -> Iterator[tuple[str, int]]:
    """What is wrong with an arrangement: a code and the place of the part, from 0. An empty one is the house's own.

    `outside` the screen, `small` to be read, `twice` what may stand once, `overlap` with an earlier part, `no_call`.
    """
    for place, one in enumerate(parts):
        wide, high = LEAST[one.kind]
        if one.x + one.width > ACROSS or one.y + one.height > DOWN:
            yield "outside", place
        elif one.width < wide or one.height < high:
            yield "small", place
        if one.kind in ONCE and any(other.kind == one.kind for other in parts[:place]):
            yield "twice", place
    for (_first, one), (place, other) in combinations(enumerate(parts), 2):
        if overlap(one, other):
            yield "overlap", place
    if parts and not any(one.kind == "call" for one in parts):
        # QUE-029: a central display without the call would be none.
        yield "no_call", 0


def overlap(one: DisplayPart, other: DisplayPart) -> bool:
    """Whether two parts stand on one cell."""
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )
