"""The head of the audit chain is signed outside the database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import text

from server.engine.audit.anchor import ANCHORS, KEY, anchor, verify_anchors
from server.engine.audit.verify import verify_chain
from server.engine.made_once import write_once
from tests.server.conftest import Hall, HandClock


def _findings(hall: Hall) -> list[str]:
    engine = hall.engine
    with engine.store.reading() as connection:
        return [str(f) for f in verify_anchors(connection, engine.data, str(engine.house.server_id))]


def _anchored(hall: Hall) -> None:
    hall.settle()
    anchor(hall.engine)
    assert _findings(hall) == []


def test_a_chain_that_grows_bears_its_anchors_out(hall: Hall) -> None:
    _anchored(hall)
    hall.open(3)
    hall.ticket("A")
    _anchored(hall)
    assert len((hall.engine.data / ANCHORS).read_text().splitlines()) == 1  # one a day
    assert (hall.engine.data / KEY).stat().st_size == 64


def test_a_chain_cut_short_with_its_head_is_named(hall: Hall) -> None:
    hall.open(3)
    _anchored(hall)
    with hall.engine.store.write_engine.begin() as connection:
        last = connection.execute(text("SELECT max(number) FROM audit")).scalar_one()
        connection.execute(text("DELETE FROM audit WHERE number > :n"), {"n": last - 1})
        connection.execute(
            text("UPDATE head SET number = :n, hash = (SELECT hash FROM audit WHERE number = :n) WHERE name = 'audit'"),
            {"n": last - 1},
        )
    with hall.engine.store.reading() as connection:
        assert verify_chain(connection, hall.engine.clock.now()) == []  # the chain alone does not see it
    assert any("that row is gone" in f for f in _findings(hall))


def test_an_altered_anchor_is_named(hall: Hall) -> None:
    _anchored(hall)
    path = hall.engine.data / ANCHORS
    at, number, hashed, signature = path.read_text().split()
    path.write_text(f"{at} {int(number) - 1} {hashed} {signature}\n")
    assert _findings(hall) == [f"The audit chain's anchor of {at} was altered."]


def test_anchors_that_are_gone_are_named(hall: Hall) -> None:
    _anchored(hall)
    (hall.engine.data / ANCHORS).unlink()
    assert _findings(hall) == ["The anchors of the audit chain are gone from the data folder."]


def test_the_scheduled_round_anchors_what_was_committed(hall: Hall, clock: HandClock) -> None:
    hall.open(3)
    hall.settle()
    hall.engine.jobs.run_due()
    (hall.engine.data / ANCHORS).unlink()
    clock.forward(minutes=2)
    hall.ticket("A")
    hall.settle()
    hall.engine.jobs.run_due()
    assert _findings(hall) == []
    assert len((hall.engine.data / ANCHORS).read_text().splitlines()) == 1


def test_whoever_makes_a_key_at_once_with_others_reads_the_same_whole_one(tmp_path: Path) -> None:
    path = tmp_path / "a.key"

    def make(number: int) -> bytes:
        write_once(path, bytes([number]) * 4096)
        return path.read_bytes()

    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(make, range(64)))
    assert len(found) == 1 and len(found.pop()) == 4096
    assert [p.name for p in tmp_path.iterdir()] == ["a.key"]
    assert path.stat().st_mode & 0o077 == 0
