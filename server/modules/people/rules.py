"""Pure decisions about rights: what several roles together permit, how far, and what they hide."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

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
