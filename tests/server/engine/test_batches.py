"""Actions that share one commit on SQLite stay apart: each whole or not at all, a repeat among them recognised."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from server.engine.actions.declare import ACTIONS
from server.engine.actions.perform import act_of
from server.engine.actions.work import Work
from server.engine.audit.verify import verify_chain
from server.engine.database.outcome import Outcome
from server.engine.database.sqlite import SqliteStore
from server.engine.errors import Refused
from server.engine.ports import ports
from server.engine.principal import HOUSE
from server.modules.organisation.records import Section
from tests.server.conftest import Hall

Act = Callable[[Connection], Outcome]


@pytest.fixture
def database_kind() -> str:
    """Batches are SQLite's."""
    return "sqlite"


def together(hall: Hall, *acts: Act, batches: int = 1) -> list[Future[Any]]:
    """Put all in one batch: what holds the writer until the last is queued is its first."""
    store = hall.engine.store
    assert isinstance(store, SqliteStore)
    holding, go = threading.Event(), threading.Event()

    def hold(connection: Connection) -> Outcome:
        holding.set()
        assert go.wait(60)
        return Outcome()

    first = store.submit(hold)
    assert holding.wait(60)
    before = store.batches
    found = [store.submit(act) for act in acts]
    go.set()
    first.result(60)
    for one in found:
        one.exception(60)
    assert store.batches == before + batches
    return found


def section(hall: Hall, name: str, spoil: Callable[[Work], object] = lambda work: None) -> Act:
    """Add a section, then `spoil`."""

    def act(connection: Connection) -> Outcome:
        work = Work(connection, hall.engine, HOUSE, "test.section")
        work.insert(Section, name={"en": name}, colour="teal", place=90)
        spoil(work)
        return work.finish()

    return act


def names(hall: Hall) -> set[str]:
    """The test's sections."""
    with hall.engine.store.reading() as connection:
        rows = connection.execute(text("SELECT name FROM section WHERE place = 90")).all()
    return {str(row.name) for row in rows}


def test_a_repeat_in_the_same_batch_gets_the_first_ones_answer(hall: Hall) -> None:
    hall.open(3)
    issued = hall.ticket("A")
    body = {"service_id": issued["service_id"], "zone_id": issued["zone_id"], "channel": "staff"}
    action = ACTIONS["queue.issue_ticket"]
    with hall.engine.store.reading() as connection:
        from server.demo.fill import id_of

        who = ports.people.person(connection, id_of("staff", "manager"))
    assert who is not None
    key = uuid.uuid4().hex

    def asked(raw: bytes) -> Act:
        return act_of(hall.engine, action, who, action.input.model_validate(body), raw, key)

    before = hall.count("ticket")
    first, second, other = together(hall, asked(b"one"), asked(b"one"), asked(b"another body"))
    assert first.result() == second.result()
    assert isinstance(other.exception(), Refused) and other.exception().code == "actions.key_reused"  # type: ignore[union-attr]
    assert hall.count("ticket") == before + 1
    assert hall.engine.store.submit(asked(b"one")).result() == first.result()


def test_a_refused_action_takes_nothing_of_its_neighbours_along(hall: Hall) -> None:
    def refuse(work: Work) -> None:
        work.refuse("records.not_found")

    good, bad, last = together(hall, section(hall, "first"), section(hall, "refused", refuse), section(hall, "last"))
    assert good.exception() is None and last.exception() is None
    assert isinstance(bad.exception(), Refused)
    assert {"first", "last"} == {n.split('"')[3] for n in names(hall)}
    with hall.engine.store.reading() as connection:
        assert verify_chain(connection, hall.engine.clock.now()) == []


def test_a_failed_flush_of_one_session_leaves_the_batch_standing(hall: Hall) -> None:
    def fail(work: Work) -> None:
        work.session.execute(text("SELECT 1"))
        work.session.add(Section(name=None))
        work.session.flush()

    def swallow(work: Work) -> None:
        with pytest.raises(IntegrityError):
            fail(work)

    good, bad, hidden, last = together(
        hall,
        section(hall, "first"),
        section(hall, "failed", fail),
        section(hall, "hidden", swallow),
        section(hall, "last", lambda work: work.session.execute(text("SELECT 1"))),
    )
    assert good.exception() is None and last.exception() is None
    assert isinstance(bad.exception(), IntegrityError)
    assert isinstance(hidden.exception(), RuntimeError)
    assert {"first", "last"} == {n.split('"')[3] for n in names(hall)}


def test_a_batch_whose_transaction_is_lost_is_run_again_one_by_one(hall: Hall) -> None:
    lost: list[int] = []

    def lose(work: Work) -> None:
        if not lost:
            lost.append(1)
            work.connection.connection.cursor().execute("ROLLBACK")
            raise RuntimeError("the disk was full for a moment")

    acts = section(hall, "first"), section(hall, "second", lose), section(hall, "last")
    first, second, last = together(hall, *acts, batches=2)  # the last has not joined when the transaction is lost
    assert [one.exception() for one in (first, second, last)] == [None, None, None]
    assert len(names(hall)) == 3
    with hall.engine.store.reading() as connection:
        assert verify_chain(connection, hall.engine.clock.now()) == []
