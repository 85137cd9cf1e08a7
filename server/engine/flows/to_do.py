"""The one to-do list (SM-TODO): what waits for a person, from every flow, in the order in which it is due.

A person's list is read along the indexes of open steps, once for each person, post and role in whose place he may act, and
merged; it costs what the page costs, however many steps wait for others."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, and_, case, func, or_, select

from common.protocol.deadlines import Ledger
from common.protocol.messages import Nothing
from common.protocol.to_do import (
    AskCases,
    AskToDo,
    OfCase,
    ToDoCounts,
    ToDoGroup,
    ToDoItem,
    ToDoPage,
)
from common.text import N_
from common.text.fold import fold
from common.text.words import pick
from server.engine.actions.declare import reading
from server.engine.actions.work import Work
from server.engine.calendars import keeping
from server.engine.calendars.deadlines import light
from server.engine.calendars.readings import ledger_of
from server.engine.errors import refusal
from server.engine.flows import binding
from server.engine.flows.access import CASES
from server.engine.flows.readings import concerned
from server.engine.flows.records import CaseStep, Flow, FlowCase
from server.engine.flows.term_keeping import CASE, STEP
from server.engine.ports import Hands
from server.engine.records.called import called
from server.engine.records.scope import visible

NO_TERM = refusal("to_do.no_term", N_("This has no term, so nothing is counted."), 404)
LATER = refusal("to_do.page_lost", N_("The list has changed. Read it from its beginning."), 422)

_s: Table = CaseStep.__table__  # type: ignore[assignment]
_c: Table = FlowCase.__table__  # type: ignore[assignment]
_f: Table = Flow.__table__  # type: ignore[assignment]
_SHOWN = (
    _s.c.id, _s.c.case_id, _s.c.name, _s.c.kind, _s.c.opened_at, _s.c.due_at, _s.c.yellow_at, _s.c.red_at, _s.c.bulk,
    _s.c.sender_id, _s.c.person_id, _s.c.post_id, _s.c.role_id, _s.c.flow_id,
    _c.c.number, _c.c.name.label("case_name"), _c.c.state.label("case_state"), _f.c.name.label("flow_name"),
)  # fmt: skip
FAR = datetime.max


@reading("to_do.list", needs=None, input=AskToDo, output=ToDoPage)
def listed(work: Work, request: AskToDo) -> ToDoPage:
    """What waits for the reader, what he took part in, what of that is done."""
    if work.who.kind != "person":
        return ToDoPage(items=[], now=work.now)
    if request.kind != "todo":
        return _took_part(work, request)
    hands = binding.hands(work)
    where = [*_lit(work, request.light, _s), *_wanted(request)]
    after = _place(work, request.after)
    rows: dict[UUID, Any] = {}
    for column, keys in held_in(hands):
        for key in keys:
            for one in _ordered(work, [column == key, *where], after, request.limit + 1):
                rows.setdefault(one.id, one)
    found = sorted(rows.values(), key=_due_key)
    page = found[: request.limit]
    people = called(work, (*(one.sender_id for one in page), *(_instead(hands, one) for one in page)))
    return ToDoPage(
        items=[_item(one, work.now, people, _instead(hands, one)) for one in page],
        next=_mark(page[-1]) if len(found) > request.limit else "",
        now=work.now,
    )


def held_in(hands: Hands) -> list[tuple[Any, list[UUID]]]:
    """The columns by which steps are in somebody's hands, each with its keys."""
    return [(_s.c.person_id, [*hands.people]), (_s.c.post_id, [*hands.posts]), (_s.c.role_id, [*hands.roles])]


def _open() -> ColumnElement[bool]:
    # Said as the partial indexes say it.
    return and_(_s.c.state == "open", _s.c.kind != "timer", _s.c.deleted_at.is_(None))


