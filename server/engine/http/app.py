"""The server's HTTP: FastAPI for the quiet addresses and their documentation, one lean route for all verbs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import unquote

import orjson
from fastapi import FastAPI, Request, Response, WebSocket
from starlette.responses import FileResponse
from starlette.routing import Route

from common import VERSION
from common.protocol.access import (
    AtProvider,
    BeginAtProvider,
    Claim,
    EnrolAsk,
    EnrolBegin,
    EnrolOffer,
    EnrolReveal,
    EnrolState,
    FinishAtProvider,
    Me,
    ShortSignIn,
    SignedIn,
    SignedOut,
    SignIn,
    SignInWays,
)
from common.protocol.messages import OLDEST_PROTOCOL, PROTOCOL, Health, Nothing
from server.engine.access.sign_in import SignInDesk
from server.engine.actions.work import Work
from server.engine.backup.actions import state_of
from server.engine.engine import Engine
from server.engine.errors import Refused
from server.engine.exports.actions import own, path_of
from server.engine.files import store as files
from server.engine.http.documents import openapi
from server.engine.http.imports import add_imports
from server.engine.http.live import live
from server.engine.http.records import add_records
from server.engine.http.requests import (
    address_of,
    as_json,
    body_of,
    guarded,
    id_of,
    input_of,
    json_object,
    language_of,
    refused,
    who_of,
)
from server.engine.http.verbs import Front, Verbs
from server.engine.ports import ports
from server.engine.principal import HOUSE, Principal
from server.engine.records.attachments import may_open
from server.engine.reports.declare import REPORTS
from server.engine.reports.sheets import KINDS, rendered


def make_app(engine: Engine, *, extra: Callable[[FastAPI, Engine], None] | None = None) -> FastAPI:
    """The ASGI application of one server process. `extra` adds the portal."""

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        engine.hub.attach(asyncio.get_running_loop())
        yield
        engine.hub.close_all()

    verbs = Verbs(engine)
    app = Front(
        verbs, title="Openhall", version=VERSION, lifespan=life, openapi_url=None, docs_url=None, redoc_url=None
    )

    @app.exception_handler(Exception)
    async def failed(request: Request, failure: Exception) -> Response:
        return refused(request, failure)

    for kind in (Refused,):
        app.add_exception_handler(kind, failed)

    _add_access(app, engine)
    _add_enrolment(app, engine)
    add_records(app, engine)
    _add_reports(app, engine)
    _add_files(app, engine)
    add_imports(app, engine)

    @app.websocket("/api/live")
    async def live_socket(socket: WebSocket) -> None:
        await live(engine, socket)

    @app.get("/api/openapi.json", include_in_schema=False)
    async def documents() -> Response:
        return as_json(orjson.dumps(openapi(app)))

    app.router.routes.append(Route("/api/{module}/{verb}", verbs, methods=["POST"], include_in_schema=False))
    if extra is not None:
        extra(app, engine)
    return app


def _add_access(app: FastAPI, engine: Engine) -> None:
    desk: SignInDesk = engine.sign_in

    @app.get("/api/health", response_model=Health)
    async def health(request: Request) -> Response:
        """Who this server is, its time, and which protocols it speaks; asked before anything else."""
        try:
            place = await engine.read(engine.main_place)
            claimed = place is not None or await engine.read(ports.people.claimed)
            backup = await engine.read(lambda c: state_of(Work(c, engine, HOUSE, "health")))
        except Exception as failure:
            return refused(request, failure)
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
            backup=backup,
        )
        return as_json(facts.model_dump_json().encode())

    async def sign_in(request: Request) -> Response:
        """A session for a name and password."""
        wanted = SignIn.model_validate_json(await body_of(request) or b"{}")
        signed = await desk.sign_in(wanted, address_of(request), await _device_of(engine, request))
        return as_json(signed.model_dump_json().encode())

    async def short(request: Request) -> Response:
        """A session for a card or a PIN, at one of the hall's own PCs."""
        wanted = ShortSignIn.model_validate_json(await body_of(request) or b"{}")
        signed = await desk.short(wanted, address_of(request), await _device_of(engine, request))
        return as_json(signed.model_dump_json().encode())

    async def ways(request: Request) -> Response:
        """How one may sign in at this PC beside name and password."""
        return as_json((await desk.ways(await _device_of(engine, request))).model_dump_json().encode())

    async def at_provider(request: Request) -> Response:
        """The page of an identity provider, for the person's browser."""
        wanted = BeginAtProvider.model_validate_json(await body_of(request) or b"{}")
        begun = await desk.providers.begin(wanted, language_of(request))
        return as_json(begun.model_dump_json().encode())

    async def from_provider(request: Request) -> Response:
        """A session for whoever came back from the provider's page."""
        wanted = FinishAtProvider.model_validate_json(await body_of(request) or b"{}")
        signed = await desk.providers.finish(wanted, address_of(request), await _device_of(engine, request))
        return as_json(signed.model_dump_json().encode())

    async def sign_out(request: Request) -> Response:
        """End this session."""
        return as_json((await desk.sign_out(await who_of(engine, request))).model_dump_json().encode())

    async def claim(request: Request) -> Response:
        """The first administrator of an empty server."""
        raw = await body_of(request)
        wanted = Claim.model_validate_json(raw or b"{}")
        signed = await desk.claim(wanted, address_of(request))
        return as_json(signed.model_dump_json().encode())

    async def me(request: Request) -> Response:
        """Who the token belongs to and what this one may do."""
        who = await who_of(engine, request)
        port = ports.devices if who.kind == "device" else ports.people
        shown: Me = await engine.read(lambda connection: port.me(connection, who))
        return as_json(shown.model_dump_json().encode())

    app.post("/api/sign-in", response_model=SignedIn, openapi_extra=input_of(SignIn))(guarded(sign_in))
    app.post("/api/sign-in/short", response_model=SignedIn, openapi_extra=input_of(ShortSignIn))(guarded(short))
    app.get("/api/sign-in/ways", response_model=SignInWays)(guarded(ways))
    begin = app.post("/api/sign-in/provider/begin", response_model=AtProvider, openapi_extra=input_of(BeginAtProvider))
    begin(guarded(at_provider))
    finish = app.post("/api/sign-in/provider/finish", response_model=SignedIn, openapi_extra=input_of(FinishAtProvider))
    finish(guarded(from_provider))
    app.post("/api/sign-out", response_model=SignedOut)(guarded(sign_out))
    app.post("/api/claim", response_model=SignedIn, openapi_extra=input_of(Claim))(guarded(claim))
    app.post("/api/access/me", response_model=Me)(guarded(me))


