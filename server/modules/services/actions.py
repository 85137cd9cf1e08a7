"""The verbs of services in the first set-up: making them what they shall be, and taking them from a sheet."""

from __future__ import annotations

from typing import Any

from common.protocol.setup import ImportSheet, SetUpServices
from common.text import N_
from server.engine.actions.declare import action
from server.engine.actions.work import Work
from server.engine.errors import refusal
from server.modules.organisation.public import outlet_in_setup, passed
from server.modules.services import setup, sheet
from server.modules.services.access import EDIT
from server.modules.services.rules import PREFIX, SheetRow, judged

TWICE = refusal(
    "services.prefix_twice", N_("The prefix {prefix} is used twice. Numbers must tell services apart."), 422
)
NAME_NEEDED = refusal("services.name_needed", N_("The service {prefix} has no name."), 422)
NO_WINDOW = refusal("services.window_unknown", N_("There is no window {label} in this hall."), 422)
NO_SECTION = refusal(
    "services.section_unknown", N_("The service {prefix} belongs to a section that is not there."), 422
)


def _alone(request: Any) -> list[tuple[str, str]]:
    return [("setup", "hall")]


@action("services.set_up", needs=EDIT, input=SetUpServices, output=SetUpServices, locks=_alone)
def set_up(work: Work, request: SetUpServices) -> SetUpServices:
    """Make sections, services and their windows what is named; what is not named goes."""
    outlet = outlet_in_setup(work)
    _checked(work, request)
    return _saved(work, outlet, request)


def _read_aside(engine: Any, who: Any, request: ImportSheet) -> tuple[list[SheetRow], list[Any]]:
    """Reading a workbook takes longer than the writer may be held."""
    return sheet.read(request)


@action("services.import_sheet", needs=EDIT, input=ImportSheet, output=SetUpServices, locks=_alone, prepare=_read_aside)
def import_sheet(work: Work, request: ImportSheet) -> SetUpServices:
    """Take services from a sheet: all of it or, when told so, only its good rows."""
    outlet = outlet_in_setup(work)
    rows, faults = work.prepared
    good, more = judged(rows, setup.labels(work))
    faults = [*faults, *more]
    if faults and not request.only_good:
        bad = [sheet.bad_row(fault, request.language) for fault in faults]
        work.refuse("services.sheet_wrong", count=len({one.row for one in bad}), rows=[b.model_dump() for b in bad])
    if not good:
        work.refuse("services.sheet_empty")
    return _saved(work, outlet, setup.merged(setup.standing(work), good))


def _checked(work: Work, request: SetUpServices) -> None:
    known = set(setup.labels(work))
    seen: set[str] = set()
    for one in request.services:
        if not PREFIX.fullmatch(one.prefix):
            work.refuse("services.prefix_wrong")
        if one.prefix in seen:
            work.refuse("services.prefix_twice", prefix=one.prefix)
        seen.add(one.prefix)
        if not any(text.strip() for text in one.name.values()):
            work.refuse("services.name_needed", prefix=one.prefix)
        if one.section is not None and not 0 <= one.section < len(request.sections):
            work.refuse("services.section_unknown", prefix=one.prefix)
        for label in one.windows:
            if label not in known:
                work.refuse("services.window_unknown", label=label)
    for section in request.sections:
        if not any(text.strip() for text in section.name.values()):
            work.refuse("organisation.name_needed")


def _saved(work: Work, outlet: Any, wanted: SetUpServices) -> SetUpServices:
    setup.put(work, wanted)
    if not wanted.draft:
        passed(work, outlet, "services")
    work.notify("services", "changed")
    work.notify("organisation", "changed", type="outlet", id=outlet.id)
    return setup.standing(work)
