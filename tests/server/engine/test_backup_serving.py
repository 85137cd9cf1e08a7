"""A real server that serves and writes while `openhall-server backup` runs; restored elsewhere its clients come back."""

from __future__ import annotations

import asyncio
import os
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest

from common.link import Link, LinkState
from common.protocol.messages import Notice
from server.demo.fill import id_of
from tests.common.link.conftest import QUICK, reach, until
from tests.ground import starter
from tests.ground.databases import Databases
from tests.ground.demo_house import DemoHouse

ZONE = id_of("zone", 0)


def command(*words: str, database: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """One command of the server, to its end."""
    return starter.finished(["server", *words], {**os.environ, "OPENHALL_DATABASE": database, **environment})


def test_backed_up_while_serving_restored_elsewhere_and_clients_come_back(
    database_kind: str, databases: Databases, tmp_path: Path
) -> None:
    with databases.fresh(database_kind) as first, databases.fresh(database_kind) as second:
        if database_kind == "sqlite":
            first, second = (f"sqlite:///{tmp_path / name / 'openhall.db'}" for name in ("data", "restored"))
        asyncio.run(asyncio.wait_for(_way(first, second, tmp_path), 170))


async def _way(first: str, second: str, tmp_path: Path) -> None:
    shelf, restored = tmp_path / "shelf", tmp_path / "restored"
    shelf.mkdir()
    house = DemoHouse(tmp_path / "data", "--database", first)
    link: Link | None = None
    try:
        await asyncio.to_thread(house.open, 3)
        token = await asyncio.to_thread(lambda: house.device("led", zone=0))
        link = Link("led", profile=tmp_path / "led", pace=QUICK, server=house.url, token=token)
        heard: list[Notice | None] = []
        link.watch(f"queue.zone.{ZONE}", heard.append)
        await link.start()
        await reach(link, LinkState.ONLINE)
        epoch = link.health.epoch if link.health is not None else ""
        made = await asyncio.to_thread(_backed_up_at_work, house, first, shelf)
        (archive,) = shelf.iterdir()
        await asyncio.to_thread(house.stop)
        await reach(link, LinkState.OFFLINE)
        done = await asyncio.to_thread(
            lambda: command("restore", str(archive), "--data", str(restored), database=second)
        )
        assert done.returncode == 0, done.stderr
        found = await asyncio.to_thread(lambda: command("verify", "--data", str(restored), database=second))
        assert found.returncode == 0, found.stdout + found.stderr
        before = heard.count(None)
        again = DemoHouse.__new__(DemoHouse)
        again.__dict__.update(house.__dict__, data=restored, options=("--database", second), process=None, _tokens={})
        house = again
        await asyncio.to_thread(house.start)
        await reach(link, LinkState.ONLINE)
        assert link.health is not None and link.health.epoch != epoch
        await until(lambda: heard.count(None) > before)  # everything is to be read anew
        place = {"window_id": str(id_of("window", 3))}
        await asyncio.to_thread(house.post, "queue.open_window", place)
        count = len(heard)
        number = (await asyncio.to_thread(house.ticket, "A"))["number"]
        await until(lambda: len(heard) > count)
        # It goes on where the backup stood: at one of the numbers of while it ran, or at the first one after them.
        assert int(number[1:]) <= len(made) + 1
    finally:
        if link is not None:
            await link.stop()
        house.stop()


def _backed_up_at_work(house: DemoHouse, database: str, shelf: Path) -> set[str]:
    """Three people take tickets without a break while the backup is taken; gives the numbers."""
    over = threading.Event()
    made: set[str] = set()
    failed: list[BaseException] = []

    def work() -> None:
        try:
            while not over.is_set():
                made.add(str(house.ticket("A")["number"]))
        except AssertionError as failure:
            failed.append(failure)

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    try:
        done = command("backup", "--to", str(shelf), "--data", str(house.data), database=database)
    finally:
        over.set()
        for worker in workers:
            worker.join()
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().endswith(".tar")
    assert failed == [] and len(made) > 3
    return made


def test_a_passphrase_comes_from_the_environment_or_a_file_and_its_lack_is_said(
    hall: Any, database_url: str, tmp_path: Path
) -> None:
    data = ("--data", str(hall.engine.data), "--to", str(tmp_path))
    without = command("backup", "--encrypt", *data, database=database_url)
    assert without.returncode == 1 and "--passphrase-file" in without.stderr
    word = tmp_path / "word"
    word.write_text("from a file in the safe\n")
    by_file = command("backup", "--encrypt", "--passphrase-file", str(word), *data, database=database_url)
    assert by_file.returncode == 0, by_file.stderr
    archive = by_file.stdout.split()[-1]
    place = ("--data", str(tmp_path / "new"))
    url = f"sqlite:///{tmp_path / 'new' / 'openhall.db'}"
    if hall.engine.store.kind == "sqlite":
        wrong = command("restore", archive, *place, database=url, OPENHALL_BACKUP_PASSPHRASE="a wrong one")
        assert wrong.returncode == 1 and "does not open the archive" in wrong.stderr
        right = command("restore", archive, *place, database=url, OPENHALL_BACKUP_PASSPHRASE="from a file in the safe")
        assert right.returncode == 0, right.stderr


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_the_doctor_says_what_is_wrong_and_what_to_do(hall: Any, database_url: str) -> None:
    data = hall.engine.data
    fine = command("doctor", "--data", str(data), "--port", "0", database=database_url)
    assert fine.returncode == 0, fine.stdout
    assert "There is no backup yet" in fine.stdout and "The database is at this release" in fine.stdout
    (data / "authority" / "key.pem").chmod(0o644)
    (data / ".restoring").mkdir()
    wrong = command("doctor", "--data", str(data), "--port", "0", database=database_url)
    assert wrong.returncode == 1
    assert "chmod 600" in wrong.stdout and "restore once more" in wrong.stdout
