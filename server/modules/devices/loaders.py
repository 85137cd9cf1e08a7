"""Prepared reading of devices."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from server.engine.database.statements import Prepared
from server.modules.devices.records import Device

_device = Device.__table__

KINDS_THERE = Prepared(select(_device.c.kind).where(_device.c.deleted_at.is_(None)).distinct())
AT_WINDOW = Prepared(
    select(_device.c.name)
    .where(_device.c.window_id == bindparam("key_window"), _device.c.deleted_at.is_(None))
    .limit(1)
)
IN_ZONE = Prepared(
    select(_device.c.name).where(_device.c.zone_id == bindparam("key_zone"), _device.c.deleted_at.is_(None)).limit(1)
)
