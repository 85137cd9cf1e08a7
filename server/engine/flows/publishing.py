"""Whether a definition can be published in this hall: what its drawing lacks, and whether posts, roles, forms and calendars that it
names are there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from common.protocol.calendar import AtPlace
from common.protocol.flows import FindingCard
from common.protocol.messages import LANGUAGES
from common.text import N_, translate
from server.engine.actions.work import Work
from server.engine.calendars.deadlines import Term, reckon
from server.engine.calendars.working_time import NoWorkingTime
from server.engine.errors import refusal
from server.engine.events import Question
from server.engine.flows.automatic import AUTOMATIC
from server.engine.flows.binding import today
from server.engine.flows.checks import SENTENCES, Finding, found
from server.engine.flows.definition import Definition, FlowTerm, Holder
from server.engine.ports import ports

UNREADABLE = refusal("flows.unreadable", N_("This is no definition of a flow: {why}."), 422)


class FormStands(Question):
    """Whether a form exists in a version; asked before a flow that names it is published."""

    form: str
    version: int | None


def read(work: Work, given: dict[str, Any]) -> Definition:
    """A definition out of what was sent; refuses what is none."""
    try:
        return Definition.model_validate(given)
    except ValidationError as failure:
        first = failure.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        work.refuse("flows.unreadable", why=f"{where}: {first['msg']}"[:300])


def findings(work: Work, definition: Definition) -> list[Finding]:
    """Everything that keeps a definition from being published."""
    return [*found(definition), *_of_hall(work, definition)]


def _of_hall(work: Work, definition: Definition) -> Iterator[Finding]:
    for node in definition.nodes:
        for holder in [*node.seats, *([node.holder] if node.holder is not None else [])]:
            yield from _holder(work, node.id, holder)
        if node.kind == "automatic" and node.does not in AUTOMATIC:
            yield Finding("unknown_automatic", node=node.id, facts={"does": node.does})
        if node.form and not work.ask(FormStands(form=node.form, version=node.form_version), False):
            yield Finding("form_gone", node=node.id, facts={"form": node.form, "version": node.form_version or ""})
        if node.term is not None and not _countable(work, node.term):
            yield Finding("no_calendar", node=node.id)
    if definition.term is not None and not _countable(work, definition.term):
        yield Finding("no_calendar")


def _holder(work: Work, node: str, holder: Holder) -> Iterator[Finding]:
    if holder.by == "post" and holder.post is not None:
        name = ports.holding.post_name(work.connection, holder.post)
        if name is None:
            yield Finding("post_gone", node=node)
        elif not ports.holding.on_post(work.connection, holder.post, today(work)):
            yield Finding("post_empty", node=node, facts={"name": name})
    if holder.by == "role" and holder.role is not None:
        name = ports.holding.role_name(work.connection, holder.role)
        if name is None:
            yield Finding("role_gone", node=node)
        elif not ports.holding.with_role(work, holder.role):
            yield Finding("role_empty", node=node, facts={"name": name})


def _countable(work: Work, term: FlowTerm) -> bool:
    try:
        timeline = ports.calendars.timeline(work, AtPlace())
        reckon(timeline, work.now.replace(microsecond=0), Term(term.amount, term.unit, term.working, term.free_end))
    except NoWorkingTime:
        return False
    return True


def card(finding: Finding) -> FindingCard:
    """A finding as it travels, its sentence in all languages."""
    return FindingCard(
        code=finding.code, node=finding.node, edge=finding.edge, facts=dict(finding.facts),
        said={code: _said(finding, code) for code in LANGUAGES}, row=finding.row, column=finding.column,
        start=finding.problem.start if finding.problem else None, end=finding.problem.end if finding.problem else None,
    )  # fmt: skip


def _said(finding: Finding, language: str) -> str:
    def say(text: str) -> str:
        return translate(text, language)

    facts = {
        name: (value.get(language) or value.get("en") or "") if isinstance(value, dict) else value
        for name, value in finding.facts.items()
    }
    sentence = say(SENTENCES[finding.code]).format(**facts)
    return f"{sentence} {finding.problem.said(say)}" if finding.problem is not None else sentence
