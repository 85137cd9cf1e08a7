"""A record's values as cells: typed where a spreadsheet has the type, in the reader's words everywhere else."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from common.records.field import LINKS, Field
from common.text import N_, translate
from common.text.words import pick, plain

YES, NO = N_("Yes"), N_("No")


def cell(field: Field, value: Any, labels: dict[str, str], language: str, zone: ZoneInfo) -> Any:
    """One value: a number, a day, a moment in the outlet's time, or a text. Nothing of nothing."""
    if value in (None, "", [], {}):
        return None
    kind = field.kind
    if kind in ("number", "money", "percentage", "duration"):
        return value / 10**field.decimals if field.decimals else value
    if kind == "day":
        return date.fromisoformat(value)
    if kind == "moment":
        return datetime.fromisoformat(value).astimezone(zone).replace(tzinfo=None, microsecond=0)
    if kind == "yes_no":
        return translate(YES if value else NO, language)
    if kind == "choice":
        return translate(dict(field.choices).get(value, value), language)
    if kind in LINKS:
        return labels.get(value, "")
    if kind == "links":
        return ", ".join(labels.get(one, "") for one in value)
    if kind == "words":
        return plain(pick(value, language)) if field.rich else pick(value, language)
    if kind == "period":
        return value.replace("/", " – ").rstrip(" –")
    if kind in ("address", "coordinates"):
        return ", ".join(str(part) for part in value.values())
    if kind in ("files", "document"):
        return str(len(value))
    return str(value)


def number_format(field: Field) -> str | None:
    """How a spreadsheet shows a typed cell."""
    if field.kind == "moment":
        return "yyyy-mm-dd hh:mm:ss"
    if field.kind == "day":
        return "yyyy-mm-dd"
    return "0." + "0" * field.decimals if field.decimals else None


def as_text(value: Any, field: Field) -> str:
    """A cell on paper and in CSV."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.{field.decimals}f}"
    return str(value)
