"""Work: what an action has in its hands. It offers neither commit nor rollback."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar
from uuid import UUID

from sqlalchemy import Connection, NestedTransaction, bindparam, insert, update
from sqlalchemy.dialects import postgresql as postgresql_dialect
from sqlalchemy.dialects import sqlite as sqlite_dialect
from sqlalchemy.orm import Session

from common.text import N_
from server.engine.caches import CHANGED
from server.engine.database.outcome import Outcome
from server.engine.database.schema import counter, job
from server.engine.database.sqlite import SqliteStore
from server.engine.database.statements import Prepared
from server.engine.database.types import new_id, to_json
from server.engine.errors import Refused, refusal
from server.engine.events import AFTER, ANSWERS, INSIDE, Event, Question
from server.engine.ports import Place, ports
from server.engine.principal import Principal
from server.engine.records import numbering
from server.engine.records.record import Record
from server.engine.settings import Setting

if TYPE_CHECKING:
    from server.engine.engine import Engine

T = TypeVar("T")

NOT_FOUND = refusal("records.not_found", N_("This entry does not exist any more. Refresh the list."), 404)
MEANWHILE = refusal(
    "records.changed_meanwhile", N_("Somebody else changed this meanwhile. Look at the new state and try again.")
)

_next = Prepared(
    update(counter)
    .where(counter.c.series == bindparam("in_series"), counter.c.period == bindparam("in_period"))
    .values(last=counter.c.last + 1)
    .returning(counter.c.last)
)
_begin = {
    "sqlite": Prepared(
        sqlite_dialect.insert(counter)
        .values(series=bindparam("in_series"), period=bindparam("in_period"), last=bindparam("first"))
        .on_conflict_do_nothing()
    ),
    "postgresql": Prepared(
        postgresql_dialect.insert(counter)
        .values(series=bindparam("in_series"), period=bindparam("in_period"), last=bindparam("first"))
        .on_conflict_do_nothing()
    ),
}
PLACES = 1000
"""Places that SQLite's one writer takes from the counter at once; what a server leaves of them at its end is a gap."""
_next_places = Prepared(
    update(counter)
    .where(counter.c.series == "place", counter.c.period == "")
    .values(last=counter.c.last + PLACES)
    .returning(counter.c.last)
)
_insert_job = Prepared(insert(job).inline(), ("name", "input", "due_at", "attempts"))


