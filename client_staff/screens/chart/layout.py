"""Where the boxes of an organisation chart stand: orthogonal, departments across, their posts hanging below. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from client_staff.screens.chart.facts import Chart

UNIT_W, UNIT_H = 208, 60
POST_W, POST_H = 208, 52
INDENT, STEP = 20, 18
ACROSS, DOWN, BETWEEN = 24, 44, 10
TOP = ""
"""The name of the box of the whole house, above all departments."""


@dataclass(frozen=True)
class Box:
    """A box with its left upper corner. `kind` is `top`, `unit` or `post`."""

    id: str
    kind: str
    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        """The middle of its width."""
        return self.x + self.width / 2


@dataclass
class Drawing:
    """Boxes by id, and lines as corners."""

    boxes: dict[str, Box] = field(default_factory=dict)
    lines: list[tuple[tuple[float, float], ...]] = field(default_factory=list)
    width: float = 0
    height: float = 0

    def mirrored(self) -> Drawing:
        """The same, read from the right."""
        boxes = {
            b.id: Box(b.id, b.kind, self.width - b.x - b.width, b.y, b.width, b.height) for b in self.boxes.values()
        }
        lines = [tuple((self.width - x, y) for x, y in line) for line in self.lines]
        return Drawing(boxes, lines, self.width, self.height)


def lay_out(chart: Chart, folded: Collection[str]) -> Drawing:
    """Every box that is not folded away."""
    made = Drawing()
    _place(chart, folded, made, TOP, 0, 0)
    made.width = max((b.x + b.width for b in made.boxes.values()), default=0)
    made.height = max((b.y + b.height for b in made.boxes.values()), default=0)
    return made


def _parts(chart: Chart, folded: Collection[str], unit_id: str) -> tuple[list[tuple[str, int]], list[str]]:
    """What stands below a department: its posts with their depth, and the departments."""
    if unit_id in folded:
        return [], []
    if unit_id == TOP:
        return [], [unit.id for unit in chart.roots]
    posts = [(seat.id, depth) for seat, depth in chart.seats_of(unit_id)]
    return posts, [unit.id for unit in chart.below(unit_id)]


def _place(chart: Chart, folded: Collection[str], made: Drawing, unit_id: str, x: float, y: float) -> float:
    """Place a department and all below it with the left edge at `x`; gives the width that it took."""
    posts, units = _parts(chart, folded, unit_id)
    below = y + UNIT_H + DOWN
    at = x
    entries: list[tuple[float, float]] = []
    if posts and not units:
        # The posts hang at the department's own left edge.
        right = _hang(made, posts, x, y + UNIT_H, y + UNIT_H + BETWEEN + 4)
        _box(made, unit_id, x, y)
        return max(UNIT_W, right - x)
    if posts:
        right = _hang(made, posts, at, below - DOWN / 2, below)
        entries.append((at + INDENT / 2, below - DOWN / 2))
        at = right + ACROSS
    for one in units:
        width = _place(chart, folded, made, one, at, below)
        entries.append((made.boxes[one].middle, below))
        at += width + ACROSS
    width = max(UNIT_W, at - ACROSS - x) if entries else UNIT_W
    middles = [entry[0] for entry in entries]
    middle = (middles[0] + middles[-1]) / 2 if middles else x + UNIT_W / 2
    _box(made, unit_id, max(x, min(middle - UNIT_W / 2, x + width - UNIT_W)), y)
    middle, bus = made.boxes[unit_id].middle, below - DOWN / 2
    for across, down in entries:
        made.lines.append(((middle, y + UNIT_H), (middle, bus), (across, bus), (across, down)))
    return width


def _box(made: Drawing, unit_id: str, x: float, y: float) -> None:
    made.boxes[unit_id] = Box(unit_id, "top" if unit_id == TOP else "unit", x, y, UNIT_W, UNIT_H)


def _hang(made: Drawing, posts: list[tuple[str, int]], x: float, spine_from: float, y: float) -> float:
    """Posts one below the other; gives their right edge."""
    right = x
    above: list[tuple[float, float]] = [(x + INDENT / 2, spine_from)]
    for post_id, depth in posts:
        left = x + INDENT + depth * STEP
        made.boxes[post_id] = Box(post_id, "post", left, y, POST_W, POST_H)
        # From the post that it is under, else from the department.
        del above[depth + 1 :]
        spine, begins = above[depth]
        made.lines.append(((spine, begins), (spine, y + POST_H / 2), (left, y + POST_H / 2)))
        above.append((left + STEP / 2, y + POST_H))
        right = max(right, left + POST_W)
        y += POST_H + BETWEEN
    return right


def next_box(drawing: Drawing, current: str, dx: int, dy: int) -> str:
    """The box in a direction, the nearest first; the same one where none is. What lies straight ahead goes before what
    lies aside."""
    here = drawing.boxes.get(current)
    if here is None:
        return next(iter(drawing.boxes), current)
    best: tuple[float, str] | None = None
    for one in drawing.boxes.values():
        along = (one.middle - here.middle) * dx + (one.y - here.y) * dy
        aside = abs(one.y - here.y) if dx else abs(one.middle - here.middle)
        if one.id == current or along < (8 if dx else 4) or (dx and aside > along * 3):
            continue
        cost = along + aside * 2
        if best is None or cost < best[0]:
            best = (cost, one.id)
    return best[1] if best is not None else current
