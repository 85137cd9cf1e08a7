"""Prepared reading of flows and cases."""

from __future__ import annotations

from sqlalchemy import bindparam, func, select

from server.engine.database.schema import stored_file
from server.engine.database.statements import Prepared
from server.engine.flows.records import CaseChange, CaseOpinion, CaseStep, CaseUrge, Flow, FlowCase, FlowVersion

_flow, _version, _case, _step, _said = (
    Flow.__table__, FlowVersion.__table__, FlowCase.__table__, CaseStep.__table__, CaseOpinion.__table__,
)  # fmt: skip
_id = _case.c.id.type

FLOW_BY_CODE = Prepared(select(_flow).where(_flow.c.code == bindparam("in_code"), _flow.c.deleted_at.is_(None)))
VERSION = Prepared(
    select(_version).where(
        _version.c.flow_id == bindparam("in_flow", type_=_id), _version.c.number == bindparam("in_number")
    )
)
VERSIONS = Prepared(
    select(_version).where(_version.c.flow_id == bindparam("in_flow", type_=_id)).order_by(_version.c.number)
)
ALL_FLOWS = Prepared(select(_flow).where(_flow.c.deleted_at.is_(None)).order_by(_flow.c.code))
CASE_FIRM = Prepared(select(_case).where(_case.c.id == bindparam("in_case", type_=_id)).with_for_update())
"""A case, held until this action ends: of two who act on it at once the second waits and sees what the first did."""
OPEN_STEPS = Prepared(
    select(_step)
    .where(_step.c.case_id == bindparam("in_case", type_=_id), _step.c.state == "open")
    .order_by(_step.c.opened_at, _step.c.id)
)
STEPS = Prepared(
    select(_step).where(_step.c.case_id == bindparam("in_case", type_=_id)).order_by(_step.c.opened_at, _step.c.id)
)
SEATS = Prepared(
    select(_step).where(
        _step.c.case_id == bindparam("in_case", type_=_id),
        _step.c.task == bindparam("in_task"),
        _step.c.kind == "countersign",
    )
)
LAST_AT = Prepared(
    select(_step)
    .where(
        _step.c.case_id == bindparam("in_case", type_=_id),
        _step.c.node == bindparam("in_node"),
        _step.c.kind != "opinion",
    )
    .order_by(_step.c.opened_at.desc(), _step.c.id.desc())
    .limit(1)
)
OPINIONS = Prepared(
    select(_said).where(_said.c.case_id == bindparam("in_case", type_=_id)).order_by(_said.c.created_at, _said.c.id)
)
RUNNING_OTHERS = Prepared(
    select(_case.c.id)
    .where(
        _case.c.flow_id == bindparam("in_flow", type_=_id),
        _case.c.state == "running",
        _case.c.flow_version_id != bindparam("in_version", type_=_id),
        _case.c.id > bindparam("after", type_=_id),
    )
    .order_by(_case.c.id)
    .limit(bindparam("most"))
)
"""Running cases of a flow that are not on a version, after one."""
COUNT_RUNNING = Prepared(
    select(_case.c.flow_version_id, func.count().label("n"))
    .where(_case.c.flow_id == bindparam("in_flow", type_=_id), _case.c.state == "running")
    .group_by(_case.c.flow_version_id)
)
OVERDUE_TIMERS = Prepared(
    select(_step.c.id)
    .where(_step.c.state == "open", _step.c.fires_at <= bindparam("before", type_=_step.c.fires_at.type))
    .limit(50)
)
OPEN_OF_PEOPLE = Prepared(
    select(_step.c.person_id, _step.c.post_id, _step.c.role_id)
    .where(_step.c.state == "open", _step.c.fires_at.is_(None))
    .distinct()
)
OPEN_FOR = Prepared(
    select(_step).where(
        _step.c.state == "open",
        _step.c.fires_at.is_(None),
        _step.c.person_id.is_not_distinct_from(bindparam("in_person", type_=_id)),
        _step.c.post_id.is_not_distinct_from(bindparam("in_post", type_=_id)),
        _step.c.role_id.is_not_distinct_from(bindparam("in_role", type_=_id)),
    ).limit(50)
)  # fmt: skip

_urge, _change = CaseUrge.__table__, CaseChange.__table__
URGED = Prepared(
    select(_urge).where(_urge.c.case_id == bindparam("in_case", type_=_id)).order_by(_urge.c.created_at, _urge.c.id)
)
CHANGES = Prepared(
    select(_change)
    .where(_change.c.case_id == bindparam("in_case", type_=_id))
    .order_by(_change.c.created_at, _change.c.id)
)
FILE = Prepared(select(stored_file.c.id).where(stored_file.c.id == bindparam("in_file", type_=stored_file.c.id.type)))
OPEN_FOR_POST = Prepared(
    select(_step)
    .where(_step.c.state == "open", _step.c.post_id == bindparam("in_post", type_=_id))
    .order_by(_step.c.id)
)
