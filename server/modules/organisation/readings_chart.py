"""The log of the organisation chart (ADM-018): every change of a department, a post or who holds it, in one list."""

from __future__ import annotations

from uuid import UUID

from common.protocol.chart import AskChartLog, ChartChange, ChartLog
from common.records.field import LINKS
from common.text import N_
from server.engine.actions.declare import reading
from server.engine.actions.work import Work
from server.engine.records.history import log_of
from server.engine.records.shown import names
from server.modules.organisation.access import SEE
from server.modules.organisation.records import Department, Post, PostHolder

OF_CHART = (Department, Post, PostHolder)
"""The kinds of record that make the chart; all may be seen by whoever sees the organisation."""


@reading(
    "organisation.chart_log", needs=SEE, input=AskChartLog, output=ChartLog,
    label=N_("Log of the organisation chart"),
)  # fmt: skip
def chart_log(work: Work, request: AskChartLog) -> ChartLog:
    """Changes of the organisation chart, latest first: made, renamed, moved, given, taken, deleted (ADM-018)."""
    found = log_of(work, OF_CHART, request.record_id, request.before, request.limit)
    kinds = {record.__tablename__: record for record in OF_CHART}
    wanted: dict[str, set[UUID]] = {}
    for row in found:
        wanted.setdefault(row["kind"], set()).add(row["record_id"])
        for name, pair in row["changes"].items():
            field = kinds[row["kind"]].fields().get(name)
            if field is None or field.kind not in (*LINKS, "links"):
                continue
            for value in pair if isinstance(pair, list) else [pair]:
                ids = value if isinstance(value, list) else [value] if value else []
                wanted.setdefault(field.link or "", set()).update(UUID(str(one)) for one in ids)
    labels: dict[str, str] = {}
    for kind, everyone in wanted.items():
        labels.update(names(work, kind, everyone))
    called = names(work, "staff_member", {row["who"] for row in found if row["who"] is not None})
    return ChartLog(
        items=[
            ChartChange(
                **{**row, "who": called.get(str(row["who"]), "")}, name=labels.get(str(row["record_id"]), ""),
            )
            for row in found
        ],
        labels=labels,
    )  # fmt: skip
