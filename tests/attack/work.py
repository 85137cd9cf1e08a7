"""Long work: the server is killed while it tries out, takes and undoes an import, makes an export, deletes by retention. After
the restart each is gone on with or stopped with words; what is then there is compared with the file that was sent."""

from __future__ import annotations

import io
import json
import random
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import quote

import openpyxl
from sqlalchemy.engine import make_url

from server.app import load_modules
from server.engine.actions.work import Work
from server.engine.clock import Clock
from server.engine.engine import Engine
from server.engine.exports.records import Export
from tests.attack.kill import Lost, verified
from tests.ground import moment
from tests.ground.demo_halls import DemoHall
from tests.ground.demo_house import DemoHouse

ROWS = 1500
KILLS = 3
"""While retention deletes."""
PATIENCE = 150.0
"""PostgreSQL waits a minute for a server's sign of life before it takes its work for lost."""
KEPT = timedelta(days=40)
"""After so long no export of today is kept."""


def attack(
    hall: DemoHall, *, chance: random.Random, rows: int = ROWS, begins: str | None = "monday", short: bool = False
) -> Iterator[str]:
    """A kill in each; gives a line for each, raises Lost. The `short` form is for the suite: taking and undoing."""
    with hall.serve(at=begins) as house:
        yield from _imported(hall, house, chance, rows, short)
        if not short:
            yield _exported(hall, house, chance, rows)
        yield _taken_back(hall, house, chance, rows)
        house.stop()
    verified(hall)
    if not short:
        yield _deleted(hall, chance, rows, moment.given(begins) or datetime.now(UTC))
        verified(hall)


def _imported(hall: DemoHall, house: DemoHouse, chance: random.Random, rows: int, short: bool) -> Iterator[str]:
    content = "Name,Registration number\n" + "".join(f"Company {n:05},R-{n:08}\n" for n in range(rows))
    head = {"Authorization": f"Bearer {house.token('admin')}", "Openhall-Name": quote("companies.csv")}
    sent = house.http.request("POST", "/api/imports?type=company", content.encode(), head)
    assert sent.status_code == 200, sent.text
    run = {"id": sent.json()["id"]}
    if not short:
        _killed(house, chance.uniform(0, 1.5))
    read = _reached(house, "imports.state", run, "read")
    house.post("imports.check", {**run, "mapping": [one["target"] for one in read["columns"]]}, who="admin")
    if not short:
        _when(lambda: hall.rows("SELECT 1 FROM import_run WHERE state = 'checking'"), "checking")
        _killed(house, chance.uniform(0, 2))
    checked = _reached(house, "imports.state", run, "checked")
    _same("rows that are good and bad", (checked["good"], checked["bad"]), (rows, 0))
    _same("rows staged", _count(hall, "import_row"), rows)
    if not short:
        yield f"import of {rows} rows killed while read and while tried out: all good after the restart"
    house.post("imports.take", run, who="admin")
    _when(lambda: hall.rows("SELECT 1 FROM import_run WHERE added > 0"), "rows are taken")
    _killed(house, chance.uniform(0, 0.5))
    at_kill = hall.rows("SELECT count(*) FROM company WHERE deleted_at IS NULL")[0][0]
    done = _reached(house, "imports.state", run, "done")
    _same("rows taken", (done["added"], done["bad"], done["good"]), (rows, 0, rows))
    _same("companies", _companies(hall), [f"Company {n:05}" for n in range(rows)])
    _same("rows of the audit", _audited(hall, "imports.take"), rows)
    yield f"killed after {at_kill} rows were taken: gone on with, {rows} there, each once and once in the audit"


def _exported(hall: DemoHall, house: DemoHouse, chance: random.Random, rows: int) -> str:
    asked = {"id": house.post("exports.start", {"type": "company", "form": "xlsx"}, who="admin")["id"]}
    _when(lambda: hall.rows("SELECT 1 FROM export WHERE state = 'running'"), "the export runs")
    _killed(house, chance.uniform(0, 2.5))
    ended = _reached(house, "exports.state", asked, "done", "failed")
    if ended["state"] == "failed":
        _same("its words", ended["problem"], "exports.crashed")
        _same(
            "the file of a failed export",
            house.http.get(f"/api/exports/{asked['id']}", _as_admin(house)).status_code,
            404,
        )
    else:
        _same("rows of the file", len(_sheet(house, asked["id"])), rows)
    once_more = {"id": house.post("exports.start", {"type": "company", "form": "xlsx"}, who="admin")["id"]}
    _reached(house, "exports.state", once_more, "done")
    _same("rows of the file", _sheet(house, once_more["id"]), [f"Company {n:05}" for n in range(rows)])
    folder = hall.data / "exports"
    _when(lambda: not list(folder.glob("*.part")), "the killed server's worker has tidied up")
    return f"export killed: {ended['state']}, no half file; made once more with all {rows} rows"


