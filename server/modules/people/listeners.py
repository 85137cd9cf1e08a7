"""What people answer when a hall is being set up."""

from __future__ import annotations

from typing import Any

from server.engine.actions.work import Work
from server.engine.events import answers
from server.modules.organisation.public import SetupProblems
from server.modules.people.loaders import ACCOUNTS


@answers(SetupProblems)
def who_is_missing(work: Work, question: SetupProblems) -> list[dict[str, Any]] | None:
    """Only the administrator can sign in so far."""
    if question.part != "people":
        return None
    return [{"code": "only_the_administrator", "step": "people"}] if work.scalar(ACCOUNTS) < 2 else []
