"""What is read of operations: the hours, and what offends against the security rules."""

from __future__ import annotations

from datetime import timedelta

from common.protocol.messages import Nothing
from common.protocol.operations import AskFigures, Figures, HourFigures, SecurityView
from server.engine.actions.declare import reading
from server.engine.actions.work import Work
from server.engine.ports import ports
from server.modules.operations import loaders
from server.modules.operations.access import SECURITY, SEE
from server.modules.operations.security import looked_at

FIGURES = tuple(HourFigures.model_fields)


@reading("operations.figures", needs=SEE, input=AskFigures, output=Figures)
def figures(work: Work, request: AskFigures) -> Figures:
    """The hours of the last days (ADM-043)."""
    rows = work.rows(loaders.HOURS, first=work.now - timedelta(days=request.days), end=work.now)
    hours = [HourFigures(**{name: getattr(row, name) for name in FIGURES}) for row in rows]
    return Figures(hours=hours, now=work.now)


@reading("operations.security", needs=SECURITY, input=Nothing, output=SecurityView)
def security(work: Work, request: Nothing) -> SecurityView:
    """The security rules and what offends against them now (ADM-044)."""
    place = ports.places.main(work.connection)
    today = place.business_day(work.now) if place is not None else work.now.date()
    return SecurityView(rules=looked_at(work, today), now=work.now)
