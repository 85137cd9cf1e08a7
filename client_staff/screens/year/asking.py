"""Dialogs of the working calendar: a country's holidays, the usual week, a new calendar. Each gives what it did in a sentence,
nothing when it was cancelled; raises Refusal and Offline where no dialog is open."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QDialog, QWidget

from client_staff.records.actions import AskDialog
from client_staff.records.desk import RecordDesk
from client_staff.screens.year.week import WeekDialog
from common.link import Offline, Refusal, new_key
from common.protocol.calendar import DayChanges, SeedCalendar
from common.qt import dialogs
from common.records import Field
from common.text import N_, _, formats
from common.text.words import pick

COUNTRIES = (("CN", N_("China")), ("RU", N_("Russia")), ("IR", N_("Iran")))
ACCEPTED = QDialog.DialogCode.Accepted.value


async def fill(parent: QWidget, desk: RecordDesk, calendar: dict[str, Any], years: list[int]) -> str:
    """A country's holidays as a proposal: first what it would change, then, when that is wanted, the change."""
    choices = tuple((code, _(words)) for code, words in COUNTRIES)
    field = Field("choice", _("Country"), name="country", choices=choices, default=calendar.get("country") or None)
    title = _("Fill {year} from a country").format(year=formats.digits(" / ".join(str(one) for one in years)))
    dialog = AskDialog(parent, desk, title, [field], _("Propose"))
    accepted = await dialogs.open(dialog, keep=True) == ACCEPTED
    country = str((dialog.values() or {}).get("country") or "") if accepted else ""
    dialog.deleteLater()
    if not accepted:
        return ""
    asked = [SeedCalendar(calendar_id=calendar["id"], year=one, country=country) for one in years]
    told = [await desk.link.act("organisation.seed_calendar", one, DayChanges) for one in asked]
    items = [one.change for found in told for one in found.items]
    new, kept, gone = sum(c in ("new", "changed") for c in items), items.count("kept"), items.count("removed")
    if not new and not gone:
        return _("The calendar holds these days already.")
    sentence = _(
        "{new} days would be set, {kept} that were set by hand stay, {gone} that are proposed no more go. "
        "What is decreed late may be missing: look the list over afterwards."
    ).format(new=formats.number(new), kept=formats.number(kept), gone=formats.number(gone))
    if not await dialogs.ask(parent, title, sentence, _("Fill"), _("Leave it")):
        return ""
    for one in asked:
        await desk.link.act("organisation.seed_calendar", one.model_copy(update={"dry_run": False}), DayChanges)
    return _("Filled. Change what the decree says otherwise.")


async def week(parent: QWidget, desk: RecordDesk, calendar: dict[str, Any]) -> str:
    """The hours of the usual week."""
    dialog = WeekDialog(parent, pick(calendar["name"]), calendar.get("week") or {})
    said = ""
    while not said and await dialogs.open(dialog, keep=True) == ACCEPTED:
        try:
            await desk.link.records.edit(
                "working_calendar", calendar["id"], {"week": dialog.week()}, version=calendar.get("version")
            )
            said = _("Saved.")
        except (Refusal, Offline) as why:
            dialog.banner.say(why.sentence, "bad")
    dialog.deleteLater()
    return said


async def new(parent: QWidget, desk: RecordDesk) -> str:
    """A calendar with the week of an office."""
    facts = desk.schema.record("working_calendar")
    fields = [facts.field(name) for name in ("name", "country", "main")] if facts is not None else []
    dialog = AskDialog(parent, desk, _("New calendar"), [one for one in fields if one is not None], _("Add"))
    key, said = new_key(), ""
    while not said and await dialogs.open(dialog, keep=True) == ACCEPTED:
        try:
            await desk.link.records.create("working_calendar", dialog.values() or {}, key=key)
            said = _("Saved.")
        except (Refusal, Offline) as why:
            dialog.refuse(why)
            key = new_key() if isinstance(why, Refusal) else key
    dialog.deleteLater()
    return said
