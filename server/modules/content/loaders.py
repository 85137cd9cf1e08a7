"""Reading announcements, and whom they are for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select

from server.engine.actions.work import Work
from server.engine.caches import Cached
from server.engine.database.statements import Prepared
from server.engine.database.types import Id
from server.modules.content.records import Announcement, AnnouncementRead
from server.modules.content.rules import Belongs
from server.modules.organisation.public import DEPARTMENTS, PLAN, Hall, StaffMember, posts_of
from server.modules.people.public import roles_of

_announcement, _read, _staff = Announcement.__table__, AnnouncementRead.__table__, StaffMember.__table__
_hall: Any = Hall.__table__
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


HALLS = Prepared(select(_hall.c.id, _hall.c.outlet_id).where(_hall.c.deleted_at.is_(None)))


def belongs(work: Work, person: Any, today: date) -> Belongs:
    """Where a staff member belongs: outlets, halls, departments with all above them, roles."""
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
    of_halls = {one.id: one.outlet_id for one in work.rows(HALLS)}
    outlets = {of_halls.get(one) for one in halls} | {known[one].outlet_id for one in departments}
    if outlets <= {None}:
        main = PLAN.read(work.connection).main  # whoever stands in no place works in the one that there is
        outlets = {main.id} if main is not None else set()
    return Belongs(
        outlets=_texts(outlets), halls=_texts(halls), departments=_texts(departments),
        roles=_texts(roles_of(work.connection, person.id, today)),
    )  # fmt: skip


def _texts(ids: Iterable[UUID | None]) -> frozenset[str]:
    return frozenset(str(one) for one in ids if one is not None)
