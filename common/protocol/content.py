"""Announcements: publishing them, what is for whom, who has read them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from common.protocol.messages import Message, Words


class NameAnnouncement(Message):
    """`content.publish`, `content.withdraw`, `content.confirm_read`, `content.readers`: which announcement."""

    id: UUID


class AskAnnouncements(Message):
    """`content.for_me`."""

    past: bool = False
    """Those whose last day is over as well."""


class AnnouncementCard(Message):
    """An announcement as staff read it."""

    id: UUID
    edition: int
    """Counts its publications; a confirmation is of one of them."""
    title: Words
    text: Words
    """In each language HTML of paragraphs, lists and emphasis."""
    author: Words = {}
    pinned: bool = False
    over: bool = False
    """Its last day has passed."""
    published_at: datetime
    until: str = ""
    """The last day on which it holds; empty without an end."""
    confirm: bool = False
    """Whoever reads it is asked to say so."""
    read_at: datetime | None = None
    """When this reader confirmed this edition."""
    files: int = 0
    """How many files are attached."""


class AnnouncementFile(Message):
    """A file of an announcement."""

    file_id: UUID
    name: str
    kind: str
    size: int


class AnnouncementFiles(Message):
    """`content.files`: the files of an announcement that is for this reader."""

    files: list[AnnouncementFile]


class AnnouncementCards(Message):
    """`content.for_me`: what holds today for this reader, the newest first."""

    items: list[AnnouncementCard]


class PublicCard(Message):
    """An announcement as anybody in the hall may read it: no author, no staff."""

    id: UUID
    title: Words
    text: Words
    line: Words = {}
    """Both on one line without markup, for a ticker."""


class PublicCards(Message):
    """`content.for_displays`: what was marked for the hall's displays and holds today."""

    items: list[PublicCard]


class Reader(Message):
    """A staff member whom an announcement is for."""

    id: UUID
    name: Words
    read_at: datetime | None = None


class Readers(Message):
    """`content.readers`: whom an announcement is for, and who has confirmed its last edition."""

    items: list[Reader]
    read: int
    missing: int
