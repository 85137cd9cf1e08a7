"""Whether somebody stands there, told by touches."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer


class Idle:
    """`gone()` is called once when nobody has touched for `seconds`. Loop's thread."""

    def __init__(self, seconds: float, gone: Callable[[], None]) -> None:
        self._timer = QTimer(singleShot=True, interval=int(seconds * 1000))
        self._timer.timeout.connect(gone)

    @property
    def somebody(self) -> bool:
        """Somebody has touched, and the time is not over."""
        return self._timer.isActive()

    def touched(self) -> None:
        """Somebody is there."""
        self._timer.start()

    def rest(self) -> None:
        """Nobody is there any more."""
        self._timer.stop()
