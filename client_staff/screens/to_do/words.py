"""What the list says of lights, dates, steps and ledgers; pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from common.protocol.deadlines import DeadlineView, LedgerLine
from common.text import N_, _, formats, ngettext
from common.text.words import pick

TONES = {"green": "good", "yellow": "warn", "red": "bad", "stopped": "off", "none": "off"}
"""Of a light the tone of `Light`: disc, triangle, octagon, ring."""
INKS = {"green": "good_strong", "yellow": "warn_strong", "red": "bad_strong", "stopped": "ink_2", "none": "ink_2"}
SHAPES = {"green": "check_round", "yellow": "warning", "red": "octagon", "stopped": "pause", "none": ""}
LIGHTS = {
    "red": N_("Overdue"), "yellow": N_("Near"), "green": N_("On time"), "stopped": N_("Clock stopped"), "none": N_("No term"),
}  # fmt: skip
DAY_KINDS = {
    "worked": N_("Working day"),
    "short": N_("Short day"),
    "make_up": N_("Worked although free"),
    "holiday": N_("Holiday"),
    "weekend": N_("Free by the week"),
    "no_calendar": N_("No calendar"),
    "first": N_("Day of the start"),
    "paused": N_("Clock stopped"),
    "": N_("not in the count"),
}
EVENTS = {
    "started": N_("Begun"), "stopped": N_("Clock stopped"), "resumed": N_("Goes on"), "extended": N_("Extended"),
    "shared": N_("Shared anew"), "strained": N_("Too little time for what is to come"),
    "recounted": N_("Counted anew"), "not_counted": N_("Could not be counted anew"), "yellow": N_("Nearly due"),
    "red": N_("Overdue"), "met": N_("Met"), "late": N_("Ended late"), "cancelled": N_("No longer needed"),
}  # fmt: skip
SAID = {
    "start": N_("Submitted"), "approve": N_("Approved"), "return": N_("Returned"), "refuse": N_("Refused"),
    "withdraw": N_("Withdrawn"), "transfer": N_("Handed on"), "ask": N_("Asked for an opinion"), "give": N_("Opinion"),
    "supervise": N_("Supervised"), "urge": N_("Urged"),
}  # fmt: skip
CASE_STATES = {
    "running": N_("Under way"), "approved": N_("Approved"), "rejected": N_("Rejected"), "withdrawn": N_("Withdrawn"),
    "cancelled": N_("Cancelled"),
}  # fmt: skip


def named(words: Mapping[str, str], name: str) -> str:
    """What a state or kind is called; itself where this program does not know it yet."""
    return _(words[name]) if name in words else name


def light_now(item: Any, now: datetime) -> str:
    """The light of a row at a moment: it turns at its two instants by itself."""
    if item.due_at is None:
        return "none"
    if item.red_at is None or item.yellow_at is None:
        return "stopped"
    return "red" if now >= item.red_at else "yellow" if now >= item.yellow_at else "green"


def due_words(item: Any, now: datetime, zone: Any) -> str:
    """When something is due, as one says it: today with the hour, overdue by days, else the date."""
    if item.due_at is None:
        return _("No term")
    # What ends at midnight ends with the day before.
    due = formats.local(item.due_at - timedelta(seconds=1), zone).date()
    today = formats.local(now, zone).date()
    if light_now(item, now) == "stopped":
        return _("Clock stopped")
    if now >= item.due_at:
        days = (today - due).days
        if days:
            return ngettext("Overdue {count} day", "Overdue {count} days", days).format(count=formats.number(days))
        return _("Overdue since {time}").format(time=formats.time(item.due_at, zone))
    if due == today:
        return _("Today {time}").format(time=formats.time(item.due_at, zone))
    return formats.date(due)


def term_words(deadline: DeadlineView) -> str:
    """A term as one says it."""
    count, n = formats.number(deadline.amount), deadline.amount
    if deadline.unit == "days":
        if deadline.working:
            return ngettext("{count} working day", "{count} working days", n).format(count=count)
        return ngettext("{count} calendar day", "{count} calendar days", n).format(count=count)
    seconds = n * {"hours": 3600, "minutes": 60}.get(deadline.unit, 1)
    length = formats.duration(seconds)
    return _("{length} of working time").format(length=length) if deadline.working else length


def line_words(line: LedgerLine) -> str:
    """Why a day counted as it did."""
    kind = _("Day of the start, not counted") if line.first else named(DAY_KINDS, line.kind)
    parts = [kind, pick(line.name)]
    if line.paused:
        parts.append(_("stopped for {length}").format(length=formats.duration(line.paused)))
    return ", ".join(part for part in parts if part)


def figure(value: float) -> str:
    """A count of days or hours."""
    return formats.number(value, 0 if float(value).is_integer() else 2)


def value_words(value: Any) -> str:
    """A value of a form before or after a change."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, int | float):
        return formats.number(value)
    if isinstance(value, list):
        return formats.listing([value_words(one) for one in value])
    return str(value)
