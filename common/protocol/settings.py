"""Messages of settings: how they stand at a level, and changing them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from common.protocol.messages import Message

Level = Literal["device", "window", "zone", "hall", "outlet", "system"]


class SettingsAt(Message):
    """`settings.at`: a level and, but for the system, which one."""

    level: Level = "system"
    level_id: UUID | None = None


class SettingState(Message):
    """A declared setting as it stands at a place."""

    name: str
    module: str
    label: str
    help: str = ""
    kind: str
    """`number`, `yes_no`, `choice`, `text` or `document`; another is shown read-only."""
    unit: str = ""
    least: float | None = None
    most: float | None = None
    choices: list[tuple[str, str]] = []
    default: Any = None
    levels: list[str] = []
    own: Any = None
    """The value of this very level; nothing when it has none."""
    value: Any = None
    """What holds here, wherever it comes from."""
    source: str = "default"
    """The level that the value comes from, or `default`."""
    since: datetime | None = None
    author: str = ""


class SettingStates(Message):
    """All settings that a level may have, by module and name."""

    settings: list[SettingState]


class SetSetting(SettingsAt):
    """`settings.set`: nothing as the value takes the level's own value back. `valid_from` may lie ahead, not behind."""

    name: str = Field(max_length=80)
    value: Any = None
    valid_from: datetime | None = None


class SettingPast(Message):
    """Input of `settings.history`."""

    name: str = Field(max_length=80)


class SettingValue(Message):
    """A value that holds, held or will hold."""

    level: str
    level_id: UUID | None = None
    place: str = ""
    value: Any = None
    valid_from: datetime
    author: str = ""


class SettingValues(Message):
    """Every value of one setting, the latest first."""

    values: list[SettingValue]
