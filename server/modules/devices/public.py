"""What other modules may call of devices, and the devices port."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from common.protocol.access import Me
from server.engine.access.permissions import of_device
from server.engine.ports import ports
from server.engine.principal import Principal
from server.modules.devices.actions import make_device
from server.modules.devices.records import ONLINE, Device, device_health
from server.modules.organisation.public import PLAN

__all__ = ["ONLINE", "Device", "device_health", "make_device"]


class Devices:
    """The devices port."""

    def device(self, connection: Connection, device_id: UUID) -> Principal | None:
        """The device with the permissions of its kind; nothing when removed."""
        row: Any = Device.plan().select.first(connection, key_id=device_id)
        if row is None or row.deleted_at is not None:
            return None
        outlet = PLAN.read(connection).main
        return Principal(
            id=row.id,
            kind="device",
            name=row.name,
            permissions=of_device(row.kind),
            device_kind=row.kind,
            device_id=row.id,
            window_id=row.window_id,
            zone_id=row.zone_id,
            outlet_id=outlet.id if outlet else None,
        )

    def me(self, connection: Connection, who: Principal) -> Me:
        """How a device is shown to itself."""
        return Me(
            id=who.id,
            kind="device",
            name={"en": who.name},
            account=who.name,
            permissions=sorted(who.permissions),
            device_kind=who.device_kind,
            window_id=who.window_id,
            zone_id=who.zone_id,
            outlet_id=who.outlet_id,
        )

    def admit(self, work: Any, kind: str, label: str, window_id: UUID | None, zone_id: UUID | None) -> UUID:
        """Make the record of a device that was accepted."""
        return make_device(work, kind, label, window_id, zone_id).id


ports.devices = Devices()
