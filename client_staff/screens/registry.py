"""Screens of their own: a file of this folder named as a record replaces its generic page, one with `PAGE` is a page.

`client_staff/screens/leave_request.py` with a class `Screen(desk, facts)` is what opens for `leave_request`; it may build on
`client_staff.records.page.RecordsPage`. A page has `begin`, `stop`, `say_again`, and may have `keys` (for F1), `show_one`
and `show_only` (for links and lists), `palette_actions` (for Ctrl+K). Nobody else has to be told of either.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from types import ModuleType
from typing import Any

from PySide6.QtWidgets import QWidget

import client_staff.screens
from common.records import RecordFacts


@dataclass(frozen=True)
class Page:
    """A page of the navigation and of Ctrl+K."""

    name: str
    label: str
    """Marked with `N_`."""
    symbol: str
    group: str
    """A module's name: under its heading the navigation shows it."""
    needs: str
    """The right that opens it; empty for a page of everybody's."""
    make: Callable[[Any], QWidget]
    """`make(desk)` gives the page, when it is opened for the first time."""
    stands_for: tuple[str, ...] = ()
    """Kinds of record whose plain list stands aside where this page is shown: found by Ctrl+K, not in the navigation."""


@lru_cache(maxsize=1)
def _modules() -> dict[str, ModuleType]:
    names = [found.name for found in pkgutil.iter_modules(client_staff.screens.__path__) if found.name != "registry"]
    return {name: importlib.import_module(f"client_staff.screens.{name}") for name in names}


def pages() -> list[Page]:
    """Every page that a file of this folder declares, by name."""
    return [module.PAGE for _, module in sorted(_modules().items()) if isinstance(getattr(module, "PAGE", None), Page)]


def screen_of(kind: str) -> Callable[[Any, RecordFacts], QWidget] | None:
    """The hand-written screen of a kind of record, if there is one."""
    return getattr(_modules().get(kind), "Screen", None)
