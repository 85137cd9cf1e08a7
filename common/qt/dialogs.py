"""Dialogs that a coroutine awaits. Nothing here starts a loop of its own: that would starve every other coroutine."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget
from shiboken6 import isValid

from common.qt.theme import theme
from common.text import _

TOUCH_MM = 20
"""The least height of a key that is touched; `staff` has a mouse and a keyboard."""


async def open(dialog: QDialog, *, keep: bool = False) -> int:
    """Show a dialog over its parent and wait for its end: `QDialog.DialogCode`, or what `done` was given.

    Cancelling closes it. Read the dialog's fields before the next `await`: then it is deleted, unless you `keep` it to
    show it again with what was typed, and delete it yourself.
    """
    ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def finish(code: int) -> None:
        if not ended.done():
            ended.set_result(code)

    def vanish() -> None:
        finish(int(QDialog.DialogCode.Rejected.value))

    dialog.finished.connect(finish)
    dialog.destroyed.connect(vanish)
    dialog.open()
    try:
        return await ended
    finally:
        if isValid(dialog):
            dialog.destroyed.disconnect(vanish)
            if dialog.isVisible():
                dialog.reject()
            dialog.finished.disconnect(finish)
            if not keep:
                dialog.deleteLater()


def take_or_leave(dialog: QDialog, words: str, *, name: str, take: Callable[[], object] | None = None) -> QHBoxLayout:
    """The foot of a form: a key with `words`, which Enter presses, and one that cancels. `take` replaces `accept` where
    what was typed is looked at first."""
    yes, no = QPushButton(words), QPushButton(_("Cancel"))
    yes.setObjectName(name)
    yes.setProperty("kind", "primary")
    yes.setDefault(True)
    no.setAutoDefault(False)
    yes.clicked.connect(lambda _on=False: (take or dialog.accept)())
    no.clicked.connect(dialog.reject)
    keys = QHBoxLayout()
    keys.addStretch(1)
    keys.addWidget(no)
    keys.addWidget(yes)
    return keys


class Question(QDialog):
    """A title, a sentence, one or two named keys. Esc is the last key."""

    def __init__(
        self, parent: QWidget | None, title: str, text: str, yes: str, no: str | None, dangerous: bool
    ) -> None:
        super().__init__(parent)
        self.setObjectName("question")
        self.setWindowTitle(title)
        self.setWindowFlag(Qt.WindowType.WindowContextHelpButtonHint, False)
        touch = bool(QApplication.instance().property("touch"))  # type: ignore[union-attr]
        size = 24 if touch else 15
        heading = _label("question_title", title, theme.font(size + (8 if touch else 4), bold=True))
        sentence = _label("question_text", text, theme.font(size))
        if not title:
            heading.hide()
        self.yes = _key("question_yes", yes, "danger" if dangerous else "primary", touch, size)
        self.yes.clicked.connect(self.accept)
        keys = QHBoxLayout()
        keys.setSpacing(16)
        keys.addStretch(1)
        safe = self.yes
        if no is not None:
            self.no = _key("question_no", no, "plain", touch, size)
            self.no.clicked.connect(self.reject)
            keys.addWidget(self.no)
            safe = self.no if dangerous else self.yes
        keys.addWidget(self.yes)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(16)
        column.addWidget(heading)
        column.addWidget(sentence)
        column.addSpacing(8)
        column.addLayout(keys)
        self.setMinimumWidth(560 if touch else 400)
        self.setMaximumWidth(900 if touch else 640)
        safe.setDefault(True)
        safe.setFocus()


async def ask(parent: QWidget | None, title: str, text: str, yes: str, no: str, dangerous: bool = False) -> bool:
    """Ask a question with two named keys. Esc means no; Enter is `yes`, or `no` where `yes` is dangerous."""
    return await open(Question(parent, title, text, yes, no, dangerous)) == QDialog.DialogCode.Accepted.value


async def tell(parent: QWidget | None, title: str, text: str, key: str = "") -> None:
    """Say something that must be acknowledged."""
    await open(Question(parent, title, text, key or _("OK"), None, False))


async def save_path(parent: QWidget | None, title: str, suggested: str) -> Path | None:
    """Where to save a file; nothing when the person thinks better of it. An existing file is asked about."""
    dialog = QFileDialog(parent, title)
    dialog.setObjectName("save_path")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    # Qt's own question about an existing file would run a loop inside the dialog; ours follows below.
    dialog.setOption(QFileDialog.Option.DontConfirmOverwrite, True)
    # A driver presses keys of this program only, not of the desktop's dialog.
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog, bool(QApplication.instance().property("driven")))  # type: ignore[union-attr]
    suffix = Path(suggested).suffix
    if suffix:
        dialog.setDefaultSuffix(suffix.removeprefix("."))
    dialog.selectFile(suggested)
    if await open(dialog) != QDialog.DialogCode.Accepted.value:
        return None
    path = Path(dialog.selectedFiles()[0])
    there = path.exists()  # noqa: ASYNC240 one look at a local folder that the person has just seen
    if there and not await ask(
        parent,
        _("Replace the file?"),
        _("{name} is there already. Its content would be lost.").format(name=path.name),
        _("Replace"),
        _("Keep"),
        dangerous=True,
    ):
        return None
    return path


async def open_path(parent: QWidget | None, title: str, kinds: str) -> Path | None:
    """Which file to open, of kinds such as `Excel (*.xlsx)`; nothing when the person thinks better of it."""
    dialog = QFileDialog(parent, title, "", kinds)
    dialog.setObjectName("open_path")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptOpen)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    # A driver presses keys of this program only, not of the desktop's dialog.
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog, bool(QApplication.instance().property("driven")))  # type: ignore[union-attr]
    if await open(dialog) != QDialog.DialogCode.Accepted.value:
        return None
    return Path(dialog.selectedFiles()[0])


def _label(name: str, text: str, font: object) -> QLabel:
    label = QLabel(text)
    label.setObjectName(name)
    label.setFont(font)  # type: ignore[arg-type]
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label


def _key(name: str, text: str, kind: str, touch: bool, size: int) -> QPushButton:
    key = QPushButton(text)
    key.setObjectName(name)
    key.setProperty("kind", kind)
    key.setFont(theme.font(size, bold=kind != "plain"))
    key.setAutoDefault(True)
    key.setMinimumHeight(theme.px(TOUCH_MM, key) if touch else 40)
    key.setMinimumWidth(theme.px(TOUCH_MM * 2, key) if touch else 120)
    return key
