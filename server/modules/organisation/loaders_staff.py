"""Reading staff."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from server.modules.organisation.records import StaffMember

_staff = StaffMember.__table__


def holder_of_mobile(work: Any, blinds: list[bytes], but: UUID | None) -> Any:
    """An active person with this mobile number, but one; nothing when it is free."""
    others = select(_staff.c.name).where(
        _staff.c.mobile_exact.in_(blinds), _staff.c.deleted_at.is_(None), _staff.c.state != "cancelled"
    )
    if but is not None:
        others = others.where(_staff.c.id != but)
    return work.connection.execute(others).first()
