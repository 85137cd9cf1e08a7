"""Reading staff."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select

from server.engine.database.statements import Prepared
from server.engine.ports import ports
from server.modules.organisation.records import PostHolder, StaffMember

_staff, _holder = StaffMember.__table__, PostHolder.__table__
_holders = Prepared(
    select(_staff.c.name, _holder.c.held)
    .join(_holder, _holder.c.staff_member_id == _staff.c.id)
    .where(_holder.c.post_id == bindparam("key_post"), _holder.c.deleted_at.is_(None))
    .order_by(_holder.c.id)
)


def holders_of(work: Any, post_id: UUID) -> list[Any]:
    """Who holds a post today or will, by name: one given from tomorrow on is no empty one."""
    place = ports.places.main(work.connection)
    today = (place.business_day(work.now) if place is not None else work.now.date()).isoformat()
    rows = work.rows(_holders, key_post=post_id)
    return [row for row in rows if not row.held or (row.held.partition("/")[2] or today) >= today]


def holder_of_mobile(work: Any, blinds: list[bytes], but: UUID | None) -> Any:
    """An active person with this mobile number, but one; nothing when it is free."""
    others = select(_staff.c.name).where(
        _staff.c.mobile_exact.in_(blinds), _staff.c.deleted_at.is_(None), _staff.c.state != "cancelled"
    )
    if but is not None:
        others = others.where(_staff.c.id != but)
    return work.connection.execute(others).first()
