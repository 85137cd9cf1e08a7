"""What services answer when a hall is being set up."""

from __future__ import annotations

from typing import Any

from common.protocol.setup import service_problems
from server.engine.actions.work import Work
from server.engine.events import answers
from server.modules.organisation.public import SetupProblems
from server.modules.services import setup


@answers(SetupProblems)
def what_is_missing(work: Work, question: SetupProblems) -> list[dict[str, Any]] | None:
    """Services that no window accepts, and windows that accept nothing."""
    if question.part != "services":
        return None
    found = service_problems(setup.standing(work).services, setup.labels(work))
    return [one.model_dump(mode="json") for one in found]
