"""Who holds a step: posts and roles as the flow says, and what happens where nobody is left (COR-I07)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from server.engine.actions.work import Work
from server.engine.flows.definition import Holder, Node
from server.engine.ports import Hands, ports

MOST_SEATS = 100


@dataclass(frozen=True)
class Held:
    """For whom a step waits: a person, or whoever holds a post, or has a role. For nobody: supervisors see to it."""

    person: UUID | None = None
    post: UUID | None = None
    role: UUID | None = None
    why: str = ""
    """Why it is another than the flow names: `above`, `head`, `nobody`."""


def today(work: Work) -> date:
    """The business day of this hall."""
    place = ports.places.main(work.connection)
    return place.business_day(work.now) if place is not None else work.now.date()


def hands(work: Work) -> Hands:
    """What the one who acts may act on."""
    return ports.holding.hands(work.connection, work.who.id, work.now, today(work))


def instead(found: Hands, step: Any) -> tuple[bool, UUID | None]:
    """Whether a step is in these hands, and in whose place."""
    for mine, key in ((found.people, step.person_id), (found.posts, step.post_id), (found.roles, step.role_id)):
        if key is not None:
            return key in mine, mine.get(key)
    return False, None


def seats(work: Work, node: Node, case: Any, exchanged: Mapping[UUID, UUID], chosen: UUID | None) -> Sequence[Held]:
    """For whom a node waits: one seat of a step, all of a countersigning."""
    if node.kind == "start":
        return [_applicant(work, case)]
    wanted = node.seats if node.kind == "countersign" else [node.holder] if node.holder is not None else []
    found: list[Held] = []
    for holder in wanted:
        found.extend(_each(work, holder, case, exchanged) if holder.each else [])
        if not holder.each:
            found.append(_one(work, holder, case, exchanged, chosen))
    return found[:MOST_SEATS] or [Held(why="nobody")]


def _one(work: Work, holder: Holder, case: Any, exchanged: Mapping[UUID, UUID], chosen: UUID | None) -> Held:
    match holder.by:
        case "post" if holder.post is not None:
            return on_post(work, exchanged.get(holder.post, holder.post), case)
        case "role" if holder.role is not None:
            if ports.holding.with_role(work, holder.role):
                return Held(role=holder.role)
            return head_of(work, case)
        case "head":
            return replace(head_of(work, case), why="")
        case "applicant":
            return _applicant(work, case)
        case "chosen" if chosen is not None:
            return for_person(work, chosen)
    return Held(why="nobody")


def _each(work: Work, holder: Holder, case: Any, exchanged: Mapping[UUID, UUID]) -> list[Held]:
    """A seat for everybody who holds a post or role, or heads the applicant's unit (COR-I08)."""
    day = today(work)
    people: list[UUID] = []
    if holder.by == "post" and holder.post is not None:
        people = ports.holding.on_post(work.connection, exchanged.get(holder.post, holder.post), day)
    elif holder.by == "role" and holder.role is not None:
        people = ports.holding.with_role(work, holder.role)
    elif holder.by == "head":
        for post in ports.holding.head(work.connection, case.department_id, day, case.applicant_id):
            people += ports.holding.on_post(work.connection, post, day)
    return [Held(person=one) for one in dict.fromkeys(people) if one != case.applicant_id]


def on_post(work: Work, post: UUID, case: Any) -> Held:
    """Whoever holds a post; where nobody does, the post above it, and so on; at last the head of the applicant's unit."""
    day, here, seen = today(work), post, set()
    while here not in seen:
        seen.add(here)
        if ports.holding.on_post(work.connection, here, day):
            return Held(post=here, why="" if here == post else "above")
        above = ports.holding.above(work.connection, here)
        if above is None:
            break
        here = above
    return head_of(work, case)


def for_person(work: Work, person: UUID) -> Held:
    """A person; where he can act no longer, the head of his unit."""
    day = today(work)
    if ports.holding.active(work.connection, person, day):
        return Held(person=person)
    unit = ports.holding.unit(work.connection, person, day)
    posts = ports.holding.head(work.connection, unit.department_id, day, person)
    return Held(post=posts[0], why="head") if posts else Held(why="nobody")


def head_of(work: Work, case: Any) -> Held:
    """The head of the applicant's unit, who is not the applicant himself."""
    posts = ports.holding.head(work.connection, case.department_id, today(work), case.applicant_id)
    return Held(post=posts[0], why="head") if posts else Held(why="nobody")


def _applicant(work: Work, case: Any) -> Held:
    return for_person(work, case.applicant_id or case.created_by)


def stranded(work: Work, step: Any) -> bool:
    """Whether nobody can act on an open step."""
    day = today(work)
    if step.person_id is not None:
        return not ports.holding.active(work.connection, step.person_id, day)
    if step.post_id is not None:
        return not ports.holding.on_post(work.connection, step.post_id, day)
    return step.role_id is not None and not ports.holding.with_role(work, step.role_id)


def people_of(work: Work, step: Any) -> list[UUID]:
    """The people who can act on an open step now."""
    day = today(work)
    if step.person_id is not None:
        return [step.person_id]
    if step.post_id is not None:
        return ports.holding.on_post(work.connection, step.post_id, day)
    return ports.holding.with_role(work, step.role_id) if step.role_id is not None else []
