"""Rights over the whole registry: every kind of record, every operation and every verb, for every role of the demo hall and for
nobody. What is expected is read from the roles' declarations alone."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest

from server.engine.access.permissions import PERMISSIONS
from server.engine.actions.declare import ACTIONS
from server.engine.records.record import RECORDS
from server.engine.reports.declare import REPORTS
from server.modules.people.access import FIRST_ROLES
from tests.server.conftest import Hall

PEOPLE = {"admin": "administrator", "manager": "hall_manager", "anna": "clerk", "guide": "guide", "auditor": "auditor"}
NOBODY = "nobody"
NO_SUCH = str(uuid.UUID(int=1))
BROKEN = b"["
"""A body that no verb can read: whoever has the right is told so, and nothing happens."""


def holds(role: str, permission: str | None) -> bool:
    """Whether a role's declaration gives a permission."""
    return permission is None or {"*", permission} & set(FIRST_ROLES[role][1]) != set()


def requests() -> list[tuple[str, str, Any, str | None, bool]]:
    """Method, address, body, the permission that is asked for, and whether the address is closed to everybody."""
    made: list[tuple[str, str, Any, str | None, bool]] = []
    for name, kind in sorted(RECORDS.items()):
        rights, at = kind.rights, f"/api/records/{name}"
        made += [
            ("POST", f"{at}/query", {"limit": 1}, rights.see, rights.see is None),
            ("GET", f"{at}/{NO_SUCH}", None, rights.see, rights.see is None),
            ("GET", f"{at}/{NO_SUCH}/history", None, rights.of("read"), rights.of("read") is None),
            ("POST", at, {"no_such_field": 1}, rights.add, rights.add is None),
            ("PATCH", f"{at}/{NO_SUCH}", {"no_such_field": 1}, rights.edit, rights.edit is None),
            ("DELETE", f"{at}/{NO_SUCH}", None, rights.delete, rights.delete is None),
        ]
    for name, verb in sorted(ACTIONS.items()):
        if not verb.open:
            made.append(("POST", f"/api/{name.replace('.', '/', 1)}", BROKEN, verb.needs, False))
    for name, report in sorted(REPORTS.items()):
        made.append(("POST", f"/api/reports/{name}", {"format": "stone"}, report.needs, False))
    return made


def ask(hall: Hall, method: str, path: str, body: Any, who: str) -> Any:
    headers = {"Idempotency-Key": uuid.uuid4().hex}
    if who != NOBODY:
        headers["Authorization"] = f"Bearer {hall.sign_in(who)}"
    content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    return hall.http.request(method, path, content, headers)


@pytest.mark.covers("ADM-022", "COR-032", "COR-035")
def test_every_kind_and_every_verb_is_open_to_the_roles_that_declare_it_and_to_nobody_else(hall: Hall) -> None:
    every = requests()
    assert len(every) > 200
    before = hall.count("audit")
    wrong: list[tuple[Any, ...]] = []
    for method, path, body, *_ in every:
        answer = ask(hall, method, path, body, NOBODY)
        if answer.status_code != 401:
            wrong.append((NOBODY, method, path, answer.status_code))
    for who, role in PEOPLE.items():
        hall.sign_in(who)
        for method, path, body, permission, closed in every:
            answer = ask(hall, method, path, body, who)
            refused = answer.status_code == 403
            if refused is not (closed or not holds(role, permission)) or answer.status_code in (401, 500):
                wrong.append((role, method, path, answer.status_code, answer.text[:90]))
    assert wrong == []
    hall.settle()
    assert hall.count("audit") == before + len(PEOPLE), "nothing was done but the sign-ins"


def test_the_schema_tells_each_role_what_it_may_use_and_no_more(hall: Hall) -> None:
    for who, role in PEOPLE.items():
        told = ask(hall, "GET", "/api/schema", None, who).json()
        assert {r["name"] for r in told["records"]} == {
            n for n, kind in RECORDS.items() if kind.rights.see is not None and holds(role, kind.rights.see)
        }
        for record in told["records"]:
            rights = RECORDS[record["name"]].rights
            allowed = {o for o in ("add", "edit", "delete") if rights.of(o) is not None and holds(role, rights.of(o))}
            assert allowed == set(record["operations"]) & {"add", "edit", "delete"}, (role, record["name"])


def test_roles_of_a_new_hall_are_written_down_as_they_are_declared(hall: Hall) -> None:
    for who, role in PEOPLE.items():
        answer = ask(hall, "POST", "/api/access/me", {}, who).json()
        expected = PERMISSIONS.keys() if "*" in FIRST_ROLES[role][1] else set(FIRST_ROLES[role][1])
        assert set(answer["permissions"]) == set(expected)
