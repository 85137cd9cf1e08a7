"""What every quiet address needs: who asks, in which language, with which body; refusals and bugs as problems."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import orjson
from fastapi import Request, Response

from server.engine.engine import Engine
from server.engine.errors import Refused
from server.engine.http.problems import problem, reader_language
from server.engine.http.verbs import LARGEST_BODY, caller
from server.engine.principal import Principal


def refused(request: Request, failure: BaseException) -> Response:
    """A refusal or failure as a problem."""
    status, body = problem(failure, language_of(request))
    return Response(body, status, media_type="application/problem+json")


def as_json(body: bytes) -> Response:
    """An answer that is JSON already."""
    return Response(body, media_type="application/json", headers={"cache-control": "no-store"})


def language_of(request: Request) -> str:
    """The reader's language."""
    return reader_language(request.headers.get("accept-language", ""))


async def who_of(engine: Engine, request: Request) -> Principal:
    """The one behind the request's token; refuses without one."""
    return await caller(engine, dict(request.scope["headers"]))


def address_of(request: Request) -> str:
    """Where the request comes from."""
    return request.client.host if request.client else ""


async def body_of(request: Request, largest: int = LARGEST_BODY) -> bytes:
    """The request's body; refused beyond `largest` bytes."""
    pieces: list[bytes] = []
    size = 0
    async for piece in request.stream():
        pieces.append(piece)
        size += len(piece)
        if size > largest:
            raise Refused("request.too_large")
    return b"".join(pieces)


def guarded(answer: Callable[[Request], Any]) -> Callable[[Request], Any]:
    """Refusals, bad bodies and bugs of an address become problems."""

    async def inner(request: Request) -> Response:
        try:
            result: Response = await answer(request)
            return result
        except Exception as failure:
            return refused(request, failure)

    inner.__doc__ = answer.__doc__
    inner.__name__ = answer.__name__
    return inner


def input_of(model: Any) -> dict[str, Any]:
    """An input model for the documentation of an address."""
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": model.model_json_schema()}}}}


def json_object(raw: bytes) -> dict[str, Any]:
    """A JSON object; refuses anything else."""
    try:
        values = orjson.loads(raw or b"{}")
    except orjson.JSONDecodeError as failure:
        raise Refused("request.malformed") from failure
    if not isinstance(values, dict):
        raise Refused("request.malformed")
    return values


def id_of(text: str) -> UUID:
    """An id of the address; what is none names nothing."""
    try:
        return UUID(text)
    except ValueError as failure:
        raise Refused("records.not_found", record="", id=text) from failure