def ordered(where: list[Any], after: tuple[datetime | None, UUID] | None, limit: int) -> Iterator[Any]:
    """The statements that give open steps in their order: those with a term by their due date, then those without one, each
    along an index. The second is asked only where the first gives too few."""
    base = select(*_SHOWN).join(_c, _c.c.id == _s.c.case_id).join(_f, _f.c.id == _s.c.flow_id).where(_open(), *where)
    due = _s.c.due_at
    if after is None or after[0] is not None:
        with_term = base.where(due.is_not(None))
        if after is not None:
            with_term = with_term.where(due >= after[0], or_(due > after[0], _s.c.id > after[1]))
        yield with_term.order_by(due, _s.c.id).limit(limit)
    without = base.where(due.is_(None))
    if after is not None and after[0] is None:
        without = without.where(_s.c.id > after[1])
    yield without.order_by(_s.c.id).limit(limit)


def _ordered(work: Work, where: list[Any], after: Any, limit: int) -> list[Any]:
    found: list[Any] = []
    for statement in ordered(where, after, limit):
        found += work.connection.execute(statement.limit(limit - len(found))).all()
        if len(found) >= limit:
            break
    return found


def _lit(work: Work, wanted: str | None, table: Table) -> list[Any]:
    """The conditions of a light: the clock against the two instants; the due date, which is the second, leads the index."""
    due, yellow, red = table.c.due_at, table.c.yellow_at, table.c.red_at
    lights: dict[str | None, list[Any]] = {
        None: [],
        "red": [red <= work.now, due <= work.now],
        "yellow": [yellow <= work.now, red > work.now, due > work.now],
        "green": [yellow > work.now, red > work.now, due > work.now],
        "stopped": [due.is_not(None), red.is_(None)],
        "none": [due.is_(None)],
    }
    return lights[wanted]


def _wanted(request: AskToDo) -> list[Any]:
    where: list[Any] = []
    if request.flow_id is not None:
        where.append(_s.c.flow_id == request.flow_id)
    if request.sender_id is not None:
        where.append(_s.c.sender_id == request.sender_id)
    if request.due_from is not None:
        where.append(_s.c.due_at >= request.due_from)
    if request.due_before is not None:
        where.append(_s.c.due_at < request.due_before)
    return where + _searched(request.search)


def _searched(text: str) -> list[Any]:
    return [_c.c.search_shadow.contains(word, autoescape=True) for word in fold(text).split()[:6]]


def light_at(row: Any, now: datetime) -> Any:
    """The light of a row that has the three instants."""
    if row.due_at is None:
        return "none"
    if row.red_at is None or row.yellow_at is None:
        return "stopped"
    return light(now, row.yellow_at, row.red_at)


def _item(row: Any, now: datetime, people: dict[UUID, str], instead: UUID | None) -> ToDoItem:
    return ToDoItem(
        case_id=row.case_id, step_id=row.id, number=row.number, name=row.case_name, flow=row.flow_name, step=row.name,
        kind=row.kind, state=row.case_state, opened_at=row.opened_at, due_at=row.due_at, yellow_at=row.yellow_at,
        red_at=row.red_at, light=light_at(row, now), sender=people.get(row.sender_id, ""),
        instead_of=people.get(instead, "") if instead is not None else "", bulk=bool(row.bulk),
    )  # fmt: skip


def _instead(hands: Hands, row: Any) -> UUID | None:
    return binding.instead(hands, row)[1]


def _due_key(row: Any) -> tuple[bool, datetime, bytes]:
    return row.due_at is None, row.due_at.replace(tzinfo=None) if row.due_at else FAR, row.id.bytes


def _mark(row: Any) -> str:
    return f"{row.due_at.isoformat() if row.due_at else ''}|{row.id}"


def _place(work: Work, mark: str) -> tuple[datetime | None, UUID] | None:
    if not mark:
        return None
    moment, _, key = mark.partition("|")
    try:
        return datetime.fromisoformat(moment) if moment else None, UUID(key)
    except ValueError:
        work.refuse("to_do.page_lost")


