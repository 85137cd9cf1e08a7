"""LED signs: what a hall asks of one, and what a maker's protocol has to do for it. No protocol stands here.

A `Sign` is one logical screen, however many panels hang on the wall (QUE-025). A `Panel` is one of them, spoken to in its
maker's protocol: another maker joins by another `Panel`, named in `sign_wall.open_sign`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from PIL import Image

from common.devices.device_health import DeviceHealth
from common.text import N_, _

Colour = Literal["red", "green", "amber"]

REFUSED = N_(
    "The sign cannot show “{text}”: its letters are Latin ones, and {dots} rows of dots are too few to draw it."
)
TOO_LONG = N_("The sign cannot show “{text}”: one word of it is wider than the whole sign.")


@dataclass(frozen=True)
class SignLine:
    """A line of the logical screen: `left` begins it, `right` ends it; without `right` it stands in the middle.

    A line that is too long is wrapped between words and goes on with the next line or page; nothing is cut off. An empty one
    (`NEW_PAGE`) ends the page.
    """

    left: str
    right: str = ""
    colour: Colour = "amber"
    flash: bool = False

    @property
    def words(self) -> str:
        """The whole line as it is read."""
        return f"{self.left} {self.right}".strip()


NEW_PAGE = SignLine("")


@dataclass(frozen=True)
class RefusedLine:
    """A line that this sign cannot show, left out of what is shown."""

    line: SignLine
    reason: str
    """`REFUSED` or `TOO_LONG`."""
    dots: int

    @property
    def sentence(self) -> str:
        """In the reader's language."""
        return _(self.reason).format(text=self.line.words, dots=self.dots)


@dataclass(frozen=True)
class PanelShape:
    """One panel: dots across and down, and how many of them a letter of its own takes with the gap beside it."""

    across: int = 96
    down: int = 16
    letter: int = 6
    letter_down: int = 8

    @property
    def columns(self) -> int:
        """Letters in a line."""
        return max(1, self.across // self.letter)

    @property
    def rows(self) -> int:
        """Lines of its own letters; seven rows of dots are one line too."""
        return max(1, self.down // self.letter_down)


@dataclass(frozen=True)
class WallShape:
    """Panels side by side and one below the other, all of one shape."""

    panels_across: int = 1
    panels_down: int = 1
    panel: PanelShape = PanelShape()

    @property
    def count(self) -> int:
        """How many panels."""
        return self.panels_across * self.panels_down


@dataclass(frozen=True)
class TextRow:
    """A row of one panel in the panel's own letters, exactly as long as the panel is wide."""

    text: str
    colour: Colour = "amber"
    flash: bool = False


@dataclass(frozen=True)
class Rows:
    """A panel that shows letters."""

    rows: tuple[TextRow, ...]


@dataclass(frozen=True, eq=False)
class Picture:
    """A panel that shows dots: a picture of mode `1`, white shines."""

    image: Image.Image
    colour: Colour = "amber"

    @property
    def dots(self) -> bytes:
        """The picture as bytes, to see whether two are the same."""
        return self.image.tobytes()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Picture) and (self.dots, self.colour) == (other.dots, other.colour)

    def __hash__(self) -> int:
        return hash((self.dots, self.colour))


Content = Rows | Picture


class Letters(Protocol):
    """What a panel can show with its own letters."""

    def plain(self, text: str) -> str:
        """The text in the letters that it has, where another sign of the same meaning is at hand."""

    def missing(self, text: str) -> str:
        """The letters that it has not; empty when it can show all of them."""


class Panel(Protocol):
    """One panel in its maker's protocol. Used by the wall's thread; every call raises `OSError` when the line is gone."""

    address: str

    def set_up(self) -> None:
        """Make it ready from any state, also after a power cut; takes seconds. What it showed is gone afterwards."""

    def restart(self) -> None:
        """Let its program start anew; takes seconds. Tried before `set_up` when it keeps reporting faults."""

    def put(self, content: Content) -> None:
        """Show this, without a dark moment where the panel can do so."""

    def check(self) -> str | None:
        """Ask whether all was understood: empty for yes, else the fault in words; `None` when no answer comes."""

    def beep(self) -> float:
        """Sound a tone; gives the seconds for which it must not be spoken to."""


class Sign(Protocol):
    """One logical screen. Every call returns at once; the newest `show` wins, and it is shown again after a power cut."""

    address: str
    shape: WallShape

    @property
    def health(self) -> DeviceHealth:
        """Of the worst panel."""

    @property
    def panels(self) -> Sequence[DeviceHealth]:
        """Of each panel, row by row."""

    def show(self, lines: Sequence[SignLine], *, beep: bool = False) -> list[RefusedLine]:
        """Show these lines, in pages that take turns where they are too many; gives those that it cannot show."""

    def clear(self) -> None:
        """Show nothing."""

    def close(self) -> None:
        """Show nothing, if that is quickly done, and let go of the line."""
