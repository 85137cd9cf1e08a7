"""Settings: each declared once with kind, default, limits, unit, help and its levels; the nearest level's value wins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import Connection, select

from common.text import N_
from server.engine.caches import Cached
from server.engine.database.schema import setting_value
from server.engine.database.statements import Prepared
from server.engine.errors import Refused, refusal

T = TypeVar("T")

LEVELS = ("device", "window", "zone", "hall", "outlet", "system")
"""From the nearest to the farthest."""

SETTINGS: dict[str, Setting[Any]] = {}

LIMITS = refusal("settings.limits", N_("{name} must be between {least} and {most}."), 422)
KIND = refusal("settings.kind", N_("{name} cannot hold this value."), 422)


@dataclass(frozen=True)
class Setting(Generic[T]):
    """One declared setting."""

    name: str
    default: T
    label: str
    levels: tuple[str, ...] = ("system",)
    unit: str = ""
    least: float | None = None
    most: float | None = None
    choices: tuple[str | tuple[str, str], ...] = ()
    """Codes, or codes with their words."""
    help: str = ""

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes that may be chosen."""
        return tuple(one if isinstance(one, str) else one[0] for one in self.choices)

    @property
    def kind(self) -> str:
        """The kind of field that edits it."""
        if self.choices:
            return "choice"
        return {bool: "yes_no", int: "number", float: "number", str: "text"}.get(type(self.default), "document")

    def checked(self, value: Any) -> T:
        """The value if this setting can hold it; refuses otherwise."""
        good = isinstance(value, type(self.default)) and (isinstance(value, bool) == isinstance(self.default, bool))
        if not good or (self.choices and value not in self.codes):
            raise Refused("settings.kind", name=self.name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            low, high = self.least, self.most
            if (low is not None and value < low) or (high is not None and value > high):
                raise Refused("settings.limits", name=self.name, least=low, most=high)
        return value  # type: ignore[no-any-return]


def setting(name: str, default: T, label: str, **about: Any) -> Setting[T]:
    """Declare a setting; its kind is that of its default."""
    if name in SETTINGS:
        raise RuntimeError(f"setting {name} is declared twice")
    made = Setting(name, default, label, **about)
    SETTINGS[name] = made
    return made


_all = Prepared(
    select(
        setting_value.c.name,
        setting_value.c.level,
        setting_value.c.level_id,
        setting_value.c.value,
        setting_value.c.valid_from,
    ).order_by(setting_value.c.valid_from, setting_value.c.id)
)


TAKEN_BACK = {"taken_back": True}
"""Stored where a level's own value was taken back: from then on the next level's value holds."""

Values = dict[tuple[str, str, UUID | None], list[tuple[datetime, Any]]]
"""Stored values with their begin, oldest first, by name, level and place."""


def read_values(connection: Connection) -> Values:
    values: Values = {}
    for row in _all.rows(connection):
        values.setdefault((row.name, row.level, row.level_id), []).append((row.valid_from, row.value))
    return values


VALUES = Cached("settings", read_values, ("settings",))


class SettingValues:
    """Looks settings up; all stored values are read together and kept until a notice says that one changed."""

    def value(self, connection: Connection, declared: Setting[T], now: datetime, at: dict[str, UUID | None]) -> T:
        """The value that holds now for the places `at` (level name to id); the nearest level wins."""
        values = VALUES.read(connection)
        if not values:
            return declared.default
        for level in LEVELS:
            if level not in declared.levels:
                continue
            place = at.get(level) if level != "system" else None
            if level != "system" and place is None:
                continue
            found, value = self.own(values, declared.name, level, place, now)
            if found:
                return value  # type: ignore[no-any-return]
        return declared.default

    @staticmethod
    def own(values: Values, name: str, level: str, place: UUID | None, now: datetime) -> tuple[bool, Any]:
        """Whether a value holds now at this very level, and which; a value that was taken back holds no more."""
        for valid_from, value in reversed(values.get((name, level, place), ())):
            if valid_from <= now:
                return value != TAKEN_BACK, value
        return False, None
