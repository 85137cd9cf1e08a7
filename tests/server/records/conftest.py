"""A demo hall that knows two more kinds of record, with people of three reaches."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import update

from server.engine.database.schema import metadata
from server.engine.engine import Engine
from server.modules.people.records import Role
from tests.server.conftest import Hall
from tests.server.records.kinds import declared


@pytest.fixture(scope="module")
def kinds() -> Iterator[dict[str, Any]]:
    """The kinds by name."""
    with declared() as made:
        yield made


@pytest.fixture
def archive(kinds: dict[str, Any], hall: Hall, engine: Engine) -> Archive:
    """The demo hall with the archive's tables. Clerks reach their own dossiers, guides their department's, the auditor sees
    none of them, the administrator all."""
    with engine.store.write_engine.begin() as connection:
        metadata.create_all(connection, tables=[k.__table__ for k in kinds.values()])
        for role, level in (("clerk", "own"), ("guide", "department")):
            names = [f"{kind}.{operation}" for kind in kinds for operation in ("see", "add", "edit", "delete")]
            row = connection.execute(Role.__table__.select().where(Role.__table__.c.name == role)).one()
            connection.execute(
                update(Role)
                .where(Role.__table__.c.name == role)
                .values(permissions=[*row.permissions, *names], levels=dict.fromkeys(names, level))
            )
    engine.tokens.forget()
    return Archive(hall)


class Archive:
    """The archive as its users speak to it."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall

    def send(self, method: str, path: str, body: Any = None, *, who: str = "admin", language: str = "en") -> Any:
        """The raw answer to a request at `/api/records`."""
        token = self.hall.sign_in(who)
        return self.hall.http.request(
            method,
            "/api/records/" + path,
            json.dumps(body, default=str),
            {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid.uuid4()), "Accept-Language": language},
        )

    def headers(self, who: str) -> dict[str, str]:
        """The head of a request by this one."""
        return {"Authorization": f"Bearer {self.hall.sign_in(who)}"}

    def keep(self, content: bytes, name: str, who: str = "admin") -> Any:
        """The raw answer to a file that is sent."""
        return self.hall.http.request("POST", "/api/files", content, {**self.headers(who), "Openhall-Name": name})

    def add(self, record_type: str = "dossier", *, who: str = "admin", **values: Any) -> dict[str, Any]:
        """A new record; must succeed."""
        if record_type == "dossier":
            values = {"name": {"en": "File"}, **values}
        answer = self.send("POST", record_type, values, who=who)
        assert answer.status_code == 200, answer.text
        return dict(answer.json()["record"])

    def edit(self, record: dict[str, Any], kind: str = "dossier", *, who: str = "admin", **values: Any) -> Any:
        """The raw answer to a change."""
        return self.send("PATCH", f"{kind}/{record['id']}", values, who=who)

    def query(self, kind: str = "dossier", *, who: str = "admin", language: str = "en", **query: Any) -> dict[str, Any]:
        """A page; must succeed."""
        answer = self.send("POST", f"{kind}/query", query, who=who, language=language)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def found(self, *conditions: dict[str, Any], who: str = "admin", **query: Any) -> list[str]:
        """The English names of the dossiers that match, in the list's order."""
        page = self.query(conditions=list(conditions), who=who, **query)
        return [item["name"]["en"] for item in page["items"]]

    def refused(self, answer: Any, status: int, code: str) -> dict[str, Any]:
        """The facts of a refusal."""
        assert answer.status_code == status, answer.text
        assert answer.json()["code"] == code, answer.text
        return dict(answer.json()["facts"])
