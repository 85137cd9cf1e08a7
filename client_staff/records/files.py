"""Files of a record: dropped, pasted or chosen; pictures and texts are seen in place, others are saved and opened."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from PySide6.QtCore import QBuffer, QIODevice, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from client_staff.editors.pictures import show_picture
from client_staff.records.desk import RecordDesk
from common.link import Offline, Refusal
from common.qt import dialogs, jobs
from common.qt.widgets import Banner
from common.records import RecordFacts
from common.text import _, formats

FILE = Qt.ItemDataRole.UserRole
LARGEST = 8 << 20
"""Bytes that the server takes in one file."""
TEXT_BYTES = 200_000


class Files(QWidget):
    """The list of files and a preview of the current one."""

    counted = Signal(int)

    def __init__(self, desk: RecordDesk, facts: RecordFacts) -> None:
        super().__init__()
        self.setObjectName("record_files")
        self.setAcceptDrops(True)
        self.desk, self.facts = desk, facts
        self._record_id = ""
        self._content: bytes = b""
        self.banner = Banner(13, name="files_said")
        self.nothing = QLabel()
        self.nothing.setObjectName("files_nothing")
        self.nothing.setWordWrap(True)
        self.nothing.setProperty("tone", "second")
        self.list = QListWidget()
        self.list.setObjectName("files_list")
        self.list.currentItemChanged.connect(lambda _now, _before: self._preview())
        self.picture = QLabel()
        self.picture.setObjectName("files_picture")
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setMinimumHeight(200)
        self.text = QPlainTextEdit()
        self.text.setObjectName("files_text")
        self.text.setReadOnly(True)
        self.add_key, self.save_key, self.drop_key = QPushButton(), QPushButton(), QPushButton()
        for key, name, act in (
            (self.add_key, "files_add", self._choose),
            (self.save_key, "files_save", self._save),
            (self.drop_key, "files_drop", self._drop),
        ):
            key.setObjectName(name)
            key.clicked.connect(lambda _on=False, what=act, one=key: jobs.start(self, what, name="files", busy=one))
        keys = QHBoxLayout()
        for key in (self.add_key, self.save_key, self.drop_key):
            keys.addWidget(key)
        keys.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addWidget(self.banner)
        column.addWidget(self.nothing)
        column.addWidget(self.list, 1)
        column.addLayout(keys)
        column.addWidget(self.picture, 2)
        column.addWidget(self.text, 2)
        self.say_again()
        self._show([])

    def say_again(self) -> None:
        """The reader's language changed."""
        self.add_key.setText(_("Add a file…"))
        self.save_key.setText(_("Save as…"))
        self.drop_key.setText(_("Take off"))
        self.nothing.setText(_("No files yet. Drop one here, paste a picture, or add one."))

    @property
    def may_write(self) -> bool:
        """Whether this person may attach."""
        me = self.desk.link.me
        return "edit" in self.facts.operations and me is not None and "files.add" in me.permissions

    def show_files(self, facts: RecordFacts, record_id: str) -> None:
        """Read and show the files of a record."""
        if record_id != self._record_id:
            self.banner.hide()
        self.facts, self._record_id = facts, record_id
        jobs.start(
            self, self.desk.link.records.files, facts.name, record_id, done=self._show, refused=self._say,
            offline=self._say,
        )  # fmt: skip

    def _say(self, why: Refusal | Offline) -> None:
        self.banner.say(why.sentence, "warn" if isinstance(why, Offline) else "bad")

    def _show(self, files: list[dict[str, Any]]) -> None:
        self.list.clear()
        for one in files:
            size = max(1, round(int(one["size"]) / 1024))
            item = QListWidgetItem(f"{one['name']}   {formats.number(size)} kB")
            item.setData(FILE, one)
            item.setToolTip(self.desk.reader.moment(str(one["at"])))
            self.list.addItem(item)
        self.list.setVisible(bool(files))
        self.nothing.setVisible(not files)
        self.add_key.setVisible(self.may_write)
        for key in (self.save_key, self.drop_key):
            key.setVisible(bool(files) and (key is self.save_key or self.may_write))
        self.picture.hide()
        self.text.hide()
        self.counted.emit(len(files))
        if files:
            self.list.setCurrentRow(0)

    def _current(self) -> dict[str, Any] | None:
        item = self.list.currentItem()
        return item.data(FILE) if item is not None else None

    def _preview(self) -> None:
        self.picture.hide()
        self.text.hide()
        one = self._current()
        if one is not None:
            jobs.start(self, self._fetch, one, done=self._seen, refused=self._say, offline=self._say)

    async def _fetch(self, one: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        return one, await self.desk.link.fetch_file(one["file_id"])

    def _seen(self, got: tuple[dict[str, Any], bytes]) -> None:
        one, content = got
        if one != self._current():  # Qt gives a copy each time
            return
        self._content = content
        kind = str(one["kind"])
        if kind.startswith("image/"):
            self.picture.show()
            self.picture.resize(max(200, self.width() - 40), max(200, self.picture.height()))
            show_picture(self.picture, content)
        elif kind.startswith("text/"):
            self.text.setPlainText(content[:TEXT_BYTES].decode("utf-8", "replace"))
            self.text.show()

    # in and out

    async def _choose(self) -> None:
        path = await dialogs.open_path(self, _("Add a file"), f"{_('All files')} (*)")
        if path is not None:
            await self._send(path.name, await asyncio.to_thread(path.read_bytes))

    async def _send(self, name: str, content: bytes) -> None:
        if len(content) > LARGEST:
            self.banner.say(_("This file is too large: at most 8 MB."), "bad")
            return
        if self._record_id:
            self._show(await self.desk.link.records.attach(self.facts.name, self._record_id, name, content))
            self.banner.say(_("{name} is attached.").format(name=name), "good", seconds=4)

    async def _save(self) -> None:
        one = self._current()
        path = await dialogs.save_path(self, _("Save the file"), str(one["name"])) if one is not None else None
        if one is not None and path is not None:
            content = await self.desk.link.fetch_file(one["file_id"])
            await asyncio.to_thread(path.write_bytes, content)
            self.banner.say(_("Saved as {name}.").format(name=path.name), "good", seconds=4)

    async def _drop(self) -> None:
        one = self._current()
        if one is not None and await dialogs.ask(
            self,
            _("Take this file off?"),
            _("{name} will not be shown here any more; the history keeps that it was.").format(name=one["name"]),
            _("Take off"),
            _("Keep"),
            dangerous=True,
        ):
            await self.desk.link.records.detach(str(one["id"]))
            self._show(await self.desk.link.records.files(self.facts.name, self._record_id))

    async def _several(self, paths: list[Path]) -> None:
        for path in paths:
            await self._send(path.name, await asyncio.to_thread(path.read_bytes))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files may be dropped by whoever may attach them."""
        if self.may_write and event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Attach what was dropped."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        self.take(paths)

    def take(self, paths: list[Path]) -> None:
        """Attach these files."""
        if paths:
            jobs.start(self, self._several, paths, name="files", refused=self._say, offline=self._say)

    def paste(self) -> bool:
        """Attach the picture or the files of the clipboard; says whether there are any."""
        found = QGuiApplication.clipboard().mimeData()
        if not self.may_write or found is None:
            return False
        if found.hasUrls():
            self.take([Path(url.toLocalFile()) for url in found.urls() if url.isLocalFile()])
            return True
        if found.hasImage():
            picture = QGuiApplication.clipboard().pixmap()
            kept = QBuffer()
            kept.open(QIODevice.OpenModeFlag.WriteOnly)
            picture.save(kept, "PNG")
            content = bytes(kept.data().data())
            jobs.start(
                self, self._send, _("picture") + ".png", content, name="files", refused=self._say, offline=self._say
            )
            return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+V pastes, Del takes off."""
        if event.matches(QKeySequence.StandardKey.Paste) and self.paste():
            return
        if event.key() == Qt.Key.Key_Delete and self.drop_key.isVisible():
            jobs.start(self, self._drop, name="files")
            return
        super().keyPressEvent(event)

    def first_focus(self) -> None:
        """Into the list, or onto the key that fills it."""
        (self.list if self.list.count() else self.add_key).setFocus()
