"""The first set-up of a hall: what the guide of the workbench reads and sends, and what it and the server judge alike."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from pydantic import Field

from common.protocol.messages import Message, Words

STEPS = ("place", "data", "hall", "services", "people", "devices", "open")
"""The seven steps of the guide, in their order."""

MOST_ZONES = 40
MOST_WINDOWS = 400
MOST_SERVICES = 500
MOST_SECTIONS = 60

Hours = dict[str, list[list[str]]]
"""By weekday (`mon` to `sun`) the periods as `["08:00", "17:00"]`, local time."""


class SetupZone(Message):
    """A calling zone with the numbers of its windows, in their order. Without an id it is a new one."""

    id: UUID | None = None
    name: Words
    windows: list[str] = Field(default=[], max_length=MOST_WINDOWS)


class FoundHall(Message):
    """`organisation.found`: the hall's name, languages and time zone. Sent again it changes them, until the hall is open."""

    name: Words
    organisation: Words
    languages: list[str] = Field(min_length=1, max_length=8)
    """The first one is the hall's own."""
    voice_languages: list[str] = Field(default=[], max_length=8)
    time_zone: str = Field(max_length=60)


class SetUpData(Message):
    """`organisation.set_up_data`: who keeps copies of the hall's data, and where."""

    keeper: str = Field(default="", max_length=120)
    copies: str = Field(default="", max_length=200)


class SetUpZones(Message):
    """`organisation.set_up_zones`: all zones with their windows, and the opening hours. What is not named goes."""

    zones: list[SetupZone] = Field(max_length=MOST_ZONES)
    hours: Hours
    day_starts: str = Field(default="00:00", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    template: str = Field(default="", max_length=40)
    """The template hall that this began with; empty without."""


class PassStep(Message):
    """`organisation.pass_step`: a step that keeps nothing of its own was left (people, devices)."""

    step: str


class SetupProblem(Message):
    """Something that is not as it should be; the program says it in words. Only what `blocks` keeps the hall closed."""

    code: str
    step: str
    blocks: bool = False
    facts: dict[str, Any] = {}


class DataFacts(Message):
    """Where the hall's data lies."""

    folder: str
    database: str
    """`sqlite` or `postgresql`."""
    free_bytes: int | None = None
    keeper: str = ""
    copies: str = ""


class Setup(Message):
    """`organisation.setup`: how far the first set-up has come."""

    stage: str
    """`empty`, `in_setup`, `open`."""
    passed: list[str] = []
    place: FoundHall | None = None
    data: DataFacts
    hall: SetUpZones
    problems: list[SetupProblem] = []


class SetupSection(Message):
    """A part of the hall's offer."""

    id: UUID | None = None
    name: Words
    colour: str = "#0a52a0"


class SetupService(Message):
    """A service with its queue and the numbers of the windows that accept it."""

    id: UUID | None = None
    prefix: str = Field(max_length=3)
    name: Words
    description: Words = {}
    section: int | None = None
    """Its place in the list of sections."""
    minutes: int = Field(default=10, ge=1, le=600)
    windows: list[str] = Field(default=[], max_length=MOST_WINDOWS)


class SetUpServices(Message):
    """`services.set_up` and the answer to `services.setup`: all sections and services. What is not named goes."""

    sections: list[SetupSection] = Field(default=[], max_length=MOST_SECTIONS)
    services: list[SetupService] = Field(default=[], max_length=MOST_SERVICES)
    draft: bool = False
    """Put there by a template: somebody is still to look through them."""


class TemplateHall(Message):
    """A hall to begin with: zones, windows, hours, sections and services."""

    code: str
    name: Words
    about: Words
    hall: SetUpZones
    offer: SetUpServices


class TemplateHalls(Message):
    """`services.templates`, the smallest first."""

    items: list[TemplateHall]


class InLanguage(Message):
    """Input of readings whose answer holds words for a person."""

    language: str = "en"


class Sheet(InLanguage):
    """`services.check_sheet`: services as an Excel file (base64), or as lines copied from a spreadsheet, tabs between."""

    content: str = Field(default="", max_length=900_000)
    text: str = Field(default="", max_length=200_000)


class ImportSheet(Sheet):
    """`services.import_sheet`: refused while there are bad rows, unless only the good ones are wished for."""

    only_good: bool = False


class BadRow(Message):
    """A row that cannot be taken, and why, in the reader's language."""

    row: int
    column: str
    sentence: str


class CheckedSheet(Message):
    """What a sheet would bring; nothing of it is saved yet."""

    services: list[SetupService]
    bad: list[BadRow] = []


class SheetFile(Message):
    """`services.sheet_template`: an Excel file to fill in (base64)."""

    name: str
    content: str


class AccountCard(Message):
    """Somebody who can sign in."""

    person_id: UUID
    name: Words
    account: str
    staff_number: str = ""
    post: Words = {}
    roles: list[str] = []
    locked: bool = False


class AccountCards(Message):
    """`people.accounts`, with the roles that there are."""

    items: list[AccountCard]
    roles: dict[str, Words] = {}


def service_problems(services: Iterable[SetupService], windows: Iterable[str]) -> list[SetupProblem]:
    """What is wrong between services and windows: a service nobody accepts would not be offered, an idle window stays shut."""
    found: list[SetupProblem] = []
    used: set[str] = set()
    known = list(windows)
    some = False
    for one in services:
        some = True
        used.update(one.windows)
        if not set(one.windows) & set(known):
            facts = {"prefix": one.prefix, "name": one.name}
            found.append(SetupProblem(code="service_without_window", step="services", blocks=True, facts=facts))
    if not some:
        return [SetupProblem(code="no_services", step="services", blocks=True)]
    idle = [label for label in known if label not in used]
    if idle:
        found.append(SetupProblem(code="idle_windows", step="services", facts={"windows": idle}))
    return found


def listed_windows(text: str) -> list[str]:
    """Window numbers as people list them: `1, 2; 5` with any comma, `1-4` for a range."""
    found: list[str] = []
    for part in re.split(r"[,;،、\s]+", text.strip()):
        span = re.fullmatch(r"(\d{1,3})[-–](\d{1,3})", part)
        if span and 0 <= int(span[2]) - int(span[1]) < 400:
            found += [str(n) for n in range(int(span[1]), int(span[2]) + 1)]
        elif part:
            found.append(part)
    return list(dict.fromkeys(found))


def window_ranges(labels: list[str]) -> str:
    """Window numbers as people read them: `1-4, 7, A1`. `listed_windows` reads it back."""
    parts: list[list[str]] = []
    for label in labels:
        last = parts[-1][-1] if parts else ""
        if label.isdigit() and last.isdigit() and int(label) == int(last) + 1:
            parts[-1].append(label)
        else:
            parts.append([label])
    return ", ".join(p[0] if len(p) == 1 else f"{p[0]}-{p[-1]}" if len(p) > 2 else f"{p[0]}, {p[1]}" for p in parts)
