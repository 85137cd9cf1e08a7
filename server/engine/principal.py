"""Who acts: a person, a device or the house itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True)
class Principal:
    """The one behind a request, with what this one may do. Made from a token; held for a few seconds at most."""

    id: UUID
    kind: str
    """`person`, `device` or `house`."""
    name: str = ""
    permissions: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    device_kind: str | None = None
    device_id: UUID | None = None
    window_id: UUID | None = None
    zone_id: UUID | None = None
    outlet_id: UUID | None = None
    token: bytes = field(default=b"", repr=False)

    def may(self, permission: str | None) -> bool:
        """Whether this one holds the permission; `None` needs only a valid token."""
        return permission is None or permission in self.permissions


HOUSE = Principal(id=UUID(int=0), kind="house", name="house")
"""The house acting by itself: jobs, first set-up, the command line."""
