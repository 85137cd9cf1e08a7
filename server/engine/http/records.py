"""The addresses of records: lists, one record, its history, changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
from fastapi import FastAPI, Request, Response

from common.records.query import Page, Query
from server.engine.actions.declare import ACTIONS
from server.engine.actions.work import Work
from server.engine.engine import Engine
from server.engine.http.requests import as_json, body_of, guarded, id_of, input_of, json_object, language_of, who_of
from server.engine.principal import Principal
from server.engine.records.description import schema_for
from server.engine.records.history import history_of
from server.engine.records.lists import listed, one, record_type
from server.engine.records.record import RECORDS
from server.engine.records.shown import labels_of


def add_records(app: FastAPI, engine: Engine) -> None:
    """`/api/records/…` and `/api/schema`."""

    async def perform(request: Request, verb: str, values: dict[str, Any]) -> Response:
        who = await who_of(engine, request)
        action = ACTIONS[verb]
        wanted = action.input.model_validate(values)
        raw = orjson.dumps(values, default=str)
        result = await engine.perform(action, who, wanted, raw, request.headers.get("idempotency-key"))
        return as_json(result)

    def look(request: Request, who: Principal, function: Callable[[Work], Any]) -> Any:
        def run(connection: Any) -> Any:
            work = Work(connection, engine, who, "records.look")
            work.language = language_of(request)
            return function(work)

        return engine.read(run)

    def page(request: Request, who: Principal, wanted: Query) -> Any:
        name = request.path_params["type"]
        return look(request, who, lambda work: listed(work, record_type(work, name), wanted).model_dump_json().encode())

    async def query(request: Request) -> Response:
        """A page of records by conditions, search and order; or groups with their counts."""
        who = await who_of(engine, request)
        wanted = Query.model_validate_json(await body_of(request) or b"{}")
        return as_json(await page(request, who, wanted))

    async def index(request: Request) -> Response:
        """A page of records."""
        who = await who_of(engine, request)
        given = request.query_params
        wanted = Query.model_validate(
            {"limit": given.get("limit", 100), "after": given.get("after"), "search": given.get("search", "")}
        )
        return as_json(await page(request, who, wanted))

    async def show(request: Request) -> Response:
        """One record; `_labels` holds the names that its links lead to. Opening one of a citizen leaves a trace."""
        who = await who_of(engine, request)
        name, record_id = request.path_params["type"], id_of(request.path_params["id"])
        kind = RECORDS.get(name)
        if kind is not None and kind.traced:
            look_at = ACTIONS["records.look"]
            wanted = look_at.input.model_validate({"type": name, "id": record_id})
            await engine.perform(look_at, who, wanted, b"", None)

        def shown_with_names(work: Work) -> dict[str, Any]:
            record = record_type(work, name)
            row = one(work, record, record_id)
            return {**row, "_labels": labels_of(work, record, [row])}

        return as_json(orjson.dumps(await look(request, who, shown_with_names)))

    async def history(request: Request) -> Response:
        """What was changed by whom, before and after, latest first, with the names that changed links lead to."""
        who = await who_of(engine, request)
        name, record_id = request.path_params["type"], id_of(request.path_params["id"])

        def told(work: Work) -> dict[str, Any]:
            record = record_type(work, name)
            rows = history_of(work, record, record_id)
            values = [{n: pair[side] for n, pair in row["changes"].items()} for row in rows for side in (0, 1)]
            return {"items": rows, "labels": labels_of(work, record, values)}

        return as_json(orjson.dumps(await look(request, who, told), default=str))

    async def create(request: Request) -> Response:
        """Add a record of an editable kind; a body field `_reason` says why."""
        await who_of(engine, request)
        values = json_object(await body_of(request))
        reason = values.pop("_reason", None)
        return await perform(
            request, "records.create", {"type": request.path_params["type"], "values": values, "reason": reason}
        )

    async def edit(request: Request) -> Response:
        """Change fields of a record; a body field `version` guards against what was changed meanwhile, `_reason` says
        why."""
        await who_of(engine, request)
        values = json_object(await body_of(request))
        more = {"version": values.pop("version", None), "reason": values.pop("_reason", None)}
        where = {"type": request.path_params["type"], "id": str(id_of(request.path_params["id"]))}
        return await perform(request, "records.edit", {**where, **more, "values": values})

    async def delete(request: Request) -> Response:
        """Delete a record of an editable kind; `?reason=` says why."""
        where = {"type": request.path_params["type"], "id": str(id_of(request.path_params["id"]))}
        return await perform(request, "records.delete", {**where, "reason": request.query_params.get("reason")})

    async def schema(request: Request) -> Response:
        """What the caller may use: records with their fields, actions, reports."""
        who = await who_of(engine, request)
        return as_json(schema_for(who, language_of(request)).model_dump_json().encode())

    app.get("/api/schema")(guarded(schema))
    app.get("/api/records/{type}", response_model=Page)(guarded(index))
    app.post("/api/records/{type}")(guarded(create))
    app.post("/api/records/{type}/query", response_model=Page, openapi_extra=input_of(Query))(guarded(query))
    app.get("/api/records/{type}/{id}")(guarded(show))
    app.patch("/api/records/{type}/{id}")(guarded(edit))
    app.delete("/api/records/{type}/{id}")(guarded(delete))
    app.get("/api/records/{type}/{id}/history")(guarded(history))
