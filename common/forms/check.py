"""What is wrong with a form before it is published: names, expressions, circles, what nobody would ever see. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from common.forms.answers import answer_of
from common.forms.definition import CONTEXT, DEEPEST, LARGEST, MOST_ELEMENTS, Element, FormDefinition, Words
from common.forms.kinds import FILE_KINDS, KINDS, RULES
from common.forms.order import Cycle, uses
from common.forms.state import state
from common.records.values import BadValue
from common.rules.functions import FUNCTIONS
from common.rules.problems import SENTENCES as RULE_SENTENCES
from common.rules.problems import Problem, WrongRule
from common.text import N_

SENTENCES = {
    **RULE_SENTENCES,
    "form_large": N_("This form is too large: at most {most} elements."),
    "no_elements": N_("Put at least one field on the form."),
    "kind_unknown": N_("There is no kind of element called “{kind}”."),
    "name_twice": N_("“{name}” is the name of two elements. Give one of them another name."),
    "name_reserved": N_("“{name}” has a meaning in expressions. Choose another name."),
    "not_here": N_("This cannot stand here: pages divide the whole form, and rows hold no rows."),
    "parameter": N_("“{part}” has no meaning for this kind of element."),
    "no_choices": N_("Give the choices, or a dictionary that holds them."),
    "choice_twice": N_("The choice “{code}” stands here twice."),
    "parent_unknown": N_("The choice “{code}” lies under “{parent}”, which is not there."),
    "levels": N_("The choices have {given} levels; name {given}."),
    "limits": N_("The least is larger than the most."),
    "default": N_("What the field begins with does not fit it."),
    "default_from": N_("“{name}” cannot be taken over. Choose one of the list."),
    "circle": N_("These depend on one another in a circle: {names}."),
    "never_shown": N_("This is never shown: its condition cannot hold."),
    "target": N_("Choose a field of this form that the button fills."),
    "address": N_("Give a web address that begins with https:// or http://."),
    "look_up": N_("There is no look-up called “{name}”."),
    "file_kinds": N_("“{name}” is no kind of file that can be handed in: {kinds}."),
    "nothing_within": N_("Put at least one field into it."),
    "no_text": N_("Give it a text."),
    "language": N_("The text is missing in: {languages}."),
    "anonymous": N_("An anonymous survey that asks for this is not anonymous."),
}
"""What is wrong with a form, by code."""

LANGUAGES = ("en", "zh", "ru", "fa")
COMBINATIONS = 512
"""Of answers, up to which it is tried whether a condition can hold."""
_PERSONAL = frozenset({"identity_number", "phone", "email", "address", "file", "image"})
RESERVED = frozenset(
    {"and", "or", "not", "in", "true", "false", "null", *FUNCTIONS, *(n.split(".")[0] for n in CONTEXT)}
)


@dataclass(frozen=True)
class Finding:
    """Something about a form: of which element, of which of its parts; a remark does not keep it from being published."""

    element: str
    part: str
    problem: Problem
    remark: bool = False

    def said(self, say: Any) -> str:
        """The sentence, in the language of `say`."""
        if self.problem.code in RULE_SENTENCES:
            return self.problem.said(say)
        return str(say(SENTENCES[self.problem.code])).format(**self.problem.facts)


def checked_form(definition: FormDefinition, look_ups: Collection[str] = ()) -> list[Finding]:
    """Everything that is wrong with a form, in its order, and remarks."""
    found = list(_whole(definition))
    for element, above in definition.walk():
        found += _element(definition, element, above, look_ups)
    if not any(not finding.remark for finding in found):
        found += _reached(definition)
    order = {name: n for n, name in enumerate(definition.by_name)}
    return sorted(found, key=lambda f: (f.remark, order.get(f.element, -1)))


def _finding(element: str, part: str, wrong: str, /, remark: bool = False, **facts: Any) -> Finding:
    return Finding(element, part, Problem(wrong, facts=facts), remark)


def _whole(definition: FormDefinition) -> Iterator[Finding]:
    many = sum(1 for _ in definition.walk())
    if many > MOST_ELEMENTS or len(definition.model_dump_json(exclude_defaults=True)) > LARGEST:
        yield _finding("", "elements", "form_large", most=MOST_ELEMENTS)
    if not any(element.answers for element, _ in definition.walk()):
        yield _finding("", "elements", "no_elements")
    yield from _words("", "title", definition.title)
    seen: set[str] = set()
    for element, _ in definition.walk():
        if element.name in seen:
            yield _finding(element.name, "name", "name_twice", name=element.name)
        seen.add(element.name)
    try:
        definition.steps  # noqa: B018 (reckoned when it is asked for)
    except Cycle as cycle:
        yield _finding(cycle.names[0], "value", "circle", names=" → ".join(cycle.names))


def _words(element: str, part: str, words: Words) -> Iterator[Finding]:
    if not any(text.strip() for text in words.values()):
        yield _finding(element, part, "no_text")
        return
    missing = [language for language in LANGUAGES if not words.get(language, "").strip()]
    if missing:
        yield _finding(element, part, "language", remark=True, languages=", ".join(missing))


def _element(
    definition: FormDefinition, element: Element, above: tuple[Element, ...], look_ups: Collection[str]
) -> Iterator[Finding]:
    name = element.name
    kind = KINDS.get(element.kind)
    if kind is None:
        yield _finding(name, "kind", "kind_unknown", kind=element.kind)
        return
    if len(above) > DEEPEST:
        yield _finding(name, "kind", "too_deep", most=DEEPEST)
    if name in RESERVED:
        yield _finding(name, "name", "name_reserved", name=name)
    if (element.kind == "page" and above) or (element.kind == "rows" and any(one.kind == "rows" for one in above)):
        yield _finding(name, "kind", "not_here")
    if element.kind not in ("page", "group", "rows", "picture"):
        yield from _words(name, "label", element.label)
    yield from _expressions(definition, element)
    yield from _choices(element)
    yield from _parts(definition, element, look_ups)
    if kind.holds and not element.elements:
        yield _finding(name, "elements", "nothing_within")
    if definition.anonymous and element.kind in _PERSONAL:
        yield _finding(name, "kind", "anonymous")


def _expressions(definition: FormDefinition, element: Element) -> Iterator[Finding]:
    answer = KINDS[element.kind].answer
    wanted = {"shown_when": "yes_no", "required_when": "yes_no", "read_only_when": "yes_no"}
    for part in (*RULES, "earliest", "latest", "result"):
        text = getattr(element, part)
        if not text:
            continue
        if (part == "value" and answer in ("", "list", "rows", "any")) or (
            part == "read_only_when" and element.name in definition.rows_of
        ):
            yield _finding(element.name, part, "parameter", part=part)
            continue
        kind = wanted.get(part, "day" if part in ("earliest", "latest") else answer or None)
        if part == "result":
            target = definition.by_name.get(element.target)
            kind = KINDS[target.kind].answer if target is not None and target.kind in KINDS else None
        try:
            definition.rule(element.name, text, kind if kind not in ("any", "list", "rows", "") else None)
        except WrongRule as wrong:
            yield from (Finding(element.name, part, problem) for problem in wrong.problems)


def _choices(element: Element) -> Iterator[Finding]:
    if "choices" not in KINDS[element.kind].parameters:
        return
    if not element.choices and not element.dictionary:
        yield _finding(element.name, "choices", "no_choices")
    codes: set[str] = set()
    for choice in element.choices:
        if choice.code in codes:
            yield _finding(element.name, "choices", "choice_twice", code=choice.code)
        codes.add(choice.code)
        yield from _words(element.name, "choices", choice.label)
    if element.kind != "cascade":
        return
    parents = {c.code: c.parent for c in element.choices}
    deepest = 0
    for choice in element.choices:
        if choice.parent and choice.parent not in codes:
            yield _finding(element.name, "choices", "parent_unknown", code=choice.code, parent=choice.parent)
        depth, code = 0, choice.code
        while code in parents and depth <= len(parents):
            depth, code = depth + 1, parents[code]
        if depth > len(parents):
            yield _finding(element.name, "choices", "circle", names=choice.code)
            return
        deepest = max(deepest, depth)
    if element.choices and len(element.levels) != deepest:
        yield _finding(element.name, "levels", "levels", given=deepest)


def _parts(definition: FormDefinition, element: Element, look_ups: Collection[str]) -> Iterator[Finding]:
    name = element.name
    if element.least is not None and element.most is not None and element.least > element.most:
        yield _finding(name, "least", "limits")
    if element.least_rows > element.most_rows:
        yield _finding(name, "least_rows", "limits")
    if element.default is not None:
        try:
            answer_of(element, element.default)
        except BadValue:
            yield _finding(name, "default", "default")
    if element.default_from and element.default_from not in CONTEXT:
        yield _finding(name, "default_from", "default_from", name=element.default_from)
    for one in element.file_kinds:
        if one not in FILE_KINDS:
            yield _finding(name, "file_kinds", "file_kinds", name=one, kinds=", ".join(FILE_KINDS))
    opens = element.kind == "link" or element.does == "open"
    if opens and not re.match(r"https?://[^\s/{}]+", element.address):
        yield _finding(name, "address", "address")
    if element.kind != "button":
        return
    if element.does == "look_up":
        if element.look_up not in look_ups:
            yield _finding(name, "look_up", "look_up", name=element.look_up)
    elif element.does != "open":
        target = definition.by_name.get(element.target)
        same = definition.rows_of.get(element.target) == definition.rows_of.get(name)
        if target is None or not target.answers or target.value or target.kind == "rows" or not same:
            yield _finding(name, "target", "target")
        if not element.result:
            yield _finding(name, "result", "empty")


def _reached(definition: FormDefinition) -> Iterator[Finding]:
    """Elements whose condition holds for none of the answers that it depends on, tried one after the other."""
    for name, element in definition.by_name.items():
        if not element.shown_when or name in definition.rows_of:
            continue
        used = sorted(uses(definition, name, element.shown_when))
        rule = definition.rule(name, element.shown_when)
        if rule.uses - set(used):
            continue  # it asks about the applicant, the service or the day
        answers = [_possible(definition.by_name[one]) for one in used]
        if any(one is None for one in answers):
            continue
        known = [one or [] for one in answers]
        size = 1
        for one in known:
            size *= len(one)
        if size > COMBINATIONS:
            continue
        cases = (dict(zip(used, case, strict=True)) for case in product(*known))
        if not any(state(definition, case).standing[name].shown for case in cases):
            yield _finding(name, "shown_when", "never_shown")


def _possible(element: Element) -> list[Any] | None:
    """Every answer that an element can have, when these are few and known."""
    if element.value:
        return None
    if element.kind == "yes_no":
        return [None, True, False]
    if element.kind in ("choice", "cascade") and element.choices:
        return [None, *[c.code for c in element.choices]]
    if element.kind == "scale":
        field = element.field
        return [None, *range(field.least or 1, (field.most or 5) + 1)]
    return None
