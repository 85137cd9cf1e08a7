"""What residency announces. An approval flow listens to `FilingSubmitted` and decides through `public.decide`."""

from __future__ import annotations

from uuid import UUID

from server.engine.events import Event


class FilingSubmitted(Event):
    """A filing waits for its head."""

    kind: str
    """The kind of record, such as `person_entry`."""
    filing_id: UUID


class FilingDecided(Event):
    """A head has decided a filing."""

    kind: str
    filing_id: UUID
    approved: bool
