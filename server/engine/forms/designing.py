"""What administrators do with forms: draw, check, publish, copy, carry elsewhere. Records' own path changes names only."""

from __future__ import annotations

from typing import Any

import orjson

from common.forms.definition import LARGEST
from common.protocol.forms import (
    AskForm,
    CheckForm,
    CopyForm,
    FormDraftSaved,
    FormFindings,
    FormPublished,
    FormText,
    FormVersionCard,
    FormView,
    PublishForm,
    SaveFormDraft,
)
from common.text import N_
from server.engine.actions.declare import action, reading
from server.engine.actions.work import Work
from server.engine.errors import refusal
from server.engine.forms import designs
from server.engine.forms.access import EDIT, SEE
from server.engine.forms.loaders import ANSWERED, FORM_BY_CODE, VERSION, VERSIONS
from server.engine.forms.records import Form, FormVersion

NO_DRAFT = refusal("forms.no_draft", N_("There is no draft of this form. Draw it first."))
UNSOUND = refusal(
    "forms.unsound", N_("The form cannot be published yet: {count} things are to be mended. See the list.")
)
DREW_MEANWHILE = refusal(
    "forms.drew_meanwhile", N_("Somebody else changed this form meanwhile. Look at it and draw yours again.")
)
CODE_TAKEN = refusal("forms.code_taken", N_("There is a form “{form}” already. Choose another code."))
TOO_LARGE = refusal("forms.too_large", N_("The form is too large: at most {most} characters. Divide it into two."), 422)
OTHER_PURPOSE = refusal(
    "forms.other_purpose", N_("A form stays a form and a survey a survey once it was published. Make a new one.")
)
NO_DOCUMENT = refusal("forms.no_document", N_("This is no form that another hall has written out."), 422)
MARK = "openhall-form"


def _alone(request: Any) -> list[tuple[str, str]]:
    return [("form", request.code)]


@action("forms.save_draft", needs=EDIT, input=SaveFormDraft, output=FormDraftSaved, locks=_alone)
def save_draft(work: Work, request: SaveFormDraft) -> FormDraftSaved:
    """Keep a drawing as the form's draft, finished or not; what is published stays as it is (SVD-029)."""
    return _kept(work, request)


def _kept(work: Work, request: SaveFormDraft) -> FormDraftSaved:
    definition = designs.read(work, request.definition)
    plain = definition.model_dump(mode="json", exclude_defaults=True)
    if len(orjson.dumps(plain)) > LARGEST:
        work.refuse("forms.too_large", most=LARGEST)
    form = work.first(FORM_BY_CODE, in_code=request.code)
    if form is None:
        form = work.insert(Form, code=request.code, name=request.name, purpose=definition.purpose)
    else:
        if form.current and form.purpose != definition.purpose:
            work.refuse("forms.other_purpose")
        form = work.change(Form, form, name=request.name, purpose=definition.purpose)
    versions = work.rows(VERSIONS, in_form=form.id)
    draft = next((row for row in versions if row.state == "draft"), None)
    if draft is None:
        number = max((row.number for row in versions), default=0) + 1
        draft = work.insert(FormVersion, form_id=form.id, number=number, definition=plain, note=request.note or None)
    else:
        if request.expects is not None and request.expects != draft.version:
            work.refuse("forms.drew_meanwhile")
        draft = work.change(FormVersion, draft, definition=plain, note=request.note or draft.note)
    work.notify("forms", "drawn", form=form.id)
    return FormDraftSaved(form_id=form.id, number=draft.number, version=draft.version)


@reading("forms.drawing", needs=SEE, input=AskForm, output=FormView)
def drawing(work: Work, request: AskForm) -> FormView:
    """A form's draft, its newest version where there is no draft, or the version of a number; older ones stay readable."""
    form = designs.form_of(work, request.code)
    row = designs.newest(work, form) if request.number is None else None
    if request.number is not None:
        row = work.first(VERSION, in_form=form.id, in_number=request.number)
    if row is None:
        work.refuse("forms.no_version")
    answered = {one.form_version_id: one.n for one in work.rows(ANSWERED, in_form=form.id)}
    return FormView(
        form_id=form.id, code=form.code, name=form.name, number=row.number, state=row.state, version=row.version,
        current=form.current, definition=row.definition,
        versions=[
            FormVersionCard(
                number=one.number, state=one.state, published_at=one.published_at, note=one.note or "",
                answered=answered.get(one.id, 0),
            )
            for one in work.rows(VERSIONS, in_form=form.id)
        ],
    )  # fmt: skip


@reading("forms.check", needs=SEE, input=CheckForm, output=FormFindings)
def check(work: Work, request: CheckForm) -> FormFindings:
    """What would keep a drawing from being published, and what might be forgotten."""
    definition = designs.read(work, request.definition)
    return FormFindings(findings=[designs.card(one, work.language) for one in designs.findings(work, definition)])


@action("forms.publish", needs=EDIT, input=PublishForm, output=FormPublished, locks=_alone)
def publish(work: Work, request: PublishForm) -> FormPublished:
    """Make the draft the version in use; what was filled in keeps its own. Refused while anything is to be mended."""
    form = designs.form_of(work, request.code)
    draft = designs.newest(work, form)
    if draft.state != "draft":
        work.refuse("forms.no_draft")
    definition = designs.read(work, draft.definition)
    wrong = [one for one in designs.findings(work, definition) if not one.remark]
    if wrong:
        cards = [designs.card(one, work.language).model_dump(mode="json") for one in wrong[:50]]
        work.refuse("forms.unsound", count=len(wrong), findings=cards)
    if form.current:
        work.change(FormVersion, work.first(VERSION, in_form=form.id, in_number=form.current), state="retired")
    work.change(FormVersion, draft, state="published", published_at=work.now, note=request.note or draft.note)
    work.change(Form, form, current=draft.number)
    work.notify("forms", "published", form=form.id)
    return FormPublished(number=draft.number)


@action(
    "forms.copy", needs=EDIT, input=CopyForm, output=FormDraftSaved, locks=lambda r: [("form", r.code), ("form", r.to)]
)
def copy(work: Work, request: CopyForm) -> FormDraftSaved:
    """A new form whose draft is another's newest version."""
    row = designs.newest(work, designs.form_of(work, request.code))
    if work.first(FORM_BY_CODE, in_code=request.to) is not None:
        work.refuse("forms.code_taken", form=request.to)
    return _kept(work, SaveFormDraft(code=request.to, name=request.name, definition=row.definition))


@reading("forms.carry", needs=SEE, input=AskForm, output=FormText)
def carry(work: Work, request: AskForm) -> FormText:
    """A form as a JSON document, to be taken in by another hall."""
    seen = drawing(work, request)
    document = {MARK: 1, "code": seen.code, "name": seen.name, "definition": seen.definition}
    return FormText(document=orjson.dumps(document, option=orjson.OPT_INDENT_2).decode())


@action("forms.take_in", needs=EDIT, input=FormText, output=FormDraftSaved)
def take_in(work: Work, request: FormText) -> FormDraftSaved:
    """Take in a form that another hall has written out, as a draft; a form of the same code gets a new draft."""
    try:
        document = orjson.loads(request.document)
        asked = SaveFormDraft(code=document["code"], name=document["name"], definition=document["definition"])
        if document[MARK] != 1:
            raise ValueError
    except (ValueError, TypeError, KeyError):
        work.refuse("forms.no_document")
    return _kept(work, asked)
