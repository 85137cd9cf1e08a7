"""What forms answer to flows: whether a form stands in a version."""

from __future__ import annotations

from server.engine.actions.work import Work
from server.engine.events import answers
from server.engine.flows.publishing import FormStands
from server.engine.forms.loaders import FORM_BY_CODE, VERSION


@answers(FormStands)
def form_stands(work: Work, question: FormStands) -> bool:
    """A published form, in that version where a version is named (SVD-038)."""
    form = work.first(FORM_BY_CODE, in_code=question.form)
    if form is None or not form.current:
        return False
    if question.version is None:
        return True
    row = work.first(VERSION, in_form=form.id, in_number=question.version)
    return row is not None and row.state != "draft"