async def _device_of(engine: Engine, request: Request) -> Principal | None:
    """The enrolled device from which somebody wants to sign in, if it is one."""
    token = request.headers.get("authorization", "").removeprefix("Bearer ")
    who = await engine.principal(token) if token else None
    return who if who is not None and who.kind == "device" else None


def _add_enrolment(app: FastAPI, engine: Engine) -> None:
    """What a device without a token may ask. Nothing here is secret; whoever listens learns nothing that serves him."""
    desk = engine.enrolment

    async def authority(request: Request) -> Response:
        """The hall's certificate authority."""
        return Response(engine.authority.pem, media_type="application/x-pem-file")

    async def begin(request: Request) -> Response:
        """A device asks to join."""
        wanted = EnrolBegin.model_validate_json(await body_of(request) or b"{}")
        return as_json((await desk.begin(wanted, address_of(request))).model_dump_json().encode())

    async def reveal(request: Request) -> Response:
        """The device's nonce."""
        wanted = EnrolReveal.model_validate_json(await body_of(request) or b"{}")
        return as_json((await desk.reveal(wanted)).model_dump_json().encode())

    async def state(request: Request) -> Response:
        """How the request stands."""
        wanted = EnrolAsk.model_validate_json(await body_of(request) or b"{}")
        return as_json((await desk.state(wanted)).model_dump_json().encode())

    app.get("/api/authority")(guarded(authority))
    app.post("/api/enrol/begin", response_model=EnrolOffer, openapi_extra=input_of(EnrolBegin))(guarded(begin))
    app.post("/api/enrol/reveal", response_model=Nothing, openapi_extra=input_of(EnrolReveal))(guarded(reveal))
    app.post("/api/enrol/state", response_model=EnrolState, openapi_extra=input_of(EnrolAsk))(guarded(state))


def _add_reports(app: FastAPI, engine: Engine) -> None:
    async def run(request: Request) -> Response:
        """A report with its parameters and `format` (json, xlsx, csv) in the body."""
        who = await who_of(engine, request)
        report = REPORTS.get(request.path_params["name"])
        if report is None:
            raise Refused("request.unknown")
        if not who.may(report.needs):
            raise Refused("access.denied", action=report.name)
        values = json_object(await body_of(request))
        form = str(values.pop("format", "json"))
        if form not in KINDS:
            raise Refused("request.invalid", fields=[{"field": "format", "message": form, "kind": "choice"}])
        parameters = report.input.model_validate(values)
        language = language_of(request)

        def look(connection: Any) -> bytes:
            work = Work(connection, engine, who, report.name)
            work.language = language
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

    app.post("/api/reports/{name}")(guarded(run))


def _add_files(app: FastAPI, engine: Engine) -> None:
    async def fetch(request: Request) -> Response:
        """A file's bytes."""
        who = await who_of(engine, request)
        file_id = id_of(request.path_params["id"])

        def look(connection: Any) -> tuple[Any, bytes]:
            work = Work(connection, engine, who, "files.get")
            row, content = files.get(work, file_id)
            if not may_open(work, row):
                work.refuse("files.not_found")  # as one that is not there: ids tell nothing
            return row, content

        row, content = await engine.read(look)
        return Response(content, media_type=row.kind, headers={"cache-control": "private, max-age=86400, immutable"})

    async def put(request: Request) -> Response:
        """Keep a file; the body is its bytes, its name (percent-encoded) travels in `Openhall-Name`. Pictures with `?public=1`
        may be seen by all; whatever else by those who may read what it is attached to."""
        who = await who_of(engine, request)
        if not who.may("files.add"):
            raise Refused("access.denied", action="files.add")
        content = await body_of(request, files.LARGEST)
        name = unquote(request.headers.get("openhall-name", "file"))
        public = request.query_params.get("public") == "1" and (files.kind_of(content) or "").startswith("image/")
        loop = asyncio.get_running_loop()
        identity = await loop.run_in_executor(
            engine.readers,
            lambda: engine.act("files.add", lambda work: files.put(work, name, content, public=public), who),
        )
        return as_json(orjson.dumps({"id": str(identity)}))

    async def exported(request: Request) -> Response:
        """The file of one's own export, while it is kept."""
        who = await who_of(engine, request)
        export_id = id_of(request.path_params["id"])
        row = await engine.read(lambda connection: own(Work(connection, engine, who, "exports.get"), export_id))
        path = path_of(engine.data, row)
        if row.state != "done" or not path.is_file():
            raise Refused("exports.gone")
        return FileResponse(path, media_type=KINDS[row.form], filename=row.file_name)

    app.get("/api/exports/{id}")(guarded(exported))
    app.get("/api/files/{id}")(guarded(fetch))
    app.post("/api/files")(guarded(put))
