"""How a request may end other than with its answer."""

from __future__ import annotations

from typing import Any

from common.protocol.messages import Problem
from common.text import _


class Refusal(Exception):
    """The server said no and changed nothing. Branch on `code`, show `sentence`.

    `status` 500 is the server's own bug: `reference` stands in its log, and the sentence names it.
    """

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.code} ({problem.status}): {problem.detail}")
        self.problem = problem
        self.code = problem.code
        self.facts: dict[str, Any] = problem.facts
        self.sentence = problem.detail or problem.title or problem.code
        self.status = problem.status
        self.reference = problem.reference


class Offline(Exception):
    """No answer in time. An action sent with a key may still have had its effect: ask again with the same key.

    `sentence` is in the reader's language.
    """

    def __init__(self, reason: str = "", *, sentence: str = "") -> None:
        super().__init__(reason)
        self.sentence = sentence or _("The server cannot be reached just now.")
