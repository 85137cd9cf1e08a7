"""A ticket layout being written: its elements, what was chosen, every step back and forth. Pure, no widgets."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from client_staff.screens.steps import Steps
from common.devices.ticket_layout import DOTS, reach
from common.protocol.layouts import ElementKind, Layout, LayoutElement
from common.protocol.messages import Words

MOST_X, MOST_Y = 2100, 5000
NEW_BELOW = 60
"""Tenths of a millimetre between the lowest element and a new one."""


@dataclass(frozen=True)
class State:
    """What one step back brings again."""

    name: Words = field(default_factory=dict)
    width_mm: int = 80
    elements: tuple[LayoutElement, ...] = ()
    chosen: int | None = None


class LayoutDraft(Steps[State]):
    """One layout."""

    def __init__(self, layout: Layout, *, new: bool = False) -> None:
        self.id = None if new else layout.id
        self.version = layout.version
        self.is_default = layout.is_default and not new
        chosen = 0 if layout.elements else None
        super().__init__(State(dict(layout.name), layout.width_mm, tuple(layout.elements), chosen))
        self._saved = None if new else self.now

    @property
    def dirty(self) -> bool:
        """There is something to save."""
        saved = self._saved
        return saved is None or replace(self.now, chosen=None) != replace(saved, chosen=None)

    @property
    def layout(self) -> Layout:
        """As it is drawn."""
        now = self.now
        return Layout(id=self.id, name=now.name, width_mm=now.width_mm, elements=list(now.elements))

    @property
    def element(self) -> LayoutElement | None:
        """The chosen one."""
        chosen = self.now.chosen
        return self.now.elements[chosen] if chosen is not None else None

    def values(self) -> dict[str, Any]:
        """As it is saved."""
        elements = [one.model_dump(mode="json", exclude_defaults=True) for one in self.now.elements]
        return {"name": self.now.name, "width_mm": self.now.width_mm, "elements": elements}

    def saved(self, version: int, layout_id: Any) -> None:
        """It stands on the server now."""
        self.id, self.version, self._saved = layout_id, version, self.now

    # changing

    def choose(self, place: int | None) -> None:
        """Another element; no step."""
        if place is None or 0 <= place < len(self.now.elements):
            self.now = replace(self.now, chosen=place)
            self._step = ""

    def set_name(self, name: Words) -> None:
        """What the layout is called."""
        self._put("name", replace(self.now, name=name))

    def set_width(self, width_mm: int) -> None:
        """The paper's width."""
        self._put("width", replace(self.now, width_mm=width_mm))

    def change(self, step: str, **values: Any) -> None:
        """Change the chosen element; places stay on the paper."""
        chosen, element = self.now.chosen, self.element
        if chosen is None or element is None:
            return
        for name, most in (("x", MOST_X), ("y", MOST_Y)):
            if name in values:
                values[name] = max(0, min(most, values[name]))
        changed = LayoutElement.model_validate({**element.model_dump(), **values})
        elements = (*self.now.elements[:chosen], changed, *self.now.elements[chosen + 1 :])
        self._put(f"{step} {chosen}", replace(self.now, elements=elements))

    def move(self, across: int, down: int, step: str = "move") -> None:
        """Move the chosen element by tenths of a millimetre. What begins beyond the printer's reach is drawn at its edge,
        and moves from there."""
        if self.element is None:
            return
        edge = reach(self.now.width_mm)[1] * 10 // DOTS
        start = max(self.element.x, edge) if across > 0 else self.element.x
        x = start + across if across >= 0 or start + across >= edge else 0
        self.change(step, x=x if across else self.element.x, y=self.element.y + down)

    def add(self, kind: ElementKind, **values: Any) -> None:
        """A new element below all others, as wide as the paper."""
        lowest = max((one.y for one in self.now.elements), default=-NEW_BELOW)
        made = LayoutElement(kind=kind, y=min(MOST_Y, lowest + NEW_BELOW), align="centre", height=usual_height(kind))
        made = made.model_copy(update=values)
        self._put("", replace(self.now, elements=(*self.now.elements, made), chosen=len(self.now.elements)))

    def double(self) -> None:
        """The chosen element once more, a little below."""
        if self.element is not None:
            made = self.element.model_copy(update={"y": min(MOST_Y, self.element.y + NEW_BELOW)})
            self._put("", replace(self.now, elements=(*self.now.elements, made), chosen=len(self.now.elements)))

    def remove(self) -> None:
        """Take the chosen element away."""
        chosen = self.now.chosen
        if chosen is None:
            return
        elements = (*self.now.elements[:chosen], *self.now.elements[chosen + 1 :])
        left = min(chosen, len(elements) - 1) if elements else None
        self._put("", replace(self.now, elements=elements, chosen=left))


def usual_height(kind: ElementKind) -> int:
    """Of a new element, in tenths of a millimetre; letters have none."""
    return {"code": 250, "line": 5, "picture": 150}.get(kind, 0)
