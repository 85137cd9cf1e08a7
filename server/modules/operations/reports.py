"""Reports of operations."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from common.protocol.operations import AskFigures
from common.text import N_
from server.engine.actions.work import Work
from server.engine.reports.declare import Column, report
from server.modules.operations import loaders
from server.modules.operations.access import SEE
from server.modules.operations.readings import FIGURES
from server.modules.operations.records import OperatingFigure


def _columns() -> list[Column]:
    fields = OperatingFigure.fields()
    return [
        Column(name, fields[name].label, "moment" if name == "begins_at" else "number", width=18) for name in FIGURES
    ]


@report(
    "operations.hours", N_("Statistics of operation"), needs=SEE, input=AskFigures, columns=_columns()
)  # fmt: skip
def hours(work: Work, request: AskFigures) -> Iterable[dict[str, Any]]:
    """Server, database, devices and connections hour by hour (ADM-043)."""
    for row in work.rows(loaders.HOURS, first=work.now - timedelta(days=request.days), end=work.now):
        yield {name: getattr(row, name) for name in FIGURES}