def _took_part(work: Work, request: AskToDo) -> ToDoPage:
    """Cases in which the reader acted, or somebody in his place, the latest first: running or ended ones."""
    me, running = work.who.id, request.kind == "participated"
    acted = (
        select(_s.c.case_id, func.max(_s.c.closed_at).label("at"))
        .where(or_(_s.c.closed_by == me, _s.c.closed_for == me), _s.c.state.not_in(("open", "void")))
        .group_by(_s.c.case_id)
        .subquery()
    )
    statement = (
        select(
            _c.c.id, _c.c.number, _c.c.name, _c.c.state, _c.c.due_at, _c.c.yellow_at, _c.c.red_at, _c.c.applicant_id,
            _f.c.name.label("flow_name"), acted.c.at,
        )
        .join(acted, acted.c.case_id == _c.c.id)
        .join(_f, _f.c.id == _c.c.flow_id)
        .where(_c.c.state == "running" if running else _c.c.state != "running", *_lit(work, request.light, _c))
        .where(*_searched(request.search))
        .order_by(acted.c.at.desc(), _c.c.id)
        .limit(request.limit + 1)
    )  # fmt: skip
    if request.flow_id is not None:
        statement = statement.where(_c.c.flow_id == request.flow_id)
    if request.sender_id is not None:
        statement = statement.where(_c.c.applicant_id == request.sender_id)
    after = _place(work, request.after)
    if after is not None and after[0] is not None:
        statement = statement.where(or_(acted.c.at < after[0], and_(acted.c.at == after[0], _c.c.id > after[1])))
    found = work.connection.execute(statement).all()
    page = found[: request.limit]
    people = called(work, (one.applicant_id for one in page))
    stands = _where_they_stand(work, [one.id for one in page]) if running else {}
    return ToDoPage(
        items=[
            ToDoItem(
                case_id=one.id, number=one.number, name=one.name, flow=one.flow_name, step=stands.get(one.id, {}),
                kind="case", state=one.state, opened_at=one.at, due_at=one.due_at, yellow_at=one.yellow_at,
                red_at=one.red_at, light=light_at(one, work.now) if running else "none",
                sender=people.get(one.applicant_id, ""), own=one.applicant_id == me,
            )
            for one in page
        ],
        next=f"{page[-1].at.isoformat()}|{page[-1].id}" if len(found) > request.limit else "",
        now=work.now,
    )  # fmt: skip


def _where_they_stand(work: Work, cases: list[UUID]) -> dict[UUID, dict[str, str]]:
    rows = work.connection.execute(
        select(_s.c.case_id, _s.c.name).where(_s.c.case_id.in_(cases), _open(), _s.c.kind != "opinion")
    )
    return {one.case_id: one.name for one in rows}


@reading("to_do.counts", needs=None, input=Nothing, output=ToDoCounts)
def counts(work: Work, request: Nothing) -> ToDoCounts:
    """How much waits for the reader, by light, flow and sender."""
    if work.who.kind != "person":
        return ToDoCounts(todo=0)
    now = work.now
    which = case(
        (_s.c.due_at.is_(None), "none"),
        (_s.c.red_at.is_(None), "stopped"),
        (_s.c.red_at <= now, "red"),
        (_s.c.yellow_at <= now, "yellow"),
        else_="green",
    )
    parts = [
        select(_s.c.id, _s.c.flow_id, _s.c.sender_id, which.label("light"), _s.c.due_at, _s.c.yellow_at, _s.c.red_at)
        .where(column.in_(keys), _open())
        for column, keys in held_in(binding.hands(work)) if keys
    ]  # fmt: skip
    if not parts:
        return ToDoCounts(todo=0)
    # A step waits for a person, a post or a role, never for two of them: no row comes twice.
    whole = parts[0].union_all(*parts[1:]).subquery()
    turn = case((whole.c.light == "green", whole.c.yellow_at), (whole.c.light == "yellow", whole.c.red_at))
    groups = work.connection.execute(
        select(
            whole.c.flow_id, whole.c.sender_id, whole.c.light, func.count().label("n"),
            func.min(whole.c.due_at).label("due"), func.min(turn).label("turn"),
        ).group_by(whole.c.flow_id, whole.c.sender_id, whole.c.light)
    ).all()  # fmt: skip
    lights: dict[str, int] = {}
    flows: dict[UUID, int] = {}
    senders: dict[UUID, int] = {}
    for one in groups:
        lights[one.light] = lights.get(one.light, 0) + one.n
        flows[one.flow_id] = flows.get(one.flow_id, 0) + one.n
        if one.sender_id is not None:
            senders[one.sender_id] = senders.get(one.sender_id, 0) + one.n
    named = {
        row.id: pick(row.name, work.language)
        for row in work.connection.execute(select(_f.c.id, _f.c.name).where(_f.c.id.in_(list(flows))))
    }
    people = called(work, senders)
    ahead = [one.due for one in groups if one.due is not None and one.light != "stopped"]
    turns = [one.turn for one in groups if one.turn is not None]
    return ToDoCounts(
        todo=sum(lights.values()),
        **lights,
        flows=_groups(flows, named),
        senders=_groups(senders, people),
        next_due_at=_utc(min(ahead)) if ahead else None,
        turns_at=_utc(min(turns)) if turns else None,
    )


