"""The demo hall as the keeper of its accounts meets it."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest

from server.demo.fill import id_of
from server.demo.hall import PASSWORD
from tests.ground.serving import Answer
from tests.server.conftest import Hall


@pytest.fixture
def people(hall: Hall) -> People:
    """The demo hall."""
    return People(hall)


class People:
    """Accounts and rights of the demo hall over HTTP."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall

    def request(self, method: str, path: str, body: Any = None, *, who: str = "admin") -> Answer:
        """The raw answer to a request at `/api/records`."""
        headers = {"Authorization": f"Bearer {self.hall.sign_in(who)}", "Idempotency-Key": uuid.uuid4().hex}
        return self.hall.http.request(method, "/api/records/" + path, json.dumps(body or {}, default=str), headers)

    def add(self, kind: str, who: str = "admin", **values: Any) -> dict[str, Any]:
        """A new record; must succeed."""
        answer = self.request("POST", kind, values, who=who)
        assert answer.status_code == 200, answer.text
        return dict(answer.json()["record"])

    def found(self, kind: str, *conditions: dict[str, Any], who: str = "admin", **query: Any) -> list[dict[str, Any]]:
        """The records that match."""
        answer = self.request("POST", f"{kind}/query", {"conditions": list(conditions), "limit": 500, **query}, who=who)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["items"])

    def refused(self, answer: Answer, code: str) -> None:
        """The request was refused so."""
        assert answer.json().get("code") == code, answer.text

    def account(self, name: str) -> str:
        """The id of an account, locked or not."""
        named = {"field": "sign_in_name", "operator": "is", "value": name}
        either = {"either": [{"field": "locked", "value": True}, {"field": "locked", "value": False}]}
        return str(self.found("account", named, either)[0]["id"])

    def role(self, name: str, who: str = "admin") -> dict[str, Any]:
        """A role."""
        return self.found("role", {"field": "name", "operator": "is", "value": name}, who=who)[0]

    def new_role(self, name: str, *permissions: str, **levels: str) -> dict[str, Any]:
        """A new role."""
        words = {"en": name}
        return self.add("role", name=name, name_words=words, permissions=list(permissions), levels=levels)

    def may(self, who: str) -> set[str]:
        """What somebody may do now."""
        answer = self.hall.http.post(
            "/api/access/me", json={}, headers={"Authorization": f"Bearer {self.hall.sign_in(who)}"}
        )
        assert answer.status_code == 200, answer.text
        return set(answer.json()["permissions"])

    def enter(self, name: str, password: str = PASSWORD, **more: Any) -> Answer:
        """The raw answer to a sign-in."""
        return self.hall.http.post("/api/sign-in", json={"name": name, "password": password, **more})

    def enters(self, name: str, password: str = PASSWORD, **more: Any) -> dict[str, Any]:
        """A sign-in that must succeed; the hall's helper then acts with it."""
        answer = self.enter(name, password, **more)
        assert answer.status_code == 200, answer.text
        self.hall._tokens[name] = answer.json()["token"]
        return dict(answer.json())

    def setting(self, name: str, value: Any) -> None:
        """Set a setting for the whole system."""
        from sqlalchemy import insert

        from server.engine.actions.work import Work
        from server.engine.database.schema import setting_value

        def put(work: Work) -> None:
            work.connection.execute(
                insert(setting_value).values(name=name, level="system", value=value, valid_from=work.now)
            )
            work.notify("settings", "changed")

        self.hall.engine.act("test.setting", put)
        self.hall.settle()


def staff(name: str) -> str:
    """The id of a demo staff member."""
    return str(id_of("staff", name))
