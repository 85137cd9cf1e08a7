"""The server's HTTP: FastAPI for the quiet addresses and their documentation, one lean route for all verbs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import orjson
from fastapi import FastAPI, Request, Response, WebSocket
from starlette.routing import Route

from common import VERSION
from common.protocol.access import (
    Claim,
    EnrolAsk,
    EnrolBegin,
    EnrolOffer,
    EnrolReveal,
    EnrolState,
    Me,
    SignedIn,
    SignIn,
)
from common.protocol.messages import OLDEST_PROTOCOL, PROTOCOL, Health, Nothing
from server.engine.access.sign_in import SignInDesk
from server.engine.actions.declare import ACTIONS
from server.engine.actions.work import Work
from server.engine.engine import Engine
from server.engine.errors import Refused
from server.engine.files import store as files
from server.engine.http.documents import openapi
from server.engine.http.live import live
from server.engine.http.problems import problem, reader_language
from server.engine.http.verbs import LARGEST_BODY, Front, Verbs, caller
from server.engine.ports import ports
from server.engine.principal import Principal
from server.engine.records.description import schema_for
from server.engine.records.history import history_of
from server.engine.records.lists import Query, listed, one, record_type
from server.engine.reports.declare import REPORTS
from server.engine.reports.sheets import KINDS, rendered


def make_app(engine: Engine, *, extra: Callable[[FastAPI, Engine], None] | None = None) -> FastAPI:
    """The ASGI application of one server process. `extra` adds the portal."""

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        engine.hub.attach(asyncio.get_running_loop())
        yield
        engine.hub.close_all()

    app = FastAPI(title="Openhall", version=VERSION, lifespan=life, openapi_url=None, docs_url=None, redoc_url=None)

    @app.exception_handler(Exception)
    async def failed(request: Request, failure: Exception) -> Response:
        return _refused(request, failure)

    for kind in (Refused,):
        app.add_exception_handler(kind, failed)

    _add_access(app, engine)
    _add_enrolment(app, engine)
    _add_records(app, engine)
    _add_reports(app, engine)
    _add_files(app, engine)

    @app.websocket("/api/live")
    async def live_socket(socket: WebSocket) -> None:
        await live(engine, socket)

    @app.get("/api/openapi.json", include_in_schema=False)
    async def documents() -> Response:
        return _json(orjson.dumps(openapi(app)))

    verbs = Verbs(engine)
    app.router.routes.append(Route("/api/{module}/{verb}", verbs, methods=["POST"], include_in_schema=False))
    app.add_middleware(Front, verbs=verbs)
    if extra is not None:
        extra(app, engine)
    return app


def _refused(request: Request, failure: BaseException) -> Response:
    status, body = problem(failure, reader_language(request.headers.get("accept-language", "")))
    return Response(body, status, media_type="application/problem+json")


def _json(body: bytes) -> Response:
    return Response(body, media_type="application/json", headers={"cache-control": "no-store"})


def _language(request: Request) -> str:
    return reader_language(request.headers.get("accept-language", ""))


async def _who(engine: Engine, request: Request) -> Principal:
    return await caller(engine, dict(request.scope["headers"]))


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


async def _body(request: Request, largest: int = LARGEST_BODY) -> bytes:
    raw = b""
    async for piece in request.stream():
        raw += piece
        if len(raw) > largest:
            raise Refused("request.too_large")
    return raw


def _guarded(answer: Callable[[Request], Any]) -> Callable[[Request], Any]:
    """Refusals, bad bodies and bugs of an address become problems."""

    async def guarded(request: Request) -> Response:
        try:
            result: Response = await answer(request)
            return result
        except Exception as failure:
            return _refused(request, failure)

    guarded.__doc__ = answer.__doc__
    guarded.__name__ = answer.__name__
    return guarded


def _add_access(app: FastAPI, engine: Engine) -> None:
    desk: SignInDesk = engine.sign_in

    @app.get("/api/health", response_model=Health)
    async def health(request: Request) -> Response:
        """Who this server is, its time, and which protocols it speaks; asked before anything else."""
        try:
            place = await engine.read(engine.main_place)
            claimed = place is not None or await engine.read(ports.people.claimed)
        except Exception as failure:
            return _refused(request, failure)
        name = next(iter(place.name.values()), "") if place else ""
        facts = Health(
            name=name,
            names=place.name if place else {},
            server_id=engine.house.server_id,
            version=VERSION,
            protocol=PROTOCOL,
            oldest_protocol=OLDEST_PROTOCOL,
            now=engine.clock.now(),
            speed=engine.clock.speed,
            zone=str(place.zone) if place else "UTC",
            languages=list(place.languages) if place else ["en", "zh", "ru", "fa"],
            founded=place is not None,
            claimed=claimed,
            opened=place is not None and place.opened,
            demo=engine.house.demo,
            epoch=engine.house.epoch,
        )
        return _json(facts.model_dump_json().encode())

    async def sign_in(request: Request) -> Response:
        """A session for a name and password."""
        raw = await _body(request)
        device = None
        if request.headers.get("authorization"):
            device = await engine.principal(request.headers["authorization"].removeprefix("Bearer "))
            device = device if device is not None and device.kind == "device" else None
        wanted = SignIn.model_validate_json(raw or b"{}")
        signed = await desk.sign_in(wanted, _address(request), device)
        return _json(signed.model_dump_json().encode())

    async def sign_out(request: Request) -> Response:
        """End this session."""
        await desk.sign_out(await _who(engine, request))
        return _json(b"{}")

    async def claim(request: Request) -> Response:
        """The first administrator of an empty server."""
        raw = await _body(request)
        wanted = Claim.model_validate_json(raw or b"{}")
        signed = await desk.claim(wanted, _address(request))
        return _json(signed.model_dump_json().encode())

    async def me(request: Request) -> Response:
        """Who the token belongs to and what this one may do."""
        who = await _who(engine, request)
        port = ports.devices if who.kind == "device" else ports.people
        shown: Me = await engine.read(lambda connection: port.me(connection, who))
        return _json(shown.model_dump_json().encode())

    app.post("/api/sign-in", response_model=SignedIn, openapi_extra=_input(SignIn))(_guarded(sign_in))
    app.post("/api/sign-out")(_guarded(sign_out))
    app.post("/api/claim", response_model=SignedIn, openapi_extra=_input(Claim))(_guarded(claim))
    app.post("/api/access/me", response_model=Me)(_guarded(me))


def _add_enrolment(app: FastAPI, engine: Engine) -> None:
    """What a device without a token may ask. Nothing here is secret; whoever listens learns nothing that serves him."""
    desk = engine.enrolment

    async def authority(request: Request) -> Response:
        """The hall's certificate authority."""
        return Response(engine.authority.pem, media_type="application/x-pem-file")

    async def begin(request: Request) -> Response:
        """A device asks to join."""
        wanted = EnrolBegin.model_validate_json(await _body(request) or b"{}")
        return _json((await desk.begin(wanted, _address(request))).model_dump_json().encode())

    async def reveal(request: Request) -> Response:
        """The device's nonce."""
        wanted = EnrolReveal.model_validate_json(await _body(request) or b"{}")
        return _json((await desk.reveal(wanted)).model_dump_json().encode())

    async def state(request: Request) -> Response:
        """How the request stands."""
        wanted = EnrolAsk.model_validate_json(await _body(request) or b"{}")
        return _json((await desk.state(wanted)).model_dump_json().encode())

    app.get("/api/authority")(_guarded(authority))
    app.post("/api/enrol/begin", response_model=EnrolOffer, openapi_extra=_input(EnrolBegin))(_guarded(begin))
    app.post("/api/enrol/reveal", response_model=Nothing, openapi_extra=_input(EnrolReveal))(_guarded(reveal))
    app.post("/api/enrol/state", response_model=EnrolState, openapi_extra=_input(EnrolAsk))(_guarded(state))


