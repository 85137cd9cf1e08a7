"""Backups and checks asked for from the console, by schedule, stopped and cut off; each run has its row."""

from __future__ import annotations

import shutil
import threading
import time
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from server.engine.actions.work import Work
from server.engine.backup.archive import archive_name
from server.engine.backup.desk import BackupDesk
from server.engine.backup.jobs import look
from server.engine.backup.records import BackupRun
from server.engine.backup.settings import ALARM_HOURS, EVERY_HOURS, FOLDER, KEEP_DAYS, KEEP_LEAST
from server.engine.database.schema import audit, setting_value
from server.engine.jobs import aside
from server.engine.settings import Setting
from tests.server.conftest import Hall


def put(hall: Hall, declared: Setting[Any], value: Any) -> None:
    """Give a setting a value."""

    def act(work: Work) -> None:
        work.connection.execute(
            setting_value.insert().values(name=declared.name, level="system", value=value, valid_from=work.now)
        )
        work.notify("settings", "changed", name=declared.name)

    hall.engine.act("settings.put", act)
    hall.settle()
    hall.engine.caches.forget()


def view(hall: Hall) -> dict[str, Any]:
    """What the console sees."""
    return dict(hall.post("backup.runs", who="admin"))


def hour(hall: Hall, hours: float = 0) -> None:
    """Let time pass and the schedule look."""
    hall.engine.clock.forward(hours=hours)  # type: ignore[attr-defined]
    if hours >= 10:
        hall._tokens.clear()  # sessions have ended
    hall.engine.act("backup.schedule", look)


def begins_now(hall: Hall) -> None:
    """As if the hall's first change were of this moment: the tests' hall is a day and a half old."""
    with hall.engine.store.write_engine.begin() as connection:
        connection.execute(audit.update().values(at=hall.engine.clock.now()))


@pytest.mark.covers("ADM-036")
def test_a_backup_and_a_check_are_run_from_the_console_and_seen_there(hall: Hall) -> None:
    run = hall.post("backup.run_now", who="admin")["run"]
    assert run["state"] == "waiting"
    assert hall.refused("backup.run_now", who="admin") == "backup.running"
    assert hall.refused("backup.verify", who="admin") == "backup.running"
    assert view(hall)["running"]["id"] == run["id"]
    assert hall.engine.backups.run_next()
    seen = view(hall)
    assert seen["running"] is None and seen["state"] == "good" and seen["last_good_at"] is not None
    (first,) = seen["runs"]
    assert (first["state"], first["kind"], first["verified"]) == ("good", "manual", True)
    assert first["size_kb"] > 100 and Path(first["path"]).is_file()
    assert Path(first["path"]).parent == hall.engine.data / "backups"
    hall.post("backup.verify", who="admin")
    assert hall.engine.backups.run_next() and not hall.engine.backups.run_next()
    check = view(hall)["last_check"]
    assert check["state"] == "good" and check["findings"] == []


def test_what_a_check_finds_is_said_in_four_languages(hall: Hall) -> None:
    next((hall.engine.data / "files").glob("??/*")).unlink()
    hall.post("backup.verify", who="admin")
    hall.engine.backups.run_next()
    check = view(hall)["last_check"]
    assert check["state"] == "bad"
    said = check["findings"][0]["said"]
    assert "missing" in said["en"] and len({said[code] for code in ("en", "zh", "ru", "fa")}) == 4


def test_only_those_with_the_right_run_or_see_backups(hall: Hall) -> None:
    for verb in ("backup.run_now", "backup.verify", "backup.runs", "backup.stop"):
        assert hall.refused(verb, who="anna") == "access.denied"


def test_a_folder_that_is_away_is_a_failed_run_with_its_reason(hall: Hall) -> None:
    put(hall, FOLDER, "/nowhere/disk")
    hall.post("backup.run_now", who="admin")
    hall.engine.backups.run_next()
    (run,) = view(hall)["runs"]
    assert run["state"] == "failed"
    assert "/nowhere/disk" in run["problem"]["en"] and run["problem"]["zh"] != run["problem"]["en"]


