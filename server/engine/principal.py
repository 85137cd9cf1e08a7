"""Who acts: a person, a device or the house itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

LEVELS = ("own", "department", "section", "hall", "outlet", "all")
"""How far a permission reaches, from the narrowest."""
ALL = "all"


@dataclass(frozen=True)
class Principal:
    """The one behind a request, with what this one may do. Made from a token; held for a few seconds at most."""

    id: UUID
    kind: str
    """`person`, `device` or `house`."""
    name: str = ""
    permissions: frozenset[str] = frozenset()
    levels: Mapping[str, str] = field(default_factory=dict)
    """How far each permission reaches; what stands here not reaches over all."""
    places: Mapping[str, tuple[UUID, ...]] = field(default_factory=dict)
    """Where this one belongs, by level: departments (with those below), sections, halls, outlets."""
    in_view: Mapping[str, tuple[UUID, ...]] = field(default_factory=dict)
    """What this one has chosen to look at (COR-038, COR-039): outlets and departments to which lists keep. No right: whatever
    lies elsewhere may be met by other ways still."""
    hidden: frozenset[str] = frozenset()
    """Fields as `record.field` that the roles of this one hide."""
    roles: frozenset[str] = frozenset()
    lent: tuple[Principal, ...] = ()
    """Those whose mandates this one has taken, each with what the mandate lends: rows are met by their reach as well."""
    pending: str = ""
    """What must come first (`password`, `second_factor`); until then nothing is permitted."""
    device_kind: str | None = None
    device_id: UUID | None = None
    window_id: UUID | None = None
    zone_id: UUID | None = None
    outlet_id: UUID | None = None
    address: str = ""
    """Where the session was begun; stands in the log."""
    token: bytes = field(default=b"", repr=False)

    def may(self, permission: str | None) -> bool:
        """Whether this one holds the permission; `None` needs only a valid token."""
        return permission is None or permission in self.permissions

    def level(self, permission: str) -> str | None:
        """How far the permission reaches for this one; nothing when it is not held."""
        return self.levels.get(permission, ALL) if permission in self.permissions else None


HOUSE = Principal(id=UUID(int=0), kind="house", name="house")
"""The house acting by itself: jobs, first set-up, the command line."""
