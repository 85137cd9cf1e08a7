"""OpenAPI: FastAPI's own addresses and every declared verb, from one registry."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from common.protocol.messages import Problem
from server.engine.actions.declare import ACTIONS

REFUSALS = {
    "400": "The request cannot be read, or carries no key.",
    "401": "No token, or one that is over.",
    "403": "No right to do this.",
    "404": "There is no such thing.",
    "409": "The state does not allow this now.",
    "413": "Too large.",
    "422": "Something in the body is missing or wrong.",
    "429": "Too many attempts.",
    "500": "Our own bug, with a reference.",
    "503": "Nothing can be saved just now.",
}


def openapi(app: FastAPI) -> dict[str, Any]:
    """The whole document; made once."""
    if app.openapi_schema:
        return app.openapi_schema
    document = get_openapi(title=app.title, version=app.version, routes=app.routes)
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = _components(Problem.model_json_schema(ref_template="#/components/schemas/{model}"), schemas)
    for declared in ACTIONS.values():
        module, verb = declared.name.split(".", 1)
        parameters = []
        if not (declared.reads or declared.keyless or declared.secret):
            parameters.append(
                {"name": "Idempotency-Key", "in": "header", "required": True, "schema": {"type": "string"}}
            )
        template = "#/components/schemas/{model}"
        given = _components(declared.input.model_json_schema(ref_template=template), schemas)
        answered = _components(declared.output.model_json_schema(ref_template=template, mode="serialization"), schemas)
        document["paths"][f"/api/{module}/{verb}"] = {
            "post": {
                "operationId": declared.name,
                "tags": [module],
                "summary": declared.doc.split("\n")[0],
                "parameters": parameters,
                "requestBody": {"required": True, "content": {"application/json": {"schema": given}}},
                "responses": {
                    "200": {"description": "Done", "content": {"application/json": {"schema": answered}}},
                },
            }
        }
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path in document["paths"].values():
        for operation in path.values():
            for status, description in REFUSALS.items():
                operation["responses"][status] = {"description": description, "content": problem}
    document["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    document["security"] = [{"token": []}]
    app.openapi_schema = document
    return document


def _components(schema: dict[str, Any], into: dict[str, Any]) -> dict[str, Any]:
    for name, part in schema.pop("$defs", {}).items():
        into.setdefault(name, part)
    return schema
