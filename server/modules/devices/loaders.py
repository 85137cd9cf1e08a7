"""Prepared reading of devices."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from server.engine.database.schema import setting_value
from server.engine.database.statements import Prepared
from server.engine.database.types import Id
from server.modules.devices.records import Device, device_health

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
SETTINGS_OF = Prepared(
    select(setting_value)
    .where(setting_value.c.level == "device", setting_value.c.level_id == bindparam("key_device", type_=Id()))
    .order_by(setting_value.c.valid_from, setting_value.c.id)
)
HEALTH = Prepared(select(device_health))
