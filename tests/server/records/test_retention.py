"""What a kind's retention says is done: counted beforehand, deleted at night with its files, told in the log; and keys renewed."""

from __future__ import annotations

import os
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from server.engine.actions.work import Work
from server.engine.backup.records import BackupRun
from server.engine.files import store
from server.engine.records.attachments import Attachment
from server.engine.records.reseal import next_piece as next_kind
from server.engine.records.reseal import reseal
from server.engine.records.retention import next_piece, purge, sweep
from server.modules.citizens.records import Applicant
from tests.server.conftest import Hall, HandClock


def line(hall: Hall, kind: str) -> dict[str, Any]:
    """What would go of a kind tonight."""
    view = hall.post("retention.tonight", who="admin")
    return dict(next(one for one in view["lines"] if one["kind"] == kind))


def work_through(hall: Hall) -> int:
    """Let the job take its turns; gives how many."""
    turns = 0
    while (found := hall.engine.look(next_piece)) is not None:
        hall.engine.act("records.retention", partial(purge, found=found))
        turns += 1
    return turns


def test_what_is_old_enough_is_counted_then_deleted_with_its_files_and_told(hall: Hall, clock: HandClock) -> None:
    engine = hall.engine
    hall.post("backup.run_now", who="admin")
    engine.backups.run_next()

    def attach(work: Work) -> Any:
        (run,) = work.connection.execute(BackupRun.__table__.select()).all()
        file_id = store.put(work, "minutes.txt", b"kept for as long as its record")
        work.insert(Attachment, record_type="backup_run", record_id=run.id, file_id=file_id, name="minutes", place=0)
        return file_id

    file_id = engine.act("test.file", attach)
    kept = store.path_of(engine.data, bytes(engine.look(lambda w: store.get(w, file_id)[0].sha256)))

    assert line(hall, "backup_run")["due"] == 0
    clock.forward(days=731)
    hall._tokens.clear()
    assert line(hall, "backup_run")["due"] == 1 and hall.count("backup_run") == 1
    while clock.now().astimezone(zone(hall)).hour == 3:
        clock.forward(hours=1)
    assert engine.look(next_piece) is None  # by day nothing is deleted
    assert hall.refused("retention.run_now", who="anna") == "access.denied"
    hall.post("retention.run_now", who="admin")
    assert work_through(hall) >= 1
    assert hall.count("backup_run") == 0 == line(hall, "backup_run")["due"]
    assert hall.count("attachment WHERE record_type = 'backup_run'") == 0
    logged = hall.post("logs.find", {"action": "records.retention"}, who="admin")["lines"]
    assert any(one["changes"].get("backup_run") == [1, 0] for one in logged)
    # The bytes go once they are a day old.
    assert kept.exists()
    young = clock.now().timestamp()
    os.utime(kept, (young, young))
    sweep(engine)
    assert kept.exists()
    os.utime(kept, (young - 90_000, young - 90_000))
    assert hall.post("retention.tonight", who="admin")["files"] >= 1
    sweep(engine)
    assert not kept.exists()


def zone(hall: Hall) -> Any:
    """The hall's."""
    with hall.engine.store.reading() as connection:
        place = hall.engine.main_place(connection)
    assert place is not None
    return place.zone


def test_what_others_name_stays_until_they_go(hall: Hall, clock: HandClock) -> None:
    hall.open(3)
    hall.ticket("A")
    clock.forward(days=731)
    hall._tokens.clear()
    tickets = line(hall, "ticket")
    assert tickets["due"] == 0 and tickets["held"] == 1  # its history names it
    hall.post("retention.run_now", who="admin")
    work_through(hall)
    assert hall.count("ticket") == 1


def test_a_renewed_key_seals_what_stands_and_goes_on_where_it_was_cut_off(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = hall.engine
    monkeypatch.setattr("server.engine.records.reseal.PIECE", 3)

    def registered(work: Work) -> list[UUID]:
        phones = [f"+86 138 0013 80{n:02d}" for n in range(8)]
        return [work.insert(Applicant, name=f"Somebody {p[-2:]}", mobile=p, telephone=None).id for p in phones]

    first, *_others, last = engine.act("test.registered", registered)
    people = hall.post("vault.state", who="admin")
    assert (people["left"], people["whole"]) == (0, 8)
    assert hall.refused("vault.rotate", who="anna") == "access.denied"
    after = hall.post("vault.rotate", who="admin")
    assert after["version"] == people["version"] + 1 == engine.vault.current
    kind = engine.look(next_kind)
    assert kind is not None
    engine.act("vault.reseal", partial(reseal, record=kind))
    left = hall.post("vault.state", who="admin")["left"]
    assert 0 < left < people["whole"]
    assert hall.refused("vault.rotate", who="admin") == "vault.busy"
    # Cut off here: another process reads the keys and goes on.
    engine.vault.read()
    while (kind := engine.look(next_kind)) is not None:
        engine.act("vault.reseal", partial(reseal, record=kind))
    assert hall.post("vault.state", who="admin") == {"version": after["version"], "whole": 8, "left": 0}
    for person, number in ((first, "00"), (last, "07")):
        asked = {"type": "applicant", "id": str(person), "field": "mobile", "reason": "a test"}
        assert hall.post("records.reveal", asked, who="admin")["value"].endswith(number)
