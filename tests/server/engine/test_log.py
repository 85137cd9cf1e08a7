"""The log as the console reads it: by person, time, object, kind and address; protected values never; its retention."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from server.engine.actions.work import Work
from server.engine.audit.anchor import anchor, verify_anchors
from server.engine.audit.pruning import over, prune
from server.engine.audit.verify import verify_chain
from server.engine.database.schema import setting_value
from tests.server.conftest import Hall, HandClock


def found(hall: Hall, **asked: Any) -> list[dict[str, Any]]:
    """Lines of the log."""
    return list(hall.post("logs.find", asked, who="admin")["lines"])


@pytest.mark.covers("ADM-027", "ADM-I05", "COR-I10")
def test_the_log_is_found_by_person_time_object_kind_and_address_and_has_no_verb_that_alters_it(
    hall: Hall, clock: HandClock
) -> None:
    admin, anna = hall.sign_in("admin"), hall.sign_in("anna")
    assert admin and anna
    before = clock.now()
    clock.forward(hours=1)
    made = hall.http.post(
        "/api/records/region", json={"name": {"en": "North", "zh": "北"}},
        headers={"Authorization": f"Bearer {admin}", "Idempotency-Key": "a region of the log"},
    )  # fmt: skip
    assert made.status_code in (200, 201), made.text
    record = made.json()["record"]["id"]
    hall.refused("logs.find", who="anna")
    gone = hall.http.request(
        "DELETE", f"/api/records/region/{record}?version=1",
        headers={"Authorization": f"Bearer {admin}", "Idempotency-Key": "and it goes", "Content-Type": "application/json"},
        content=b'{"version": 1}',
    )  # fmt: skip
    assert gone.status_code in (200, 204), gone.text
    hall.settle()

    lines = found(hall, since=clock.now().isoformat())
    assert [(x["action"], x["kind"]) for x in lines[:2]] == [("records.delete", "region"), ("records.create", "region")]
    first = lines[1]
    assert first["who_name"] == "Olga Stern" and first["kind_label"] and first["address"]
    assert first["changes"]["name"] == [None, {"en": "North", "zh": "北"}]
    assert found(hall, record_id=record) == lines[:2] == found(hall, kind="region", since=clock.now().isoformat())
    assert found(hall, part="deletions")[0]["record_id"] == record
    assert found(hall, who=first["who"], record_id=record) == lines[:2]
    assert found(hall, address="203.0.113.9") == [] and found(hall, address=first["address"], record_id=record)
    assert all(x["at"] < clock.now().isoformat() for x in found(hall, until=before.isoformat()))
    assert not found(hall, since=(clock.now() + timedelta(hours=1)).isoformat())
    assert {x["kind"] for x in found(hall, part="chart", record_id=record)} == {"region"}

    sign_ins = found(hall, part="sign_ins")
    assert {(x["who_name"], x["succeeded"]) for x in sign_ins} >= {("admin", True), ("anna", True)}
    assert [x["who_name"] for x in found(hall, part="sign_ins", name="ann")] == ["anna"]

    page = hall.post("logs.find", {"limit": 2}, who="admin")
    rest = hall.post("logs.find", {"limit": 2, "before": page["next"]}, who="admin")
    assert len({x["number"] for x in (*page["lines"], *rest["lines"])}) == 4
    hall.post("logs.export", {"kind": "region"}, who="admin")
    assert found(hall)[0]["action"] == "logs.export"
    names = hall.http.get("/api/openapi.json").json()["paths"]
    assert {n for n in names if n.startswith("/api/logs/")} == {
        "/api/logs/find",
        "/api/logs/export",
        "/api/logs/choices",
    }


@pytest.mark.covers("ADM-I05")
def test_the_log_is_kept_as_long_as_the_setting_says_and_its_chain_stays_whole(hall: Hall, clock: HandClock) -> None:
    engine = hall.engine
    hall.settle()
    anchor(engine)
    whole = hall.count("audit")

    def keep(days: int) -> None:
        def act(work: Work) -> None:
            work.connection.execute(
                setting_value.insert().values(
                    name="audit.keep_days", level="system", value=days, valid_from=work.now - timedelta(days=1)
                )
            )
            work.notify("settings", "changed", name="audit.keep_days")

        engine.act("settings.put", act)
        hall.settle()
        engine.caches.forget()

    keep(400)
    assert engine.look(over) is None and hall.count("audit") == whole
    clock.forward(days=401)
    engine.act("test.fresh", lambda work: work.audit("house", None, {}))
    hall.settle()
    turns = 0
    while (last := engine.look(over)) is not None:
        engine.act("audit.prune", partial(prune, last=last))
        turns += 1
    assert turns == -(-whole // 200) and 1 <= hall.count("audit") < 5
    with engine.store.reading() as connection:
        assert verify_chain(connection, clock.now()) == []
        assert verify_anchors(connection, engine.data, str(engine.house.server_id)) == []
    # Whoever cuts off more, or moves the mark, is named.
    with engine.store.write_engine.begin() as connection:
        connection.exec_driver_sql("UPDATE house SET value = '7' || value WHERE name = 'audit_from'")
    with engine.store.reading() as connection:
        said = [str(one) for one in verify_anchors(connection, engine.data, str(engine.house.server_id))]
    assert any("where the log begins" in one for one in said)
