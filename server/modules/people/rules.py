"""Pure decisions about rights, passwords and mandates."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from common.text.fold import fold
from server.engine.principal import ALL, LEVELS

EVERYTHING = "*"
"""A role with this permission holds every one, over all."""


@dataclass(frozen=True)
class Granted:
    """What one role gives."""

    permissions: Collection[str]
    levels: Mapping[str, str] = field(default_factory=dict)
    hidden: Collection[str] = ()


@dataclass(frozen=True)
class Holds:
    """What somebody holds with all roles."""

    permissions: frozenset[str]
    levels: dict[str, str]
    hidden: frozenset[str]

    def level(self, permission: str) -> str | None:
        """How far a permission reaches; nothing when it is not held."""
        return self.levels.get(permission, ALL) if permission in self.permissions else None


def together(roles: Iterable[Granted], every: Collection[str]) -> Holds:
    """All roles of one person: any role's permission counts, the widest reach wins, and a field is hidden only when
    every role that reaches anything hides it (ADM-022, COR-032)."""
    levels: dict[str, str] = {}
    hidden: frozenset[str] | None = None
    for role in roles:
        names = every if EVERYTHING in role.permissions else [p for p in role.permissions if p in every]
        for name in names:
            level = ALL if EVERYTHING in role.permissions else role.levels.get(name, ALL)
            levels[name] = wider(levels.get(name), level)
        if names:
            own = frozenset(role.hidden)
            hidden = own if hidden is None else hidden & own
    return Holds(frozenset(levels), {n: at for n, at in levels.items() if at != ALL}, hidden or frozenset())


def wider(one: str | None, other: str) -> str:
    """The level that reaches farther."""
    return other if one is None or LEVELS.index(other) > LEVELS.index(one) else one


def beyond(own: Holds, given: Holds) -> str | None:
    """The first permission of `given` that `own` does not hold, or not as far: nobody gives what he has not (ADM-022)."""
    for name in sorted(given.permissions):
        mine = own.level(name)
        if mine is None or LEVELS.index(mine) < LEVELS.index(given.level(name) or ALL):
            return name
    return None


def common_place(level: str, mine: Mapping[str, tuple[UUID, ...]], theirs: Mapping[str, tuple[UUID, ...]]) -> bool:
    """Whether somebody lies within a permission's reach. A hall manager reaches the own hall; where an outlet was not
    divided into halls it is one hall as a whole."""
    if level == ALL:
        return True
    if level == "own":
        return False
    if level == "hall" and not mine.get("hall") and not theirs.get("hall"):
        level = "outlet"
    return bool(set(mine.get(level, ())) & set(theirs.get(level, ())))


@dataclass(frozen=True)
class Way:
    """One way by which an account that can sign in holds everything: a role of its own, or one of a group's."""

    account: UUID
    role: UUID
    holding: UUID
    """The row that ties account and role, or account and group."""
    group: UUID | None = None


def administrator_remains(ways: Iterable[Way], without: Collection[UUID]) -> bool:
    """Whether somebody who can sign in still holds everything when what `without` names is gone."""
    return any(not {way.account, way.role, way.holding, way.group} & set(without) for way in ways)


def password_problem(password: str, name: str, least: int, mixed: bool) -> str | None:
    """The code of the first rule that a new password breaks, or nothing (ADM-006, ADM-I03)."""
    if len(password) < least:
        return "people.password_short"
    if fold(password) == fold(name):
        return "people.password_is_name"
    if mixed and not (any(c.isdigit() for c in password) and any(c.isalpha() for c in password)):
        return "people.password_plain"
    return None


def mandate_problem(giver: UUID, taker: UUID, starts: datetime, ends: datetime, now: datetime) -> str | None:
    """The code of what is wrong with a mandate that is to be offered, or nothing."""
    if giver == taker:
        return "people.mandate_to_oneself"
    if ends <= starts or ends <= now:
        return "people.mandate_over"
    return None
