"""Flips one comparison, constant or sign of the queue's rules at a time and counts how many turn a test red.

    .venv/bin/python -m tests.server.queue.flips [--count 40] [--seed 1] [--list]

Not part of the suite (some minutes; it forks, so not on Windows). The flips are spread over all sites by a fixed seed;
those that no test sees are printed, so that a test can be written or the rule found to be superfluous. The exit status is 1
below 34 of 40.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import os
import random
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from server.app import load_modules
from server.modules.queue import rules

TOP = Path(__file__).resolve().parents[3]
RULES = sorted((TOP / "server" / "modules" / "queue").glob("rules_*.py"))
TESTS = [f"tests/server/queue/test_{name}.py" for name in ("rules", "order", "offer")]
SHARE = 34 / 40

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
SIGNS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
}  # fmt: skip


@dataclass(frozen=True)
class Site:
    """One place that can be flipped: file, line, the number of the node in the tree, and which part of it."""

    file: Path
    line: int
    node: int
    part: int = 0


def sites(file: Path) -> list[Site]:
    """Every comparison, numeric constant and sign of a file's functions."""
    found = []
    for number, node in enumerate(ast.walk(ast.parse(file.read_text(encoding="utf-8")))):
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.Compare):
            found += [Site(file, line, number, part) for part, op in enumerate(node.ops) if type(op) in COMPARISONS]
            continue
        sign = isinstance(node, ast.BinOp) and type(node.op) in SIGNS
        turn = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Not)
        if sign or turn or (isinstance(node, ast.Constant) and type(node.value) in (int, float)):
            found.append(Site(file, line, number))
    return found


def flipped(site: Site) -> tuple[str, str]:
    """The file's text with one flip, and what was flipped in words."""
    tree = ast.parse(site.file.read_text(encoding="utf-8"))
    node = list(ast.walk(tree))[site.node]
    before = ast.unparse(node)
    if isinstance(node, ast.Compare):
        node.ops[site.part] = COMPARISONS[type(node.ops[site.part])]()
    elif isinstance(node, ast.BinOp):
        node.op = SIGNS[type(node.op)]()
    elif isinstance(node, ast.UnaryOp):
        node.op = ast.UAdd() if isinstance(node.op, ast.USub) else ast.Not()
        if isinstance(node.op, ast.Not):
            node.operand = ast.UnaryOp(ast.Not(), node.operand)
    elif isinstance(node, ast.Constant):
        node.value = node.value + 1  # type: ignore[operator]
    return ast.unparse(tree), f"{site.file.name}:{site.line}: {before}  ->  {ast.unparse(node)}"


def main() -> int:
    """Make the flips and print what came of them."""
    options = argparse.ArgumentParser(prog="flips")
    options.add_argument("--count", type=int, default=40)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--list", action="store_true", help="print the sites and stop")
    given = options.parse_args()
    every = [site for file in RULES for site in sites(file)]
    chosen = sorted(
        random.Random(given.seed).sample(every, min(given.count, len(every))), key=lambda s: (s.file.name, s.line)
    )
    if given.list:
        print(*(flipped(site)[1] for site in chosen), sep="\n")
        return 0
    os.chdir(TOP)
    load_modules()
    if not green(None):
        print("the tests are red without any flip")
        return 2
    red = 0
    for site in chosen:
        text, said = flipped(site)
        seen = not green((site.file.stem, text))
        red += seen
        print("red  " if seen else "GREEN", said, flush=True)
    print(f"{red} of {len(chosen)} flips turned a test red, of {len(every)} sites")
    return 0 if red >= SHARE * len(chosen) else 1


def green(change: tuple[str, str] | None) -> bool:
    """Whether the rules' tests pass with a changed module; in a forked process, which leaves this one as it was. A test
    that does not come back within two minutes is not green."""
    child = os.fork()
    if child == 0:
        signal.alarm(120)
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), 1)
            os.dup2(nowhere.fileno(), 2)
            if change is not None:
                change_rules(*change)
            os._exit(int(pytest.main(["-q", "-x", "-p", "no:cacheprovider", *TESTS])))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def change_rules(name: str, text: str) -> None:
    """Put the flipped text in a module's place, and behind the rules' door."""
    module = importlib.import_module(f"server.modules.queue.{name}")
    exec(compile(text, str(module.__file__), "exec"), module.__dict__)
    for file in RULES:
        other = importlib.import_module(f"server.modules.queue.{file.stem}")
        for kept in [k for k in vars(other) if k in vars(module) and other is not module]:
            if getattr(vars(module)[kept], "__module__", "") == module.__name__:
                setattr(other, kept, vars(module)[kept])
    for kept in rules.__all__:
        if kept in vars(module) and getattr(vars(module)[kept], "__module__", module.__name__) == module.__name__:
            setattr(rules, kept, vars(module)[kept])


if __name__ == "__main__":
    sys.exit(main())
