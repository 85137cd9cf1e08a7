"""Pure decisions about announcements: whether one holds, and for whom."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from server.modules.organisation.public import within_period


def holds(announcement: Any, today: date) -> bool:
    """Whether an announcement is published and within its days."""
    return announcement.state == "published" and within_period(announcement.held, today)


def is_for(announcement: Any, departments: Collection[str], halls: Collection[str]) -> bool:
    """Whether an announcement is for somebody of these departments (with all above them) and halls."""
    if announcement.audience == "departments":
        return any(one in departments for one in announcement.departments or ())
    if announcement.audience == "halls":
        return any(one in halls for one in announcement.halls or ())
    return True
