"""How much waits on the to-do list: the count beside its line in the navigation."""

from __future__ import annotations

from collections.abc import Callable

from common.link import Link, View
from common.protocol.messages import Nothing
from common.protocol.to_do import ToDoCounts


class Waiting:
    """`told(count)` comes whenever it is another."""

    def __init__(self, link: Link, told: Callable[[int], None]) -> None:
        self._link, self._told = link, told
        self._view: View[ToDoCounts] | None = None

    def begin(self) -> None:
        """Somebody has signed in."""
        self.end()
        me = self._link.me
        if me is None or me.kind != "person":
            return
        self._view = View(self._link, "to_do.counts", Nothing(), ToDoCounts, ["flows", "people"])
        self._view.on_change(self._heard)
        self._view.start()

    def end(self) -> None:
        """He has left."""
        if self._view is not None:
            self._view.stop()
        self._view = None
        self._told(0)

    def _heard(self) -> None:
        counts = self._view.value if self._view is not None else None
        if counts is not None:
            self._told(counts.todo)
