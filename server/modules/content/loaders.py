"""Reading announcements, and whom they are for."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select

from server.engine.actions.work import Work
from server.engine.caches import Cached
from server.engine.database.statements import Prepared
from server.engine.database.types import Id
from server.modules.content.records import Announcement, AnnouncementRead
from server.modules.organisation.public import DEPARTMENTS, StaffMember, posts_of

_announcement, _read, _staff = Announcement.__table__, AnnouncementRead.__table__, StaffMember.__table__
_published = Prepared(
    select(_announcement)
    .where(_announcement.c.state == "published", _announcement.c.deleted_at.is_(None))
    .order_by(_announcement.c.published_at.desc(), _announcement.c.id)
)
PUBLISHED = Cached("content.published", lambda connection: tuple(_published.rows(connection)), ("content",))
"""What is published, the newest first; whether it holds today is the reader's question."""

READ_BY = Prepared(
    select(_read.c.announcement_id, _read.c.edition, _read.c.read_at).where(
        _read.c.person_id == bindparam("key_person", type_=Id())
    )
)
READ_OF = Prepared(
    select(_read.c.person_id, _read.c.read_at).where(
        _read.c.announcement_id == bindparam("key_announcement", type_=Id()), _read.c.edition == bindparam("edition")
    )
)
STAFF = Prepared(
    select(_staff.c.id, _staff.c.name, _staff.c.department_id, _staff.c.hall_id)
    .where(_staff.c.deleted_at.is_(None), _staff.c.state != "cancelled")
    .order_by(_staff.c.id)
)
NAMES = Prepared(select(_staff.c.id, _staff.c.name))


def belongs(work: Work, person: Any, today: date) -> tuple[set[str], set[str]]:
    """The departments of a staff member with all above them, and the halls, as text."""
    known = DEPARTMENTS.read(work.connection)
    own = {person.department_id, *(post.department_id for post in posts_of(work.connection, person.id, today))}
    halls = {person.hall_id, *(known[one].hall_id for one in own if one in known)}
    departments: set[UUID] = set()
    ahead = [one for one in own if one in known]
    while ahead:
        one = ahead.pop()
        if one not in departments:
            departments.add(one)
            if known[one].parent_id in known:
                ahead.append(known[one].parent_id)
    return {str(one) for one in departments}, {str(one) for one in halls if one is not None}