def _input(model: Any) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": model.model_json_schema()}}}}


def _add_records(app: FastAPI, engine: Engine) -> None:
    async def perform(request: Request, verb: str, values: dict[str, Any]) -> Response:
        who = await _who(engine, request)
        action = ACTIONS[verb]
        wanted = action.input.model_validate(values)
        raw = orjson.dumps(values, default=str)
        result = await engine.perform(action, who, wanted, raw, request.headers.get("idempotency-key"))
        return _json(result)

    def look(request: Request, who: Principal, function: Callable[[Work], Any]) -> Any:
        return engine.read(lambda connection: function(Work(connection, engine, who, "records.look")))

    async def query(request: Request) -> Response:
        """A page of records by conditions, search and order."""
        who = await _who(engine, request)
        wanted = Query.model_validate_json(await _body(request) or b"{}")
        name = request.path_params["type"]
        page = await look(request, who, lambda work: listed(work, record_type(work, name), wanted))
        return _json(orjson.dumps(page))

    async def index(request: Request) -> Response:
        """A page of records."""
        who = await _who(engine, request)
        given = request.query_params
        wanted = Query.model_validate(
            {"limit": given.get("limit", 100), "after": given.get("after"), "search": given.get("search", "")}
        )
        name = request.path_params["type"]
        page = await look(request, who, lambda work: listed(work, record_type(work, name), wanted))
        return _json(orjson.dumps(page))

    async def show(request: Request) -> Response:
        """One record."""
        who = await _who(engine, request)
        name, record_id = request.path_params["type"], _uuid(request.path_params["id"])
        row = await look(request, who, lambda work: one(work, record_type(work, name), record_id))
        return _json(orjson.dumps(row))

    async def history(request: Request) -> Response:
        """What was changed by whom, before and after, latest first."""
        who = await _who(engine, request)
        name, record_id = request.path_params["type"], _uuid(request.path_params["id"])
        rows = await look(request, who, lambda work: history_of(work, record_type(work, name), record_id))
        return _json(orjson.dumps({"items": rows}, default=str))

    async def create(request: Request) -> Response:
        """Add a record of an editable kind."""
        await _who(engine, request)
        values = orjson_object(await _body(request))
        return await perform(request, "records.create", {"type": request.path_params["type"], "values": values})

    async def edit(request: Request) -> Response:
        """Change fields of a record; a body field `version` guards against what was changed meanwhile."""
        await _who(engine, request)
        values = orjson_object(await _body(request))
        version = values.pop("version", None)
        where = {"type": request.path_params["type"], "id": str(_uuid(request.path_params["id"]))}
        return await perform(request, "records.edit", {**where, "values": values, "version": version})

    async def delete(request: Request) -> Response:
        """Delete a record of an editable kind."""
        where = {"type": request.path_params["type"], "id": str(_uuid(request.path_params["id"]))}
        return await perform(request, "records.delete", where)

    async def schema(request: Request) -> Response:
        """What the caller may use: records with their fields, actions, reports."""
        who = await _who(engine, request)
        return _json(orjson.dumps(schema_for(who, _language(request))))

    app.get("/api/schema")(_guarded(schema))
    app.get("/api/records/{type}")(_guarded(index))
    app.post("/api/records/{type}")(_guarded(create))
    app.post("/api/records/{type}/query", openapi_extra=_input(Query))(_guarded(query))
    app.get("/api/records/{type}/{id}")(_guarded(show))
    app.patch("/api/records/{type}/{id}")(_guarded(edit))
    app.delete("/api/records/{type}/{id}")(_guarded(delete))
    app.get("/api/records/{type}/{id}/history")(_guarded(history))


