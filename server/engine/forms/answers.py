"""What was sent with a form, its elements as fields: conditions, order, pages (SVD-026); a survey's results (SM-SURV)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select

from common.forms.answers import answer_of
from common.forms.definition import Element, FormDefinition
from common.forms.kinds import KINDS
from common.protocol.forms import (
    AnswerCondition,
    Answered,
    AnswerField,
    AnswerRow,
    AskAnswers,
    AskResults,
    Result,
    ResultBar,
    Results,
)
from common.records.values import BadValue
from common.text import N_, translate
from common.text.fold import fold
from common.text.words import pick
from server.engine.actions.declare import reading
from server.engine.actions.work import Work
from server.engine.errors import refusal
from server.engine.forms import designs, sealing
from server.engine.forms.access import ANSWERS
from server.engine.forms.records import FilledIn, FormAnswer, FormVersion
from server.engine.records.scope import visible

BAD_CONDITION = refusal("forms.bad_condition", N_("“{field}” cannot be asked for in this way."), 422)
MOST_TEXTS = 20
YES_NO = {"1": N_("Yes"), "0": N_("No")}
UNCOUNTED = frozenset({"rows", "file", "image", "phone", "identity_number"})
FEW = frozenset({"yes_no", "choice", "choices", "cascade", "scale"})
"""Kinds whose answers are counted one by one."""

_filled: Any = FilledIn.__table__
_answer: Any = FormAnswer.__table__
_version: Any = FormVersion.__table__


@reading("forms.answers", needs=ANSWERS, input=AskAnswers, output=Answered)
def answers(work: Work, request: AskAnswers) -> Answered:
    """A page of what was sent with a form, in all its versions; columns are those of the version in use."""
    form = designs.form_of(work, request.code)
    definition = designs.definition_of(work, designs.version_of(work, form, None), gone=True)
    where = and_(sent_with(work, form), *[_met(work, definition, form, one) for one in request.conditions])
    column, kind, down = _order(work, definition, request.sort)
    rank = case((column.is_(None), 0), else_=1)
    asked = (
        select(
            _filled.c.id,
            _filled.c.sent_at,
            _filled.c.answers,
            _filled.c.form_version_id,
            _version.c.number,
            column.label("value"),
        )
        .select_from(_filled.join(_version, _version.c.id == _filled.c.form_version_id))
        .where(where)
        .order_by(rank, column.desc() if down else column.asc(), _filled.c.id)
        .limit(request.limit + 1)
    )
    if request.after:
        asked = asked.where(_behind(work, request.after, kind, column, rank, down))
    rows = work.connection.execute(asked).all()
    page = rows[: request.limit]
    total = work.connection.execute(select(func.count()).select_from(_filled).where(where)).scalar_one()
    return Answered(
        fields=[_field(e, definition, work.language) for e in definition.by_name.values() if KINDS[e.kind].answer],
        items=_shown(work, form, page),
        total=total,
        next=_token(page[-1]) if len(rows) > request.limit else "",
    )


def _shown(work: Work, form: Any, page: Sequence[Any]) -> list[AnswerRow]:
    """Rows of a page, protected answers masked as the version says in which each was filled."""
    versions = {
        version: FormDefinition.model_validate(work.get(FormVersion, version).definition)
        for version in {row.form_version_id for row in page}
    }
    return [
        AnswerRow(
            id=row.id,
            number=row.number,
            sent_at=row.sent_at,
            answers=sealing.masked(work.engine.vault, form.id, versions[row.form_version_id], row.answers),
        )
        for row in page
    ]


def sent_with(work: Work, form: Any) -> ColumnElement[bool]:
    """The filled forms of a kind that were sent and that this one may see."""
    return and_(
        visible(FilledIn, work.who, "see"),
        _filled.c.form_id == form.id,
        _filled.c.state == "sent",
        _filled.c.deleted_at.is_(None),
    )


def _met(work: Work, definition: FormDefinition, form: Any, condition: AnswerCondition) -> ColumnElement[bool]:
    element = definition.by_name.get(condition.field)
    if element is None or not element.answers or element.kind == "rows":
        work.refuse("forms.bad_condition", field=condition.field)
    about = and_(_answer.c.filled_in_id == _filled.c.id, _answer.c.form_id == form.id, _answer.c.name == element.name)
    if condition.operator in ("empty", "not_empty"):
        there = exists().where(about)
        return there if condition.operator == "not_empty" else ~there
    if KINDS[element.kind].protected:
        there = exists().where(and_(about, _answer.c.text_sort.in_(_guarded(work, form, element, condition))))
        return there if condition.operator == "is" else ~there
    column, value = _typed(work, element, condition)
    match condition.operator:
        case "is":
            return exists().where(and_(about, column == value))
        case "is_not":
            return ~exists().where(and_(about, column == value))
        case "at_least":
            return exists().where(and_(about, column >= value))
        case "at_most":
            return exists().where(and_(about, column <= value))
    return exists().where(and_(about, column.contains(value, autoescape=True)))


def _guarded(work: Work, form: Any, element: Element, condition: AnswerCondition) -> list[str]:
    """The indexes of a protected answer: it is found by its exact value alone."""
    try:
        value = answer_of(element, condition.value)
    except BadValue:
        value = None
    if value is None or condition.operator not in ("is", "is_not"):
        work.refuse("forms.bad_condition", field=condition.field)
    return sealing.indexes(work.engine.vault, form.id, element.name, value)


def _typed(work: Work, element: Element, condition: AnswerCondition) -> tuple[Any, Any]:
    kind, value = KINDS[element.kind].answer, condition.value
    within = condition.operator == "contains"
    found: tuple[Any, Any] | None = None
    if kind in ("number", "yes_no") and not within and isinstance(value, bool | int) and abs(value) < 2**63:
        found = _answer.c.number_value, int(value)
    elif kind == "day" and not within and isinstance(value, str):
        try:
            found = _answer.c.day_value, date.fromisoformat(value)
        except ValueError:
            pass
    elif kind in ("text", "time", "list", "any") and isinstance(value, str):
        found = _answer.c.text_sort, fold(value)[:80]
    if found is None:
        work.refuse("forms.bad_condition", field=condition.field)
    return found


def _order(work: Work, definition: FormDefinition, sort: str) -> tuple[Any, str, bool]:
    """The column to sort by, its kind, and whether downwards."""
    if not sort:
        return _filled.c.sent_at, "sent", True
    down, name = sort.startswith("-"), sort.removeprefix("-")
    element = definition.by_name.get(name)
    if element is None or _unsorted(definition, element):
        work.refuse("forms.bad_condition", field=name)
    kind = KINDS[element.kind].answer
    column = {"number": _answer.c.number_value, "yes_no": _answer.c.number_value, "day": _answer.c.day_value}.get(
        kind, _answer.c.text_sort
    )
    first = (
        select(func.min(column)).where(_answer.c.filled_in_id == _filled.c.id, _answer.c.name == name).scalar_subquery()
    )
    return first, kind, down


def _unsorted(definition: FormDefinition, element: Element) -> bool:
    kind = KINDS[element.kind]
    return not kind.answer or kind.protected or element.kind == "rows" or element.name in definition.rows_of


def _token(row: Any) -> str:
    return orjson.dumps([row.value, str(row.id)]).decode()


def _behind(work: Work, token: str, kind: str, column: Any, rank: Any, down: bool) -> ColumnElement[bool]:
    """What comes behind the row of a token."""
    try:
        value, last = orjson.loads(token)
        last = UUID(last)
        if value is not None and kind == "sent":
            value = datetime.fromisoformat(value)
        elif value is not None and kind == "day":
            value = date.fromisoformat(value)
        elif value is not None and not isinstance(value, int if kind in ("number", "yes_no") else str):
            raise ValueError
    except (ValueError, TypeError):
        work.refuse("forms.bad_condition", field="after")
    if value is None:
        return or_(rank == 1, and_(rank == 0, _filled.c.id > last))
    further = column < value if down else column > value
    return and_(rank == 1, or_(further, and_(column == value, _filled.c.id > last)))


def _field(element: Element, definition: FormDefinition, language: str) -> AnswerField:
    return AnswerField(
        name=element.name, label=pick(element.label, language) or element.name, kind=element.kind,
        decimals=element.decimals, choices={c.code: pick(c.label, language) or c.code for c in element.choices},
        rows=definition.rows_of.get(element.name, ""),
    )  # fmt: skip


@reading("forms.results", needs=ANSWERS, input=AskResults, output=Results)
def results(work: Work, request: AskResults) -> Results:
    """What a survey has brought: answers counted where there are few, middle and ends of numbers, the newest texts."""
    form = designs.form_of(work, request.code)
    definition = designs.definition_of(work, designs.version_of(work, form, None), gone=True)
    sent = sent_with(work, form)
    many = work.connection.execute(select(func.count()).select_from(_filled).where(sent)).scalar_one()
    return Results(
        sent=many,
        anonymous=definition.anonymous,
        questions=[
            _result(work, form, element, sent)
            for name, element in definition.by_name.items()
            if KINDS[element.kind].answer and element.kind not in UNCOUNTED and name not in definition.rows_of
        ],
    )


def _result(work: Work, form: Any, element: Element, sent: ColumnElement[bool]) -> Result:
    about = and_(_answer.c.form_id == form.id, _answer.c.name == element.name, sent)
    joined = _answer.join(_filled, _filled.c.id == _answer.c.filled_in_id)
    made: dict[str, Any] = {
        "name": element.name,
        "label": pick(element.label, work.language) or element.name,
        "kind": element.kind,
    }
    counted = select(func.count(func.distinct(_answer.c.filled_in_id))).select_from(joined).where(about)
    made["answered"] = work.connection.execute(counted).scalar_one()
    numbers = KINDS[element.kind].answer == "number"
    if numbers:
        n = _answer.c.number_value
        row = work.connection.execute(
            select(
                func.sum(n).label("all"),
                func.count(n).label("n"),
                func.min(n).label("least"),
                func.max(n).label("most"),
            )
            .select_from(joined)
            .where(about)
        ).one()
        if row.n:
            made.update(average=float(row.all) / row.n, least=row.least, most=row.most, decimals=element.decimals)
    if element.kind in FEW:
        value = _answer.c.number_value if numbers or element.kind == "yes_no" else _answer.c.text_value
        found = work.connection.execute(
            select(value.label("value"), func.count().label("n")).select_from(joined).where(about).group_by(value)
        ).all()
        made["bars"] = _bars(element, Counter({str(row.value): row.n for row in found}), work.language)
    elif not numbers:
        texts = work.connection.execute(
            select(_answer.c.text_value).select_from(joined)
            .where(about, _answer.c.text_value.is_not(None))
            .order_by(_filled.c.sent_at.desc(), _answer.c.id).limit(MOST_TEXTS)
        ).scalars()  # fmt: skip
        made["texts"] = list(texts)
    return Result(**made)


def _bars(element: Element, counted: Counter[str], language: str) -> list[ResultBar]:
    """Every possible answer in the form's order, those that nobody gave with none; then what is no choice any more."""
    labels = {c.code: pick(c.label, language) or c.code for c in element.choices}
    if element.kind == "yes_no":
        labels = {code: translate(label, language) for code, label in YES_NO.items()}
    elif element.kind == "scale":
        field = element.field
        labels = {str(n): str(n) for n in range(field.least or 1, (field.most or 5) + 1)}
    labels.update({code: code for code in counted if code not in labels})
    return [ResultBar(value=code, label=label, count=counted[code]) for code, label in labels.items()]
