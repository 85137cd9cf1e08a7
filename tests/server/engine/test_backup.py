"""A backup taken while the hall changes, restored elsewhere and compared row by row; and every way in which it may go wrong."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect
from sqlalchemy.engine import URL, make_url

from server.engine.audit.anchor import verify_anchors
from server.engine.audit.verify import verify_chain
from server.engine.backup import cipher, postgres
from server.engine.backup import take as taking
from server.engine.backup.archive import Archive, Manifest, opened
from server.engine.backup.restore import RESTORING, Restored, restore
from server.engine.backup.snapshot import plain_connection
from server.engine.backup.take import DRAFT, Stopped, Taken, take
from server.engine.database.migrations import migrate
from server.engine.engine import Engine
from server.engine.errors import Refused
from tests.ground.databases import Databases
from tests.server.conftest import Hall

WORD = "a hall full of numbers"


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A folder for archives."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    return folder


@contextmanager
def empty_place(kind: str, databases: Databases, tmp_path: Path) -> Iterator[tuple[Path, URL]]:
    """A data folder that is not there yet and an empty database of a kind."""
    data = tmp_path / f"elsewhere-{time.monotonic_ns()}"
    if kind == "sqlite":
        yield data, make_url(f"sqlite:///{data / 'openhall.db'}")
    else:
        with databases.fresh("postgresql") as text:
            yield data, make_url(text)


def kept(hall: Hall, to: Path, **options: Any) -> Taken:
    """A backup of this hall."""
    return take(hall.engine.url, hall.engine.data, to, now=hall.engine.clock.now(), **options)


def refused(function: Any, *values: Any, **named: Any) -> Refused:
    """What it says when it refuses."""
    with pytest.raises(Refused) as no:
        function(*values, **named)
    assert no.value.declared.sentence.format(**no.value.facts)
    return no.value


def tables(url: URL) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    with plain_connection(url) as connection:
        names = inspect(connection).get_table_names()
        return {n: sorted(map(plain, connection.exec_driver_sql(f'SELECT * FROM "{n}"')), key=repr) for n in names}


def plain(row: Any) -> tuple[Any, ...]:
    """Values that compare."""
    return tuple(bytes(v) if isinstance(v, memoryview) else v for v in row)


CHANGED = {"house", "access_token", "enrolment"}
"""What a restore changes on purpose: the epoch, people's sessions, devices that asked to join."""


def test_restored_elsewhere_every_row_and_file_is_the_same(
    hall: Hall, database_kind: str, databases: Databases, tmp_path: Path, shelf: Path
) -> None:
    hall.open(3)
    hall.ticket("A")
    hall.settle()
    device = hall.device("pad", **hall.window(3))
    assert device
    hall.settle()
    before = tables(hall.engine.url)
    taken = kept(hall, shelf)
    assert taken.path.name.startswith(f"openhall-{hall.engine.house.server_id.hex[:8]}-20260302T102400Z")
    assert not list(shelf.glob(DRAFT + "*"))
    with empty_place(database_kind, databases, tmp_path) as (data, url):
        done = restore(taken.path, data, url, lambda: None)
        after = tables(url)
        assert set(after) == set(before)
        for name in set(before) - CHANGED:
            assert after[name] == before[name], name
        house = dict(after["house"])
        assert {k: v for k, v in house.items() if k != "epoch"} == {
            k: v for k, v in dict(before["house"]).items() if k != "epoch"
        }
        assert house["epoch"] == done.epoch != hall.engine.house.epoch
        own = {str(p.relative_to(hall.engine.data)): p.read_bytes() for p in hall.engine.data.rglob("*") if p.is_file()}
        copied = {str(p.relative_to(data)): p.read_bytes() for p in data.rglob("*") if p.is_file()}
        wanted = {k: v for k, v in own.items() if k.startswith(("files/", "authority/", "audit.", "vault."))}
        assert len(wanted) > 10
        assert {k: v for k, v in copied.items() if not k.startswith("openhall.db")} == wanted
        assert not (data / RESTORING).exists()
        sessions_end_and_devices_go_on(hall, data, url, device)


def sessions_end_and_devices_go_on(hall: Hall, data: Path, url: URL, device: str) -> None:
    """A person's token of before is worth nothing, a device's goes on; the chain is whole and goes on too."""
    engine = Engine(url, data, hall.engine.clock)
    engine.open(jobs=False)
    try:
        person = hall.sign_in("admin")
        with engine.store.reading() as connection:
            now = engine.clock.now()
            from server.engine.access.tokens import digest

            assert engine.tokens.resolve(connection, digest(person), now) is None
            found = engine.tokens.resolve(connection, digest(hall._tokens[device]), now)
            assert found is not None and found.device_kind == "pad"
        engine.act("test.change", lambda work: work.audit("house", None, {}))
        for _ in range(100):
            with engine.store.reading() as connection:
                if not connection.exec_driver_sql("SELECT count(*) FROM audit WHERE number IS NULL").scalar_one():
                    assert verify_chain(connection, engine.clock.now()) == []
                    assert verify_anchors(connection, data, str(engine.house.server_id)) == []
                    return
            time.sleep(0.05)
        raise AssertionError("not chained")
    finally:
        engine.close()


