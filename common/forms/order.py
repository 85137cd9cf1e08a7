"""In which order a form's elements are reckoned: what one depends on comes before it. Pure."""

from __future__ import annotations

from common.forms.definition import FormDefinition
from common.rules.problems import WrongRule

Step = tuple[str, str]
"""`("shown", name)` or `("value", name)`."""


class Cycle(ValueError):
    """Elements that depend on one another in a circle; `names` begins and ends with the same."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(" → ".join(names))
        self.names = names


def steps(definition: FormDefinition) -> list[Step]:
    """What is reckoned, one after the other. Raises Cycle."""
    needs: dict[Step, list[Step]] = {}
    for name, element in definition.by_name.items():
        shown, value = ("shown", name), ("value", name)
        needs[shown] = [("shown", one.name) for one in definition.above[name]]
        needs[shown] += [("value", used) for used in uses(definition, name, element.shown_when)]
        needs[value] = [shown, *[("value", used) for used in uses(definition, name, element.value)]]
    for name, rows in definition.rows_of.items():
        needs[("value", rows)].append(("value", name))
    done: dict[Step, bool] = {}
    found: list[Step] = []
    for step in needs:
        _visit(step, needs, done, found, [])
    return found


def _visit(
    step: Step, needs: dict[Step, list[Step]], done: dict[Step, bool], found: list[Step], path: list[Step]
) -> None:
    if step in done:
        if not done[step]:
            circle = [*path[path.index(step) :], step]
            raise Cycle([name for n, (_, name) in enumerate(circle) if n == 0 or circle[n - 1][1] != name])
        return
    done[step] = False
    for other in needs.get(step, ()):
        _visit(other, needs, done, found, [*path, step])
    done[step] = True
    found.append(step)


def uses(definition: FormDefinition, name: str, text: str) -> frozenset[str]:
    """The form's own elements that an expression of this element reads."""
    if not text:
        return frozenset()
    try:
        used = definition.rule(name, text).uses
    except WrongRule:
        return frozenset()  # its check names what is wrong
    return used & definition.by_name.keys()
