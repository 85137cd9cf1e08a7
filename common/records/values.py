"""A field's value: what it may be, checked alike on both sides; what a condition on it means. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from common.records.field import LINKS, TEXTS, WHOLE, Field, When
from common.records.identity import identity_number, identity_right, phone
from common.text import N_

NEEDED = "needed"
SENTENCES = {
    NEEDED: N_("This is needed."),
    "kind": N_("This value does not fit here."),
    "too_long": N_("This is too long: at most {length} characters."),
    "below": N_("The least is {least}."),
    "above": N_("The most is {most}."),
    "choice": N_("Choose one of the list."),
    "day": N_("Give a day, such as 2026-03-21."),
    "moment": N_("Give a day and a time with its zone."),
    "time": N_("Give a time of day, such as 08:30."),
    "period": N_("The end lies before the beginning."),
    "email": N_("This is no e-mail address. Write it as name@place.org."),
    "phone": N_("This is no telephone number. Use digits and, in front, a plus."),
    "identity_number": N_("This identity number cannot be right. Compare it with the document, digit by digit."),
    "colour": N_("Give a colour as #rrggbb."),
    "coordinates": N_("Give latitude (-90 to 90) and longitude (-180 to 180)."),
}
"""What is wrong with a value, by code; for the reader, in the reader's language."""

LONGEST = 100_000
"""Characters of a long text."""
MOST_LINKS = 500


class BadValue(ValueError):
    """A field cannot hold this value; `code` is a key of SENTENCES."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def value_of(field: Field, raw: Any) -> Any:
    """A JSON value as the server keeps it: typed, trimmed, in its normal form; nothing for an empty one.

    Raises BadValue. Whether an empty value is allowed is asked by `missing`, since it depends on other fields.
    """
    if raw is None or raw == "":
        return None
    reader: Callable[[Field, Any], Any] = _READERS.get(field.kind, _text)
    return reader(field, raw)


def missing(field: Field, value: Any, values: Mapping[str, Any]) -> bool:
    """Whether this value is needed and not there, given the record's other values."""
    if not field.required or value not in (None, "", {}, []):
        return False
    if field.kind == "document" and value is not None:
        return False  # a list of nothing is a value of its own
    return all(holds(condition, values) for condition in field.shown_when)


def holds(condition: When, values: Mapping[str, Any]) -> bool:
    """Whether a condition holds for a record's values."""
    value, wanted = values.get(condition.field), condition.value
    test = _TESTS.get(condition.operator)
    return test is not None and test(value, wanted)


def _same(value: Any, wanted: Any) -> bool:
    return value == wanted or (value is not None and wanted is not None and str(value) == str(wanted))


_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "is": _same,
    "is_not": lambda value, wanted: not _same(value, wanted),
    "any_of": lambda value, wanted: any(_same(value, one) for one in wanted or ()),
    "at_least": lambda value, wanted: value is not None and value >= wanted,
    "at_most": lambda value, wanted: value is not None and value <= wanted,
    "empty": lambda value, _: value in (None, "", {}, []),
    "not_empty": lambda value, _: value not in (None, "", {}, []),
}


def _whole(field: Field, raw: Any) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise BadValue("kind")
    if field.least is not None and raw < field.least:
        raise BadValue("below", least=field.least)
    if field.most is not None and raw > field.most:
        raise BadValue("above", most=field.most)
    return raw


def _text(field: Field, raw: Any) -> str | None:
    if not isinstance(raw, str) or "\0" in raw:
        raise BadValue("kind")
    text = raw.strip()
    longest = field.length or LONGEST
    if len(text) > longest:
        raise BadValue("too_long", length=longest)
    return text or None


def _words(field: Field, raw: Any) -> dict[str, str] | None:
    if not isinstance(raw, dict) or not all(isinstance(k, str) and isinstance(v, str) for k, v in raw.items()):
        raise BadValue("kind")
    longest = field.length or LONGEST
    if any(len(v) > longest for v in raw.values()):
        raise BadValue("too_long", length=longest)
    return {k: v.strip() for k, v in raw.items() if v.strip()} or None


def _id(field: Field, raw: Any) -> UUID:
    try:
        return UUID(str(raw))
    except ValueError as failure:
        raise BadValue("choice") from failure


