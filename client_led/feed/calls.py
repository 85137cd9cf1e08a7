"""Which call stands in the large place, and which came before: pure, driven by boards and a clock that is handed in."""

from __future__ import annotations

from collections import deque

from common.protocol.queue import Board, BoardCall

SHOWN_SECONDS = 4.0
"""Calls that come together wait so long each; none is skipped (QUE-915)."""
SHOWN_LEAST = 1.5
"""So long at least, where more than a few wait: else the display falls minutes behind a hall that calls every two seconds."""
FEW = 2
OLD_SECONDS = 90.0
"""A call that is older when it is first heard of (the display was off) goes to the list at once."""
EARLIER = 4


class CallFeed:
    """Boards go in, calls come out, each once, in the order of their sequence."""

    def __init__(self) -> None:
        self.current: BoardCall | None = None
        self.earlier: list[BoardCall] = []
        """Newest first; never a call that stands in the large place."""
        self._last: int | None = None
        self._waiting: deque[BoardCall] = deque()
        self._since = -SHOWN_SECONDS

    def take(self, board: Board) -> None:
        """A board was read. Nothing in the large place changes yet: ask `turn`."""
        calls = sorted(board.calls, key=lambda call: call.sequence)
        if self._last is None or board.last_sequence < self._last:
            # The first board since the start, or a new day: what was called before is shown, not called again.
            self._waiting.clear()
            self.current, self.earlier = None, []
            for call in calls:
                self._put(call)
        else:
            for call in calls:
                if call.sequence <= self._last:
                    continue
                if (board.now - call.called_at).total_seconds() > OLD_SECONDS:
                    self._put(call)
                else:
                    self._waiting.append(call)
        self._last = board.last_sequence

    def turn(self, now: float) -> BoardCall | None:
        """Move on when it is time; gives the call that has just come into the large place. `now`: seconds, steady."""
        if not self._waiting or (self.current is not None and now - self._since < self._moment()):
            return None
        call = self._waiting.popleft()
        self._put(call)
        self._since = now
        return call

    def _moment(self) -> float:
        """How long the call in the large place has it for itself."""
        return max(SHOWN_LEAST, SHOWN_SECONDS / (1 + max(0, len(self._waiting) - FEW) / FEW))

    def clear(self) -> None:
        """Forget what is shown: it is too old to be true."""
        self.current, self.earlier = None, []

    def _put(self, call: BoardCall) -> None:
        before = self.current
        self.current = call
        if before is not None and before.ticket_id != call.ticket_id:
            self.earlier.insert(0, before)
        # A ticket stands in one place only: its newest call counts.
        self.earlier = [one for one in self.earlier if one.ticket_id != call.ticket_id][:EARLIER]
