"""Ticket layouts: every element with its place, font, size and effect, and a ticket's content for printing."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from common.protocol.messages import Message, Words

ElementKind = Literal[
    "number", "issued_at", "service", "windows", "waiting", "estimate", "organisation", "outlet", "zone", "hint",
    "instructions", "requirements", "code", "text", "line", "picture", "test_mark", "priority", "source",
]  # fmt: skip
"""What a ticket can carry (QUE-007); `code` is the QR code, `text` free words, `test_mark` shows on tickets for trial."""


class LayoutElement(Message):
    """One element of a layout (QUE-008): place and width in tenths of a millimetre from the paper's upper start corner."""

    kind: ElementKind
    x: int = Field(default=0, ge=0, le=2100)
    y: int = Field(default=0, ge=0, le=5000)
    width: int = Field(default=0, ge=0, le=2100)
    """0 reaches to the end of the paper."""
    height: int = Field(default=0, ge=0, le=2100)
    """Of codes, lines and pictures."""
    font: Literal["sans", "serif", "mono"] = "sans"
    size: int = Field(default=100, ge=50, le=1000)
    """In tenths of a point."""
    bold: bool = False
    italic: bool = False
    """Neither is upright."""
    align: Literal["start", "centre", "end"] = "start"
    text: Words = {}
    """Words of `text`; before the value of any other element."""
    file_id: UUID | None = None
    """Of `picture`."""


class Layout(Message):
    """A layout as kiosks and the editor know it."""

    id: UUID | None = None
    name: Words = {}
    width_mm: int = 80
    elements: list[LayoutElement] = []
    is_default: bool = False
    version: int = 0


class LayoutFor(Message):
    """`queue.layout {device_id?}`: the layout of a kiosk, of the caller itself where none is named."""

    device_id: UUID | None = None


class LayoutChosen(Message):
    """Input of `queue.set_default_layout`."""

    layout_id: UUID


class TicketPaper(Message):
    """A ticket's whole content, ready for a layout (QUE-007)."""

    ticket_id: UUID
    number: str
    issued_at: datetime
    service: Words
    windows: list[str]
    waiting: int
    """People ahead of this ticket now."""
    estimate_seconds: int | None = None
    estimate_low: int | None = None
    estimate_high: int | None = None
    organisation: Words
    outlet: Words
    zone: Words
    hint: Words = {}
    instructions: Words = {}
    requirements: list[Words] = []
    token: str
    address: str
    """What the QR code says."""
    priority: bool = False
    test: bool = False
    source: str = "kiosk"
    """The channel at which it was taken."""
    taken_by: Words = {}
    """Who took it for the citizen (QUE-934)."""
    languages: list[str]
    layout: Layout
