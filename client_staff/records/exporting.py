"""What else a list offers besides its own keys: exports and imports register here and get a button in every list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from client_staff.records.page import RecordsPage


@dataclass(frozen=True)
class ListTool:
    """A button over the list of every kind of record. `offered(page)` says whether this person gets it there; `run(page)`
    is called when it is pressed: `page.model.asked` is the search, `page.model.ticked` the ticked rows, `page.list.table`
    knows the columns that are shown."""

    name: str
    label: Callable[[], str]
    """Asked anew after a change of language."""
    symbol: str
    key: str
    """Its shortcut, such as `Ctrl+E`; empty for none."""
    offered: Callable[[RecordsPage], bool]
    run: Callable[[RecordsPage], None]


TOOLS: list[ListTool] = []
"""In the order in which their buttons stand."""
