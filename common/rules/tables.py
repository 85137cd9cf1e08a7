"""Decision tables: conditions, outputs, which rows count; checked for gaps and overlaps; decided with an explanation. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import combinations, islice, product
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from common.rules.cells import ORDERED, Cell, Span, cell
from common.rules.expressions import Expression, Names, compiled
from common.rules.problems import SENTENCES, Problem, WrongRule
from common.text import N_

MOST_ROWS = 500
MOST_COLUMNS = 20
COMBINATIONS = 20_000
"""Of the columns' values, up to which gaps are looked for."""
SHOWN_GAPS = 5

SENTENCES.update(
    {
        "no_output": N_("Give the table at least one result."),
        "twice": N_("“{name}” stands here twice."),
        "no_column": N_("There is no column “{name}”."),
        "gap": N_("No row meets this case: {case}. Add a row, or a last row without conditions."),
        "never": N_("This row is never reached: rows {rows} meet all its cases."),
        "overlap": N_("Rows {rows} meet the same case: {case}."),
        "gaps_unknown": N_("The table is too large to look for cases that no row meets."),
        "option": N_("“{name}” is none of the values that this column can have."),
    }
)


class Strict(BaseModel):
    """What is not known is refused: a misspelt part would be lost silently."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(Strict):
    """A condition's column: an expression, of whose result each row's cell says what it meets."""

    name: str = Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,49}$")
    label: dict[str, str] = {}
    expression: str
    options: list[str] = []
    """Every value that a text can have, when they are known: gaps are then looked for exactly."""
    can_be_empty: bool = True


class Output(Strict):
    """A result's column: each row gives an expression for it."""

    name: str = Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,49}$")
    label: dict[str, str] = {}
    kind: Literal["number", "text", "yes_no", "day", "time", "any"] = "text"


class Row(Strict):
    """Cells by the columns' names; a missing condition meets everything, a missing output gives nothing."""

    when: dict[str, str] = {}
    then: dict[str, str] = {}
    note: str = Field(default="", max_length=500)


class Table(Strict):
    """`first`: the first row that meets decides. `collect`: all rows that meet, in their order."""

    hit: Literal["first", "collect"] = "first"
    columns: list[Column] = Field(default=[], max_length=MOST_COLUMNS)
    outputs: list[Output] = Field(default=[], max_length=MOST_COLUMNS)
    rows: list[Row] = Field(default=[], max_length=MOST_ROWS)


@dataclass(frozen=True)
class Finding:
    """Something about a table: where (row from 0, column's name) and what; a remark does not keep it from being used."""

    problem: Problem
    row: int | None = None
    column: str = ""
    remark: bool = False


@dataclass(frozen=True)
class Decision:
    """What a table decided: `outputs` of each row that counted, `rows` (from 0), and the inputs as they were."""

    inputs: dict[str, Any]
    rows: list[int]
    outputs: list[dict[str, Any]] = field(default_factory=list)

    @property
    def result(self) -> dict[str, Any]:
        """The first row's outputs; nothing when no row met."""
        return self.outputs[0] if self.outputs else {}

    def explained(self) -> dict[str, Any]:
        """As it is stored with what was decided (promise 3): plain JSON."""
        return {"inputs": _plain(self.inputs), "rows": self.rows, "outputs": _plain(self.outputs)}


def checked_table(table: Table, names: Names) -> list[Finding]:
    """What is wrong with a table, and remarks: unknown names, cells that do not fit, gaps, overlaps, rows never reached."""
    findings = list(_written(table, names))
    if findings:
        return findings
    ready = _Ready.of(table, names)
    return list(_reach(table, ready))


def decide(table: Table, names: Names, values: Mapping[str, Any]) -> Decision:
    """Decide. Raises WrongRule for a table that would not pass its check, NotComputed for values that do not fit."""
    ready = _ready(table.model_dump_json(), _frozen_names(names))
    inputs = {column.name: expression.value(values) for column, expression in ready.conditions}
    met = [n for n, cells in enumerate(ready.cells) if all(cells[name].meets(value) for name, value in inputs.items())]
    rows = met[:1] if table.hit == "first" else met
    outputs = [
        {name: None if one is None else one.value(values) for name, one in ready.outputs[row].items()} for row in rows
    ]
    return Decision(inputs, rows, outputs)


