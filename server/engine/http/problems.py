"""Refusals and failures as RFC 9457 problems, in the reader's language."""

from __future__ import annotations

import logging
import secrets
from typing import Any

import orjson
from pydantic import ValidationError

from common.protocol.messages import LANGUAGES
from common.text import N_, translate
from server.engine.errors import Refused, Said, Unavailable, refusal

log = logging.getLogger(__name__)

INVALID = refusal("request.invalid", N_("Something in this request is missing or wrong. Check what you entered."), 422)
MALFORMED = refusal("request.malformed", N_("This request is not readable. Update this program."), 422)
UNKNOWN = refusal("request.unknown", N_("The server does not know this. Update this program."), 404)
TOO_LARGE = refusal("request.too_large", N_("This is too large for the server."), 413)
UNAVAILABLE = refusal(
    "server.unavailable",
    N_("The server cannot save anything just now. Nothing was changed; try again in a moment."),
    503,
)
BUG = refusal(
    "server.failed", N_("Something went wrong in the server. Nothing was changed. Reference: {reference}"), 500
)


def reader_language(accept: str) -> str:
    """The first language of an Accept-Language header that the programs speak."""
    for part in accept.split(","):
        code = part.split(";")[0].strip().lower()[:2]
        if code in LANGUAGES:
            return code
    return "en"


def problem(failure: BaseException, language: str) -> tuple[int, bytes]:
    """Status and body of the answer to a failed request; our own bugs are logged under their reference."""
    reference: str | None = None
    facts: dict[str, Any] = {}
    if isinstance(failure, Refused):
        declared, facts = failure.declared, _told(failure.facts, language)
    elif isinstance(failure, ValidationError):
        declared = INVALID
        places = [
            {"field": ".".join(str(p) for p in e["loc"]), "message": e["msg"], "kind": e["type"]}
            for e in failure.errors(include_url=False, include_context=False, include_input=False)
        ]
        if any(e["kind"] == "json_invalid" for e in places):
            declared = MALFORMED
        facts = {"fields": places}
    elif isinstance(failure, Unavailable):
        declared = UNAVAILABLE
    else:
        declared = BUG
        reference = secrets.token_hex(5)
        facts = {"reference": reference}
        log.error("reference %s", reference, exc_info=failure)
    sentence = translate(declared.sentence, language)
    try:
        sentence = sentence.format(**{**facts, "reference": reference})
    except (KeyError, IndexError):
        log.error("the sentence of %s names a fact that is missing from %s", declared.code, sorted(facts))
    body = {
        "type": "about:blank",
        "title": declared.code,
        "status": declared.status,
        "detail": sentence,
        "code": declared.code,
        "facts": facts,
        "reference": reference,
    }
    return declared.status, orjson.dumps(body, default=str)


def _told(facts: dict[str, Any], language: str) -> dict[str, Any]:
    """Facts in the reader's language; each wrong field of `fields` with its sentence."""
    told: dict[str, Any] = {
        name: translate(value, language) if isinstance(value, Said) else value for name, value in facts.items()
    }
    if isinstance(told.get("fields"), list):
        told["fields"] = [
            {**one, "message": translate(one["message"], language).format(**one["facts"])} if "facts" in one else one
            for one in told["fields"]
        ]
    return told