def orjson_object(raw: bytes) -> dict[str, Any]:
    """A JSON object; refuses anything else."""
    try:
        values = orjson.loads(raw or b"{}")
    except orjson.JSONDecodeError as failure:
        raise Refused("request.malformed") from failure
    if not isinstance(values, dict):
        raise Refused("request.malformed")
    return values


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as failure:
        raise Refused("records.not_found", record="", id=text) from failure


def _add_reports(app: FastAPI, engine: Engine) -> None:
    async def run(request: Request) -> Response:
        """A report with its parameters and `format` (json, xlsx, csv) in the body."""
        who = await _who(engine, request)
        report = REPORTS.get(request.path_params["name"])
        if report is None:
            raise Refused("request.unknown")
        if not who.may(report.needs):
            raise Refused("access.denied", action=report.name)
        values = orjson_object(await _body(request))
        form = str(values.pop("format", "json"))
        if form not in KINDS:
            raise Refused("request.invalid", fields=[{"field": "format", "message": form, "kind": "choice"}])
        parameters = report.input.model_validate(values)
        language = _language(request)

        def look(connection: Any) -> bytes:
            work = Work(connection, engine, who, report.name)
            place = ports.places.main(connection)
            if place is None:
                raise Refused("request.unknown")
            rows = list(report.function(work, parameters))
            about = ", ".join(f"{k}: {v}" for k, v in parameters.model_dump(mode="json", exclude_none=True).items())
            return rendered(report, rows, form, language, place.zone, work.now, about)

        content = await engine.read(look)
        name = report.name.replace(".", "_")
        headers = {"content-disposition": f'attachment; filename="{name}.{form}"', "cache-control": "no-store"}
        return Response(content, media_type=KINDS[form], headers=headers)

    app.post("/api/reports/{name}")(_guarded(run))


def _add_files(app: FastAPI, engine: Engine) -> None:
    async def fetch(request: Request) -> Response:
        """A file's bytes."""
        who = await _who(engine, request)
        file_id = _uuid(request.path_params["id"])
        row, content = await engine.read(
            lambda connection: files.get(Work(connection, engine, who, "files.get"), file_id)
        )
        if not row.public and not who.may("files.see"):
            raise Refused("access.denied", action="files.see")
        return Response(content, media_type=row.kind, headers={"cache-control": "private, max-age=86400, immutable"})

    async def put(request: Request) -> Response:
        """Keep a picture; the body is its bytes, the name travels in `Openhall-Name`."""
        who = await _who(engine, request)
        if not who.may("files.add"):
            raise Refused("access.denied", action="files.add")
        content = await _body(request, files.LARGEST)
        name = request.headers.get("openhall-name", "file")
        loop = asyncio.get_running_loop()
        identity = await loop.run_in_executor(
            engine.readers,
            lambda: engine.act("files.add", lambda work: files.put(work, name, content, public=True), who),
        )
        return _json(orjson.dumps({"id": str(identity)}))

    app.get("/api/files/{id}")(_guarded(fetch))
    app.post("/api/files")(_guarded(put))
