"""The documentation names what may be asked: addresses and every declared verb."""

from __future__ import annotations

import pytest

from server.engine.actions.declare import ACTIONS
from tests.server.conftest import Hall


def test_every_verb_stands_in_the_documentation(hall: Hall, database_kind: str) -> None:
    if database_kind != "sqlite":
        pytest.skip("the same whatever the database")
    document = hall.http.get("/api/openapi.json").json()
    missing = [name for name in ACTIONS if "post" not in document["paths"].get(f"/api/{name.replace('.', '/', 1)}", {})]
    assert not missing
    edit = document["paths"]["/api/records/edit_many"]["post"]
    assert edit["operationId"] == "records.edit_many"
    assert "Idempotency-Key" in {one["name"] for one in edit["parameters"]}
    for path in ("/api/imports", "/api/imports/template/{type}", "/api/records/{type}/query"):
        assert path in document["paths"]
