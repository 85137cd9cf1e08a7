"""Steps back and forth of something that is being drawn. Pure, no widgets."""

from __future__ import annotations

from typing import Generic, TypeVar

S = TypeVar("S")


class Steps(Generic[S]):
    """What stands `now`, and what stood before and after. Steps that follow each other under the same name are one step:
    typing, a drag, a held key."""

    def __init__(self, first: S) -> None:
        self.now = first
        self._before: list[S] = []
        self._after: list[S] = []
        self._step = ""

    @property
    def can_undo(self) -> bool:
        """There is a step to take back."""
        return bool(self._before)

    @property
    def can_redo(self) -> bool:
        """There is a step that was taken back."""
        return bool(self._after)

    def undo(self) -> None:
        """Take the last step back."""
        if self._before:
            self._after.append(self.now)
            self.now = self._before.pop()
            self._step = ""

    def redo(self) -> None:
        """Do once more what was taken back."""
        if self._after:
            self._before.append(self.now)
            self.now = self._after.pop()
            self._step = ""

    def rest(self) -> None:
        """What follows is a step of its own: a drag has ended."""
        self._step = ""

    def _same(self, state: S) -> bool:
        """Whether a state is no step away from what stands."""
        return state == self.now

    def _put(self, step: str, state: S) -> None:
        if self._same(state):
            return
        if not step or step != self._step:
            self._before.append(self.now)
        self._step = step
        self._after.clear()
        self.now = state