def test_encryption_without_a_passphrase_of_the_server_is_refused(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    assert hall.refused("backup.run_now", {"encrypt": True}, who="admin") == "backup.no_server_passphrase"
    monkeypatch.setenv("OPENHALL_BACKUP_PASSPHRASE", "one for the tests")
    hall.post("backup.run_now", {"encrypt": True}, who="admin")
    hall.engine.backups.run_next()
    (run,) = view(hall)["runs"]
    assert run["state"] == "good" and run["encrypted"] and run["path"].endswith(".sealed")


def test_the_schedule_begins_what_is_due_and_tries_again_after_a_failure(hall: Hall) -> None:
    begins_now(hall)
    hour(hall, 23)
    assert view(hall)["runs"] == []
    put(hall, FOLDER, "/nowhere/disk")
    hour(hall, 1.1)
    hour(hall)
    (run,) = view(hall)["runs"]
    assert (run["kind"], run["state"]) == ("scheduled", "waiting")
    hall.engine.backups.run_next()
    hour(hall, 0.5)
    assert len(view(hall)["runs"]) == 1
    put(hall, FOLDER, "")
    hour(hall, 0.6)
    hall.engine.backups.run_next()
    assert [r["state"] for r in view(hall)["runs"]] == ["good", "failed"]
    put(hall, EVERY_HOURS, 0)
    hour(hall, 500)
    assert len(view(hall)["runs"]) == 2


def test_a_last_good_backup_that_is_too_old_is_an_alarm(hall: Hall, caplog: pytest.LogCaptureFixture) -> None:
    begins_now(hall)
    put(hall, EVERY_HOURS, 0)
    put(hall, ALARM_HOURS, 3)
    hour(hall, 2)
    assert view(hall)["state"] == "good"
    hour(hall, 1.5)
    hour(hall)
    assert view(hall)["state"] == "old"
    hall.settle()
    assert hall.count("notice WHERE topic = 'backup' AND kind = 'alarm'") == 1
    assert "too old" in caplog.text
    hall._tokens.clear()
    hall.post("backup.run_now", who="admin")
    hall.engine.backups.run_next()
    assert view(hall)["state"] == "good"


def test_old_archives_go_but_never_the_last_good_ones_nor_strangers(hall: Hall, tmp_path: Path) -> None:
    put(hall, KEEP_DAYS, 2)
    put(hall, KEEP_LEAST, 2)
    put(hall, EVERY_HOURS, 0)
    folder = hall.engine.data / "backups"
    made = []
    for _ in range(3):
        hall.post("backup.run_now", who="admin")
        hall.engine.backups.run_next()
        made.append(Path(view(hall)["runs"][0]["path"]))
        hall.engine.clock.forward(hours=1)  # type: ignore[attr-defined]
    (folder / "holiday.tar").write_text("a stranger's")
    other = folder / archive_name(UUID(int=1), hall.engine.clock.now(), False)
    shutil.copy(made[0], other)
    hall.engine.clock.forward(days=30)  # type: ignore[attr-defined]
    hall._tokens.clear()
    hall.post("backup.run_now", who="admin")
    hall.engine.backups.run_next()
    seen = view(hall)["runs"]
    newest = Path(seen[0]["path"])
    assert {p.name for p in folder.iterdir()} == {newest.name, made[2].name, "holiday.tar", other.name}
    assert [r["removed"] for r in seen] == [False, False, True, True]


class Slow(threading.Thread):
    """The desk at work on one run, in a thread of the test."""

    def __init__(self, desk: BackupDesk) -> None:
        super().__init__()
        self.desk = desk

    def run(self) -> None:
        """One run."""
        self.desk.run_next()


def until_running(hall: Hall) -> None:
    """Wait until the run's row says so."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        with hall.engine.store.reading() as connection:
            if connection.exec_driver_sql("SELECT count(*) FROM backup_run WHERE state = 'running'").scalar_one():
                return
        time.sleep(0.01)
    raise AssertionError("it does not run")


def test_a_run_that_is_stopped_says_so_and_keeps_nothing(hall: Hall) -> None:
    run = hall.post("backup.run_now", who="admin")["run"]
    slow = Slow(hall.engine.backups)
    slow.start()
    until_running(hall)
    hall.post("backup.stop", {"run_id": run["id"]}, who="admin")
    slow.join(40)
    (ended,) = view(hall)["runs"]
    assert ended["state"] == "stopped"
    assert list((hall.engine.data / "backups").glob("*")) == []
    assert hall.refused("backup.stop", {"run_id": run["id"]}, who="admin") == "backup.ended"
    waiting = hall.post("backup.verify", who="admin")["run"]
    hall.post("backup.stop", {"run_id": waiting["id"]}, who="admin")
    assert not hall.engine.backups.run_next()


def test_a_worker_that_is_killed_leaves_a_run_that_was_cut_off(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[Any] = []
    start = aside.worker_process

    def watched() -> Any:
        started.append(start())
        return started[-1]

    monkeypatch.setattr(aside, "worker_process", watched)
    hall.post("backup.run_now", who="admin")
    slow = Slow(hall.engine.backups)
    slow.start()
    while not started:
        time.sleep(0.01)
    started[0].kill()
    slow.join(40)
    (run,) = view(hall)["runs"]
    assert run["state"] == "interrupted" and "cut off" in run["problem"]["en"]
    assert view(hall)["last_good_at"] is None
    hall.post("backup.run_now", who="admin")
    assert hall.engine.backups.run_next()
    assert view(hall)["runs"][0]["state"] == "good"


def test_a_run_without_a_sign_of_life_is_closed(hall: Hall) -> None:
    def left(work: Work) -> None:
        work.insert(BackupRun, kind="manual", state="running", slot="open", beat_at=work.now, began_at=work.now)

    hall.engine.act("test.left", left)
    hour(hall, 0.5 / 60)
    assert view(hall)["running"] is not None
    hour(hall, 1 / 60)
    assert view(hall)["running"] is None
    assert view(hall)["runs"][0]["state"] == "interrupted"
