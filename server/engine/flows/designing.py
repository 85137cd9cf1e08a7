"""What administrators do with flows: draw, check, try out, publish, carry as BPMN."""

from __future__ import annotations

from typing import Any

from common.protocol.flows import (
    AskFlow,
    AutomaticCard,
    AutomaticCards,
    BpmnText,
    CheckDefinition,
    DraftSaved,
    Findings,
    FlowView,
    Played,
    Published,
    PublishFlow,
    ReadBpmn,
    SaveDraft,
    TryOut,
)
from common.protocol.messages import LANGUAGES, Nothing
from common.text import N_, translate
from server.engine.actions.declare import action, reading
from server.engine.actions.work import Work
from server.engine.errors import refusal
from server.engine.flows import bpmn, playing, publishing
from server.engine.flows.access import EDIT, SEE
from server.engine.flows.automatic import AUTOMATIC
from server.engine.flows.checks import found
from server.engine.flows.definition import Definition
from server.engine.flows.loaders import COUNT_RUNNING, FLOW_BY_CODE, VERSION, VERSIONS
from server.engine.flows.machine import SERIALIZER, compiled
from server.engine.flows.records import Flow, FlowVersion

UNKNOWN = refusal("flows.unknown", N_("There is no flow “{flow}”. Refresh the list."), 404)
NO_VERSION = refusal("flows.no_version", N_("There is no such version of this flow."), 404)
NO_DRAFT = refusal("flows.no_draft", N_("There is no draft of this flow. Draw it first."))
UNSOUND = refusal(
    "flows.unsound", N_("The flow cannot be published yet: {count} things are to be mended. See the list.")
)
DREW_MEANWHILE = refusal(
    "flows.drew_meanwhile", N_("Somebody else changed this drawing meanwhile. Look at it and draw yours again.")
)


def _alone(request: Any) -> list[tuple[str, str]]:
    return [("flow", request.code)]


def flow_of(work: Work, code: str) -> Any:
    """A flow by its code; refuses when there is none."""
    row = work.first(FLOW_BY_CODE, in_code=code)
    if row is None:
        work.refuse("flows.unknown", flow=code)
    return row


@action("flows.save_draft", needs=EDIT, input=SaveDraft, output=DraftSaved, locks=_alone)
def save_draft(work: Work, request: SaveDraft) -> DraftSaved:
    """Keep a drawing as the flow's draft, finished or not; running cases and the version in use stay as they are (COR-042)."""
    definition = publishing.read(work, request.definition).model_dump(mode="json", exclude_defaults=True)
    flow = work.first(FLOW_BY_CODE, in_code=request.code)
    if flow is None:
        flow = work.insert(Flow, code=request.code, name=request.name, subject=request.subject or None)
    else:
        flow = work.change(Flow, flow, name=request.name, subject=request.subject or None)
    versions = work.rows(VERSIONS, in_flow=flow.id)
    draft = next((row for row in versions if row.state == "draft"), None)
    if draft is None:
        number = max((row.number for row in versions), default=0) + 1
        draft = work.insert(
            FlowVersion, flow_id=flow.id, number=number, definition=definition, note=request.note or None
        )
    else:
        if request.expects is not None and request.expects != draft.version:
            work.refuse("flows.drew_meanwhile")
        draft = work.change(FlowVersion, draft, definition=definition, note=request.note or draft.note)
    work.notify("flows", "drawn", flow=flow.id)
    return DraftSaved(flow_id=flow.id, number=draft.number, version=draft.version)


@reading("flows.drawing", needs=SEE, input=AskFlow, output=FlowView)
def drawing(work: Work, request: AskFlow) -> FlowView:
    """A flow's draft, its version in use where there is no draft, or the version of a number."""
    flow = flow_of(work, request.code)
    row = _version(work, flow, request.number)
    counted = {one.flow_version_id: one.n for one in work.rows(COUNT_RUNNING, in_flow=flow.id)}
    versions = work.rows(VERSIONS, in_flow=flow.id)
    return FlowView(
        flow_id=flow.id, code=flow.code, name=flow.name, subject=flow.subject or "", number=row.number, state=row.state,
        version=row.version, current=flow.current, definition=_as_it_holds(flow, row),
        running={one.number: counted[one.id] for one in versions if one.id in counted},
    )  # fmt: skip


