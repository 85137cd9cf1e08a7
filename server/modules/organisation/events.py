"""What happens in the organisation."""

from __future__ import annotations

from uuid import UUID

from server.engine.events import Event


class HallOpened(Event):
    """The first set-up is over: the hall serves the public from now on."""

    outlet_id: UUID
