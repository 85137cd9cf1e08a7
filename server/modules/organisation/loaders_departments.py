"""The department service: who is above and below whom, and who belongs to a department, for all other functions (ADM-019).

Superiors follow the chart of posts: whoever holds the post above; a post without one, or with nobody on it, is under whoever heads
the department, else the department above. Nobody is above himself, and each stands once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, or_, select

from common.text.fold import fold
from server.engine.caches import Cached
from server.engine.database.statements import Prepared
from server.engine.ports import Member
from server.modules.organisation import rules
from server.modules.organisation.loaders import DEPARTMENTS
from server.modules.organisation.records import Post, PostHolder, StaffMember

_post, _holder, _staff = Post.__table__, PostHolder.__table__, StaffMember.__table__
_posts = Prepared(
    select(_post.c.id, _post.c.name, _post.c.department_id, _post.c.parent_id, _post.c.head, _post.c.place)
    .where(_post.c.deleted_at.is_(None))
    .order_by(_post.c.place, _post.c.id)
)
_holders = Prepared(
    select(_holder.c.post_id, _holder.c.staff_member_id, _holder.c.held)
    .join(_staff, _staff.c.id == _holder.c.staff_member_id)
    .where(_holder.c.deleted_at.is_(None), _staff.c.deleted_at.is_(None), _staff.c.state != "cancelled")
    .order_by(_holder.c.id)
)
_person = Prepared(select(_staff.c.department_id).where(_staff.c.id == bindparam("key_id")))


@dataclass(frozen=True)
class _Chart:
    posts: dict[UUID, Any]
    by_post: dict[UUID, list[Any]]
    by_person: dict[UUID, list[Any]]

    def on(self, post_id: UUID, day: date) -> list[UUID]:
        """Who holds a post on a day."""
        held = self.by_post.get(post_id, ())
        return list(dict.fromkeys(h.staff_member_id for h in held if rules.within_period(h.held, day)))

    def of(self, person_id: UUID, day: date) -> list[Any]:
        """The posts of a person on a day."""
        held = self.by_person.get(person_id, ())
        ids = dict.fromkeys(h.post_id for h in held if rules.within_period(h.held, day))
        return [self.posts[one] for one in ids if one in self.posts]


def _read(connection: Connection) -> _Chart:
    by_post: dict[UUID, list[Any]] = {}
    by_person: dict[UUID, list[Any]] = {}
    for row in _holders.rows(connection):
        by_post.setdefault(row.post_id, []).append(row)
        by_person.setdefault(row.staff_member_id, []).append(row)
    return _Chart({row.id: row for row in _posts.rows(connection)}, by_post, by_person)


CHART = Cached("organisation.posts", _read, ("organisation",))


def below(connection: Connection, departments: Iterable[UUID]) -> set[UUID]:
    """These departments and all below them."""
    rows = DEPARTMENTS.read(connection)
    return rules.with_those_below([d for d in departments if d in rows], {r.id: r.parent_id for r in rows.values()})


def heads(connection: Connection, department_id: UUID | None, day: date, besides: UUID | None = None) -> list[UUID]:
    """Who heads a department; where nobody else than `besides` does, who heads the one above it."""
    departments, chart = DEPARTMENTS.read(connection), CHART.read(connection)
    seen: set[UUID] = set()
    while department_id is not None and department_id in departments and department_id not in seen:
        seen.add(department_id)
        posts = [p for p in chart.posts.values() if p.department_id == department_id and p.head]
        found = [one for post in posts for one in chart.on(post.id, day) if one != besides]
        if found:
            return list(dict.fromkeys(found))
        department_id = departments[department_id].parent_id
    return []


def superiors(connection: Connection, person_id: UUID, day: date) -> list[UUID]:
    """Who is directly above a person, over all posts that this one holds."""
    chart = CHART.read(connection)
    posts = chart.of(person_id, day)
    found: list[UUID] = []
    for post in posts:
        found += _above_post(connection, chart, post, person_id, day)
    if not posts:
        row = _person.first(connection, key_id=person_id)
        found += heads(connection, row.department_id if row is not None else None, day, besides=person_id)
    return list(dict.fromkeys(found))


def _above_post(connection: Connection, chart: _Chart, post: Any, person_id: UUID, day: date) -> list[UUID]:
    seen = {post.id}
    here = chart.posts.get(post.parent_id)
    while here is not None and here.id not in seen:
        seen.add(here.id)
        found = [one for one in chart.on(here.id, day) if one != person_id]
        if found:
            return found
        here = chart.posts.get(here.parent_id)
    return heads(connection, post.department_id, day, besides=person_id)


def line(connection: Connection, person_id: UUID, day: date) -> list[UUID]:
    """Everybody above a person, nearest first."""
    found: list[UUID] = []
    ahead = superiors(connection, person_id, day)
    while ahead:
        one = ahead.pop(0)
        if one not in found and one != person_id:
            found.append(one)
            ahead += superiors(connection, one, day)
    return found


def subordinates(connection: Connection, person_id: UUID, day: date, *, deep: bool = False) -> list[UUID]:
    """Who is directly below a person, or with `deep` all who are."""
    everybody = [m.person_id for m in members(connection, day)]
    above = {one: superiors(connection, one, day) for one in everybody}
    found: list[UUID] = []
    ahead = [person_id]
    while ahead:
        boss = ahead.pop(0)
        for one in everybody:
            if boss in above[one] and one not in found and one != person_id:
                found.append(one)
                ahead += [one] if deep else []
    return found


def members(
    connection: Connection,
    day: date,
    *,
    words: str = "",
    department_id: UUID | None = None,
    with_below: bool = True,
    heads_only: bool = False,
    limit: int | None = None,
) -> list[Member]:
    """People of a department (by their file or by a post) with those below it, found by words of their name, number, post or
    department; without a department everybody. By name."""
    departments, chart = DEPARTMENTS.read(connection), CHART.read(connection)
    wanted = {department_id} if department_id is not None else None
    if wanted is not None and with_below:
        wanted = below(connection, wanted)
    holding = {one: chart.of(one, day) for one in chart.by_person}
    asked = select(
        _staff.c.id, _staff.c.name, _staff.c.staff_number, _staff.c.department_id, _staff.c.post, _staff.c.search_shadow
    ).where(_staff.c.deleted_at.is_(None), _staff.c.state != "cancelled")
    if wanted is not None:
        by_post = [one for one, posts in holding.items() if any(p.department_id in wanted for p in posts)]
        asked = asked.where(or_(_staff.c.department_id.in_(list(wanted)), _staff.c.id.in_(by_post)))
    found: list[Member] = []
    for row in connection.execute(asked.order_by(_staff.c.name_sort, _staff.c.id)):
        posts = [p for p in holding.get(row.id, ()) if wanted is None or p.department_id in wanted]
        if heads_only and not any(p.head for p in posts):
            continue
        at = row.department_id or next((p.department_id for p in posts), None)
        department = departments.get(at) if at is not None else None
        titles = [p.name for p in posts] or ([row.post] if row.post else [])
        said = " ".join(
            [row.search_shadow, *(fold(w) for t in titles for w in t.values()),
             *(fold(w) for w in (department.name.values() if department is not None else ()))]
        )  # fmt: skip
        if all(word in said for word in fold(words).split()):
            found.append(
                Member(row.id, row.name, row.staff_number, at, department.name if department is not None else {},
                       titles[0] if titles else {}, any(p.head for p in posts))
            )  # fmt: skip
            if limit is not None and len(found) >= limit:
                break
    return found


class Departments:
    """The departments port."""

    superiors = staticmethod(superiors)
    line = staticmethod(line)
    subordinates = staticmethod(subordinates)
    heads = staticmethod(heads)
    members = staticmethod(members)
