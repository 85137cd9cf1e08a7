"""Definitions as BPMN 2.0 and back. What BPMN has no word for (posts, forms, terms) stands in an extension of ours; a drawing of
another program without it is read as far as its own elements say."""

from __future__ import annotations

import re
from typing import Any

import orjson
from lxml import etree  # type: ignore[import-untyped]
from pydantic import ValidationError

from common.text import N_
from common.text.words import pick
from server.engine.errors import Refused, refusal
from server.engine.flows.definition import START, Definition, Edge, Node
from server.engine.flows.layout import arranged

BAD_FILE = refusal(
    "flows.bad_bpmn",
    N_("This file is no flow in BPMN 2.0 that can be read here: {why}. Save it anew and try again."),
    422,
)

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DD = "http://www.omg.org/spec/DD/20100524/DI"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
OURS = "urn:openhall:flow:1"
NAMESPACES = {"bpmn": BPMN, "bpmndi": DI, "dc": DC, "di": DD, "xsi": XSI, "openhall": OURS}

LARGEST = 2_000_000
"""Characters of a file."""
BEGINS, MERGE = "begins", "merge_"
"""The start event before the step `start`, and gates at which the ways of one branch meet before its join: no nodes of ours."""

PROCESS = "flow_"
"""Begins the process's own id, so that it is never that of a node."""


def reserved(name: str) -> bool:
    """Whether an id is taken by what BPMN and the engine need beside the nodes."""
    return name in ("Start", "End", "Root", BEGINS, f"{BEGINS}_way") or name.startswith((MERGE, PROCESS))


TAGS = {
    "start": "userTask",
    "step": "userTask",
    "countersign": "userTask",
    "condition": "exclusiveGateway",
    "split": "parallelGateway",
    "join": "parallelGateway",
    "automatic": "serviceTask",
    "timer": "intermediateCatchEvent",
    "end": "endEvent",
}
SIZES = {"userTask": (120, 60), "serviceTask": (120, 60)}
_UNITS = {"days": "P{}D", "hours": "PT{}H", "minutes": "PT{}M"}


def written(definition: Definition, code: str, name: dict[str, str]) -> bytes:
    """The flow as BPMN 2.0, with its drawing."""
    root = etree.Element(_tag("definitions"), nsmap=NAMESPACES, targetNamespace=OURS)
    process = etree.SubElement(root, _tag("process"), id=PROCESS + code, name=pick(name, "en"), isExecutable="true")
    about = definition.model_dump(mode="json", include={"fields", "labels", "term"}, exclude_defaults=True)
    _extension(process, "flow", about)
    etree.SubElement(process, _tag("startEvent"), id=BEGINS)
    _way(process, "begins_way", BEGINS, START)
    for node in definition.nodes:
        _node(process, definition, node)
    merged = _merged(definition)
    for edge in definition.edges:
        target = merged.get(edge.id, edge.target)
        _way(process, edge.id, edge.source, target, edge)
    for gate in sorted(set(merged.values())):
        etree.SubElement(process, _tag("exclusiveGateway"), id=gate)
        join = definition.by_id[next(e.target for e in definition.edges if merged.get(e.id) == gate)]
        _way(process, f"{gate}_way", gate, join.id)
    _drawing(root, definition, code, sorted(set(merged.values())))
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _node(process: Any, definition: Definition, node: Node) -> None:
    made = etree.SubElement(process, _tag(TAGS[node.kind]), id=node.id, name=pick(node.name, "en"))
    about = node.model_dump(mode="json", exclude={"id", "x", "y"}, exclude_defaults=True)
    _extension(made, "node", about)
    if node.kind == "condition":
        other = next((e for e in definition.out[node.id] if not e.when.strip()), None)
        if other is not None:
            made.set("default", other.id)
    if node.kind == "countersign":
        many = etree.SubElement(made, _tag("multiInstanceLoopCharacteristics"), isSequential="false")
        etree.SubElement(many, _tag("loopCardinality")).text = str(len(node.seats))
        if node.need != "all":
            wanted = 1 if node.need == "any" else node.need
            etree.SubElement(many, _tag("completionCondition")).text = f"nrOfCompletedInstances >= {wanted}"
    if node.kind == "timer" and node.term is not None:
        timer = etree.SubElement(made, _tag("timerEventDefinition"))
        etree.SubElement(timer, _tag("timeDuration")).text = _UNITS[node.term.unit].format(node.term.amount)