def test_while_the_hall_changes_the_copy_is_one_state_and_no_writer_waits_for_it(
    hall: Hall, database_kind: str, databases: Databases, tmp_path: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Changes go on between the steps of the copy; what is restored is a whole state with a whole chain."""
    from server.engine.backup import snapshot

    monkeypatch.setattr(snapshot, "PAGES", 4)  # many steps also for a small hall
    hall.open(3)
    hall.ticket("A")
    over = threading.Event()
    made: list[str] = []

    def work() -> None:
        while not over.is_set():
            made.append(hall.ticket("A")["number"])

    before = threading.Thread(target=work)
    before.start()
    seen: list[int] = []
    try:
        while len(made) < 3:
            time.sleep(0.01)
        taken = kept(hall, shelf, progress=lambda stage, done, total: seen.append(len(made)))
        while len(made) < seen[-1] + 2:
            time.sleep(0.01)
    finally:
        over.set()
        before.join()
    assert seen[-1] > seen[0], "nothing changed while it was taken"
    hall.settle()
    with empty_place(database_kind, databases, tmp_path) as (data, url):
        restore(taken.path, data, url, lambda: None)
        with plain_connection(url) as connection:
            count = connection.exec_driver_sql("SELECT count(*) FROM ticket").scalar_one()
            events = connection.exec_driver_sql("SELECT count(*) FROM ticket_event WHERE kind = 'issued'").scalar_one()
            assert 1 <= count <= len(made) + 1
            assert events == count
            assert verify_chain(connection, hall.engine.clock.now()) == []


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("word", [None, WORD])
def test_a_flipped_byte_anywhere_in_the_archive_is_refused(
    hall: Hall, tmp_path: Path, shelf: Path, word: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cipher, "LOG_N", 4)  # what makes guessing slow would make this slow
    taken = kept(hall, shelf, passphrase=word)
    content = taken.path.read_bytes()
    places = {*range(0, len(content), len(content) // 60), *range(len(content) - 10300, len(content), 257)}
    if word is None:
        # All of the last blocks: the seal's header and the seal, which the seal itself does not cover.
        seal = content.rindex(b"seal\0")
        places |= {*range(seal, seal + 1024)}
    broken = shelf / "broken.tar"
    for place in sorted(places):
        broken.write_bytes(content[:place] + bytes([content[place] ^ 4]) + content[place + 1 :])
        with pytest.raises(Refused) as no, opened(broken, lambda: word) as stream:
            Archive(stream, "broken")
        assert no.value.code in ("backup.damaged", "backup.not_an_archive", "backup.wrong_passphrase"), place
    for length in (0, 1, 511, 512, len(content) // 2, len(content) - 1, len(content) - 512):
        broken.write_bytes(content[:length])
        with pytest.raises(Refused), opened(broken, lambda: word) as stream:
            Archive(stream, "broken")
    data = tmp_path / "never"
    assert refused(restore, broken, data, make_url(f"sqlite:///{data / 'openhall.db'}"), lambda: word)
    assert not data.exists()
    entry = next(e for e in manifest_of(taken, word).entries if e.path.startswith("data/files/"))
    if word is None:
        place = content.index((hall.engine.data / entry.path.removeprefix("data/")).read_bytes())
        broken.write_bytes(content[: place + 9] + b"?" + content[place + 10 :])
        said = refused(restore, broken, data, make_url(f"sqlite:///{data / 'openhall.db'}"), lambda: None)
        assert entry.path in said.facts["where"]


def manifest_of(taken: Taken, word: str | None = None) -> Manifest:
    """What an archive says of itself."""
    with opened(taken.path, lambda: word) as stream:
        return Archive(stream, taken.path.name).manifest


def test_an_encrypted_archive_opens_with_its_passphrase_only(
    hall: Hall, database_kind: str, databases: Databases, tmp_path: Path, shelf: Path
) -> None:
    taken = kept(hall, shelf, passphrase=WORD)
    content = taken.path.read_bytes()
    assert taken.path.suffix == ".sealed"
    assert (hall.engine.data / "authority" / "key.pem").read_bytes()[30:90] not in content
    assert b"manifest" not in content and b"SQLite" not in content
    with empty_place(database_kind, databases, tmp_path) as (data, url):
        assert refused(restore, taken.path, data, url, lambda: None).code == "backup.needs_passphrase"
        assert refused(restore, taken.path, data, url, lambda: WORD + "!").code == "backup.wrong_passphrase"
        assert not data.exists()
        done = restore(taken.path, data, url, lambda: WORD)
        assert isinstance(done, Restored) and (data / "authority" / "key.pem").is_file()
    assert refused(kept, hall, shelf, passphrase="short").code == "backup.short_passphrase"


def test_what_is_not_empty_is_never_overwritten(
    hall: Hall, database_kind: str, databases: Databases, tmp_path: Path, shelf: Path
) -> None:
    taken = kept(hall, shelf)
    with empty_place(database_kind, databases, tmp_path) as (data, url):
        data.mkdir()
        (data / "mine.txt").write_text("keep me")
        assert refused(restore, taken.path, data, url, lambda: None).code == "backup.place_not_empty"
        assert [p.name for p in data.iterdir()] == ["mine.txt"]
        (data / "mine.txt").unlink()
        other = hall.engine.url
        assert refused(restore, taken.path, data, other, lambda: None).code == "backup.database_not_empty"
        wrong = "postgresql://127.0.0.1:1/x" if database_kind == "sqlite" else f"sqlite:///{data / 'openhall.db'}"
        assert refused(restore, taken.path, data, make_url(wrong), lambda: None).code == "backup.other_database"
        assert list(data.iterdir()) == []
        (data / RESTORING).mkdir()
        assert refused(restore, taken.path, data, url, lambda: None).code == "backup.unfinished_restore"
    assert refused(restore, shelf / "none.tar", tmp_path / "x", other, lambda: None).code == "backup.no_archive"
    (shelf / "text.tar").write_text("no archive at all")
    assert refused(restore, shelf / "text.tar", tmp_path / "x", other, lambda: None).code == "backup.not_an_archive"


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("name", "value"), [("revision", "9999"), ("release", "99.0"), ("format", 2), ("kind", "x")])
def test_an_archive_of_a_newer_release_or_another_kind_is_refused(
    hall: Hall, tmp_path: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: Any
) -> None:
    monkeypatch.setattr(taking, "Manifest", lambda **values: Manifest(**{**values, name: value}))
    if name == "kind":  # it would not pass the check that follows its writing
        monkeypatch.setattr(taking, "Archive", lambda *values: None)
    taken = kept(hall, shelf)
    data = tmp_path / "never"
    no = refused(restore, taken.path, data, make_url(f"sqlite:///{data / 'openhall.db'}"), lambda: None)
    assert no.code in ("backup.newer_release", "backup.other_format", "backup.not_an_archive")
    assert not data.exists()


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_folder_that_is_gone_full_or_closed_is_said_in_words_and_nothing_is_left(
    hall: Hall, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert refused(kept, hall, shelf / "disk" / "away").code == "backup.no_folder"
    (shelf / "x.tar").write_text("mine")
    assert refused(kept, hall, shelf / "x.tar").code == "backup.file_exists"
    assert (shelf / "x.tar").read_text() == "mine"
    monkeypatch.setattr(taking, "SPARE", 1 << 62)
    assert refused(kept, hall, shelf).code == "backup.no_space"
    assert [p.name for p in shelf.iterdir()] == ["x.tar"]


def test_planted_identity_numbers_are_nowhere_in_a_backup(hall: Hall, tmp_path: Path, shelf: Path) -> None:
    """Also not in what a change of them left in the audit, the keys' answers and freed pages; the name is found."""
    planted = ("11010519491231002X", "110105194912310038", "+8613812345678")
    values = {"name": "Zhang Planted", "identity_kind": "cn", "identity": planted[0], "mobile": planted[2]}
    made = hall.post("records.create", {"type": "applicant", "values": values}, who="admin")["record"]
    change = {"type": "applicant", "id": made["id"], "values": {"identity": planted[1]}, "version": made["version"]}
    hall.post("records.edit", change, who="admin")
    hall.settle()
    content = everything(kept(hall, shelf), tmp_path)
    assert b"Zhang Planted" in content
    for number in planted:
        assert number.encode() not in content and number.encode("utf-16-le") not in content


def everything(taken: Taken, folder: Path) -> bytes:
    """All bytes of an archive, unpacked as far as they go."""
    parts = []
    with opened(taken.path, lambda: None) as stream:
        archive = Archive(stream, taken.path.name)
        for entry in archive.manifest.entries:
            with archive.read(entry.path) as content:
                parts.append(content.read())
        parts.append(archive.manifest.model_dump_json().encode())
    database = parts[0]
    if archive.manifest.database == "sqlite":
        return b"".join([gzip.decompress(database), *parts[1:]])
    (folder / "dump").write_bytes(database)
    plain_dump = folder / "dump.sql"
    subprocess.run([postgres.program("pg_restore"), "-f", plain_dump, folder / "dump"], check=True)
    return b"".join([plain_dump.read_bytes(), *parts[1:]])


def test_files_that_the_database_names_and_the_store_has_not_are_told(hall: Hall, shelf: Path) -> None:
    files = sorted((hall.engine.data / "files").glob("??/*"))
    files[0].unlink()
    files[1].write_bytes(b"altered")
    taken = kept(hall, shelf)
    assert (taken.missing_files, taken.altered_files) == ([files[0].name], [files[1].name])


def test_a_stopped_backup_leaves_nothing(hall: Hall, shelf: Path) -> None:
    def stop(stage: str, done: int, total: int) -> None:
        if stage == "files":
            raise Stopped

    with pytest.raises(Stopped):
        kept(hall, shelf, progress=stop)
    assert list(shelf.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="limits of a process are set otherwise there")
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_disk_that_fills_in_the_middle_is_said_in_words(hall: Hall, shelf: Path) -> None:
    """The system refuses to write on, as a full disk does."""
    script = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000));"
        "from server.__main__ import main; sys.exit(main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", script, "backup", "--data", str(hall.engine.data), "--database"]
    done = subprocess.run(
        [*command, str(hall.engine.url), "--to", str(shelf)], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert "Nothing can be written into" in done.stderr and "Traceback" not in done.stderr
    assert list(shelf.iterdir()) == []


def test_a_killed_backup_is_no_backup_and_the_next_one_takes_its_draft_away(
    hall: Hall, shelf: Path, database_url: str
) -> None:
    script = (
        "import sys; from server.app import load_modules; load_modules();"
        "from pathlib import Path; from datetime import datetime, UTC; from sqlalchemy.engine import make_url;"
        "from server.engine.backup.take import take;"
        "w = lambda stage, done, total: (print('here', flush=True), sys.stdin.read()) if stage == 'files' else None;"
        "take(make_url(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), now=datetime.now(UTC), progress=w)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, database_url, str(hall.engine.data), str(shelf)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == b"here"
        (draft,) = shelf.iterdir()
        assert draft.name.startswith(DRAFT)
        other = kept(hall, shelf)  # the living one's draft is left alone
        assert draft.is_dir()
        process.kill()
    other.path.unlink()
    assert [p.name for p in shelf.iterdir()] == [draft.name]
    taken = kept(hall, shelf)
    assert [p.name for p in shelf.iterdir()] == [taken.path.name]


def test_an_older_hall_is_brought_to_this_release_after_its_restore(
    database_kind: str, databases: Databases, tmp_path: Path, shelf: Path
) -> None:
    """The database of an older release: its last migration is taken back by hand."""
    with empty_place(database_kind, databases, tmp_path) as (data, url), databases.fresh(database_kind) as old_text:
        old = make_url(old_text)
        make_old(old, tmp_path)
        from datetime import UTC, datetime

        taken = take(old, tmp_path, shelf, now=datetime(2026, 3, 2, tzinfo=UTC))
        assert manifest_of(taken).revision == "0010"
        done = restore(taken.path, data, url, lambda: None)
        assert done.migrated
        assert migrate(url) is False
        assert "backup_run" in tables(url)


def make_old(url: URL, data: Path) -> None:
    """A hall at an older revision."""
    from alembic import command
    from sqlalchemy import create_engine

    from server.engine.database.engines import driven
    from server.engine.database.migrations import configuration
    from server.engine.house import House

    engine = create_engine(driven(url))
    with engine.connect() as connection:
        command.upgrade(configuration(connection=connection), "0010")
        House.load(connection)
        connection.commit()
    engine.dispose()


def test_an_upgrade_takes_a_backup_first_and_two_processes_do_it_once(
    database_kind: str, databases: Databases, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    with databases.fresh(database_kind) as text:
        make_old(make_url(text), data)
        command = [sys.executable, "-m", "server", "migrate", "--data", str(data)]
        both = [
            subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                             env={**os.environ, "OPENHALL_DATABASE": text})
            for _ in range(2)
        ]  # fmt: skip
        said = [process.communicate(timeout=120) for process in both]
        assert [process.returncode for process in both] == [0, 0], said
        (archive,) = (data / "backups").iterdir()
        assert sum("a backup was taken" in errors for _, errors in said) == 1
        with opened(archive, lambda: None) as stream:
            assert Archive(stream, archive.name).manifest.revision == "0010"
        rows = tables(make_url(text))["backup_run"]
        assert len(rows) == 1 and "migration" in rows[0]
