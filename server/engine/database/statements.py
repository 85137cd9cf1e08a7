"""Statements that are compiled once and run on the driver's cursor: what hot verbs write and read through.

The ORM with one flush costs 971 µs an action, this 156 (write_path.md). Only public names of SQLAlchemy are used: the
compiled string, its parameters, and each type's own bind and result processors.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import ClauseElement, Connection, Executable, SelectBase, Table, insert
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import ReturningInsert, ReturningUpdate

Processor = Callable[[Any], Any] | None


class Bound:
    """A statement compiled for one dialect."""

    def __init__(self, statement: ClauseElement, dialect: Dialect, columns: Sequence[str] | None) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=list(columns) if columns else None)
        assert isinstance(compiled, SQLCompiler)
        self.sql: str = compiled.string
        self._positional = compiled.positiontup is not None
        names = compiled.positiontup if compiled.positiontup is not None else list(compiled.binds)
        defaults = compiled.params
        self._names = names
        self._defaults = [defaults.get(name) for name in names]
        self._take = itemgetter(*names) if len(names) > 1 else None
        self._converted: list[tuple[int, Callable[[Any], Any], bool]] = []
        """Place, processor, and whether nothing stays nothing."""
        for place, name in enumerate(names):
            processor = _to_driver(compiled.binds[name].type, dialect)
            if processor is not None:
                self._converted.append((place, processor, processor(None) is None))
        self.fields: tuple[str, ...] = ()
        self._results: list[tuple[int, Callable[[Any], Any]]] = []
        self.row: Callable[..., Any] = tuple
        if isinstance(statement, SelectBase):
            selected = list(statement.selected_columns)
        elif isinstance(statement, ReturningInsert | ReturningUpdate):
            selected = list(statement.exported_columns)
        else:
            selected = []
        if selected:
            self.fields = tuple(str(c.key) for c in selected)
            for place, column in enumerate(selected):
                processor = _from_driver(column.type, dialect)
                if processor is not None:
                    self._results.append((place, processor))
            shape: Any = namedtuple("Row", [_field(f, i) for i, f in enumerate(self.fields)])  # type: ignore[misc]
            self.row = shape._make

    def parameters(self, values: dict[str, Any]) -> Any:
        """The driver's parameters for `values`; what is missing takes the statement's own value."""
        try:
            taken = list(self._take(values)) if self._take is not None else [values[n] for n in self._names]
        except KeyError:
            taken = [values.get(n, d) for n, d in zip(self._names, self._defaults, strict=True)]
        for place, processor, skips in self._converted:
            value = taken[place]
            if value is not None or not skips:
                taken[place] = processor(value)
        return taken if self._positional else dict(zip(self._names, taken, strict=True))

    def execute(self, cursor: Any, values: dict[str, Any]) -> Any:
        """Run on a driver cursor."""
        cursor.execute(self.sql, self.parameters(values))
        return cursor

    def rows(self, cursor: Any, values: dict[str, Any]) -> list[Any]:
        """Run and give all rows as named tuples with the declared types."""
        cursor.execute(self.sql, self.parameters(values))
        return [self.make(r) for r in cursor.fetchall()]

    def first(self, cursor: Any, values: dict[str, Any]) -> Any:
        """Run and give the first row or nothing."""
        cursor.execute(self.sql, self.parameters(values))
        found = cursor.fetchone()
        return None if found is None else self.make(found)

    def make(self, raw: Sequence[Any]) -> Any:
        """A named tuple of one raw row."""
        if self._results:
            values = list(raw)
            for place, processor in self._results:
                value = values[place]
                if value is not None:
                    values[place] = processor(value)
            return self.row(values)
        return self.row(raw)

    def many(self, cursor: Any, rows: Iterable[dict[str, Any]]) -> None:
        """Run once for each of `rows`."""
        cursor.executemany(self.sql, [self.parameters(r) for r in rows])


def _to_driver(kind: Any, dialect: Dialect) -> Processor:
    if dialect.name == "sqlite" and hasattr(kind, "to_sqlite"):
        return kind.to_sqlite  # type: ignore[no-any-return]
    found: Processor = kind.dialect_impl(dialect).bind_processor(dialect)
    return found


def _from_driver(kind: Any, dialect: Dialect) -> Processor:
    if dialect.name == "sqlite" and hasattr(kind, "from_sqlite"):
        return kind.from_sqlite  # type: ignore[no-any-return]
    found: Processor = kind.dialect_impl(dialect).result_processor(dialect, None)
    return found


def _field(name: str, place: int) -> str:
    return name if name.isidentifier() and not name.startswith("_") else f"column_{place}"


class Prepared:
    """A statement that is compiled the first time a dialect runs it, and never again. Make it at import time."""

    def __init__(self, statement: Executable | ClauseElement, columns: Sequence[str] | None = None) -> None:
        self.statement = statement
        self.columns = columns
        self._bound: dict[str, Bound] = {}

    def on(self, dialect: Dialect) -> Bound:
        """The compiled form for this dialect."""
        bound = self._bound.get(dialect.name)
        if bound is None:
            assert isinstance(self.statement, ClauseElement)
            bound = self._bound[dialect.name] = Bound(self.statement, dialect, self.columns)
        return bound

    def rows(self, connection: Connection, **values: Any) -> list[Any]:
        """All rows of a select on this connection."""
        return self.on(connection.dialect).rows(connection.connection.cursor(), values)

    def first(self, connection: Connection, **values: Any) -> Any:
        """The first row of a select on this connection, or nothing."""
        return self.on(connection.dialect).first(connection.connection.cursor(), values)


_inserts: dict[tuple[str, tuple[str, ...]], Prepared] = {}


def prepared_insert(table: Table, names: tuple[str, ...]) -> Prepared:
    """The insert of these columns, compiled once a table and set of names."""
    found = _inserts.get((table.name, names))
    if found is None:
        found = _inserts[table.name, names] = Prepared(insert(table).inline(), names)
    return found
