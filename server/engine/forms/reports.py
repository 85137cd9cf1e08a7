"""What was sent with a form as a list to be taken out of the house: one line an answer (SVD-026)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from common.forms.definition import Element
from common.protocol.forms import AskResults
from common.text import N_, translate
from common.text.words import pick
from server.engine.actions.work import Work
from server.engine.forms import designs
from server.engine.forms.access import ANSWERS
from server.engine.forms.answers import YES_NO, sent_with
from server.engine.forms.records import FilledIn, FormAnswer, FormVersion
from server.engine.reports.declare import Column, report

MOST_LINES = 200_000

_filled: Any = FilledIn.__table__
_answer: Any = FormAnswer.__table__
_version: Any = FormVersion.__table__


@report(
    "forms.sent", N_("What was filled in with a form"), needs=ANSWERS, input=AskResults,
    columns=(
        Column("filled", N_("Filled form"), width=38),
        Column("sent_at", N_("Sent"), "moment", width=20),
        Column("version", N_("Version"), "number", width=10),
        Column("name", N_("Field"), width=24),
        Column("label", N_("Name"), width=32),
        Column("row", N_("Row"), "number", width=8),
        Column("value", N_("Answer"), width=40),
    ),
)  # fmt: skip
def sent(work: Work, request: AskResults) -> Iterator[dict[str, Any]]:
    """Every answer by its field's stable name, the newest first; choices by their label."""
    form = designs.form_of(work, request.code)
    current = designs.definition_of(work, designs.version_of(work, form, None), gone=True).by_name
    asked = (
        select(_answer, _filled.c.sent_at, _version.c.number.label("form_number"))
        .select_from(
            _answer.join(_filled, _filled.c.id == _answer.c.filled_in_id).join(
                _version, _version.c.id == _filled.c.form_version_id
            )
        )
        .where(sent_with(work, form))
        .order_by(_filled.c.sent_at.desc(), _filled.c.id, _answer.c.name, _answer.c.row, _answer.c.id)
        .limit(MOST_LINES)
    )
    for row in work.connection.execute(asked):
        element = current.get(row.name)
        yield {
            "filled": str(row.filled_in_id),
            "sent_at": row.sent_at,
            "version": row.form_number,
            "name": row.name,
            "label": pick(element.label, work.language) if element is not None else row.name,
            "row": row.row + 1,
            "value": _told(row, element, work.language),
        }


def _told(row: Any, element: Element | None, language: str) -> str:
    if row.day_value is not None:
        return str(row.day_value.isoformat())
    if row.number_value is not None:
        if element is not None and element.kind == "yes_no":
            return translate(YES_NO[str(row.number_value)], language)
        decimals = element.decimals if element is not None else 0
        return f"{Decimal(row.number_value).scaleb(-decimals):.{decimals}f}"
    if row.text_value is None:
        return "••••"  # protected
    labels = {c.code: pick(c.label, language) or c.code for c in element.choices} if element is not None else {}
    return str(labels.get(row.text_value, row.text_value))
