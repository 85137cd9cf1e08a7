"""Pure decisions about a list of services that somebody brings: which rows can be taken, and why the others cannot."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from common.protocol.setup import listed_windows

PREFIX = re.compile(r"[A-Z]{1,3}")
LEAST_MINUTES, MOST_MINUTES = 1, 600
LONGEST_NAME, LONGEST_DESCRIPTION = 120, 400


def letters(text: str) -> int:
    """How long a name is as it stands: wide characters count twice, marks that stand on others not at all."""
    return sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text
    )


@dataclass(frozen=True)
class SheetRow:
    """One row as somebody wrote it: `words` by column and language, such as `("name", "zh")`."""

    number: int
    prefix: str
    section: str
    words: Mapping[tuple[str, str], str]
    minutes: str
    windows: str


@dataclass(frozen=True)
class Fault:
    """Why a row cannot be taken: a code, its column and the facts of its sentence."""

    row: int
    column: str
    code: str
    facts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class GoodRow:
    """A row that can be taken."""

    prefix: str
    section: str
    name: dict[str, str]
    description: dict[str, str]
    minutes: int
    windows: list[str]


def judged(rows: Iterable[SheetRow], windows: Collection[str]) -> tuple[list[GoodRow], list[Fault]]:
    """The rows that can be taken, and every fault of the others. A prefix that is there twice spoils the later row."""
    good: list[GoodRow] = []
    faults: list[Fault] = []
    seen: dict[str, int] = {}
    for row in rows:
        wrong = list(_faults(row, windows, seen))
        seen.setdefault(row.prefix.upper(), row.number)
        if wrong:
            faults += wrong
            continue
        good.append(
            GoodRow(
                prefix=row.prefix.upper(),
                section=row.section,
                name={code: text for (what, code), text in row.words.items() if what == "name" and text},
                description={code: text for (what, code), text in row.words.items() if what == "description" and text},
                minutes=int(row.minutes or "10"),
                windows=listed_windows(row.windows),
            )
        )
    return good, faults


def _faults(row: SheetRow, windows: Collection[str], seen: Mapping[str, int]) -> Iterable[Fault]:
    prefix = row.prefix.upper()
    if not PREFIX.fullmatch(prefix):
        yield Fault(row.number, "prefix", "prefix_wrong", {"value": row.prefix})
    elif prefix in seen:
        yield Fault(row.number, "prefix", "prefix_twice", {"value": prefix, "row": str(seen[prefix])})
    if not any(text for (what, _code), text in row.words.items() if what == "name"):
        yield Fault(row.number, "name", "name_missing")
    for (what, _code), text in row.words.items():
        longest = LONGEST_NAME if what == "name" else LONGEST_DESCRIPTION
        if len(text) > longest:
            yield Fault(row.number, what, "too_long", {"most": str(longest)})
    if row.minutes and not _minutes_fit(row.minutes):
        yield Fault(row.number, "minutes", "minutes_wrong", {"value": row.minutes})
    for label in listed_windows(row.windows):
        if label not in windows:
            yield Fault(row.number, "windows", "window_unknown", {"value": label})


def _minutes_fit(text: str) -> bool:
    return text.isascii() and text.isdigit() and LEAST_MINUTES <= int(text[:9]) <= MOST_MINUTES
