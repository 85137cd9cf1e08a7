"""What clients ask of the department service (ADM-019)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from common.protocol.departments import AskLine, FindMembers, Line, MemberFacts, Members
from common.text import N_
from server.engine.actions.declare import reading
from server.engine.actions.work import Work
from server.engine.ports import Member, ports
from server.modules.organisation.access import SEE
from server.modules.organisation.loaders_departments import line, members, subordinates, superiors
from server.modules.organisation.records import StaffMember


def _today(work: Work) -> date:
    place = ports.places.main(work.connection)
    return place.business_day(work.now) if place is not None else work.now.date()


def _facts(one: Member) -> MemberFacts:
    return MemberFacts(
        id=one.person_id, name=one.name, number=one.number, department_id=one.department_id, department=one.department,
        post=one.post, head=one.head,
    )  # fmt: skip


@reading(
    "organisation.members", needs=SEE, input=FindMembers, output=Members, label=N_("Members of departments")
)  # fmt: skip
def find_members(work: Work, request: FindMembers) -> Members:
    """People by words of their name, number, post or department, of one department and those below it."""
    found = members(
        work.connection, _today(work), words=request.words, department_id=request.department_id,
        with_below=request.with_below, heads_only=request.heads_only, limit=request.limit,
    )  # fmt: skip
    return Members(items=[_facts(one) for one in found])


@reading("organisation.line", needs=SEE, input=AskLine, output=Line, label=N_("Superiors and subordinates"))
def find_line(work: Work, request: AskLine) -> Line:
    """Who is above a person, up to the top, and who is directly below."""
    work.get(StaffMember, request.person_id)
    day = _today(work)
    everybody = {one.person_id: one for one in members(work.connection, day)}

    def told(ids: list[UUID]) -> list[MemberFacts]:
        return [_facts(everybody[one]) for one in ids if one in everybody]

    person = request.person_id
    return Line(
        superiors=told(list(superiors(work.connection, person, day))), above=told(list(line(work.connection, person, day))),
        below=told(list(subordinates(work.connection, person, day))),
    )  # fmt: skip
