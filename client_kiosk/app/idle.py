"""Whether somebody stands there, told by touches."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QDialog, QLabel, QWidget

from common.qt import dialogs
from common.text import _, formats, ngettext

STILL_THERE_SECONDS = 10


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


async def still_there(parent: QWidget) -> bool:
    """Ask, and count down; no answer is one too."""
    asked = dialogs.Question(
        parent, _("Are you still there?"), _words(STILL_THERE_SECONDS), _("Yes"), _("I am done"), False
    )
    label = asked.findChild(QLabel, "question_text")
    left = STILL_THERE_SECONDS

    def count() -> None:
        nonlocal left
        left -= 1
        if isinstance(label, QLabel):
            label.setText(_words(left))
        if left <= 0:
            asked.reject()

    timer = QTimer(asked, interval=1000)
    timer.timeout.connect(count)
    timer.start()
    return await dialogs.open(asked) == QDialog.DialogCode.Accepted.value


def _words(seconds: int) -> str:
    words = ngettext(
        "Otherwise the first page comes back in {count} second.",
        "Otherwise the first page comes back in {count} seconds.",
        seconds,
    )
    return words.format(count=formats.number(seconds))