def _ids(field: Field, raw: Any) -> list[str] | None:
    if not isinstance(raw, list) or len(raw) > MOST_LINKS:
        raise BadValue("kind")
    return list(dict.fromkeys(str(_id(field, one)) for one in raw)) or None


def _choice(field: Field, raw: Any) -> str:
    if not isinstance(raw, str) or raw not in {code for code, _ in field.choices}:
        raise BadValue("choice")
    return str(raw)


def _yes_no(field: Field, raw: Any) -> bool:
    if not isinstance(raw, bool):
        raise BadValue("kind")
    return raw


def _day(field: Field, raw: Any) -> date:
    try:
        return date.fromisoformat(str(raw))
    except ValueError as failure:
        raise BadValue("day") from failure


def _moment(field: Field, raw: Any) -> datetime:
    try:
        moment = raw if isinstance(raw, datetime) else datetime.fromisoformat(str(raw))
    except ValueError as failure:
        raise BadValue("moment") from failure
    if moment.tzinfo is None:
        raise BadValue("moment")
    return moment.astimezone(UTC)


def _time(field: Field, raw: Any) -> str:
    if not isinstance(raw, str) or not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", raw):
        raise BadValue("time")
    return raw


def _period(field: Field, raw: Any) -> str:
    """`2026-03-01/2026-03-31`; an open end is empty behind the stroke."""
    first, stroke, last = str(raw).partition("/")
    if not stroke:
        raise BadValue("day")
    begins, ends = _day(field, first), _day(field, last) if last else None
    if ends is not None and ends < begins:
        raise BadValue("period")
    return f"{begins}/{ends or ''}"


def _email(field: Field, raw: Any) -> str | None:
    text = _text(field, raw)
    if text is not None and not re.fullmatch(r"[^\s@<>\",;]+@[^\s@<>\",;]+\.[^\s@<>\",;.]{2,}", text):
        raise BadValue("email")
    return text


def _phone(field: Field, raw: Any) -> str:
    number = phone(raw) if isinstance(raw, str) else None
    if number is None:
        raise BadValue("phone")
    return number


def _identity_number(field: Field, raw: Any) -> str:
    number = identity_number(raw) if isinstance(raw, str) else ""
    if not identity_right(number, field.scheme):
        raise BadValue("identity_number")
    return number


def _colour(field: Field, raw: Any) -> str:
    if not isinstance(raw, str) or not re.fullmatch(r"#[0-9a-fA-F]{6}", raw):
        raise BadValue("colour")
    return raw.lower()


def _coordinates(field: Field, raw: Any) -> dict[str, float]:
    try:
        latitude, longitude = float(raw["latitude"]), float(raw["longitude"])
    except (TypeError, KeyError, ValueError) as failure:
        raise BadValue("coordinates") from failure
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise BadValue("coordinates")
    return {"latitude": round(latitude, 7), "longitude": round(longitude, 7)}


ADDRESS_PARTS = ("country", "region", "city", "street", "house", "flat", "postcode")


def _address(field: Field, raw: Any) -> dict[str, str] | None:
    if not isinstance(raw, dict) or not all(k in ADDRESS_PARTS and isinstance(v, str) for k, v in raw.items()):
        raise BadValue("kind")
    if any(len(v) > 200 for v in raw.values()):
        raise BadValue("too_long", length=200)
    return {k: v.strip() for k, v in raw.items() if v.strip()} or None


def _any(field: Field, raw: Any) -> Any:
    return raw


_READERS: dict[str, Callable[[Field, Any], Any]] = {
    **dict.fromkeys(TEXTS, _text),
    **dict.fromkeys(WHOLE, _whole),
    **dict.fromkeys(LINKS, _id),
    "id": _id,
    "image": _id,
    "links": _ids,
    "files": _ids,
    "words": _words,
    "choice": _choice,
    "yes_no": _yes_no,
    "day": _day,
    "moment": _moment,
    "time": _time,
    "period": _period,
    "email": _email,
    "phone": _phone,
    "identity_number": _identity_number,
    "colour": _colour,
    "coordinates": _coordinates,
    "address": _address,
    "document": _any,
}
