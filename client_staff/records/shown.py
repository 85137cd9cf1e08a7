"""A field's value as the reader reads it: in lists, history, comparison, print and on the clipboard. No widgets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from common.records import Field, RecordFacts
from common.records.field import LINKS, WHOLE
from common.text import N_, _, formats
from common.text.direction import number as in_order
from common.text.words import pick, plain

NOTHING = "–"
ADDRESS = {
    "country": N_("Country"),
    "region": N_("Region"),
    "city": N_("Town"),
    "street": N_("Street"),
    "house": N_("House"),
    "flat": N_("Flat"),
    "postcode": N_("Postcode"),
}
STAMPS = {
    "created_at": N_("Made"),
    "created_by": N_("Made by"),
    "changed_at": N_("Changed"),
    "changed_by": N_("Changed by"),
    "deleted_at": N_("Deleted"),
    "attachment": N_("File"),
}


class Reader:
    """How one person reads values: the hall's time zone and the names that links lead to."""

    def __init__(self) -> None:
        self.zone = "UTC"
        self.labels: dict[str, str] = {}

    def text(self, field: Field, value: Any) -> str:
        """The value in one line; a dash for nothing."""
        if value is None or value in ("", {}, []):
            return NOTHING
        try:
            return self._text(field, value)
        except (TypeError, ValueError, KeyError, ArithmeticError):
            # Of a newer server: shown as it came, rather than not at all.
            return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

    def _text(self, field: Field, value: Any) -> str:
        kind = field.kind
        if kind in WHOLE:
            return self._whole(field, value)
        if kind in LINKS:
            return self.labels.get(str(value)) or _("hidden from you")
        if kind == "links":
            return formats.listing([self.labels.get(str(one)) or _("hidden from you") for one in value])
        if kind == "words":
            text = pick(value) if isinstance(value, dict) else str(value)
            return plain(text) if field.rich else text
        if kind == "choice":
            return dict(field.choices).get(value, str(value))
        if kind == "yes_no":
            return _("Yes") if value else _("No")
        if kind == "day":
            return formats.date(date.fromisoformat(value))
        if kind == "moment":
            return formats.date_time(datetime.fromisoformat(value), self.zone)
        if kind == "time":
            return formats.clock(value)
        if kind == "period":
            return _period(value)
        if kind == "rich_text":
            return plain(value)
        if kind == "image":
            return _("Picture")
        if kind == "files":
            return formats.number(len(value))
        if kind == "address":
            return formats.listing([value[part] for part in ADDRESS if value.get(part)])
        if kind == "coordinates":
            return in_order(f"{value['latitude']:.5f}, {value['longitude']:.5f}")
        if kind in ("text", "long_text", "email", "id"):
            return str(value)
        if kind in ("phone", "identity_number"):
            return in_order(str(value))
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

    def _whole(self, field: Field, value: int) -> str:
        if field.kind == "duration":
            return formats.duration(value)
        if field.kind == "percentage":
            return formats.percent(Decimal(value) / 10_000, field.decimals)
        decimals = field.decimals if field.kind == "money" else field.decimals or None
        shown = formats.number(Decimal(value).scaleb(-field.decimals), decimals)
        return f"{shown} {field.unit}" if field.unit and field.kind == "number" else shown

    def title(self, facts: RecordFacts, values: Mapping[str, Any]) -> str:
        """What one record is called."""
        parts = []
        for name in facts.title:
            field = facts.field(name)
            if field is not None and values.get(name) not in (None, "", {}):
                parts.append(self.text(field, values[name]))
        return " ".join(parts) or facts.label

    def moment(self, text: str | None) -> str:
        """A moment that travelled as text."""
        return formats.date_time(datetime.fromisoformat(text), self.zone) if text else NOTHING


def figures(field: Field) -> bool:
    """Whether it stands at the end of its column, as figures do."""
    return field.kind in WHOLE


def label_of(facts: RecordFacts, name: str) -> str:
    """What a field, or a stamp that every record has, is called."""
    field = facts.field(name)
    if field is not None:
        return field.label
    return _(STAMPS[name]) if name in STAMPS else name


def _period(value: str) -> str:
    first, _stroke, last = value.partition("/")
    begin = formats.date(date.fromisoformat(first))
    if not last:
        return _("from {day}").format(day=begin)
    return _("{begin} to {end}").format(begin=begin, end=formats.date(date.fromisoformat(last)))
