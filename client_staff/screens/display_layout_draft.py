"""The arrangement of a display being written: its parts, the chosen one, every step back and forth. Pure, no widgets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from client_staff.screens.steps import Steps
from common.protocol.queue_display import (
    ACROSS,
    DOWN,
    LEAST,
    MOST_PARTS,
    ONCE,
    DisplayPart,
    PartKind,
    faults,
    overlap,
    usual_parts,
)

NEW: dict[PartKind, tuple[int, int]] = {"clock": (8, 3), "picture": (6, 4), "text": (12, 3), "queues": (14, 4)}
"""How large a new part is where there is room; else the least."""


@dataclass(frozen=True)
class State:
    """What one step back brings again."""

    parts: tuple[DisplayPart, ...] = ()
    chosen: int | None = None


class Arrangement(Steps[State]):
    """One display."""

    def __init__(self, parts: Sequence[DisplayPart], shown: dict[str, bool]) -> None:
        """`shown`: what the house's own arrangement shows where `parts` are empty."""
        self._shown = shown
        start = tuple(parts) or tuple(usual_parts(**shown))
        super().__init__(State(start, 0 if start else None))
        self._first = self.now

    @property
    def dirty(self) -> bool:
        """Something stands otherwise than in the beginning."""
        return self.now.parts != self._first.parts

    @property
    def part(self) -> DisplayPart | None:
        """The chosen one."""
        chosen = self.now.chosen
        return self.now.parts[chosen] if chosen is not None else None

    @property
    def faults(self) -> list[tuple[str, int]]:
        """What is wrong now, as the server would say it."""
        return list(faults(self.now.parts))

    def values(self) -> list[dict[str, Any]]:
        """As it is saved; nothing where it is the house's own arrangement."""
        if list(self.now.parts) == usual_parts(**self._shown):
            return []
        return [one.model_dump(mode="json", exclude_defaults=True) for one in self.now.parts]

    def may_add(self, kind: PartKind) -> bool:
        """Whether one more of a kind may stand there."""
        there = any(one.kind == kind for one in self.now.parts)
        return len(self.now.parts) < MOST_PARTS and not (kind in ONCE and there)

    # changing

    def choose(self, place: int | None) -> None:
        """Another part; no step."""
        if place is None or 0 <= place < len(self.now.parts):
            self.now = replace(self.now, chosen=place)
            self._step = ""

    def change(self, step: str, **values: Any) -> None:
        """Change the chosen part; it stays on the screen, and as large as it must be."""
        chosen, one = self.now.chosen, self.part
        if chosen is None or one is None:
            return
        wanted = {**one.model_dump(), **values}
        wide, high = LEAST[one.kind]
        wanted["width"] = max(wide, min(ACROSS, wanted["width"]))
        wanted["height"] = max(high, min(DOWN, wanted["height"]))
        if "width" in values or "height" in values:
            # A larger one grows to the edge, no further: its corner stays.
            wanted["width"] = max(wide, min(wanted["width"], ACROSS - one.x))
            wanted["height"] = max(high, min(wanted["height"], DOWN - one.y))
        wanted["x"] = max(0, min(ACROSS - wanted["width"], wanted["x"]))
        wanted["y"] = max(0, min(DOWN - wanted["height"], wanted["y"]))
        made = DisplayPart.model_validate(wanted)
        parts = (*self.now.parts[:chosen], made, *self.now.parts[chosen + 1 :])
        self._put(f"{step} {chosen}", replace(self.now, parts=parts))

    def move(self, across: int, down: int) -> None:
        """Move the chosen part by cells."""
        if self.part is not None:
            self.change("move", x=self.part.x + across, y=self.part.y + down)

    def grow(self, across: int, down: int) -> None:
        """Make the chosen part larger or smaller by cells."""
        if self.part is not None:
            self.change("grow", width=self.part.width + across, height=self.part.height + down)

    def add(self, kind: PartKind, **values: Any) -> None:
        """A new part, where there is room for it; else over the others, to be moved."""
        if not self.may_add(kind):
            return
        least = LEAST[kind]
        for wide, high in (NEW.get(kind, least), least):
            spot = self._room(wide, high)
            if spot is not None:
                break
        x, y = spot or (0, 2)
        made = DisplayPart(kind=kind, x=x, y=y, width=wide, height=high, **values)
        self._put("", State((*self.now.parts, made), len(self.now.parts)))

    def _room(self, wide: int, high: int) -> tuple[int, int] | None:
        for y in range(DOWN - high + 1):
            for x in range(ACROSS - wide + 1):
                wanted = DisplayPart(kind="text", x=x, y=y, width=wide, height=high)
                if not any(overlap(wanted, one) for one in self.now.parts):
                    return x, y
        return None

    def remove(self) -> None:
        """Take the chosen part away."""
        chosen = self.now.chosen
        if chosen is None:
            return
        parts = (*self.now.parts[:chosen], *self.now.parts[chosen + 1 :])
        self._put("", State(parts, min(chosen, len(parts) - 1) if parts else None))

    def use(self, parts: Sequence[DisplayPart]) -> None:
        """Another arrangement altogether."""
        self._put("", State(tuple(parts), 0 if parts else None))

    def reset(self) -> None:
        """As it was in the beginning."""
        self._put("", self._first)

    def _same(self, state: State) -> bool:
        return state.parts == self.now.parts
