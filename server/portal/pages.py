"""The portal's addresses. Every page holds without JavaScript, names no code to others, and is kept by no cache."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from common.protocol.messages import LANGUAGES
from common.text import in_language
from common.text.direction import direction
from common.text.words import pick
from server.engine.actions.work import Work
from server.engine.engine import Engine
from server.engine.http.problems import problem, reader_language
from server.engine.principal import HOUSE
from server.modules.queue.public import own_ticket
from server.portal.guessing import Guesses
from server.portal.ticket import IN_ITSELF, shown
from server.portal.words import words

FOLDER = Path(__file__).parent
CODE = re.compile(r"[A-Za-z0-9_-]{22}")
REFRESH_SECONDS = 20
HEADERS = {
    "cache-control": "no-store",
    # The address holds the ticket's code: it is told to nobody.
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex, nofollow",
    "x-content-type-options": "nosniff",
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
}


def add_portal(app: FastAPI, engine: Engine) -> None:
    """The ticket's page and its style."""
    pages = Environment(
        loader=FileSystemLoader(FOLDER / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    style = (FOLDER / "portal.css").read_bytes()
    guesses = Guesses()

    def page(name: str, status: int, language: str, **values: Any) -> Response:
        with in_language(language):
            text = pages.get_template(name).render(
                language=language, direction=direction(language), w=words(), names=IN_ITSELF, **values
            )
        return Response(text, status, HEADERS, media_type="text/html; charset=utf-8")

    async def ticket(request: Request) -> Response:
        """How a ticket stands, by the code on it."""
        language = _language(request)
        code, address = request.path_params["token"], request.client.host if request.client else ""
        try:
            now = engine.clock.now()
            waiting = guesses.wait(address, now)
            if waiting:
                answer = page("slower.html", 429, language, **_plain(), seconds=waiting)
                answer.headers["retry-after"] = str(waiting)
                return answer
            found = None
            if CODE.fullmatch(code):
                found = await engine.read(
                    lambda connection: own_ticket(Work(connection, engine, HOUSE, "portal"), code)
                )
            if found is None:
                guesses.wrong(address, now)
                return page("unknown.html", 404, language, **_plain())
            with in_language(language):
                view = shown(found)
            offered = [one for one in found.place.languages if one in LANGUAGES]
            languages = offered if language in offered else [*offered, language]
            refresh = REFRESH_SECONDS if view.alive else None
            hall = pick(found.outlet, language)
            return page("ticket.html", 200, language, t=view, hall=hall, languages=languages, refresh=refresh)
        except Exception as failure:
            status, _body = problem(failure, language)  # logs our own bugs under their reference
            return page("failed.html", status, language, **_plain())

    async def css(request: Request) -> Response:
        """The one style sheet."""
        return Response(style, headers={"cache-control": "public, max-age=3600"}, media_type="text/css; charset=utf-8")

    app.get("/t/{token}", include_in_schema=False)(ticket)
    app.get("/portal.css", include_in_schema=False)(css)


def _plain() -> dict[str, Any]:
    """What pages without a ticket show; the same whatever was asked."""
    return {"hall": "", "languages": list(LANGUAGES), "refresh": None}


def _language(request: Request) -> str:
    """As chosen on the page, else as the phone asks."""
    wanted = request.query_params.get("lang", "")
    return wanted if wanted in LANGUAGES else reader_language(request.headers.get("accept-language", ""))
