"""The addresses of imports: sending a file, the template of a kind, the bad rows."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import quote, unquote

from fastapi import FastAPI, Request, Response

from common.protocol.imports import ImportState
from server.engine.actions.work import Work
from server.engine.database.types import new_id
from server.engine.engine import Engine
from server.engine.errors import Refused
from server.engine.http.requests import as_json, body_of, guarded, id_of, language_of, who_of
from server.engine.imports.actions import begin, own, path_of, some_rows
from server.engine.imports.sealed import write_file
from server.engine.imports.source import LARGEST
from server.engine.imports.template import MOST_BAD_ROWS, bad_rows, template
from server.engine.records.lists import record_type
from server.engine.records.scope import may
from server.engine.reports.sheets import KINDS


def add_imports(app: FastAPI, engine: Engine) -> None:
    """`/api/imports/…`; everything else about imports is a verb."""

    async def send(request: Request) -> Response:
        """A file to import into the kind that `?type=` names; the body is its bytes, its name (percent-encoded) travels in
        `Openhall-Name`. Nothing is changed by it: the file is read, and can then be checked."""
        who = await who_of(engine, request)
        kind = request.query_params.get("type", "")
        content = await body_of(request, LARGEST)
        name = unquote(request.headers.get("openhall-name", "file"))
        language = language_of(request)

        run_id = new_id()
        path = path_of(engine.data, run_id)

        def act(work: Work) -> ImportState:
            work.language = language
            return begin(work, kind, name, run_id, language)

        def kept() -> ImportState:
            write_file(engine.vault, path, content)
            try:
                return engine.act("imports.begin", act, who)
            except BaseException:
                path.unlink(missing_ok=True)
                raise

        state = await asyncio.get_running_loop().run_in_executor(engine.readers, kept)
        return as_json(state.model_dump_json().encode())

    async def empty(request: Request) -> Response:
        """An empty table of a kind, as Excel: headings, lists of what may be chosen, an example."""
        who = await who_of(engine, request)
        kind = request.path_params["type"]

        def look(connection: Any) -> bytes:
            work = Work(connection, engine, who, "imports.template")
            work.language = language_of(request)
            record = record_type(work, kind)
            if not (may(record, who, "add") or may(record, who, "edit")):
                raise Refused("access.denied", action=f"{kind}.add")
            return template(work, record)

        return _sheet(await engine.read(look), f"{kind}.xlsx")

    async def bad(request: Request) -> Response:
        """The bad rows of one's own import, as Excel, with what is wrong with them."""
        who = await who_of(engine, request)
        run_id = id_of(request.path_params["id"])
        state = "kept" if request.query_params.get("state") == "kept" else "bad"

        def look(connection: Any) -> bytes:
            work = Work(connection, engine, who, "imports.rows")
            work.language = language_of(request)
            run = own(work, run_id)
            rows = some_rows(work, run, state, 0, MOST_BAD_ROWS)
            return bad_rows([one["heading"] for one in run.columns], rows, work.language)

        return _sheet(await engine.read(look), "rows.xlsx")

    app.post("/api/imports", response_model=ImportState)(guarded(send))
    app.get("/api/imports/template/{type}")(guarded(empty))
    app.get("/api/imports/{id}/rows")(guarded(bad))


def _sheet(content: bytes, name: str) -> Response:
    head = {"content-disposition": f"attachment; filename*=utf-8''{quote(name)}", "cache-control": "no-store"}
    return Response(content, media_type=KINDS["xlsx"], headers=head)
