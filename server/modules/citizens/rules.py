"""Pure decisions about citizens: who may be the same, and which restriction holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from rapidfuzz import fuzz

from common.text.fold import fold

SURE = {"identity": 100, "registration": 100, "mobile": 80, "telephone": 70, "mail": 75}
"""What each value that is exactly the same is worth by itself."""
LEAST = 60
"""Below, two entries are not alike enough to bother anybody."""


@dataclass(frozen=True)
class Likely:
    """How alike two entries are, and by what."""

    score: int
    because: tuple[str, ...]


def names_alike(one: str, other: str) -> int:
    """0 to 100, whichever way letters are written and names are ordered."""
    return round(fuzz.token_sort_ratio(fold(one), fold(other)))


def likely(same: Mapping[str, bool], name: str, other: str, born: date | None, other_born: date | None) -> Likely:
    """The likeness of two entries: `same` says of each exact value whether both have the same one."""
    because = [field for field in SURE if same.get(field)]
    score = max((SURE[field] for field in because), default=0)
    alike = names_alike(name, other) if name and other else 0
    known = born is not None and other_born is not None
    if alike >= 70:
        if because and alike >= 85:
            because.append("name")
            score = min(100, score + 15)
        elif known and born == other_born:
            because += ["name", "born_on"]
            score = max(score, alike)
        elif alike >= 85:
            because.append("name")
            # Of two birthdays one may have been typed wrongly, but then more than a name must speak for it.
            score = max(score, alike - (45 if known else 20))
    return Likely(score, tuple(because))


def beginnings(name: str) -> list[str]:
    """What the names of likely candidates begin with: each word's first letters, since names are ordered either way."""
    return list(dict.fromkeys(word[:3] if word[0] < "\u3400" else word[:1] for word in fold(name).split()))[:4]


def areas_of(area: str) -> tuple[str, ...]:
    """The restrictions that keep somebody from an area: its own and that from everything."""
    return ("everything",) if area == "everything" else ("everything", area)
