"""Identity numbers and telephone numbers: their normal form and their check digits. Pure."""

from __future__ import annotations

import re

from common.text.fold import digits

CN_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CN_CHECK = "10X98765432"
"""GB 11643-1999: the weighted sum modulo 11 picks the last character."""


def identity_number(text: str) -> str:
    """An identity number as it is kept and compared: digits and capital letters only."""
    return re.sub(r"[\s\-./]", "", digits(text)).upper()


def identity_right(number: str, scheme: str) -> bool:
    """Whether a normal form satisfies its country's rule; without a known scheme four to twenty letters or digits."""
    rule = {"cn": _chinese, "ir": _iranian, "ru": _russian}.get(scheme)
    if rule is None:
        return bool(re.fullmatch(r"[0-9A-Z]{4,20}", number))
    return rule(number)


def _chinese(number: str) -> bool:
    """Resident identity number: 17 digits and a check character (GB 11643-1999)."""
    if not re.fullmatch(r"\d{17}[\dX]", number):
        return False
    total = sum(int(d) * w for d, w in zip(number, CN_WEIGHTS, strict=False))
    return CN_CHECK[total % 11] == number[-1]


def _iranian(number: str) -> bool:
    """National code: ten digits; the sum of nine, weighted 10 to 2, modulo 11 gives the tenth."""
    if not re.fullmatch(r"\d{10}", number) or len(set(number)) == 1:
        return False
    rest = sum(int(number[i]) * (10 - i) for i in range(9)) % 11
    return int(number[9]) == (rest if rest < 2 else 11 - rest)


def _russian(number: str) -> bool:
    """SNILS: eleven digits; the sum of nine, weighted 9 to 1, modulo 101 gives the last two (100 counts as 0)."""
    if not re.fullmatch(r"\d{11}", number):
        return False
    total = sum(int(number[i]) * (9 - i) for i in range(9))
    return int(number[9:]) == total % 101 % 100


def phone(text: str) -> str | None:
    """A telephone number as it is kept: an optional plus and 3 to 15 digits; nothing when it is none."""
    short = re.sub(r"[\s\-./()]", "", digits(text))
    return short if re.fullmatch(r"\+?\d{3,15}", short) else None


def tail(number: str) -> str:
    """The last four characters, by which a protected number may be found."""
    return number[-4:]
