"""Protected answers (identity and telephone numbers): ciphertext where they are kept, masked where they are shown, found by their
exact value only; opened for one reader at a time, which leaves a trace."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from common.forms.definition import FormDefinition
from common.forms.kinds import KINDS
from server.engine.vault import Vault

SEALED = "sealed"


def protected(definition: FormDefinition, name: str) -> bool:
    """Whether answers to this element are protected."""
    return KINDS[definition.by_name[name].kind].protected


def place(form: UUID, name: str) -> str:
    """Under what the vault keeps an element's answers."""
    return f"form_answer.{form}.{name}"


def sealed(vault: Vault, form: UUID, definition: FormDefinition, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Answers as they are stored."""

    def seal(name: str, value: Any) -> Any:
        return {SEALED: base64.b64encode(vault.seal(place(form, name), value)).decode()}

    return _each(definition, answers, seal)


def opened(vault: Vault, form: UUID, definition: FormDefinition, stored: Mapping[str, Any]) -> dict[str, Any]:
    """Stored answers as they were given."""
    return _each(definition, stored, lambda name, value: vault.open(place(form, name), base64.b64decode(value[SEALED])))


def masked(vault: Vault, form: UUID, definition: FormDefinition, stored: Mapping[str, Any]) -> dict[str, Any]:
    """Stored answers as everybody may see them who reads them."""
    return _each(
        definition, stored, lambda name, value: vault.masked(place(form, name), base64.b64decode(value[SEALED]))
    )


def index(vault: Vault, form: UUID, name: str, value: str) -> str:
    """Under what an answer can be found by its exact value."""
    return vault.blind(place(form, name), "exact", value).hex()


def indexes(vault: Vault, form: UUID, name: str, value: str) -> list[str]:
    """All under which it may have been kept, one a key."""
    return [one.hex() for one in vault.blinds(place(form, name), "exact", value)]


def _each(definition: FormDefinition, answers: Mapping[str, Any], change: Callable[[str, Any], Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in answers.items():
        element = definition.by_name.get(name)
        if element is not None and element.kind == "rows":
            found[name] = [_each(definition, row, change) for row in value]
        else:
            found[name] = change(name, value) if element is not None and protected(definition, name) else value
    return found
