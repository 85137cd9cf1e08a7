"""A hall restored from its console while it serves: prepared beside it, put in its place at the next start."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import make_url

from server.engine.backup import prepared
from server.engine.backup.prepared import BEFORE, DRAFT, PREPARED, prepare, put_in_place
from server.engine.backup.restore import fill_database
from server.engine.backup.results import of_backup
from server.engine.backup.snapshot import plain_connection
from server.engine.backup.take import Stopped, take
from server.engine.engine import Engine
from server.engine.errors import Refused
from tests.ground.databases import Databases
from tests.ground.demo_house import DemoHouse
from tests.server.conftest import Hall


def ended(house: DemoHouse, run: dict[str, Any]) -> dict[str, Any]:
    """A run of the console when it has ended."""
    for _ in range(600):
        cards = house.post("backup.runs", who="admin")["runs"]
        found: dict[str, Any] = next(one for one in cards if one["id"] == run["id"])
        if found["state"] not in ("waiting", "running"):
            return found
        time.sleep(0.05)
    raise AssertionError("the run did not end")


def other_epoch(house: DemoHouse, epoch: str) -> dict[str, Any]:
    """What the server says of itself when it has started anew."""
    for _ in range(1200):
        health: dict[str, Any] = house.http.get("/api/health").json()
        if health["epoch"] != epoch:
            return health
        time.sleep(0.05)
    raise AssertionError(house.log.read_text()[-3000:])


@pytest.mark.covers("ADM-035", "ADM-I10")
def test_a_hall_is_restored_from_its_console_to_a_chosen_backup_with_its_files(
    database_kind: str, databases: Databases, tmp_path: Path
) -> None:
    with databases.fresh(database_kind) as url:
        data = tmp_path / "data"
        where = () if database_kind == "sqlite" else ("--database", url)
        with DemoHouse(data, *where) as house:
            house.open(3)
            pad = house.device("pad", window=3)
            first = ended(house, house.post("backup.run_now", who="admin")["run"])
            assert first["state"] == "good"
            name = Path(first["path"]).name
            kept = {p.name: p.read_bytes() for p in (data / "files").rglob("*") if p.is_file()}
            number = house.ticket("A")["number"]
            gone = next(p for p in (data / "files").rglob("*") if p.is_file())
            gone.unlink()
            listed = house.post("backup.archives", who="admin")
            assert [one["name"] for one in listed["archives"]] == [name]

            wanted = {"name": name, "confirm": listed["confirm"]}
            for wrong, code in (
                ({**wanted, "confirm": "yes"}, "backup.not_confirmed"),
                ({**wanted, "name": "../openhall.db"}, "backup.no_such_archive"),
            ):
                assert house.send("backup.restore", wrong, who="admin").json()["code"] == code
            assert house.send("backup.restore", wanted, who="anna").json()["code"] == "access.denied"

            epoch = house.http.get("/api/health").json()["epoch"]
            house.post("backup.restore", wanted, who="admin")
            assert other_epoch(house, epoch)["backup"] == "good"
            # Sessions of people have ended, devices go on; the number given after the backup is free again.
            assert house.send("backup.runs", who="admin").status_code == 401
            house._tokens.clear()
            assert house.ticket("A")["number"] == number
            assert house.send("queue.pad_state", who="", token=pad).status_code != 401
            runs = house.post("backup.runs", who="admin")["runs"]
            assert [(r["kind"], r["state"]) for r in runs[:2]] == [("restoration", "good"), ("before_restore", "good")]
            assert Path(runs[1]["path"]).is_file()
            assert {p.name: p.read_bytes() for p in (data / "files").rglob("*") if p.is_file()} == kept
            assert not [p for p in data.iterdir() if p.name in (PREPARED, DRAFT, BEFORE)]


class Killed(BaseException):
    """Stands for a power cut: nothing that would clear up runs."""


def laid_ready(hall: Hall, shelf: Path, **options: Any) -> str:
    """A backup, then a ticket that it does not know, then the backup prepared; gives that ticket's number."""
    engine = hall.engine
    shelf.mkdir(exist_ok=True)
    archive = take(engine.url, engine.data, shelf, now=engine.clock.now()).path
    number = str(hall.ticket("A")["number"])
    prepare(
        archive, engine.data, engine.url, shelf, server_id=engine.house.server_id, who=None, now=engine.clock.now(),
        word=None, passphrase=None, row_of=of_backup, **options,
    )  # fmt: skip
    return number


