"""Base data as an administrator keeps them: any kind of record over HTTP."""

from __future__ import annotations

import json
import uuid
from typing import Any

from tests.ground.serving import Answer
from tests.server.conftest import Hall


class Data:
    """The records of a demo hall."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall

    def send(self, method: str, path: str, body: Any = None, *, who: str = "admin", language: str = "en") -> Answer:
        """The raw answer to a request at `/api/records`."""
        head = {
            "Authorization": f"Bearer {self.hall.sign_in(who)}",
            "Idempotency-Key": str(uuid.uuid4()),
            "Accept-Language": language,
        }
        return self.hall.http.request(method, "/api/records/" + path, json.dumps(body or {}, default=str), head)

    def _done(self, answer: Answer) -> dict[str, Any]:
        assert answer.status_code == 200, answer.text
        return dict(answer.json()["record"])

    def add(self, kind: str, *, who: str = "admin", **values: Any) -> dict[str, Any]:
        """A new record; must succeed."""
        return self._done(self.send("POST", kind, values, who=who))

    def edit(self, kind: str, record: Any, *, who: str = "admin", **values: Any) -> dict[str, Any]:
        """A changed record; must succeed."""
        return self._done(self.send("PATCH", f"{kind}/{_id(record)}", values, who=who))

    def delete(self, kind: str, record: Any, *, who: str = "admin") -> dict[str, Any]:
        """A deleted record; must succeed."""
        return self._done(self.send("DELETE", f"{kind}/{_id(record)}", who=who))

    def refused(self, method: str, path: str, body: Any = None, *, who: str = "admin") -> str:
        """The code of a request that must be refused."""
        answer = self.send(method, path, body, who=who)
        assert 400 <= answer.status_code < 500, answer.text
        return str(answer.json()["code"])

    def query(self, kind: str, *where: tuple[Any, ...], who: str = "admin", **more: Any) -> list[dict[str, Any]]:
        """The rows that meet all conditions, each a field, an operator and its value."""
        conditions = [dict(zip(("field", "operator", "value"), one, strict=False)) for one in where]
        answer = self.send("POST", f"{kind}/query", {"conditions": conditions, "limit": 500, **more}, who=who)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["items"])

    def history(self, kind: str, record: Any, *, who: str = "admin") -> list[dict[str, Any]]:
        """What happened to a record, as its history shows it."""
        answer = self.send("GET", f"{kind}/{_id(record)}/history", who=who)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["items"])


def _id(record: Any) -> str:
    return str(record["id"] if isinstance(record, dict) else record)
