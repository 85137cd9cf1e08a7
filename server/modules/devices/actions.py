"""The verbs of devices."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from common.protocol.devices import (
    AcceptDevice,
    AddDevice,
    AddedDevice,
    DeviceCard,
    DeviceCards,
    Heard,
    Heartbeat,
    PendingDevices,
    RefuseDevice,
    RemoveDevice,
    RestartDevice,
)
from common.protocol.messages import Nothing
from common.text import N_
from server.engine.access import enrolment, tokens
from server.engine.actions.declare import action, reading
from server.engine.actions.work import Work
from server.engine.database.statements import Prepared
from server.engine.errors import refusal
from server.modules.devices.access import BEAT, EDIT, RESTART, SEE
from server.modules.devices.records import KINDS, ONLINE, Device, device_health, zone_voice
from server.modules.organisation.public import Window, Zone

KIND_WRONG = refusal("devices.kind_wrong", N_("There is no such kind of device."), 422)
PLACE_NEEDED = refusal("devices.place_needed", N_("Say at which window or in which zone the device stands."), 422)

NOT_HEARD = refusal(
    "devices.not_heard", N_("{name} is not heard now, so it cannot be told to restart. Look after it on the spot.")
)
CANNOT_RESTART = refusal(
    "devices.cannot_restart", N_("The program of {name} cannot start itself anew. Restart it on the spot.")
)

VOICE_LEASE = timedelta(seconds=6.5)
"""A display renews every four seconds; another takes over within ten when it falls silent."""

_upsert = {
    name: Prepared(
        (
            made := dialect.insert(device_health).values(
                {c.name: bindparam(c.name, type_=c.type) for c in device_health.c if c.name != "restart_run"}
            )
        )
        .on_conflict_do_update(
            index_elements=["device_id"],
            set_={n: made.excluded[n] for n in ("seen_at", "version", "state", "facts", "run")},
        )
        .returning(device_health.c.restart_run)
    )
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
_begin_voice = {
    name: Prepared(
        dialect.insert(zone_voice)
        .values({c.name: bindparam(c.name, type_=c.type) for c in zone_voice.c})
        .on_conflict_do_nothing()
    )
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
_take_voice = Prepared(
    update(zone_voice)
    .where(
        zone_voice.c.zone_id == bindparam("key_zone"),
        or_(
            zone_voice.c.device_id == bindparam("device"),
            zone_voice.c.until < bindparam("moment", type_=zone_voice.c.until.type),
        ),
    )
    .values(device_id=bindparam("device"), until=bindparam("new_until", type_=zone_voice.c.until.type))
)
_give_voice = Prepared(
    update(zone_voice)
    .where(zone_voice.c.zone_id == bindparam("key_zone"), zone_voice.c.device_id == bindparam("device"))
    .values(until=bindparam("moment", type_=zone_voice.c.until.type))
)
_health = Prepared(select(device_health))
_tell_restart = Prepared(
    update(device_health)
    .where(device_health.c.device_id == bindparam("key_device"))
    .values(restart_run=bindparam("told", type_=device_health.c.restart_run.type))
)
_health_of = Prepared(select(device_health).where(device_health.c.device_id == bindparam("key_device")))
_devices = Prepared(
    select(Device.__table__)
    .where(Device.__table__.c.deleted_at.is_(None))
    .order_by(Device.__table__.c.kind, Device.__table__.c.id)
)


def make_device(work: Work, kind: str, name: str, window_id: UUID | None, zone_id: UUID | None, **given: Any) -> Device:
    """Make a device's record; a window brings its zone with it."""
    if kind not in {k for k, _ in KINDS}:
        work.refuse("devices.kind_wrong")
    # The rows, not the plan in memory: the zone may have been made a moment ago, on another server.
    if window_id is not None:
        zone_id = work.get(Window, window_id).zone_id
    if zone_id is not None:
        work.get(Zone, zone_id)
    if (kind == "pad" and window_id is None) or (kind in ("kiosk", "led") and zone_id is None):
        work.refuse("devices.place_needed")
    row: Device = work.insert(Device, kind=kind, name=name or kind, window_id=window_id, zone_id=zone_id, **given)
    work.notify("devices", "created", id=row.id)
    return row


@action("devices.add", needs=EDIT, input=AddDevice, output=AddedDevice, secret=True)
def add(work: Work, request: AddDevice) -> AddedDevice:
    """Add a device and give its token, once."""
    row = make_device(work, request.kind, request.label, request.window_id, request.zone_id)
    token, _ = tokens.issue(work, "device", row.id)
    card = DeviceCard(id=row.id, kind=row.kind, label=row.name, window_id=row.window_id, zone_id=row.zone_id)
    return AddedDevice(device=card, token=token)


