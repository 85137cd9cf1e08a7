"""The services and which window accepts which, kept in memory until they change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from server.engine.caches import Cached
from server.engine.database.statements import Prepared
from server.modules.organisation.public import Window
from server.modules.services.records import Service, StaffService, WindowService

_service, _accepts, _handles = Service.__table__, WindowService.__table__, StaffService.__table__
_window = Window.__table__
_services = Prepared(
    select(_service).where(_service.c.deleted_at.is_(None)).order_by(_service.c.place, _service.c.prefix)
)
_all = Prepared(
    select(_accepts.c.window_id, _accepts.c.service_id, _accepts.c.rank)
    .join(_window, _window.c.id == _accepts.c.window_id)
    .where(_accepts.c.deleted_at.is_(None), _window.c.in_service)
    .order_by(_accepts.c.window_id, _accepts.c.rank, _accepts.c.id)
)
_handled = Prepared(
    select(_handles.c.staff_member_id, _handles.c.service_id, _handles.c.rank)
    .where(_handles.c.deleted_at.is_(None))
    .order_by(_handles.c.staff_member_id, _handles.c.rank, _handles.c.id)
)

# Also the rows that were taken away: a prefix, or a window with a service, comes back as what it was.
EVERY_SERVICE = Prepared(select(_service))
EVERY_ACCEPTED = Prepared(select(_accepts))


@dataclass(frozen=True)
class Offerings:
    """Services by id, and both directions of who accepts what."""

    services: dict[UUID, Any]
    parents: frozenset[UUID]
    of_window: dict[UUID, dict[UUID, int]]
    """Window to its services with their rank."""
    windows_of: dict[UUID, tuple[UUID, ...]]
    of_person: dict[UUID, dict[UUID, int]]
    """Staff member to the services that this one handles, where a hall allocates by person."""

    def top(self, service_id: UUID) -> UUID:
        """The top class of a service: itself where it belongs to none (notes N1 and N2)."""
        seen = {service_id}
        while (service := self.services.get(service_id)) is not None and service.parent_id not in seen | {None}:
            service_id = service.parent_id
            seen.add(service_id)
        return service_id

    def with_classes(self, service_id: UUID) -> frozenset[UUID]:
        """A service and every class above it."""
        found: set[UUID] = set()
        above: UUID | None = service_id
        while above is not None and above not in found:
            found.add(above)
            service = self.services.get(above)
            above = service.parent_id if service is not None else None
        return frozenset(found)

    def leaf(self, service_id: UUID) -> Any:
        """The row of a service with a queue, or nothing."""
        return None if service_id in self.parents else self.services.get(service_id)


def _read(connection: Connection) -> Offerings:
    services = {row.id: row for row in _services.rows(connection)}
    of_window: dict[UUID, dict[UUID, int]] = {}
    windows_of: dict[UUID, list[UUID]] = {}
    for row in _all.rows(connection):
        if row.service_id in services:
            of_window.setdefault(row.window_id, {})[row.service_id] = row.rank
            windows_of.setdefault(row.service_id, []).append(row.window_id)
    of_person: dict[UUID, dict[UUID, int]] = {}
    for row in _handled.rows(connection):
        if row.service_id in services:
            of_person.setdefault(row.staff_member_id, {})[row.service_id] = row.rank
    parents = frozenset(s.parent_id for s in services.values() if s.parent_id)
    return Offerings(services, parents, of_window, {s: tuple(w) for s, w in windows_of.items()}, of_person)


OFFERINGS = Cached("services.offerings", _read, ("services", "organisation"))