def _way(process: Any, made_id: str, source: str, target: str, edge: Edge | None = None) -> None:
    made = etree.SubElement(process, _tag("sequenceFlow"), id=made_id, sourceRef=source, targetRef=target)
    if edge is not None and edge.name:
        made.set("name", pick(edge.name, "en"))
        _extension(made, "edge", {"name": edge.name})
    if edge is not None and edge.when.strip():
        when = etree.SubElement(made, _tag("conditionExpression"))
        when.set(f"{{{XSI}}}type", "bpmn:tFormalExpression")
        when.text = edge.when


def _merged(definition: Definition) -> dict[str, str]:
    """Ways that meet at a gate before a split or a join, since BPMN's parallel gates wait for each of their ways: those of one
    branch are one way."""
    found: dict[str, str] = {}
    for node in definition.nodes:
        if node.kind == "split" and len(definition.into[node.id]) > 1:
            found.update({e.id: f"{MERGE}{node.id}" for e in definition.into[node.id]})
    for region in definition.regions.values():
        for number, branch in enumerate(region.branches):
            edges = [e for e in definition.into[region.join] if e.source in branch]
            if len(edges) > 1:
                found.update({e.id: f"{MERGE}{region.join}_{number}" for e in edges})
    return found


def _extension(element: Any, name: str, about: dict[str, Any]) -> None:
    if about:
        holder = etree.SubElement(element, _tag("extensionElements"))
        etree.SubElement(holder, f"{{{OURS}}}{name}").text = orjson.dumps(about).decode()


