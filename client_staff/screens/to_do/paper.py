"""A case as one document: path, values, opinions, changes before and after, urging, the deadline's ledger. As a PDF file."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument, QTextOption
from PySide6.QtPrintSupport import QPrinter

from client_staff.screens.to_do.words import (
    CASE_STATES,
    EVENTS,
    SAID,
    figure,
    line_words,
    named,
    term_words,
    value_words,
)
from common.protocol.deadlines import Ledger
from common.protocol.flows import CaseView
from common.qt.theme import theme
from common.text import _, formats, right_to_left
from common.text.words import pick


def write_pdf(case: CaseView, ledger: Ledger | None, zone: Any, file: Path) -> None:
    """The document on A4 pages."""
    document = QTextDocument()
    document.setDefaultFont(theme.font(10))
    option = QTextOption()
    option.setTextDirection(Qt.LayoutDirection.RightToLeft if right_to_left() else Qt.LayoutDirection.LeftToRight)
    document.setDefaultTextOption(option)
    document.setHtml(page(case, ledger, zone))
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(file))
    document.print_(printer)


def page(case: CaseView, ledger: Ledger | None, zone: Any) -> str:
    """The document as HTML."""

    def moment(at: Any) -> str:
        return formats.date_time(at, zone) if at is not None else "–"

    parts = [
        f"<h2>{_e(pick(case.name))}</h2>",
        f"<p>{_e(pick(case.flow))} · {_e(case.number)} · {_e(named(CASE_STATES, case.state))}</p>",
        _table(
            [],
            [
                [_("Submitted by"), pick(case.applicant)],
                [_("Begun"), moment(case.started_at)],
                [_("Due"), moment(case.due_at)],
                [_("Ended"), moment(case.ended_at)],
                *([pick(case.labels.get(name, {})) or name, value_words(value)] for name, value in case.content.items()),
            ],
        ),
        f"<h3>{_e(_('Path'))}</h3>",
        _table(
            [_("Step"), _("Who"), _("Opened"), _("Closed")],
            [
                [pick(one.name) or one.node, pick(one.by) or held_words(one.held), moment(one.opened_at), moment(one.closed_at)]
                for one in case.steps
            ],
        ),
    ]  # fmt: skip
    if case.opinions:
        rows = [[moment(o.at), pick(o.by), named(SAID, o.kind), o.opinion] for o in case.opinions]
        parts += [f"<h3>{_e(_('Opinions'))}</h3>", _table([_("When"), _("Who"), _("What"), _("Words")], rows)]
    if case.changes:
        rows = [
            [moment(c.at), pick(c.by), pick(c.label) or c.field, value_words(c.before), value_words(c.after)]
            for c in case.changes
        ]
        parts += [
            f"<h3>{_e(_('Changes'))}</h3>",
            _table([_("When"), _("Who"), _("Field"), _("Before"), _("After")], rows),
        ]
    if case.urged:
        rows = [[moment(u.at), pick(u.by), named(SAID, u.kind), u.message] for u in case.urged]
        parts += [f"<h3>{_e(_('Urging'))}</h3>", _table([_("When"), _("Who"), _("What"), _("Words")], rows)]
    if ledger is not None:
        days = [
            [formats.date(one.day), line_words(one), figure(one.counted), figure(one.total)] for one in ledger.lines
        ]
        events = [
            [moment(one.at), one.by, named(EVENTS, one.what), one.why, moment(one.due_after)] for one in ledger.events
        ]
        parts += [
            f"<h3>{_e(_('Deadline'))}: {_e(term_words(ledger.deadline))}, {_e(moment(ledger.deadline.due_at))}</h3>",
            _table([_("Day"), _("Why"), _("Counted"), _("Sum")], days),
            _table([_("When"), _("Who"), _("What"), _("Why"), _("Due")], events),
        ]
    return f"<div dir='{'rtl' if right_to_left() else 'ltr'}'>{''.join(parts)}</div>"


def held_words(held: Any) -> str:
    """For whom a step waits."""
    return (
        pick(held.person) or pick(held.post) or pick(held.role) or formats.listing([pick(one) for one in held.people])
    )


def _table(head: list[str], rows: list[list[str]]) -> str:
    top = "".join(f"<th align='left'>{_e(one)}</th>" for one in head)
    body = "".join("<tr>" + "".join(f"<td>{_e(one)}</td>" for one in row) + "</tr>" for row in rows)
    return f"<table width='100%' border='1' cellspacing='0' cellpadding='4'><tr>{top}</tr>{body}</table>"


def _e(text: str) -> str:
    return html.escape(text or "")
