"""Prepared reading of operations."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Table, and_, bindparam, func, or_, select

from server.engine.actions.work import Work
from server.engine.database.schema import access_token, sign_in_attempt
from server.engine.database.statements import Prepared
from server.engine.database.types import Id
from server.modules.devices.public import Device, device_health
from server.modules.operations.records import Fault, OperatingFigure, SecurityTraining

_fault, _figure, _training = Fault.__table__, OperatingFigure.__table__, SecurityTraining.__table__
_device: Any = Device.__table__
_health: Table = device_health
_moment = _fault.c.found_at.type

OF_ALERT = Prepared(select(_fault).where(_fault.c.alert_id == bindparam("key_alert", type_=Id())))
STANDING = Prepared(
    select(_fault)
    .where(or_(_fault.c.state == "reported", _fault.c.state == "diagnosed"), _fault.c.deleted_at.is_(None))
    .order_by(_fault.c.id)
)
OPEN = Prepared(
    select(func.count().label("n")).where(
        _fault.c.state != "recovered", _fault.c.state != "closed", _fault.c.deleted_at.is_(None)
    )
)
HEARD = Prepared(
    select(_device.c.id, _device.c.name, _device.c.kind, _device.c.created_at, _health.c.seen_at)
    .select_from(_device.outerjoin(_health, _health.c.device_id == _device.c.id))
    .where(_device.c.deleted_at.is_(None), _device.c.replaced_by_id.is_(None))
    .order_by(_device.c.name, _device.c.id)
)
SINCE = Prepared(
    select(func.count().label("n")).where(
        _fault.c.found_at >= bindparam("moment", type_=_moment), _fault.c.deleted_at.is_(None)
    )
)
LAST_HOUR = Prepared(select(func.max(_figure.c.begins_at).label("at")))
HOURS = Prepared(
    select(_figure)
    .where(
        _figure.c.begins_at >= bindparam("first", type_=_moment), _figure.c.begins_at < bindparam("end", type_=_moment)
    )
    .order_by(_figure.c.begins_at)
)
SIGNED_IN = Prepared(
    select(func.count(func.distinct(access_token.c.principal_id)).label("n")).where(
        access_token.c.kind == "person",
        access_token.c.issued_at < bindparam("end", type_=_moment),
        or_(access_token.c.ended_at.is_(None), access_token.c.ended_at >= bindparam("first", type_=_moment)),
        access_token.c.expires_at >= bindparam("first", type_=_moment),
    )
)
GUESSED = Prepared(
    select(sign_in_attempt.c.name, sign_in_attempt.c.address, func.count().label("n"))
    .where(
        sign_in_attempt.c.succeeded.is_(False),
        and_(
            sign_in_attempt.c.at >= bindparam("first", type_=_moment),
            sign_in_attempt.c.at < bindparam("end", type_=_moment),
        ),
    )
    .group_by(sign_in_attempt.c.name, sign_in_attempt.c.address)
    .order_by(func.count().desc(), sign_in_attempt.c.name)
)
LAST_TRAINING = Prepared(select(func.max(_training.c.held_on).label("held")).where(_training.c.deleted_at.is_(None)))
MISSED_TRAINING = Prepared(
    select(_training.c.id, _training.c.planned_on)
    .where(
        _training.c.held_on.is_(None),
        _training.c.planned_on < bindparam("today", type_=_training.c.planned_on.type),
        _training.c.deleted_at.is_(None),
    )
    .order_by(_training.c.planned_on)
)


def faults_since(work: Work, moment: datetime | None) -> int | None:
    """How many faults were found since a moment; nothing without one."""
    return int(work.scalar(SINCE, moment=moment) or 0) if moment is not None else None
