"""What buttons and links of a form do (SVD-018, SVD-023): compute into a field, take over what was looked up, open an address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from common.forms.answers import answer_of
from common.forms.definition import Element, FormDefinition
from common.forms.state import Answers, state, stored
from common.records.values import BadValue
from common.rules.problems import NotComputed, WrongRule

_PLACE = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def pressed(definition: FormDefinition, key: str, answers: Answers, context: Mapping[str, Any]) -> dict[str, Any]:
    """The answers after a button that computes was pressed; `key` is its name, within rows `rows.0.name`. Unchanged where it
    cannot be computed yet."""
    rows, at, name = _parts(key)
    button = definition.by_name[name]
    target = definition.by_name.get(button.target)
    now = state(definition, answers, context)
    if target is None or not now.standing[key].shown:
        return dict(answers)
    try:
        found = definition.rule(name, button.result).value(now.seen_from(key))
    except (WrongRule, NotComputed):
        found = None
    value = stored(target, found)
    return dict(answers) if value is None else _put(answers, rows, at, target.name, value)


def looked_up(definition: FormDefinition, key: str, answers: Answers, found: Mapping[str, Any]) -> dict[str, Any]:
    """The answers with what a look-up has brought: by the names of elements, in the button's own row; what does not fit or is
    computed is left out."""
    rows, at, _name = _parts(key)
    changed = dict(answers)
    for name, value in found.items():
        element = definition.by_name.get(name)
        if element is None or not element.answers or element.value or definition.rows_of.get(name, "") != rows:
            continue
        try:
            answer_of(element, value)
        except BadValue:
            continue
        changed = _put(changed, rows, at, name, value)
    return changed


def address_of(element: Element, answers: Answers) -> str:
    """The address that a link or button opens, with answers put in; an answer can never be more than a part of it."""
    return _PLACE.sub(lambda place: quote(str(answers.get(place.group(1), "") or ""), safe=""), element.address)


def _parts(key: str) -> tuple[str, int, str]:
    rows, _, rest = key.partition(".")
    if not rest:
        return "", 0, key
    at, _, name = rest.partition(".")
    return rows, int(at), name


def _put(answers: Answers, rows: str, at: int, name: str, value: Any) -> dict[str, Any]:
    if not rows:
        return {**answers, name: value}
    kept = [dict(row) for row in answers.get(rows, ())]
    kept[at][name] = value
    return {**answers, rows: kept}