def _drawing(root: Any, definition: Definition, code: str, gates: list[str]) -> None:
    diagram = etree.SubElement(root, f"{{{DI}}}BPMNDiagram", id="diagram")
    plane = etree.SubElement(diagram, f"{{{DI}}}BPMNPlane", id="plane", bpmnElement=PROCESS + code)
    places = {BEGINS: (definition.by_id[START].x - 60, definition.by_id[START].y, 36, 36)}
    places |= {node.id: (node.x, node.y, *SIZES.get(TAGS[node.kind], (36, 36))) for node in definition.nodes}
    places |= dict.fromkeys(gates, (0, 0, 36, 36))
    for element, (x, y, width, height) in places.items():
        shape = etree.SubElement(plane, f"{{{DI}}}BPMNShape", id=f"shape_{element}", bpmnElement=element)
        etree.SubElement(shape, f"{{{DC}}}Bounds", x=str(x), y=str(y), width=str(width), height=str(height))
    for edge in definition.edges:
        line = etree.SubElement(plane, f"{{{DI}}}BPMNEdge", id=f"line_{edge.id}", bpmnElement=edge.id)
        for end in (edge.source, edge.target):
            x, y, width, height = places[end]
            etree.SubElement(line, f"{{{DD}}}waypoint", x=str(x + width // 2), y=str(y + height // 2))


def read(text: bytes) -> Definition:
    """A flow out of BPMN. Refuses what is none, or what has elements that mean nothing here."""
    if len(text) > LARGEST:
        raise Refused("flows.bad_bpmn", why="too large")
    try:
        # Nothing of the file is fetched or unfolded: no entities, no other files, no network.
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        root = etree.fromstring(text, parser)
        if root.getroottree().docinfo.doctype:
            raise Refused("flows.bad_bpmn", why="it has a document type of its own")
        process = root.find(f"{{{BPMN}}}process")
        if process is None:
            raise Refused("flows.bad_bpmn", why="no process")
        return _Reader(root, process).definition()
    except Refused:
        raise
    except (ValidationError, ValueError, KeyError) as failure:
        raise Refused("flows.bad_bpmn", why=str(failure).splitlines()[0][:200]) from failure
    except Exception as failure:  # the parser's own errors have no common base
        raise Refused("flows.bad_bpmn", why=type(failure).__name__) from failure


class _Reader:
    """One file on its way into a definition."""

    def __init__(self, root: Any, process: Any) -> None:
        self.process = process
        self.flows = process.findall(f"{{{BPMN}}}sequenceFlow")
        self.places = {
            shape.get("bpmnElement"): shape.find(f"{{{DC}}}Bounds") for shape in root.iter(f"{{{DI}}}BPMNShape")
        }
        self.ids: dict[str, str] = {}

    def definition(self) -> Definition:
        nodes, passed = [], set()
        for element in self.process:
            tag = etree.QName(element.tag).localname if isinstance(element.tag, str) else ""
            if tag in (
                "sequenceFlow",
                "extensionElements",
                "documentation",
                "laneSet",
                "textAnnotation",
                "association",
                "",
            ):
                continue
            if tag == "startEvent" or (tag == "exclusiveGateway" and self._only_meets(element)):
                passed.add(element.get("id"))
                continue
            nodes.append(self._node(element, tag))
        about = self._about(self.process, "flow")
        edges = self._edges(passed, nodes)
        if len(nodes) > 1 and len({(node.x, node.y) for node in nodes}) == 1:
            places = arranged([node.id for node in nodes], [(e.source, e.target) for e in edges], START)
            nodes = [n.model_copy(update={"x": places[n.id][0], "y": places[n.id][1]}) for n in nodes]
        return Definition(nodes=nodes, edges=edges, **about)

    def _only_meets(self, element: Any) -> bool:
        out = [flow for flow in self.flows if flow.get("sourceRef") == element.get("id")]
        return len(out) == 1 and self._about(element, "node") == {}

    def _node(self, element: Any, tag: str) -> Node:
        about = self._about(element, "node")
        theirs = self._kind(element, tag)
        kind = about.pop("kind", theirs)
        place = self.places.get(element.get("id"))
        x, y = (round(float(place.get(n))) for n in ("x", "y")) if place is not None else (0, 0)
        about.setdefault("name", {"en": element.get("name")} if element.get("name") else {})
        return Node(id=self._id(element.get("id")), kind=kind, x=x, y=y, **about)

    def _kind(self, element: Any, tag: str) -> str:
        """What an element of another program is here."""
        if tag == "parallelGateway":
            out = [flow for flow in self.flows if flow.get("sourceRef") == element.get("id")]
            return "split" if len(out) > 1 else "join"
        if tag == "userTask" and element.find(f"{{{BPMN}}}multiInstanceLoopCharacteristics") is not None:
            return "countersign"
        kinds = {
            "userTask": "step", "manualTask": "step", "task": "step", "exclusiveGateway": "condition",
            "serviceTask": "automatic", "sendTask": "automatic", "intermediateCatchEvent": "timer", "endEvent": "end",
        }  # fmt: skip
        if tag not in kinds:
            raise ValueError(f"“{tag}” has no meaning here")
        return kinds[tag]

    def _edges(self, passed: set[str], nodes: list[Node]) -> list[Edge]:
        onward = {
            flow.get("sourceRef"): flow.get("targetRef") for flow in self.flows if flow.get("sourceRef") in passed
        }
        begins = [e.get("id") for e in self.process.findall(f"{{{BPMN}}}startEvent")]
        if len(begins) != 1:
            raise ValueError("it needs exactly one start")
        first = self._id(self._through(begins[0], onward))
        edges = []
        if not any(node.id == START for node in nodes):
            nodes.insert(0, Node(id=START, kind="start", name={"en": "Start"}))
            edges.append(Edge(id="start_way", source=START, target=first))
        for flow in self.flows:
            source, target = flow.get("sourceRef"), flow.get("targetRef")
            if source in passed:
                continue
            when = flow.find(f"{{{BPMN}}}conditionExpression")
            name = self._about(flow, "edge").get("name") or ({"en": flow.get("name")} if flow.get("name") else {})
            edges.append(
                Edge(
                    id=self._id(flow.get("id")), source=self._id(source), target=self._id(self._through(target, onward)),
                    when=(when.text or "") if when is not None else "", name=name,
                )
            )  # fmt: skip
        return edges

    @staticmethod
    def _through(here: str, onward: dict[str, str]) -> str:
        for _ in range(len(onward) + 1):
            if here not in onward:
                return here
            here = onward[here]
        raise ValueError("gates that lead in a ring")

    def _id(self, theirs: str) -> str:
        """An id of theirs as one of ours."""
        if theirs not in self.ids:
            ours = re.sub(r"[^A-Za-z0-9_]", "_", theirs or "")[:50]
            if not re.match(r"[A-Za-z_]", ours) or reserved(ours):
                ours = f"n_{ours}"[:50]
            while ours in self.ids.values():
                ours = f"{ours[:47]}_{len(self.ids) % 100}"
            self.ids[theirs] = ours
        return self.ids[theirs]

    @staticmethod
    def _about(element: Any, name: str) -> dict[str, Any]:
        found = element.find(f"{{{BPMN}}}extensionElements/{{{OURS}}}{name}")
        if found is None or not found.text:
            return {}
        about = orjson.loads(found.text)
        return about if isinstance(about, dict) else {}


def _tag(name: str) -> str:
    return f"{{{BPMN}}}{name}"