def tickets(url: str) -> int:
    """How many tickets a database holds."""
    with plain_connection(make_url(url)) as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM ticket").scalar_one())


@pytest.mark.parametrize("moment", ["filling", "filled", "moving away", "moved away", "moving in", "at the end"])
def test_whenever_it_is_cut_off_the_next_start_ends_it(
    hall: Hall, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    hall.open(3)
    before = hall.count("ticket")
    laid_ready(hall, tmp_path / "shelf")
    engine = hall.engine
    if moment in ("filling", "filled") and engine.store.kind == "sqlite":
        pytest.skip("SQLite's database is prepared whole")
    hall.settle()
    engine.close()

    def die(*_values: Any, **_named: Any) -> None:
        raise Killed

    with monkeypatch.context() as cut:
        run, write, count = fill_database, prepared._write, [0]
        if moment == "filling":
            outside = prepared._in_database

            def once(*values: Any) -> None:
                count[0] += 1
                die() if count[0] > 1 else outside(*values)

            cut.setattr(prepared, "fill_database", die)
            cut.setattr(prepared, "_in_database", once)
        elif moment == "filled":

            def filled(*values: Any, **named: Any) -> None:
                run(*values, **named)
                cut.setattr(prepared, "_in_database", die)
                die()

            cut.setattr(prepared, "fill_database", filled)
        elif moment in ("moving away", "moving in"):
            move = "shutil.move" if moment == "moving away" else "os.replace"
            really: Any = shutil.move if moment == "moving away" else os.replace

            def third(source: Any, target: Any) -> Any:
                count[0] += "files" in str(source) or "vault" in str(source)
                return die() if count[0] > 1 else really(source, target)

            cut.setattr(f"server.engine.backup.prepared.{move}", third)
        elif moment == "moved away":
            cut.setattr(prepared, "_write", lambda path, text: die() if text == "away" else write(path, text))
        else:
            cut.setattr(shutil, "rmtree", die)
        with pytest.raises(Killed):
            put_in_place(engine.data, engine.url)
    placed = put_in_place(engine.data, engine.url)
    assert placed is not None or moment == "at the end"
    assert placed is None or placed.refused is None
    assert put_in_place(engine.data, engine.url) is None
    assert tickets(database_url) == before
    again = Engine(engine.url, engine.data, engine.clock)
    again.open(jobs=False)
    try:
        assert again.house.server_id == engine.house.server_id and again.house.epoch != engine.house.epoch
    finally:
        again.close()


def test_what_cannot_be_restored_leaves_the_hall_as_it_is(
    hall: Hall, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error_log: Any
) -> None:
    engine = hall.engine
    hall.open(3)

    def stop(stage: str, _done: int, _total: int) -> None:
        if stage == "unpacking":
            raise Stopped

    with pytest.raises(Stopped):
        laid_ready(hall, tmp_path / "shelf", progress=stop)
    assert not (engine.data / PREPARED).exists() and not (engine.data / DRAFT).exists()
    assert put_in_place(engine.data, engine.url) is None
    archive = next((tmp_path / "shelf").glob("*.tar"))
    spoiled = bytearray(archive.read_bytes())
    spoiled[len(spoiled) // 2] ^= 1
    archive.write_bytes(bytes(spoiled))
    with pytest.raises(Refused) as no:
        prepare(
            archive, engine.data, engine.url, tmp_path, server_id=engine.house.server_id, who=None,
            now=engine.clock.now(), word=None, passphrase=None, row_of=of_backup,
        )  # fmt: skip
    assert no.value.code == "backup.damaged"
    if engine.store.kind == "postgresql":
        # Another server on the same database: the start gives the restore up and goes on with the hall as it stands.
        laid_ready(hall, tmp_path / "second")
        monkeypatch.setattr(prepared, "PATIENCE", 0.1)
        error_log.expect("the restore was given up")
        placed = put_in_place(engine.data, engine.url)
        assert placed is not None and placed.refused is not None and placed.refused.code == "backup.others_connected"
        assert put_in_place(engine.data, engine.url) is None
    assert tickets(database_url) == hall.count("ticket") > 0
