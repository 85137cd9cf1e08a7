"""A whole server in the test's process: engine on both kinds of database, the demo hall, HTTP without a socket."""

from __future__ import annotations

import json
import shutil
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import make_url

from server.app import load_modules
from server.demo.fill import fill, id_of
from server.demo.hall import PASSWORD
from server.engine.clock import Clock
from server.engine.database.migrations import migrate
from server.engine.engine import Engine
from server.engine.http.app import make_app
from server.engine.jobs import aside
from tests.ground import moment, starter
from tests.ground.databases import Databases
from tests.ground.serving import Answer, Client, serving

load_modules()


class HandClock(Clock):
    """A clock that stands still until the test moves it; just before midnight it goes on a little with each look."""

    def __init__(self, begins: datetime) -> None:
        super().__init__()
        self.moment = begins
        self._step = moment.STEP if moment.crosses_midnight(begins) else timedelta()

    def now(self) -> datetime:
        """The moment that the test set."""
        self.moment += self._step
        return self.moment

    def forward(self, **by: float) -> None:
        """Let time pass."""
        self.moment += timedelta(**by)


FOREVER = datetime.max.replace(tzinfo=UTC)


@pytest.fixture
def clock(request: pytest.FixtureRequest) -> HandClock:
    """Monday 2 March 2026, 10:24 UTC, standing still; or the moment that the test (`any_moment`) or the run names."""
    return HandClock(moment.given(getattr(request, "param", None)) or moment.MONDAY)


@pytest.fixture(scope="session")
def filled_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folders that belong to the filled databases, one a kind."""
    return tmp_path_factory.mktemp("filled")


@pytest.fixture
def database_url(
    request: pytest.FixtureRequest, database_kind: str, databases: Databases, filled_data: Path, tmp_path: Path
) -> Iterator[str]:
    """A fresh database of this release: a copy of one that was migrated once in this process, and filled with the demo
    hall where the test asks for `hall`."""
    if "hall" not in request.fixturenames:
        with databases.fresh(database_kind, "migrated", _migrated) as url:
            yield url
        return
    data = filled_data / database_kind
    with databases.fresh(database_kind, "filled", lambda url: _filled(url, data)) as url:
        shutil.copytree(data, tmp_path, dirs_exist_ok=True)
        yield url


def _migrated(url: str) -> None:
    migrate(make_url(url))


def _filled(url: str, data: Path) -> None:
    """A demo hall from the day before, so that nothing in it lies ahead of a test's clock."""
    data.mkdir()
    _migrated(url)
    made = Engine(make_url(url), data, HandClock((moment.given() or moment.SUNDAY_NIGHT) - timedelta(days=1)))
    made.open(jobs=False)
    made.act("demo.fill", fill)
    made.close()


@pytest.fixture
def engine(database_url: str, tmp_path: Path, clock: HandClock) -> Iterator[Engine]:
    """An engine on a fresh database without a hall; its jobs run when the test says so."""
    made = Engine(make_url(database_url), tmp_path, clock)
    made.open(jobs=False)
    yield made
    made.close()


@pytest.fixture(autouse=True)
def workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Work aside begins in a process that has imported everything; tests with a server of its own see how it begins really."""
    monkeypatch.setattr(aside, "worker_process", starter.worker)


@pytest.fixture
def hall(engine: Engine) -> Iterator[Hall]:
    """The demo hall behind HTTP."""
    with serving(make_app(engine)) as http:
        yield Hall(engine, http)


class Hall:
    """The demo hall as a test speaks to it."""

    def __init__(self, engine: Engine, http: Client) -> None:
        self.engine = engine
        self.http = http
        self._tokens: dict[str, str] = {}
        self._ends: dict[str, datetime] = {}

    def sign_in(self, name: str) -> str:
        """A token of a demo account; signed in once a test, and again when the clock went past the session's end."""
        if name not in self._tokens or self.engine.clock.now() >= self._ends.get(name, FOREVER):
            answer = self.http.post("/api/sign-in", json={"name": name, "password": PASSWORD})
            assert answer.status_code == 200, answer.text
            self._tokens[name] = answer.json()["token"]
            self._ends[name] = datetime.fromisoformat(answer.json()["expires_at"])
        return self._tokens[name]

    def device(self, kind: str, **place: Any) -> str:
        """The token of a new device, kept under its kind and place."""
        name = f"{kind}:{sorted(place.items())}"
        if name not in self._tokens:
            answer = self.post("devices.add", {"kind": kind, "label": kind, **place}, who="admin")
            self._tokens[name] = answer["token"]
        return name

    def send(self, verb: str, body: Any = None, *, who: str, key: str | None = None, language: str = "en") -> Answer:
        """The raw answer to a verb, sent by an account's name or a device's key."""
        token = self._tokens[who] if ":" in who else self.sign_in(who)
        return self.http.post(
            "/api/" + verb.replace(".", "/", 1),
            content=body if isinstance(body, bytes) else json.dumps(body or {}, default=str),
            headers={
                "Authorization": f"Bearer {token}",
                "Idempotency-Key": key or str(uuid.uuid4()),
                "Accept-Language": language,
            },
        )

    def post(self, verb: str, body: Any = None, *, who: str = "manager", key: str | None = None) -> Any:
        """The answer to a verb that must succeed."""
        answer = self.send(verb, body, who=who, key=key)
        assert answer.status_code == 200, f"{verb}: {answer.status_code} {answer.text}"
        return answer.json()

    def refused(self, verb: str, body: Any = None, *, who: str = "manager", key: str | None = None) -> str:
        """The code of a verb that must be refused."""
        answer = self.send(verb, body, who=who, key=key)
        assert 400 <= answer.status_code < 500, f"{verb}: {answer.status_code} {answer.text}"
        return str(answer.json()["code"])

    def window(self, number: int) -> dict[str, str]:
        """The input of verbs at a window."""
        return {"window_id": str(id_of("window", number))}

    def open(self, number: int, who: str = "manager") -> dict[str, str]:
        """Sit down at a window."""
        self.post("queue.open_window", self.window(number), who=who)
        return self.window(number)

    def ticket(self, prefix: str, zone: int = 0, **more: Any) -> dict[str, Any]:
        """Issue a ticket of a service."""
        body = {"service_id": id_of("service", prefix), "zone_id": id_of("zone", zone), "channel": "staff", **more}
        return dict(self.post("queue.issue_ticket", body)["ticket"])

    def settle(self) -> None:
        """Wait until the sequencer has chained and numbered everything (PostgreSQL does so beside the actions)."""
        for _ in range(100):
            left = self.count("audit WHERE number IS NULL") + self.count("notice_outbox")
            if not left:
                return
            time.sleep(0.05)
        raise AssertionError("the sequencer did not finish")

    def count(self, table: str) -> int:
        """How many rows stand in a table."""
        with self.engine.store.reading() as connection:
            return int(connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())
