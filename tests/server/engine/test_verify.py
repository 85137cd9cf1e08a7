"""The check of the stored data: links, declared rules, files; each kind of damage is made and must be named."""

from __future__ import annotations

import os
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from server.engine.files.store import path_of
from server.engine.integrity import INTEGRITY, Verified, verify
from tests.ground import starter
from tests.server.conftest import Hall


def checked(hall: Hall) -> Verified:
    """Everything, on this hall."""
    engine = hall.engine
    with engine.store.reading() as connection:
        return verify(connection, engine.data, str(engine.house.server_id), engine.clock.now())


def damage(hall: Hall, statement: str, **values: Any) -> None:
    """A change past the engine and past foreign keys."""
    with hall.engine.store.write_engine.connect() as connection:
        raw: Any = connection.connection
        if hall.engine.store.kind == "sqlite":
            raw.execute("PRAGMA foreign_keys=OFF")
            with connection.begin():
                connection.execute(text(statement), values)
            raw.execute("PRAGMA foreign_keys=ON")
        else:
            with connection.begin():
                connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
                connection.execute(text(statement), values)


def served(hall: Hall) -> dict[str, Any]:
    """A morning: one ticket rated, one in service, one waiting."""
    place = hall.open(3)
    hall.open(4)
    pad = hall.device("pad", **place)
    for _ in range(3):
        hall.ticket("A")
    first = hall.post("queue.call_next", place)["ticket"]
    hall.post("queue.start", place)
    hall.post("queue.finish", {**place, "request_rating": True})
    hall.post("evaluation.rate", {"ticket_id": first["id"], "grade": "fair"}, who=pad)
    second = hall.post("queue.call_next", place)["ticket"]
    hall.post("queue.start", place)
    hall.settle()
    return {"first": first, "second": second}


def test_a_hall_at_work_has_no_findings(hall: Hall) -> None:
    served(hall)
    found = checked(hall)
    assert [str(f) for f in found.findings] == []
    assert found.sound and found.checks == len(INTEGRITY) + 6


DAMAGES = [
    ("links", "names a staff_member that does not exist",
     "UPDATE window_session SET staff_id = ticket_id WHERE state = 'serving'"),
    ("links", "names a ticket that does not exist", "DELETE FROM ticket WHERE number = '{first}'"),
    ("queue.states_agree_with_times", "but its times are not those",
     "UPDATE ticket SET started_at = NULL WHERE number = '{second}'"),
    ("queue.states_agree_with_times", "but its times are not those",
     "UPDATE ticket SET state = 'waiting' WHERE number = '{first}'"),
    ("queue.sessions_hold_their_tickets", "without a ticket",
     "UPDATE window_session SET ticket_id = NULL WHERE state = 'serving'"),
    ("queue.sessions_hold_their_tickets", "its ticket {second} is finished",
     "UPDATE ticket SET state = 'finished', finished_at = started_at WHERE number = '{second}'"),
    ("queue.sessions_hold_their_tickets", "no window holds it", "DELETE FROM window_session WHERE state = 'serving'"),
    ("queue.one_session_per_person", "the same person works there (anna)",
     "UPDATE window_session SET staff_id = (SELECT staff_member_id FROM account WHERE sign_in_name = 'anna')"),
    ("queue.calls_in_sequence", "skip or repeat",
     "UPDATE call SET sequence = sequence + 7 WHERE ticket_id = (SELECT id FROM ticket WHERE number = '{second}')"),
    ("evaluation.ratings_were_asked_for", "its request for a rating is open",
     "UPDATE evaluation_request SET state = 'open'"),
    ("evaluation.ratings_were_asked_for", "there is no rating", "DELETE FROM rating"),
    ("evaluation.ratings_were_asked_for", "which does not exist", "UPDATE rating SET grade = 'splendid'"),
    ("people.an_administrator_remains", "holds all rights", "DELETE FROM account_role"),
    ("people.accounts_have_people", "cannot be found by its name",
     "UPDATE account SET folded_name = 'nobody' WHERE sign_in_name = 'anna'"),
    ("people.roles_hold_known_rights", "does not know",
     "UPDATE role SET permissions = '[\"queue.dance\"]' WHERE name = 'clerk'"),
    ("audit.chain", "was altered", "UPDATE audit SET changes = '{{}}' WHERE number = 9"),
]  # fmt: skip