def _groups(found: dict[UUID, int], names: dict[UUID, str]) -> list[ToDoGroup]:
    made = [ToDoGroup(id=key, name=names[key], count=n) for key, n in found.items() if key in names]
    return sorted(made, key=lambda one: fold(one.name))


def _utc(moment: Any) -> datetime:
    """SQLite gives the least of some moments as the text it keeps."""
    return moment if isinstance(moment, datetime) else datetime.fromisoformat(moment + "+00:00")


@reading("to_do.cases", needs=CASES, input=AskCases, output=ToDoPage)
def cases(work: Work, request: AskCases) -> ToDoPage:
    """Running cases of the house by light, in the order in which they are due, for supervisors (SM-URGE)."""
    after = _place(work, request.after)
    where = [_c.c.state == "running", visible(FlowCase, work.who), *_lit(work, request.light, _c)]
    if request.flow_id is not None:
        where.append(_c.c.flow_id == request.flow_id)
    found: list[Any] = []
    for statement in _cases_ordered(where, after, request.limit + 1):
        found += work.connection.execute(statement.limit(request.limit + 1 - len(found))).all()
        if len(found) > request.limit:
            break
    page = found[: request.limit]
    people = called(work, (one.applicant_id for one in page))
    stands = _where_they_stand(work, [one.id for one in page])
    return ToDoPage(
        items=[
            ToDoItem(
                case_id=one.id, number=one.number, name=one.name, flow=one.flow_name, step=stands.get(one.id, {}),
                kind="case", state=one.state, opened_at=one.started_at, due_at=one.due_at, yellow_at=one.yellow_at,
                red_at=one.red_at, light=light_at(one, work.now), sender=people.get(one.applicant_id, ""),
            )
            for one in page
        ],
        next=_mark(page[-1]) if len(found) > request.limit else "",
        now=work.now,
    )  # fmt: skip


def _cases_ordered(where: list[Any], after: tuple[datetime | None, UUID] | None, limit: int) -> Iterator[Any]:
    base = (
        select(
            _c.c.id, _c.c.number, _c.c.name, _c.c.state, _c.c.started_at, _c.c.due_at, _c.c.yellow_at, _c.c.red_at,
            _c.c.applicant_id, _f.c.name.label("flow_name"),
        )
        .join(_f, _f.c.id == _c.c.flow_id)
        .where(*where)
    )  # fmt: skip
    due = _c.c.due_at
    if after is None or after[0] is not None:
        with_term = base.where(due.is_not(None))
        if after is not None:
            with_term = with_term.where(due >= after[0], or_(due > after[0], _c.c.id > after[1]))
        yield with_term.order_by(due, _c.c.id).limit(limit)
    without = base.where(due.is_(None))
    if after is not None and after[0] is None:
        without = without.where(_c.c.id > after[1])
    yield without.order_by(_c.c.id).limit(limit)


@reading("to_do.ledger", needs=None, input=OfCase, output=Ledger)
def ledger(work: Work, request: OfCase) -> Ledger:
    """The ledger of a step's deadline, or of the whole case's; for whoever may see the case."""
    if not concerned(work, request.case_id):
        work.refuse("flows.not_shown")
    row = None
    if request.step_id is not None:
        step = work.get(CaseStep, request.step_id)
        if step.case_id == request.case_id:
            row = keeping.of(work, STEP, step.id)
    row = row if row is not None else keeping.of(work, CASE, request.case_id)
    if row is None:
        work.refuse("to_do.no_term")
    return ledger_of(work, row)
