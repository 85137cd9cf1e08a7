"""Workplaces: what the staff program shows to whom, and what somebody has in view, as they travel."""

from __future__ import annotations

from uuid import UUID

from pydantic import ConfigDict, Field

from common.protocol.messages import Message, Words

PAGE, SEARCH, RECORD = "page", "search", "record"


class Draft(Message):
    """A message that a page changes while somebody writes it."""

    model_config = ConfigDict(frozen=False)


class MenuEntry(Draft):
    """One line of the menu: a page by its name, a saved search of a list, or one record."""

    kind: str = Field(default=PAGE, pattern="^(page|search|record)$")
    page: str = Field(default="", max_length=80)
    """`counter`, `log`, `records.ticket`; of a search or record the page of its kind."""
    target: str = Field(default="", max_length=40)
    """The id of the saved search or record."""
    words: Words = {}
    """Its name instead of the page's own; a search or record must have one."""
    symbol: str = Field(default="", max_length=30)
    needs: str = Field(default="", max_length=80)
    """Shown to whoever holds this permission only, beyond what the page itself needs."""


class MenuGroup(Draft):
    """A heading of the menu with its lines."""

    name: str = Field(max_length=40)
    words: Words = {}
    """Empty for a group of the program's own, which has its words."""
    entries: list[MenuEntry] = Field(default=[], max_length=200)


class Menu(Draft):
    """The whole menu of a workplace."""

    groups: list[MenuGroup] = Field(default=[], max_length=60)
    hidden: list[str] = Field(default=[], max_length=300)
    """Pages that are not shown."""
    rest: bool = True
    """Whether pages that stand nowhere follow at the end, under the program's own headings: what a newer version brings."""


class Workplace(Draft):
    """What a workplace shows (ADM-002)."""

    id: UUID | None = None
    version: int = 0
    name: Words = {}
    roles: list[UUID] = Field(default=[], max_length=50)
    """Whose it is; without roles everybody's."""
    place: int = 0
    """The first one that fits is taken."""
    menu: Menu | None = None
    """Nothing: the program's own menu."""
    start: str = Field(default="", max_length=80)
    """The page after signing in."""
    hidden_buttons: list[str] = Field(default=[], max_length=300)
    """Verbs whose buttons are not shown."""
    searches: dict[str, str] = {}
    """By page of a kind of record the id of the saved search with which its list opens."""


class Workplaces(Message):
    """`people.workplaces`."""

    items: list[Workplace]


class KeepWorkplace(Message):
    """`people.keep_workplace`; without an id a new one."""

    workplace: Workplace


class Choice(Message):
    """An outlet or department that may be in view."""

    id: UUID
    name: Words
    above: UUID | None = None


class InView(Message):
    """`people.in_view`: what somebody has in view, and what else may be (COR-038, COR-039)."""

    outlet_id: UUID | None = None
    department_id: UUID | None = None
    outlets: list[Choice] = []
    departments: list[Choice] = []


class SwitchView(Message):
    """`people.switch_view`; nothing for everything that one may see."""

    outlet_id: UUID | None = None
    department_id: UUID | None = None