class Work:
    """One action's transaction: change, audit, notices and events together, all or nothing."""

    def __init__(
        self, connection: Connection, engine: Engine, who: Principal, action: str, prepared: Any = None
    ) -> None:
        self.connection = connection
        self.engine = engine
        self.now: datetime = engine.clock.now()
        self.who = who
        self.action = action
        self.language = "en"
        """The reader's, where an answer holds words that are not data."""
        self.prepared = prepared
        """What the action's `prepare` gave."""
        self.outcome = Outcome()
        self._changed: set[str] = set()
        connection.info[CHANGED] = self._changed
        self._cursor = connection.connection.cursor()
        self._dialect = connection.dialect
        self._session: Session | None = None
        self._nested: NestedTransaction | None = None

    @property
    def session(self) -> Session:
        """An ORM session in this transaction; made when first used, since hot verbs do without."""
        if self._session is None:
            if self._dialect.name == "sqlite":
                # The action's own savepoint is the driver's: a failed flush must not take the whole batch with it.
                self._nested = self.connection.begin_nested()
            self._session = Session(bind=self.connection, join_transaction_mode="rollback_only", expire_on_commit=False)
        return self._session

    def finish(self) -> Outcome:
        """Flush what is open; called by the engine at the end."""
        if self._session is not None:
            self._session.flush()
            self._session.expunge_all()
        if self._nested is not None:
            if not self._nested.is_active:
                raise RuntimeError("a change of the session failed, and its action went on")
            self._nested.commit()
        return self.outcome

    # reading

    def rows(self, statement: Prepared, **values: Any) -> list[Any]:
        """All rows of a prepared select."""
        return statement.on(self._dialect).rows(self._cursor, values)

    def first(self, statement: Prepared, **values: Any) -> Any:
        """The first row of a prepared select, or nothing."""
        return statement.on(self._dialect).first(self._cursor, values)

    def scalar(self, statement: Prepared, **values: Any) -> Any:
        """The first column of the first row, or nothing."""
        row = statement.on(self._dialect).first(self._cursor, values)
        return None if row is None else row[0]

    def run(self, statement: Prepared, **values: Any) -> int:
        """Run a prepared change of the module's own rows; gives how many it met. Audit it yourself."""
        return int(statement.on(self._dialect).execute(self._cursor, values).rowcount)

    def find(self, record: type[Record], record_id: UUID | None) -> Any:
        """The row of a record, or nothing; deleted ones are nothing."""
        if record_id is None:
            return None
        row = record.plan().select.on(self._dialect).first(self._cursor, {"key_id": record_id})
        return None if row is None or row.deleted_at is not None else row

    def get(self, record: type[Record], record_id: UUID) -> Any:
        """The row of a record; refuses when it is not there."""
        row = self.find(record, record_id)
        if row is None:
            self.refuse("records.not_found", record=record.__tablename__, id=str(record_id))
        return row

    # changing

    def insert(self, record: type[Record], *, audited: bool = True, because: str | None = None, **values: Any) -> Any:
        """Add a record: id, stamps, search shadow and audit follow. Gives its row; protected fields go in as plain text
        and stand in the row as ciphertext.

        `audited=False` is for rows that are themselves a log and are never changed. `because` is the reason that its
        history keeps; it is not called `reason`, as fields of records are."""
        plan = record.plan()
        full = {**plan.defaults, **values}
        full["id"] = values.get("id") or new_id()
        full["version"] = 1
        full["created_at"] = full["changed_at"] = self.now
        full["created_by"] = full["changed_by"] = self.who.id
        full["search_shadow"] = plan.shadow(full) if plan.searched else ""
        if not plan.plain:
            for name, pattern in plan.series.items():
                full[name] = full.get(name) or numbering.number(self, record, name, pattern)
            plan.follow(full, self.engine.vault)
        plan.insert.on(self._dialect).execute(self._cursor, full)
        self._changed.add(plan.module)
        if audited:
            seen = {n: [None, v] for n, v in full.items() if v is not None and n not in plan.unseen}
            for name in plan.secret & seen.keys():
                seen[name] = ["•", "•"]
            self.audit(plan.table.name, full["id"], seen, because)
        return plan.row(*[full[n] for n in plan.names])

    def change(self, record: type[Record], row: Any, *, because: str | None = None, **changes: Any) -> Any:
        """Change a record at the version that was read; refuses when somebody was quicker. Gives the new row. `because`
        is the reason that its history keeps."""
        plan = record.plan()
        real = {n: v for n, v in changes.items() if getattr(row, n) != v}
        if not real:
            return row
        values = dict(real)
        if not plan.plain:
            plan.follow(values, self.engine.vault)
        if plan.searched and any(n in plan.searched for n in real):
            values["search_shadow"] = plan.shadow({n: real.get(n, getattr(row, n)) for n in plan.searched})
        values["version"] = row.version + 1
        values["changed_at"] = self.now
        values["changed_by"] = self.who.id
        self._changed.add(plan.module)
        names = tuple(sorted(values))
        found = (
            plan.update(names)
            .on(self._dialect)
            .execute(self._cursor, {**values, "key_id": row.id, "key_version": row.version})
        )
        if found.rowcount != 1:
            self.refuse("records.changed_meanwhile", record=record.__tablename__, id=str(row.id))
        self.audit(
            plan.table.name,
            row.id,
            {n: ["•", "•"] if n in plan.secret else [getattr(row, n), v] for n, v in real.items()},
            because,
        )
        return row._replace(**values)

    def audit(
        self, record_type: str, record_id: UUID | None, changes: dict[str, Any], reason: str | None = None
    ) -> None:
        """Write what was changed; `insert` and `change` do so by themselves."""
        self.outcome.audit.append(
            {
                "at": self.now,
                "who": self.who.id,
                "who_kind": self.who.kind,
                "action": self.action,
                "record_type": record_type,
                "record_id": record_id,
                "changes": to_json(changes),
                "reason": reason,
                "address": self.who.address or None,
            }
        )

    def notify(self, topic: str, kind: str, **ids: Any) -> None:
        """Tell live clients that something changed; only ids and versions travel."""
        self.outcome.notices.append(
            {"topic": topic, "kind": kind, "ids": {n: str(v) for n, v in ids.items()}, "at": self.now}
        )
        if topic in ("access", "people"):
            # On PostgreSQL the notice comes a moment after the answer; whoever was answered acts with the new rights.
            self.outcome.after.append(self.engine.tokens.forget)

    def next_number(self, series: str, period: str, first: int = 1) -> int:
        """The next number of a series in a period, from its one row; locked until the commit on PostgreSQL."""
        row = self.first(_next, in_series=series, in_period=period)
        if row is None:
            self.run(_begin[self._dialect.name], in_series=series, in_period=period, first=first - 1)
            row = self.first(_next, in_series=series, in_period=period)
        return int(row[0])

    def next_place(self) -> int:
        """The next place in a queue: always larger than all before; gaps mean nothing."""
        store = self.engine.store
        if not isinstance(store, SqliteStore):
            self._cursor.execute("SELECT nextval('queue_place')")
            (value,) = self._cursor.fetchone() or (0,)
            return int(value)
        place = store.places.take()
        if place is None:
            # One row written for many places: a row each would cost a ticket a twentieth of its time.
            row = self.first(_next_places)
            if row is None:
                self.run(_begin["sqlite"], in_series="place", in_period="", first=0)
                row = self.first(_next_places)
            end = int(row[0])
            first = place = end - PLACES + 1
            self.outcome.after.append(lambda: store.places.open(first + 1, end))
        return place

    # the house

    def setting(self, declared: Setting[T], **at: UUID | None) -> T:
        """The value that holds now at these places (`window=…`, `zone=…`); the nearest level wins."""
        return self.engine.settings.value(self.connection, declared, self.now, at)

    def place(self, outlet_id: UUID) -> Place:
        """An outlet's time."""
        return ports.places.place(self.connection, outlet_id)

    def business_day(self, outlet_id: UUID) -> date:
        """The outlet's business day now."""
        return self.place(outlet_id).business_day(self.now)

    def emit(self, event: Event) -> None:
        """Tell the house what happened: inside listeners run now, the others as jobs of the same transaction."""
        for listen in INSIDE.get(type(event), ()):
            listen(self, event)
        for name, (kind, _) in AFTER.items():
            if type(event) is kind:
                self.later(name, event.model_dump(mode="json"))

    def emit_at(self, event: Event, due_at: datetime) -> None:
        """Tell the `after` listeners at a moment to come; a job row of this transaction."""
        for name, (kind, _) in AFTER.items():
            if type(event) is kind:
                self.later(name, event.model_dump(mode="json"), due_at)

    def later(self, name: str, values: dict[str, Any], due_at: datetime | None = None) -> None:
        """Write a job row in this transaction: run at least once, after the commit."""
        self.run(_insert_job, name=name, input=values, due_at=due_at or self.now, attempts=0)
        self.outcome.after.append(self.engine.jobs.wake)

    def ask(self, question: Question, default: Any) -> Any:
        """Ask the modules above; without an answer the default holds."""
        for answer in ANSWERS.get(type(question), ()):
            value = answer(self, question)
            if value is not None:
                return value
        return default

    def refuse(self, code: str, **facts: Any) -> NoReturn:
        """Say no with a declared code; nothing of this action remains."""
        raise Refused(code, **facts)

    def may(self, permission: str) -> bool:
        """Whether the one who acts holds this permission."""
        return self.who.may(permission)

    def may_see(self, field: Any) -> bool:
        """Whether the one who acts may know of a field."""
        return self.who.may(field.needs)
