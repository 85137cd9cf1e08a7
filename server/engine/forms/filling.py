"""Filling forms in: opened with what is known, kept as a draft, sent, read again in the version in which it was filled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from common.forms.answers import taken
from common.forms.state import begun
from common.protocol.forms import AskFilled, AskLookUp, FilledForm, FillForm, FormFilled, LookedUp, OpenedForm, OpenForm
from common.text import N_
from server.engine.actions.declare import action, reading
from server.engine.actions.work import Work
from server.engine.errors import refusal
from server.engine.events import Event
from server.engine.forms import designs, keeping, sealing
from server.engine.forms.access import ANSWERS, FILL, REVEAL
from server.engine.forms.look_ups import LOOK_UPS
from server.engine.forms.records import FilledIn, Form, FormVersion
from server.engine.records.lists import met

NO_LOOK_UP = refusal("forms.no_look_up", N_("This button looks nothing up. Open the form anew."), 404)
NOT_YOURS = refusal("forms.not_yours", N_("Only who has begun this form can go on with it."), 403)


class FormSent(Event):
    """A form was filled in and sent; an anonymous survey tells no more than that."""

    form: str
    filled: str


@reading("forms.open", needs=FILL, input=OpenForm, output=OpenedForm)
def open_form(work: Work, request: OpenForm) -> OpenedForm:
    """A form to be filled in: its definition, what it begins with, and what its expressions may name."""
    form = designs.form_of(work, request.code)
    version = designs.version_of(work, form, request.number)
    definition = designs.definition_of(work, version)
    context = designs.context_of(work, request.about, request.about_id)
    return OpenedForm(
        code=form.code, number=version.number, definition=definition.model_dump(mode="json", exclude_defaults=True),
        answers=begun(definition, context), context=context,
    )  # fmt: skip


@action(
    "forms.fill", needs=FILL, input=FillForm, output=FormFilled,
    locks=lambda r: [("form_filled", r.id)] if r.id is not None else [],
)  # fmt: skip
def fill(work: Work, request: FillForm) -> FormFilled:
    """Keep answers as a draft or send them; refused with every wrong answer named, nothing kept."""
    form = designs.form_of(work, request.code)
    row: Any = None
    if request.id is not None:
        row = work.get(FilledIn, request.id)
        if row.created_by != work.who.id or row.form_id != form.id:
            work.refuse("forms.not_yours")
        if row.state == "sent":
            work.refuse("forms.sent")
        if request.expects is not None and request.expects != row.version:
            work.refuse("records.changed_meanwhile", record="filled_in", id=str(row.id))
    version = designs.version_of(work, form, request.number)
    definition = designs.definition_of(work, version)
    context = designs.context_of(work, request.about, request.about_id)
    vault = work.engine.vault
    before = sealing.opened(vault, form.id, definition, row.answers) if row is not None else None
    found = keeping.read(work, definition, request.answers, context, whole=request.send, before=before)
    about = (request.about, request.about_id)
    row = keeping.keep(work, form, version, definition, found, sent=request.send, about=about, row=row)
    if definition.anonymous:
        # The stored answer to this key would tell for a week whose answers these are.
        return FormFilled(id=keeping.NOBODY, version=1, state=row.state, answers={})
    if request.send:
        work.emit(FormSent(form=form.code, filled=str(row.id)))
    # Masked: the answer to this key is kept for a week.
    shown = sealing.masked(vault, form.id, definition, row.answers)
    return FormFilled(id=row.id, version=row.version, state=row.state, answers=shown)


@reading("forms.filled", needs=ANSWERS, input=AskFilled, output=FilledForm)
def filled(work: Work, request: AskFilled) -> FilledForm:
    """A filled form as it was, with the version of its form and the choices of that time; protected answers masked."""
    return _seen(work, request.id, sealing.masked)


@action("forms.reveal", needs=REVEAL, input=AskFilled, output=FilledForm, secret=True)
def reveal(work: Work, request: AskFilled) -> FilledForm:
    """A filled form with its protected answers; the look is kept in the log."""
    seen = _seen(work, request.id, sealing.opened)
    work.audit("filled_in", request.id, {"answers": ["•", "•"]})
    return seen


def _seen(work: Work, identity: UUID, show: Callable[..., dict[str, Any]]) -> FilledForm:
    row = met(work, FilledIn, identity, "see")
    version = work.get(FormVersion, row.form_version_id)
    form = work.get(Form, row.form_id)
    definition = designs.definition_of(work, version, gone=True)
    return FilledForm(
        id=row.id, version=row.version, code=form.code, number=version.number, state=row.state, sent_at=row.sent_at,
        about=row.about or "", about_id=row.about_id,
        definition=definition.model_dump(mode="json", exclude_defaults=True),
        answers=show(work.engine.vault, form.id, definition, row.answers),
    )  # fmt: skip


@reading("forms.look_up", needs=FILL, input=AskLookUp, output=LookedUp)
def look_up(work: Work, request: AskLookUp) -> LookedUp:
    """What a button's look-up brings for the answers so far; answers that do not fit are not handed to it."""
    form = designs.form_of(work, request.code)
    definition = designs.definition_of(work, designs.version_of(work, form, request.number))
    button = definition.by_name.get(request.button.rpartition(".")[2])
    found = LOOK_UPS.get(button.look_up) if button is not None and button.does == "look_up" else None
    if found is None:
        work.refuse("forms.no_look_up")
    if not work.who.may(found.needs):
        work.refuse("access.denied", action=found.name)
    context = designs.context_of(work, request.about, request.about_id)
    answers = taken(definition, request.answers, context, whole=False).answers
    return LookedUp(found=dict(found.function(work, answers) or {}))
