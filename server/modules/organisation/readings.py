"""What the guided first set-up reads of the organisation."""

from __future__ import annotations

import shutil

from common.protocol.messages import Nothing
from common.protocol.setup import DataFacts, Setup, SetUpZones
from server.engine.actions.declare import reading
from server.engine.actions.work import Work
from server.modules.organisation.access import EDIT
from server.modules.organisation.setup import hall_of, place_facts, plan_now, problems


@reading("organisation.setup", needs=EDIT, input=Nothing, output=Setup)
def setup(work: Work, request: Nothing) -> Setup:
    """How far the first set-up has come, what was entered, and what is not yet as it should be."""
    plan = plan_now(work.connection)
    outlet = plan.main
    kept = (outlet.setup or {}) if outlet is not None else {}
    return Setup(
        stage=outlet.stage if outlet is not None else "empty",
        passed=kept.get("passed", []),
        place=place_facts(outlet) if outlet is not None else None,
        data=DataFacts(
            folder=str(work.engine.data),
            database=work.engine.store.kind,
            free_bytes=shutil.disk_usage(work.engine.data).free,
            keeper=kept.get("keeper", ""),
            copies=kept.get("copies", ""),
        ),
        hall=hall_of(plan, outlet) if outlet is not None else SetUpZones(zones=[], hours={}),
        problems=problems(work),
    )