@dataclass(frozen=True)
class _Ready:
    conditions: list[tuple[Column, Expression]]
    cells: list[dict[str, Cell]]
    outputs: list[dict[str, Expression | None]]

    @classmethod
    def of(cls, table: Table, names: Names) -> _Ready:
        conditions = [(column, compiled(column.expression, names)) for column in table.columns]
        cells = [{c.name: cell(row.when.get(c.name, ""), e.kind) for c, e in conditions} for row in table.rows]
        outputs: list[dict[str, Expression | None]] = [
            {o.name: compiled(row.then[o.name], names, o.kind) if row.then.get(o.name) else None for o in table.outputs}
            for row in table.rows
        ]
        return cls(conditions, cells, outputs)


def _frozen_names(names: Names) -> tuple[Any, ...]:
    return tuple((n, k if isinstance(k, str) else tuple(sorted(k.items()))) for n, k in sorted(names.items()))


@lru_cache(maxsize=256)
def _ready(table: str, names: tuple[Any, ...]) -> _Ready:
    return _Ready.of(Table.model_validate_json(table), {n: k if isinstance(k, str) else dict(k) for n, k in names})


def _written(table: Table, names: Names) -> Iterator[Finding]:
    """Each column, cell and output by itself."""
    if not table.outputs:
        yield Finding(Problem("no_output"))
    seen: set[str] = set()
    for name in [*(c.name for c in table.columns), *(o.name for o in table.outputs)]:
        if name in seen:
            yield Finding(Problem("twice", facts={"name": name}), column=name)
        seen.add(name)
    kinds: dict[str, str] = {}
    for column in table.columns:
        try:
            kinds[column.name] = compiled(column.expression, names).kind
        except WrongRule as wrong:
            yield from (Finding(problem, column=column.name) for problem in wrong.problems)
    outputs = {o.name: o for o in table.outputs}
    options = {c.name: set(c.options) for c in table.columns if c.options}
    for number, row in enumerate(table.rows):
        for name, text in row.when.items():
            if name not in {c.name for c in table.columns}:
                yield Finding(Problem("no_column", facts={"name": name}), number, name)
            elif name in kinds:
                yield from _cell(text, kinds[name], options.get(name), number, name)
        for name, text in row.then.items():
            if name not in outputs:
                yield Finding(Problem("no_column", facts={"name": name}), number, name)
                continue
            try:
                if text:
                    compiled(text, names, outputs[name].kind)
            except WrongRule as wrong:
                yield from (Finding(problem, number, name) for problem in wrong.problems)


def _cell(text: str, kind: str, options: set[str] | None, row: int, column: str) -> Iterator[Finding]:
    try:
        read = cell(text, kind)
    except WrongRule as wrong:
        yield from (Finding(problem, row, column) for problem in wrong.problems)
        return
    for value in sorted(read.values - options) if options is not None else ():
        yield Finding(Problem("option", facts={"name": value}), row, column)


# Each column's values fall into a few samples (each end, a value between two ends, any other text, nothing), since no cell
# tells two values of one sample apart. A row is then a set of samples a column, and questions about all values are questions
# about few.

_OTHER = "\0other"


def _samples(column: Column, kind: str, cells: list[Cell]) -> list[Any]:
    ends = {end for one in cells for end in one.ends}
    empty = [None] if column.can_be_empty and kind != "yes_no" else []
    if kind == "yes_no":
        return [True, False]
    if kind in ORDERED:
        return [*_between(sorted(ends)), *empty]
    return [*(column.options or [*sorted(ends, key=str), _OTHER]), *empty]


def _between(ends: list[Any]) -> list[Any]:
    """Each end, and something before, between and behind them, as spans."""
    if not ends:
        return [Span()]
    found: list[Any] = [Span(high=ends[0], with_high=False)]
    for low, high in zip(ends, [*ends[1:], None], strict=True):
        found += [low, Span(low, high, False, False)]
    return found


