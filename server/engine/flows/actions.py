"""Verbs on steps and cases. None needs a permission but supervising: whoever holds a step may act on it, in his own name, as a
substitute, or by a mandate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from common.protocol.flows import (
    Acted,
    Approve,
    AskOpinion,
    GiveOpinion,
    OnCase,
    Reject,
    Return,
    Sign,
    Transfer,
    Urge,
)
from common.text import N_
from server.engine.access.sign_in import verify_password
from server.engine.actions.declare import action
from server.engine.actions.work import Work
from server.engine.errors import refusal
from server.engine.flows import binding, filling
from server.engine.flows.access import SUPERVISE
from server.engine.flows.definition import START
from server.engine.flows.loaders import FILE, OPEN_STEPS
from server.engine.flows.public import note_change
from server.engine.flows.records import CaseOpinion, CaseStep, CaseUrge
from server.engine.flows.running import Running, at_step, firm
from server.engine.ports import ports

NOT_YOURS = refusal(
    "flows.not_yours", N_("This step waits for somebody else. Only whoever holds it can act on it."), 403
)
NOT_HERE = refusal("flows.not_here", N_("That cannot be done at this step."), 422)
NO_WAY_BACK_NODE = refusal(
    "flows.cannot_return", N_("The case cannot go back to that step from here. Choose an earlier one."), 422
)
SIGN_NEEDED = refusal("flows.sign_needed", N_("This step wants your signature. Sign it."), 422)
WRONG_PIN = refusal("flows.wrong_pin", N_("The PIN is wrong. Type it again."), 422)
NO_PIN = refusal("flows.no_pin", N_("You have no PIN yet. Set one on your own page, then sign."), 422)
NOT_DRAWN = refusal("flows.not_drawn", N_("Draw your signature first."), 422)
NOT_APPLICANT = refusal("flows.not_applicant", N_("Only whoever submitted this case can withdraw it."), 403)
CANNOT_ACT = refusal(
    "flows.cannot_act", N_("This person cannot act now: locked, gone or on leave. Choose somebody else."), 422
)
NOBODY_TO_URGE = refusal("flows.nobody_to_urge", N_("Nothing of this case waits for anybody."))
NOT_CONCERNED = refusal("flows.not_concerned", N_("Only whoever submitted this case or took part in it can urge."), 403)


def _mine(work: Work, step_id: UUID, *, opinions: bool = False) -> tuple[Running, Any, UUID | None]:
    """The case and step in the hands of whoever acts, and in whose place."""
    running, row = at_step(work, step_id)
    holds, instead = binding.instead(binding.hands(work), row)
    if not holds:
        work.refuse("flows.not_yours")
    if row.kind not in (("opinion",) if opinions else ("step", "countersign")):
        work.refuse("flows.not_here")
    return running, row, instead


def _say(
    work: Work, row: Any, kind: str, opinion: str, instead: UUID | None = None, to: UUID | None = None, **signature: Any
) -> None:
    work.insert(
        CaseOpinion, audited=False, case_id=row.case_id, step_id=row.id, kind=kind, opinion=opinion.strip() or None,
        person_id=work.who.id, for_person_id=instead, to_person_id=to, **signature,
    )  # fmt: skip


def _acted(work: Work, running: Running) -> Acted:
    rows = work.rows(OPEN_STEPS, in_case=running.case.id)
    return Acted(case_id=running.case.id, state=running.case.state, open=[row.id for row in rows])


def _fill(work: Work, running: Running, row: Any, values: Mapping[str, Any]) -> None:
    where = running.node(row.node)
    for field, value in filling.taken(work, running.definition, where, running.content, values).items():
        note_change(work, running, row.id, field, value)
        running.content[field] = value


def _approve(work: Work, running: Running, row: Any, instead: UUID | None, request: Approve, **signature: Any) -> Acted:
    _fill(work, running, row, request.values)
    running.chosen = dict(request.chosen)
    _say(work, row, "start" if row.node == START else "approve", request.opinion, instead, **signature)
    running.done(running.close(row, "approved", instead), approved=True)
    return _acted(work, running)


@action("flows.approve", needs=None, input=Approve, output=Acted)
def approve(work: Work, request: Approve) -> Acted:
    """Approve at a step, or submit again a case that was returned (COR-I07)."""
    running, row, instead = _mine(work, request.step_id)
    if running.node(row.node).signature:
        work.refuse("flows.sign_needed")
    return _approve(work, running, row, instead, request)


def _pin_checked(engine: Any, who: Any, request: Sign) -> bool | None:
    """Whether the PIN is right; nothing where there is none to compare with. In a thread of its own: it hashes."""
    with engine.store.reading() as connection:
        kept = ports.holding.pin_of(connection, who.id)
    return verify_password(kept, request.pin) if kept else None


@action("flows.sign", needs=None, input=Sign, output=Acted, prepare=_pin_checked)
def sign(work: Work, request: Sign) -> Acted:
    """Approve with a signature, where the step wants one (SVD-041)."""
    running, row, instead = _mine(work, request.step_id)
    wanted = running.node(row.node).signature
    if not wanted:
        work.refuse("flows.not_here")
    if wanted == "pin":
        if work.prepared is None:
            work.refuse("flows.no_pin")
        if not work.prepared:
            work.refuse("flows.wrong_pin")
    elif request.drawn_file is None or work.first(FILE, in_file=request.drawn_file) is None:
        work.refuse("flows.not_drawn")
    picture = request.drawn_file if wanted == "drawn" else None
    return _approve(work, running, row, instead, request, signed=wanted, signature_file=picture)


@action("flows.reject", needs=None, input=Reject, output=Acted)
def reject(work: Work, request: Reject) -> Acted:
    """Refuse at a step: the case is rejected, or goes on as the flow says."""
    running, row, instead = _mine(work, request.step_id)
    if row.node == START or not running.node(row.node).may_refuse:
        work.refuse("flows.not_here")
    _say(work, row, "refuse", request.opinion, instead)
    running.done(running.close(row, "refused", instead), approved=False)
    return _acted(work, running)


@action("flows.return_", needs=None, input=Return, output=Acted)
def return_(work: Work, request: Return) -> Acted:
    """Send a case back to an earlier step (OFF-033)."""
    running, row, instead = _mine(work, request.step_id)
    earlier = list(running.machine.earlier(row.task))
    if row.node == START or not running.node(row.node).may_return:
        work.refuse("flows.not_here")
    if (request.node and request.node not in earlier) or not earlier:
        work.refuse("flows.cannot_return")
    _say(work, row, "return", request.opinion, instead)
    running.back(row, request.node or earlier[0], instead)
    return _acted(work, running)


@action("flows.withdraw", needs=None, input=OnCase, output=Acted)
def withdraw(work: Work, request: OnCase) -> Acted:
    """Take back a case that one submitted oneself."""
    running = firm(work, request.case_id)
    if work.who.id not in (running.case.applicant_id, running.case.created_by):
        work.refuse("flows.not_applicant")
    work.insert(
        CaseOpinion, audited=False, case_id=running.case.id, kind="withdraw", opinion=request.opinion.strip() or None,
        person_id=work.who.id,
    )  # fmt: skip
    running.end("withdrawn")
    return _acted(work, running)


def _fit_to_act(work: Work, person: UUID) -> None:
    if not ports.holding.active(work.connection, person, binding.today(work)):
        work.refuse("flows.cannot_act", person=str(person))


@action("flows.transfer", needs=None, input=Transfer, output=Acted)
def transfer(work: Work, request: Transfer) -> Acted:
    """Hand a step on to somebody else; its due date stays. Supervisors may hand on any step."""
    running, row = at_step(work, request.step_id)
    holds, instead = binding.instead(binding.hands(work), row)
    supervises = work.may(SUPERVISE)
    if not holds and not supervises:
        work.refuse("flows.not_yours")
    if row.kind not in ("step", "countersign") or not (supervises or running.node(row.node).may_transfer):
        work.refuse("flows.not_here")
    _fit_to_act(work, request.person_id)
    _say(work, row, "transfer", request.opinion, instead, to=request.person_id)
    changed = work.change(
        CaseStep, row, person_id=request.person_id, post_id=None, role_id=None, sender_id=work.who.id, facts=None
    )
    running.opened(changed)
    return _acted(work, running)


@action("flows.ask_opinion", needs=None, input=AskOpinion, output=Acted)
def ask_opinion(work: Work, request: AskOpinion) -> Acted:
    """Ask others for an opinion; the step stays with whoever holds it."""
    running, row, instead = _mine(work, request.step_id)
    for person in dict.fromkeys(request.people):
        _fit_to_act(work, person)
        _say(work, row, "ask", request.opinion, instead, to=person)
        asked = work.insert(
            CaseStep, case_id=row.case_id, flow_id=row.flow_id, node=row.node, name=row.name, kind="opinion", task=row.task,
            opened_at=work.now, person_id=person, sender_id=work.who.id, due_at=row.due_at, yellow_at=row.yellow_at,
            red_at=row.red_at,
        )  # fmt: skip
        running.opened(asked)
    return _acted(work, running)


@action("flows.give_opinion", needs=None, input=GiveOpinion, output=Acted)
def give_opinion(work: Work, request: GiveOpinion) -> Acted:
    """Give the opinion that one was asked for."""
    running, row, instead = _mine(work, request.step_id, opinions=True)
    _say(work, row, "give", request.opinion, instead)
    running.close(row, "answered", instead)
    return _acted(work, running)


def _remind(work: Work, request: Urge, kind: str) -> Acted:
    running = firm(work, request.case_id)
    waiting = [row for row in running.open_steps() if row.kind != "timer" and request.step_id in (None, row.id)]
    if not waiting:
        work.refuse("flows.nobody_to_urge")
    people = list(dict.fromkeys(one for row in waiting for one in binding.people_of(work, row)))
    work.insert(
        CaseUrge, audited=False, case_id=running.case.id, step_id=request.step_id, kind=kind,
        message=request.message.strip() or None, people=[str(one) for one in people], person_id=work.who.id,
    )  # fmt: skip
    for person in people:
        work.notify("flows", "urged", case=running.case.id, person=person)
    return _acted(work, running)


@action("flows.urge", needs=None, input=Urge, output=Acted)
def urge(work: Work, request: Urge) -> Acted:
    """Urge whoever holds the open steps; who urged whom and when is kept (SM-URGE)."""
    from server.engine.flows.readings import concerned

    if not concerned(work, request.case_id):
        work.refuse("flows.not_concerned")
    return _remind(work, request, "urge")


@action("flows.supervise", needs=SUPERVISE, input=Urge, output=Acted)
def supervise(work: Work, request: Urge) -> Acted:
    """A supervisor's word to whoever holds the open steps (SM-URGE)."""
    return _remind(work, request, "supervise")


@action("flows.cancel", needs=SUPERVISE, input=OnCase, output=Acted)
def cancel_case(work: Work, request: OnCase) -> Acted:
    """Take a case out of its flow for good."""
    running = firm(work, request.case_id)
    work.insert(
        CaseOpinion, audited=False, case_id=running.case.id, kind="supervise", opinion=request.opinion.strip() or None,
        person_id=work.who.id,
    )  # fmt: skip
    running.end("cancelled")
    return _acted(work, running)