@reading("devices.pending", needs=EDIT, input=Nothing, output=PendingDevices)
def pending(work: Work, request: Nothing) -> PendingDevices:
    """The devices that ask to join, each with the digits that must stand on its own screen."""
    return PendingDevices(items=enrolment.pending(work))


@action(
    "devices.accept",
    needs=EDIT,
    input=AcceptDevice,
    output=DeviceCard,
    locks=lambda r: [("enrolment", r.request_id)],
)
def accept(work: Work, request: AcceptDevice) -> DeviceCard:
    """The digits are the same on both screens: the device belongs to the hall, at its place."""
    asked = enrolment.asking(work, request.request_id, request.digits)
    row = make_device(work, asked.kind, request.label or asked.name, request.window_id, request.zone_id)
    enrolment.accept(work, asked, row.id)
    return DeviceCard(id=row.id, kind=row.kind, label=row.name, window_id=row.window_id, zone_id=row.zone_id)


@action(
    "devices.refuse",
    needs=EDIT,
    input=RefuseDevice,
    output=Nothing,
    locks=lambda r: [("enrolment", r.request_id)],
)
def refuse(work: Work, request: RefuseDevice) -> Nothing:
    """Other digits, or not ours: send the device away."""
    enrolment.refuse(work, request.request_id)
    return Nothing()


@action("devices.remove", needs=EDIT, input=RemoveDevice, output=Nothing)
def remove(work: Work, request: RemoveDevice) -> Nothing:
    """Take a device away: its token is worth nothing at once."""
    row = work.get(Device, request.device_id)
    work.change(Device, row, deleted_at=work.now)
    tokens.end_all(work, row.id)
    work.notify("devices", "removed", id=row.id)
    return Nothing()


@action(
    "devices.restart", needs=RESTART, input=RestartDevice, output=Nothing, locks=lambda r: [("device", r.device_id)],
    on=Device, subject="device_id", label=N_("Restart the program"),
    question=N_("Restart the program of this device? What is being done there now is broken off."),
)  # fmt: skip
def restart(work: Work, request: RestartDevice) -> Nothing:
    """Tell the program of a device to start anew; it hears so with its next heartbeat, and says when it is back."""
    row = work.get(Device, request.device_id)
    last = work.first(_health_of, key_device=row.id)
    if last is None or work.now - last.seen_at >= ONLINE:
        work.refuse("devices.not_heard", name=row.name)
    if not last.run:
        work.refuse("devices.cannot_restart", name=row.name)
    work.run(_tell_restart, key_device=row.id, told=last.run)
    work.audit("device", row.id, {"program": [last.version, "restart"]})
    work.notify("devices", "restart", id=row.id)
    return Nothing()


@action("devices.heartbeat", needs=BEAT, input=Heartbeat, output=Heard, keyless=True)
def heartbeat(work: Work, request: Heartbeat) -> Heard:
    """A device's word every three seconds; a display asks with it for its zone's one voice."""
    who = work.who
    kind = work.connection.dialect.name
    told = work.scalar(
        _upsert[kind],
        device_id=who.id,
        seen_at=work.now,
        version=request.version,
        state=request.state,
        facts=request.facts,
        run=request.run,
    )
    if told is not None and told != request.run:
        # It has started anew: whoever looks at the console sees that it is back.
        work.run(_tell_restart, key_device=who.id, told=None)
        work.notify("devices", "back", id=who.id)
    voice = False
    if who.zone_id is not None and who.device_kind == "led":
        if request.wants_voice:
            until = work.now + VOICE_LEASE
            work.run(_begin_voice[kind], zone_id=who.zone_id, device_id=who.id, until=until)
            voice = bool(work.run(_take_voice, key_zone=who.zone_id, device=who.id, moment=work.now, new_until=until))
        else:
            work.run(_give_voice, key_zone=who.zone_id, device=who.id, moment=work.now)
    return Heard(now=work.now, voice=voice, restart=told is not None and told == request.run)


@reading("devices.list", needs=SEE, input=Nothing, output=DeviceCards)
def listed(work: Work, request: Nothing) -> DeviceCards:
    """All devices with their last word."""
    health = {row.device_id: row for row in work.rows(_health)}
    cards = []
    for row in work.rows(_devices):
        last = health.get(row.id)
        cards.append(
            DeviceCard(
                id=row.id,
                kind=row.kind,
                label=row.name,
                window_id=row.window_id,
                zone_id=row.zone_id,
                last_seen=last.seen_at if last else None,
                online=last is not None and work.now - last.seen_at < ONLINE,
                version=last.version if last else "",
                state=last.state if last else "",
                facts=last.facts if last else {},
                restarting=last is not None and last.restart_run is not None,
            )
        )
    return DeviceCards(items=cards)
