"""An empty server with its first administrator."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy.engine import make_url

from server.engine.database.migrations import migrate
from server.engine.engine import Engine
from server.engine.http.app import make_app
from tests.ground.databases import Databases
from tests.ground.serving import Answer, Client, serving

CODE = "1234-5678"
PASSWORD = "a long password"


class Founding:
    """An empty server as its first administrator speaks to it."""

    def __init__(self, engine: Engine, http: Client) -> None:
        self.engine = engine
        self.http = http
        self.tokens: dict[str, str] = {}

    def claim(self, code: str = CODE, name: str = "olga") -> Answer:
        """The one-time code, sent."""
        body = {"code": code, "name": name, "password": PASSWORD, "full_name": {"en": "Olga Stern"}}
        answer = self.http.post("/api/claim", json=body)
        if answer.status_code == 200:
            self.tokens[name] = answer.json()["token"]
        return answer

    def sign_in(self, name: str, password: str = PASSWORD) -> None:
        """Have a session."""
        answer = self.http.post("/api/sign-in", json={"name": name, "password": password})
        assert answer.status_code == 200, answer.text
        self.tokens[name] = answer.json()["token"]

    def send(self, verb: str, body: Any = None, *, who: str = "olga", key: str | None = None) -> Answer:
        """The raw answer to a verb."""
        headers = {"Authorization": f"Bearer {self.tokens[who]}", "Idempotency-Key": key or uuid.uuid4().hex}
        content = json.dumps(body or {}, default=str)
        return self.http.post("/api/" + verb.replace(".", "/", 1), content=content, headers=headers)

    def post(self, verb: str, body: Any = None, **more: Any) -> Any:
        """The answer to a verb that must succeed."""
        answer = self.send(verb, body, **more)
        assert answer.status_code == 200, f"{verb}: {answer.text}"
        return answer.json()

    def refused(self, verb: str, body: Any = None, **more: Any) -> dict[str, Any]:
        """The problem of a verb that must be refused."""
        answer = self.send(verb, body, **more)
        assert 400 <= answer.status_code < 500, f"{verb}: {answer.status_code} {answer.text}"
        return dict(answer.json())

    def health(self) -> dict[str, Any]:
        """What everybody may know."""
        return dict(self.http.get("/api/health").json())

    def setup(self) -> dict[str, Any]:
        """How far it has come."""
        return dict(self.post("organisation.setup"))

    def problems(self) -> set[str]:
        """What is not yet as it should be."""
        return {one["code"] for one in self.setup()["problems"]}

    def count(self, table: str) -> int:
        """How many rows stand in a table."""
        with self.engine.store.reading() as connection:
            return int(connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())

    def settle(self) -> None:
        """Until every change has reached what the server keeps in memory (PostgreSQL does so beside the actions)."""
        for _ in range(200):
            if not self.count("notice_outbox"):
                return
            time.sleep(0.02)
        raise AssertionError("the sequencer did not finish")

    def template(self, code: str) -> dict[str, Any]:
        """A template hall."""
        return next(one for one in self.post("services.templates")["items"] if one["code"] == code)


@pytest.fixture
def database_url(database_kind: str, databases: Databases) -> Iterator[str]:
    """A fresh database of both kinds, copied from one that was migrated once."""

    def migrated(url: str) -> None:
        migrate(make_url(url))

    with databases.fresh(database_kind, "migrated", migrated) as url:
        yield url


@pytest.fixture
def empty(engine: Engine) -> Iterator[Founding]:
    """A server without anything, behind HTTP; it shows its code."""
    engine.claim_code = CODE
    with serving(make_app(engine)) as http:
        yield Founding(engine, http)


HALL = {
    "name": {"en": "River Hall", "zh": "河畔大厅"},
    "organisation": {"en": "City of Rivers"},
    "languages": ["en", "zh"],
    "voice_languages": ["en"],
    "time_zone": "Asia/Tehran",
}


@pytest.fixture
def founded(empty: Founding) -> Founding:
    """The administrator has come, and the hall has its name."""
    assert empty.claim().status_code == 200
    empty.post("organisation.found", HALL)
    return empty
