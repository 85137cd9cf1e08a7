"""Pure decisions about workplaces: whether a menu can be drawn, and whose workplace is whose."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Protocol
from uuid import UUID

from common.protocol.messages import LANGUAGES
from common.protocol.workplaces import PAGE, Menu, Workplace

ALWAYS = "workplaces"
"""The page where menus are set up is never hidden from whoever may set them up: nobody locks himself out."""


class Stored(Protocol):
    """A workplace as it is kept."""

    @property
    def roles(self) -> Any:
        """The ids of its roles as text, or nothing."""


def problem(
    workplace: Workplace, permissions: Collection[str], verbs: Collection[str], roles: Collection[UUID]
) -> tuple[str, dict[str, Any]] | None:
    """What is wrong with a workplace that is to be kept: code and facts of the first fault, or nothing."""
    if not any(workplace.name.values()):
        return "people.workplace_unnamed", {}
    for role in workplace.roles:
        if role not in roles:
            return "people.unknown_role", {"name": str(role)}
    for verb in workplace.hidden_buttons:
        if verb not in verbs:
            return "people.workplace_button", {"name": verb}
    for page, search in workplace.searches.items():
        if not _is_id(search):
            return "people.workplace_line", {"name": page}
    return _menu_problem(workplace.menu, permissions) if workplace.menu is not None else None


def _menu_problem(menu: Menu, permissions: Collection[str]) -> tuple[str, dict[str, Any]] | None:
    seen: set[tuple[str, str]] = set()
    groups: set[str] = set()
    for group in menu.groups:
        if not group.name or group.name in groups or not _languages(group.words):
            return "people.workplace_group", {"name": group.name}
        groups.add(group.name)
        for line in group.entries:
            key = (line.page, line.target)
            linked = line.kind != PAGE
            bad = not line.page or not _languages(line.words) or (linked and not _is_id(line.target))
            if bad or (linked and not any(line.words.values())):
                return "people.workplace_line", {"name": line.page}
            if key in seen:
                return "people.workplace_twice", {"name": line.page}
            seen.add(key)
            if line.needs and line.needs not in permissions:
                return "people.unknown_permission", {"name": line.needs}
    return None


def fitting(workplaces: Iterable[Stored], held: Collection[UUID]) -> Any:
    """The first workplace for somebody who holds these roles: one without roles is everybody's (ADM-002)."""
    for one in workplaces:
        wanted: Sequence[str] = one.roles or ()
        if not wanted or any(UUID(role) in held for role in wanted):
            return one
    return None


def _languages(words: dict[str, str]) -> bool:
    return all(code in LANGUAGES and len(text) <= 80 for code, text in words.items())


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
