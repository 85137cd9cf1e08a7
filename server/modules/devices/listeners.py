"""What devices answer when a hall is being set up."""

from __future__ import annotations

from typing import Any

from server.engine.actions.work import Work
from server.engine.events import answers
from server.modules.devices.loaders import AT_WINDOW, IN_ZONE, KINDS_THERE
from server.modules.organisation.public import PlaceInUse, SetupProblems

WANTED = {"kiosk": "no_kiosk", "led": "no_display"}


@answers(SetupProblems)
def what_is_missing(work: Work, question: SetupProblems) -> list[dict[str, Any]] | None:
    """Kinds of device without which a hall works, but not as its citizens expect."""
    if question.part != "devices":
        return None
    there = {row.kind for row in work.rows(KINDS_THERE)}
    return [{"code": code, "step": "devices"} for kind, code in WANTED.items() if kind not in there]


@answers(PlaceInUse)
def who_stands_there(work: Work, question: PlaceInUse) -> str | None:
    """The name of a device that stands at this window or in this zone."""
    if question.window_id is not None:
        row = work.first(AT_WINDOW, key_window=question.window_id)
    else:
        row = work.first(IN_ZONE, key_zone=question.zone_id)
    return row.name if row is not None else None