def _meets(one: Cell, sample: Any) -> bool:
    if not isinstance(sample, Span):
        return one.meets(sample)
    if one.anything:
        return True
    # No end lies within the sample's span, so a cell's span holds all of it or nothing.
    inside = any(
        (span.low is None or (sample.low is not None and span.low <= sample.low))
        and (span.high is None or (sample.high is not None and sample.high <= span.high))
        for span in one.spans
    )
    return inside != one.turned


def _reach(table: Table, ready: _Ready) -> Iterator[Finding]:
    samples: dict[str, list[Any]] = {}
    met: list[dict[str, set[int]]] = [{} for _ in table.rows]
    for column, expression in ready.conditions:
        cells = [row[column.name] for row in ready.cells]
        samples[column.name] = _samples(column, expression.kind, cells)
        for number, one in enumerate(cells):
            met[number][column.name] = {n for n, s in enumerate(samples[column.name]) if _meets(one, s)}
    names = list(samples)
    size = 1
    for found in samples.values():
        size *= len(found)
    if size > COMBINATIONS:
        yield Finding(Problem("gaps_unknown"), remark=True)
    else:
        yield from _cases(table, names, samples, met)
    yield from _overlaps(table, names, samples, met)


def _cases(
    table: Table, names: list[str], samples: dict[str, list[Any]], met: list[dict[str, set[int]]]
) -> Iterator[Finding]:
    reached: set[int] = set()
    before: dict[int, set[int]] = {n: set() for n in range(len(table.rows))}
    gaps = []
    for case in product(*(range(len(samples[name])) for name in names)):
        rows = [n for n, row in enumerate(met) if all(at in row[name] for name, at in zip(names, case, strict=True))]
        if not rows:
            gaps.append(case)
            continue
        reached.update(rows[:1])
        for row in rows[1:]:
            before[row].add(rows[0] + 1)
    for case in islice(gaps, SHOWN_GAPS):
        yield Finding(Problem("gap", facts={"case": _told(names, samples, case)}), remark=True)
    if table.hit == "first":
        for row in range(len(table.rows)):
            if row not in reached:
                facts = {"rows": ", ".join(str(n) for n in sorted(before[row])) or "-"}
                yield Finding(Problem("never", facts=facts), row)


def _overlaps(
    table: Table, names: list[str], samples: dict[str, list[Any]], met: list[dict[str, set[int]]]
) -> Iterator[Finding]:
    found = 0
    for one, two in combinations(range(len(table.rows)), 2):
        shared = [met[one][name] & met[two][name] for name in names]
        whole = table.hit == "first" and all(
            len(s) == len(samples[n]) for n, s in zip(names, met[two].values(), strict=True)
        )
        if not all(shared) or whole:  # a last row for everything else is meant to overlap
            continue
        found += 1
        if found > SHOWN_GAPS:
            return
        case = _told(names, samples, tuple(min(s) for s in shared))
        yield Finding(Problem("overlap", facts={"rows": f"{one + 1}, {two + 1}", "case": case}), two, remark=True)


def _told(names: list[str], samples: dict[str, list[Any]], case: tuple[int, ...]) -> str:
    return "; ".join(f"{name}: {_sample_told(samples[name][at])}" for name, at in zip(names, case, strict=True))


def _sample_told(sample: Any) -> str:
    if isinstance(sample, Span):
        if sample.low is None and sample.high is None:
            return "…"
        if sample.low is None:
            return f"< {sample.high}"
        return f"> {sample.low}" if sample.high is None else f"{sample.low} … {sample.high}"
    if sample is None:
        return "∅"
    if isinstance(sample, bool):
        return "true" if sample else "false"
    return "…" if sample == _OTHER else str(sample)


def _plain(value: Any) -> Any:
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() and abs(value) < 2**53 else str(value)
        case datetime() | date():
            return value.isoformat()
        case Mapping():
            return {k: _plain(v) for k, v in value.items()}
        case list() | tuple():
            return [_plain(v) for v in value]
        case _:
            return value
