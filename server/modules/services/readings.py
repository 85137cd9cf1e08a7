"""What the guided first set-up reads of services."""

from __future__ import annotations

from common.protocol.messages import Nothing
from common.protocol.setup import CheckedSheet, InLanguage, SetUpServices, Sheet, SheetFile, TemplateHalls
from server.engine.actions.declare import reading
from server.engine.actions.work import Work
from server.modules.services import setup as standing
from server.modules.services import sheet
from server.modules.services.access import EDIT
from server.modules.services.rules import judged
from server.modules.services.templates import template_halls


@reading("services.templates", needs=EDIT, input=Nothing, output=TemplateHalls)
def templates(work: Work, request: Nothing) -> TemplateHalls:
    """The halls to begin with, the smallest first."""
    return template_halls()


@reading("services.setup", needs=EDIT, input=Nothing, output=SetUpServices)
def setup(work: Work, request: Nothing) -> SetUpServices:
    """All sections and services with the windows that accept them."""
    return standing.standing(work)


@reading("services.check_sheet", needs=EDIT, input=Sheet, output=CheckedSheet)
def check_sheet(work: Work, request: Sheet) -> CheckedSheet:
    """What a sheet would bring, and every row that cannot be taken with its reason; nothing is saved."""
    rows, faults = sheet.read(request)
    good, more = judged(rows, standing.labels(work))
    would = standing.merged(SetUpServices(), good)
    return CheckedSheet(services=would.services, bad=[sheet.bad_row(one, request.language) for one in [*faults, *more]])


@reading("services.sheet_template", needs=EDIT, input=InLanguage, output=SheetFile)
def sheet_template(work: Work, request: InLanguage) -> SheetFile:
    """An Excel file to fill in, with the services that are there already."""
    present = standing.standing(work)
    rows: list[dict[tuple[str, str], str]] = []
    for one in present.services:
        section = present.sections[one.section].name if one.section is not None else {}
        row = {
            ("prefix", ""): one.prefix,
            ("section", ""): section.get(request.language) or next(iter(section.values()), ""),
            ("minutes", ""): str(one.minutes),
            ("windows", ""): ", ".join(one.windows),
        }
        row.update({("name", code): text for code, text in one.name.items()})
        row.update({("description", code): text for code, text in one.description.items()})
        rows.append(row)
    return sheet.written(rows, request.language)
