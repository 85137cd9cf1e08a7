"""One sign-on serves every part: verbs of all modules, records, files, live notices."""

from __future__ import annotations

import json
from typing import Any

import pytest
from websockets.sync.client import connect

from common.protocol.messages import Nothing
from server.engine.actions.declare import ACTIONS
from server.engine.records.record import RECORDS
from tests.server.people.conftest import People


@pytest.mark.covers("COR-I05")
def test_one_session_opens_every_part_and_its_end_closes_all_of_them(people: People) -> None:
    hall = people.hall
    token = people.enters("admin")["token"]
    head = {"Authorization": f"Bearer {token}"}

    def statuses() -> dict[str, int]:
        """What each part answers to this one token."""
        found: dict[str, int] = {}
        for name, verb in ACTIONS.items():
            if verb.reads and verb.input is Nothing:
                found[name] = hall.http.post("/api/" + name.replace(".", "/", 1), json={}, headers=head).status_code
        for kind in RECORDS:
            asked: Any = {"limit": 1}
            found[f"records {kind}"] = hall.http.post(
                f"/api/records/{kind}/query", json=asked, headers=head
            ).status_code
        found["me"] = hall.http.post("/api/access/me", json={}, headers=head).status_code
        found["schema"] = hall.http.get("/api/schema", headers=head).status_code
        found["file"] = hall.http.post("/api/files", content=b"one sign-on", headers=head).status_code
        return found

    before = statuses()
    modules = {name.split(".")[0] for name in before if "." in name}
    assert {"people", "organisation", "queue", "backup"} <= modules and len(before) > 60
    strange = {name for name, status in before.items() if status == 401}
    assert not strange, "no part asks for a sign-in of its own"
    assert sum(status == 200 for status in before.values()) > len(before) * 0.8

    address = f"ws://127.0.0.1:{hall.http.port}/api/live?since=&topics=people"
    with connect(address, additional_headers=head) as socket:
        assert json.loads(socket.recv(timeout=10))["type"] == "hello", "messages are pushed to the same session"
        assert hall.http.post("/api/sign-out", json={}, headers=head).status_code == 200
        said = [json.loads(socket.recv(timeout=10))]
        while said[-1]["type"] != "ended":
            said.append(json.loads(socket.recv(timeout=10)))
    assert set(statuses().values()) == {401}, "and its end closes every part"