@pytest.mark.covers("ADM-036")
def test_each_damage_is_named(hall: Hall) -> None:
    """Each is made, looked at and undone in a transaction of its own."""
    day = served(hall)
    engine = hall.engine
    with engine.store.write_engine.connect() as connection:
        raw: Any = connection.connection
        if engine.store.kind == "sqlite":
            raw.execute("PRAGMA foreign_keys=OFF")
        for check, words, statement in DAMAGES:
            with connection.begin() as transaction:
                if engine.store.kind == "postgresql":
                    connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
                numbers = {"first": day["first"]["number"], "second": day["second"]["number"]}
                assert connection.execute(text(statement.format(**numbers))).rowcount
                found = verify(connection, engine.data, str(engine.house.server_id), engine.clock.now())
                said = [str(f) for f in found.findings if f.check == check]
                assert not found.sound
                assert any(words.format(**numbers) in one for one in said), (statement, said)
                transaction.rollback()
        if engine.store.kind == "sqlite":
            raw.execute("PRAGMA foreign_keys=ON")


def test_a_number_given_twice_is_named_although_its_index_is_gone(hall: Hall) -> None:
    day = served(hall)
    damage(hall, "DROP INDEX ux_ticket_number")
    damage(hall, "UPDATE ticket SET number = :n WHERE number = :m", n=day["first"]["number"], m=day["second"]["number"])
    assert any(f.check == "queue.number_once" for f in checked(hall).findings)


def test_files_missing_altered_and_unknown_are_named(hall: Hall) -> None:
    engine = hall.engine
    with engine.store.reading() as connection:
        kept = list(connection.execute(text("SELECT name, sha256 FROM stored_file ORDER BY name LIMIT 2")))
    missing, altered = (path_of(engine.data, bytes(row.sha256)) for row in kept)
    missing.unlink()
    altered.write_bytes(altered.read_bytes()[:-1] + b"x")
    found = {f.check: str(f) for f in checked(hall).findings}
    assert set(found) == {"files"}
    sentences = [str(f) for f in checked(hall).findings]
    assert any(kept[0].name in s and "missing" in s for s in sentences)
    assert any(kept[1].name in s and "other bytes" in s for s in sentences)


def test_a_file_that_no_row_names_is_a_note_once_it_is_a_day_old(hall: Hall) -> None:
    stray = path_of(hall.engine.data, bytes(32))
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"left behind")
    young = hall.engine.clock.now().timestamp() - 3600
    os.utime(stray, (young, young))
    assert checked(hall).findings == []
    os.utime(stray, (young - 86400, young - 86400))
    (finding,) = checked(hall).findings
    assert finding.note and "no entry names" in str(finding)
    assert checked(hall).sound


def test_a_picture_that_names_no_file_is_named(hall: Hall) -> None:
    damage(hall, "UPDATE staff_member SET photo = :p WHERE id = :i", **_ids(hall))
    assert any(f.check == "links" and "photo names a file" in str(f) for f in checked(hall).findings)


def _ids(hall: Hall) -> dict[str, Any]:
    with hall.engine.store.reading() as connection:
        (row,) = connection.execute(text("SELECT id FROM staff_member WHERE photo IS NOT NULL LIMIT 1"))
    strange: Any = uuid4()
    return {"i": row.id, "p": strange.bytes if hall.engine.store.kind == "sqlite" else strange}


def test_the_command_lists_what_is_wrong_and_says_so_by_its_status(hall: Hall, database_url: str) -> None:
    served(hall)
    command = ["server", "verify", "--data", str(hall.engine.data)]
    environment = {"OPENHALL_DATABASE": database_url, **os.environ}
    fine = starter.finished(command, environment)
    assert fine.returncode == 0, fine.stderr
    assert "The audit chain is whole" in fine.stdout
    damage(hall, "UPDATE audit SET who_kind = 'device' WHERE number = 4")
    wrong = starter.finished(command, environment)
    assert wrong.returncode == 1
    assert "wrong  audit.chain: Audit row 4 " in wrong.stdout
