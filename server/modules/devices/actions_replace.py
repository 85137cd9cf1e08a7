"""A device in the place of a broken one."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import insert

from common.protocol.devices import DeviceCard, ReplacedDevice, ReplaceDevice
from common.text import N_
from server.engine.access import enrolment, tokens
from server.engine.actions.declare import action
from server.engine.actions.work import Work
from server.engine.database.schema import setting_value
from server.engine.database.statements import Prepared
from server.engine.errors import refusal
from server.modules.devices.access import EDIT
from server.modules.devices.actions import make_device
from server.modules.devices.loaders import SETTINGS_OF
from server.modules.devices.records import Device

OTHER_KIND = refusal(
    "devices.other_kind", N_("The device that asks to join is of another kind than the one that it should replace.")
)

_keep = Prepared(insert(setting_value).inline(), ("name", "level", "level_id", "value", "valid_from", "author"))


@action(
    "devices.replace", needs=EDIT, input=ReplaceDevice, output=ReplacedDevice, secret=True,
    locks=lambda r: [("device", r.device_id), *([("enrolment", r.request_id)] if r.request_id else [])],
)  # fmt: skip
def replace(work: Work, request: ReplaceDevice) -> ReplacedDevice:
    """Put a device in the place of a broken one: it takes place, name, layout and settings, and the old one's token is
    worth nothing from now on.

    It is a device of its own: numbers that the old one held stay taken, so that what it printed is never printed twice."""
    old = work.get(Device, request.device_id)
    asked = None
    if request.request_id is not None:
        asked = enrolment.asking(work, request.request_id, request.digits)
        if asked.kind != old.kind:
            work.refuse("devices.other_kind")
    new = make_device(work, old.kind, old.name, old.window_id, old.zone_id)
    _hand_over(work, old.id, new.id)
    work.change(Device, old, deleted_at=work.now, replaced_by_id=new.id)
    tokens.end_all(work, old.id)
    work.notify("devices", "removed", id=old.id)
    card = DeviceCard(id=new.id, kind=new.kind, label=new.name, window_id=new.window_id, zone_id=new.zone_id)
    if asked is not None:
        enrolment.accept(work, asked, new.id)
        return ReplacedDevice(device=card)
    token, _ = tokens.issue(work, "device", new.id)
    return ReplacedDevice(device=card, token=token)


def _hand_over(work: Work, old_id: UUID, new_id: UUID) -> None:
    """The old device's own settings, its layout among them, with the moments from which they hold."""
    rows = work.rows(SETTINGS_OF, key_device=old_id)
    for row in rows:
        work.run(
            _keep, name=row.name, level="device", level_id=new_id, value=row.value, valid_from=row.valid_from,
            author=work.who.id,
        )  # fmt: skip
    if rows:
        work.audit("setting", new_id, {row.name: [None, row.value] for row in rows})
        work.notify("settings", "changed")