def _taken_back(hall: DemoHall, house: DemoHouse, chance: random.Random, rows: int) -> str:
    run = {"id": house.post("imports.mine", {}, who="admin")["imports"][0]["id"]}
    house.post("imports.undo", run, who="admin")
    _when(lambda: hall.rows("SELECT 1 FROM import_run WHERE undone > 0"), "rows are undone")
    _killed(house, chance.uniform(0, 0.5))
    left = len(_companies(hall))
    undone = _reached(house, "imports.state", run, "undone")
    _same("rows undone", (undone["undone"], undone["kept"]), (rows, 0))
    _same("companies left", _companies(hall), [])
    _same("rows of the audit", _audited(hall, "imports.undo"), rows)
    return f"undo killed with {left} left: gone on with, none there, each once in the audit"


def _deleted(hall: DemoHall, chance: random.Random, rows: int, today: datetime) -> str:
    """Old rows by the hundred, then a server forty days later, killed while it deletes them."""
    load_modules()

    def fill(clock: datetime, count: int) -> None:
        engine = Engine(make_url(hall.database or f"sqlite:///{hall.data / 'openhall.db'}"), hall.data, _Stands(clock))
        engine.open(jobs=False)

        def exports(work: Work) -> None:
            for number in range(count):
                work.insert(
                    Export, record_type="company", form="csv", query={}, columns=[], language="en", state="done",
                    file_name=f"{clock:%Y-%m-%d} {number}",
                )  # fmt: skip

        engine.act("attack.fill", exports)
        engine.close()

    fill(today, rows)
    fill(today + KEPT - timedelta(days=2), 3)
    before = _count(hall, "export")
    kills, at = 0, today + KEPT
    while kills < KILLS:
        # At sixty times its speed, since a piece goes every five seconds.
        with DemoHouse(hall.data, *hall.options(), "--clock", f"{at:%Y-%m-%dT%H:%M}x60") as house:
            now = _count(hall, "export")
            house.post("retention.run_now", who="admin")
            _when(partial(_fewer, hall, now), "rows are deleted")
            threading.Event().wait(chance.uniform(0, 0.2))
            house.kill()
        kills, at = kills + 1, at + timedelta(hours=2)
        if _count(hall, "export") <= 3 + rows // 4:
            break
    with DemoHouse(hall.data, *hall.options(), "--clock", f"{at:%Y-%m-%dT%H:%M}x60") as house:
        house.post("retention.run_now", who="admin")
        _when(lambda: _count(hall, "export") <= 3, "all that is old is deleted")
    _same("entries that are young", _count(hall, "export"), 3)
    told = [
        _changes(changes)["export"]
        for (changes,) in hall.rows("SELECT changes FROM audit WHERE action = 'records.retention'")
        if "export" in _changes(changes)
    ]
    _same("entries that the audit says were deleted", sum(one[0] for one in told), before - 3)
    return f"retention killed {kills} times: {before - 3} old entries deleted in {len(told)} pieces, the audit's sum is the same"


def _count(hall: DemoHall, table: str) -> int:
    return int(hall.rows(f"SELECT count(*) FROM {table}")[0][0])


def _fewer(hall: DemoHall, than: int) -> bool:
    return _count(hall, "export") < than


class _Stands(Clock):
    def __init__(self, moment: datetime) -> None:
        super().__init__()
        self._moment = moment

    def now(self) -> datetime:
        return self._moment


def _changes(text: Any) -> dict[str, Any]:
    return dict(json.loads(text)) if isinstance(text, str) else dict(text)


def _killed(house: DemoHouse, after: float) -> None:
    threading.Event().wait(after)
    house.kill()
    house.start()


def _reached(house: DemoHouse, verb: str, body: dict[str, Any], *states: str) -> dict[str, Any]:
    """Wait for one of the states; another end than these is a loss."""
    end = time.monotonic() + PATIENCE
    while True:
        found: dict[str, Any] = house.post(verb, body, who="admin")
        if found["state"] in states:
            return found
        if found["state"] in ("failed", "stopped") or time.monotonic() > end:
            raise Lost(f"{verb} ended as {found}, not {states}")
        time.sleep(0.05)


def _when(condition: Callable[[], Any], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise Lost(f"in vain: {what}")
        time.sleep(0.01)


def _same(what: str, there: Any, wanted: Any) -> None:
    if there != wanted:
        raise Lost(f"{what}: {str(there)[:300]}, not {str(wanted)[:300]}")


def _companies(hall: DemoHall) -> list[str]:
    return sorted(str(name) for (name,) in hall.rows("SELECT name FROM company WHERE deleted_at IS NULL"))


def _audited(hall: DemoHall, action: str) -> int:
    return int(hall.rows(f"SELECT count(*) FROM audit WHERE action = '{action}' AND record_type = 'company'")[0][0])


def _as_admin(house: DemoHouse) -> dict[str, str]:
    return {"Authorization": f"Bearer {house.token('admin')}"}


def _sheet(house: DemoHouse, export_id: str) -> list[str]:
    """The names in an export's file, in order."""
    answer = house.http.get(f"/api/exports/{export_id}", _as_admin(house))
    assert answer.status_code == 200, answer.text
    sheet = openpyxl.load_workbook(io.BytesIO(answer.body)).active
    assert sheet is not None
    cells = [str(value) for row in sheet.iter_rows(values_only=True) for value in row]
    return sorted(one for one in cells if one.startswith("Company "))