def _as_it_holds(flow: Any, row: Any) -> dict[str, Any]:
    """A definition with the posts that stand in the place of others, so that a new version is drawn with these."""
    definition: dict[str, Any] = row.definition
    for one in flow.exchanged or ():
        if row.number <= one["upto"]:
            nodes = [_with_post(node, one["old"], one["new"]) for node in definition["nodes"]]
            definition = {**definition, "nodes": nodes}
    return definition


def _with_post(node: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    def turned(holder: dict[str, Any]) -> dict[str, Any]:
        return {**holder, "post": new} if holder.get("post") == old else holder

    changed = dict(node)
    if node.get("holder"):
        changed["holder"] = turned(node["holder"])
    if node.get("seats"):
        changed["seats"] = [turned(seat) for seat in node["seats"]]
    return changed


def _version(work: Work, flow: Any, number: int | None) -> Any:
    if number is not None:
        row = work.first(VERSION, in_flow=flow.id, in_number=number)
    else:
        versions = work.rows(VERSIONS, in_flow=flow.id)
        row = next((one for one in versions if one.state == "draft"), None)
        row = row or next((one for one in versions if one.number == flow.current), None)
    if row is None:
        work.refuse("flows.no_version")
    return row


@reading("flows.check", needs=SEE, input=CheckDefinition, output=Findings)
def check(work: Work, request: CheckDefinition) -> Findings:
    """What would keep a drawing from being published."""
    definition = publishing.read(work, request.definition)
    return Findings(findings=[publishing.card(one) for one in publishing.findings(work, definition)])


@action("flows.publish", needs=EDIT, input=PublishFlow, output=Published, locks=_alone)
def publish(work: Work, request: PublishFlow) -> Published:
    """Make the draft the version in use: new cases run by it, running ones keep theirs (COR-I07). Refused while anything is
    to be mended."""
    flow = flow_of(work, request.code)
    draft = next((row for row in work.rows(VERSIONS, in_flow=flow.id) if row.state == "draft"), None)
    if draft is None:
        work.refuse("flows.no_draft")
    definition = Definition.model_validate(draft.definition)
    wrong = publishing.findings(work, definition)
    if wrong:
        work.refuse(
            "flows.unsound",
            count=len(wrong),
            findings=[publishing.card(one).model_dump(mode="json") for one in wrong[:50]],
        )
    if flow.current:
        work.change(FlowVersion, work.first(VERSION, in_flow=flow.id, in_number=flow.current), state="retired")
    work.change(
        FlowVersion, draft, state="published", published_at=work.now, spec=compiled(definition, flow.code),
        serializer=SERIALIZER, note=request.note or draft.note,
    )  # fmt: skip
    work.change(Flow, flow, current=draft.number)
    work.notify("flows", "published", flow=flow.id)
    return Published(number=draft.number)


@reading("flows.bpmn", needs=SEE, input=AskFlow, output=BpmnText)
def as_bpmn(work: Work, request: AskFlow) -> BpmnText:
    """A flow as BPMN 2.0, to be opened elsewhere."""
    flow = flow_of(work, request.code)
    definition = Definition.model_validate(_version(work, flow, request.number).definition)
    return BpmnText(bpmn=bpmn.written(definition, flow.code, flow.name).decode())


@reading("flows.read_bpmn", needs=EDIT, input=BpmnText, output=ReadBpmn)
def read_bpmn(work: Work, request: BpmnText) -> ReadBpmn:
    """A drawing out of a BPMN file, not yet saved, with what is to be mended in it."""
    definition = bpmn.read(request.bpmn.encode())
    return ReadBpmn(
        definition=definition.model_dump(mode="json", exclude_defaults=True),
        findings=[publishing.card(one) for one in publishing.findings(work, definition)],
    )


@reading("flows.automatic_steps", needs=SEE, input=Nothing, output=AutomaticCards)
def automatic_steps(work: Work, request: Nothing) -> AutomaticCards:
    """The automatic steps that can be drawn."""
    return AutomaticCards(
        steps=[
            AutomaticCard(name=one.name, kind=one.kind, label={code: translate(one.label, code) for code in LANGUAGES})
            for one in AUTOMATIC.values()
        ]
    )


@reading("flows.try_out", needs=EDIT, input=TryOut, output=Played)
def try_out(work: Work, request: TryOut) -> Played:
    """Play a case through with made-up people; nothing is stored and no automatic step does anything."""
    definition = publishing.read(work, request.definition)
    wrong = found(definition)
    if wrong:
        work.refuse(
            "flows.unsound",
            count=len(wrong),
            findings=[publishing.card(one).model_dump(mode="json") for one in wrong[:50]],
        )
    return playing.played(definition, request.content, request.plays)
