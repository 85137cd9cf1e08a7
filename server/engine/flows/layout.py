"""Where the nodes of a flow stand that was never arranged: columns from the start on, branches below one another. Pure."""

from __future__ import annotations

from collections.abc import Sequence

COLUMN, ROW = 180, 100


def arranged(nodes: Sequence[str], ways: Sequence[tuple[str, str]], start: str) -> dict[str, tuple[int, int]]:
    """A place for every node, in pixels: each a column after the last of those that lead to it; ways back do not count."""
    out: dict[str, list[str]] = {node: [] for node in nodes}
    for source, target in ways:
        if source in out and target in out:
            out[source].append(target)
    forward = _forward(out, start)
    column = dict.fromkeys(nodes, 0)
    for node in _in_order(forward, nodes):
        for target in forward[node]:
            column[target] = max(column[target], column[node] + 1)
    row: dict[str, int] = {}
    taken: dict[int, int] = {}
    for node in _in_order(forward, nodes):
        before = [row[source] for source in nodes if node in forward[source] and source in row]
        here = max(taken.get(column[node], 0), min(before, default=0))
        row[node] = here
        taken[column[node]] = here + 1
    return {node: (column[node] * COLUMN, row[node] * ROW) for node in nodes}


def _forward(out: dict[str, list[str]], start: str) -> dict[str, list[str]]:
    """The ways without those that lead back to where they came from."""
    kept: dict[str, list[str]] = {node: [] for node in out}
    state: dict[str, int] = {}
    for root in (start, *out):
        if root not in out or root in state:
            continue
        state[root] = 1
        todo = [(root, iter(out[root]))]
        while todo:
            node, targets = todo[-1]
            target = next(targets, None)
            if target is None:
                state[node] = 2
                todo.pop()
            elif state.get(target) != 1:
                kept[node].append(target)
                if target not in state:
                    state[target] = 1
                    todo.append((target, iter(out[target])))
    return kept


def _in_order(forward: dict[str, list[str]], nodes: Sequence[str]) -> list[str]:
    """Every node after all that lead to it."""
    waiting = dict.fromkeys(nodes, 0)
    for targets in forward.values():
        for target in targets:
            waiting[target] += 1
    ready = [node for node in nodes if not waiting[node]]
    found = []
    while ready:
        node = ready.pop(0)
        found.append(node)
        for target in forward[node]:
            waiting[target] -= 1
            if not waiting[target]:
                ready.append(target)
    return found
