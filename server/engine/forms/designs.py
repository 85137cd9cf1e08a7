"""Definitions as they are stored and as programs are given them; what a form is about."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pydantic import ValidationError

from common.forms.check import Finding, checked_form
from common.forms.definition import DEEPEST, Choice, Element, FormDefinition
from common.protocol.forms import FormFinding
from common.text import N_, translate
from server.engine.actions.work import Work
from server.engine.errors import refusal
from server.engine.events import Question
from server.engine.forms.loaders import ENTRIES, FORM_BY_CODE, VERSION, VERSIONS
from server.engine.forms.look_ups import LOOK_UPS
from server.engine.ports import ports

UNREADABLE = refusal("forms.unreadable", N_("This is no definition of a form: {why}."), 422)
UNKNOWN = refusal("forms.unknown", N_("There is no form “{form}”. Refresh the list."), 404)
NO_VERSION = refusal("forms.no_version", N_("This form has no such version."), 404)
NOT_PUBLISHED = refusal("forms.not_published", N_("The form “{form}” is not published yet. Publish it first."))


class ContextOf(Question):
    """What is known of the applicant and the service of what a form is about; answered with values by the names of
    `common.forms.definition.CONTEXT`."""

    about: str
    about_id: UUID | None


def read(work: Work, given: dict[str, Any]) -> FormDefinition:
    """A definition out of what was sent; refuses what is none."""
    try:
        definition = FormDefinition.model_validate(given)
    except ValidationError as failure:
        first = failure.errors()[0]
        why = f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
        work.refuse("forms.unreadable", why=why[:300])
    if any(len(above) > DEEPEST for _, above in definition.walk()):
        work.refuse("forms.unreadable", why=f"nested more than {DEEPEST} deep")
    return definition


def findings(work: Work, definition: FormDefinition) -> list[Finding]:
    """What keeps a definition from being published here, and remarks."""
    return checked_form(_with_dictionaries(work, definition, gone=False), LOOK_UPS)


def card(finding: Finding, language: str) -> FormFinding:
    """A finding as it travels."""
    problem = finding.problem
    return FormFinding(
        element=finding.element, part=finding.part, code=problem.code, start=problem.start, end=problem.end,
        says=finding.said(lambda text: translate(text, language)), remark=finding.remark,
    )  # fmt: skip


def form_of(work: Work, code: str) -> Any:
    """A form by its code; refuses when there is none."""
    row = work.first(FORM_BY_CODE, in_code=code)
    if row is None:
        work.refuse("forms.unknown", form=code)
    return row


def version_of(work: Work, form: Any, number: int | None) -> Any:
    """The version of a number, else the one in use; refuses drafts and what is not there."""
    if number is None and not form.current:
        work.refuse("forms.not_published", form=form.code)
    row = work.first(VERSION, in_form=form.id, in_number=number or form.current)
    if row is None or row.state == "draft":
        work.refuse("forms.no_version")
    return row


def newest(work: Work, form: Any) -> Any:
    """The draft, else the newest version."""
    return work.rows(VERSIONS, in_form=form.id)[-1]


def definition_of(work: Work, version: Any, *, gone: bool = False) -> FormDefinition:
    """A stored version with its dictionaries' entries as choices; `gone` adds those that cannot be chosen any more, for
    answers that were given with them."""
    return _with_dictionaries(work, FormDefinition.model_validate(version.definition), gone=gone)


def context_of(work: Work, about: str, about_id: UUID | None) -> dict[str, Any]:
    """What a form's expressions and defaults may name: the business day, and what modules know."""
    place = ports.places.main(work.connection)
    today = place.business_day(work.now) if place is not None else work.now.date()
    return {"today": today.isoformat(), **work.ask(ContextOf(about=about, about_id=about_id), {})}


def _with_dictionaries(work: Work, definition: FormDefinition, *, gone: bool) -> FormDefinition:
    if not any(element.dictionary for element, _ in definition.walk()):
        return definition
    return definition.model_copy(update={"elements": [_filled(work, one, gone) for one in definition.elements]})


def _filled(work: Work, element: Element, gone: bool) -> Element:
    changes: dict[str, Any] = {}
    if element.elements:
        changes["elements"] = [_filled(work, one, gone) for one in element.elements]
    if element.dictionary:
        rows = work.rows(ENTRIES, in_code=element.dictionary)
        codes = {row.id: row.code for row in rows}
        changes["choices"] = [
            Choice(
                code=row.code,
                label=row.name,
                parent=codes.get(row.parent_id, "") if element.kind == "cascade" and row.parent_id else "",
            )
            for row in rows
            if gone or (row.in_use and row.deleted_at is None)
        ]
    return element.model_copy(update=changes) if changes else element
