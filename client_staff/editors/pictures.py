"""Pictures and lists of files in the file store."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout

from client_staff.editors.editor import Desk, Editor
from common.qt import dialogs, jobs
from common.qt.theme import theme
from common.records import Field
from common.text import _

PICTURES = "*.png *.jpg *.jpeg"
ID = Qt.ItemDataRole.UserRole


class ImageEditor(Editor):
    """One picture: shown, replaced, taken away."""

    TALL = True
    SIDE = 96

    def __init__(self, field: Field, desk: Desk) -> None:
        super().__init__(field, desk)
        self._id: str | None = None
        self.picture = QLabel()
        self.picture.setObjectName(f"picture_{field.name}")
        self.picture.setFixedSize(self.SIDE, self.SIDE)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setProperty("frame", "true")
        self.choose = QPushButton(_("Choose a picture…"))
        self.choose.setObjectName(f"edit_{field.name}")
        self.choose.clicked.connect(lambda: jobs.start(self, self._choose, name="choose", busy=self.choose))
        self.drop = QPushButton(_("Take away"))
        self.drop.setObjectName(f"edit_{field.name}_away")
        self.drop.setProperty("kind", "plain")
        self.drop.clicked.connect(self._away)
        keys = QVBoxLayout()
        keys.addWidget(self.choose, 0, Qt.AlignmentFlag.AlignLeading)
        keys.addWidget(self.drop, 0, Qt.AlignmentFlag.AlignLeading)
        keys.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.picture)
        row.addLayout(keys, 1)
        self.watch(self.choose, self.drop)

    async def _choose(self) -> None:
        path = await dialogs.open_path(self, _("Choose a picture"), f"{_('Pictures')} ({PICTURES})")
        if path is not None:
            content = await asyncio.to_thread(path.read_bytes)
            self._id = await self.desk.link.records.send_file(path.name, content)
            self._draw(content)
            self.changed.emit()

    def _away(self) -> None:
        self._id = None
        self._draw(None)
        self.changed.emit()

    def show_value(self, value: Any) -> None:
        """Show a picture."""
        self._id = str(value) if value else None
        self._draw(None)
        if self._id:
            jobs.start(
                self, self.desk.link.fetch_file, self._id, done=self._draw,
                refused=lambda why: self.picture.setText("–"), offline=lambda why: self.picture.setText("–"),
            )  # fmt: skip

    def value(self) -> Any:
        """The file's id."""
        return self._id

    def _draw(self, content: bytes | None) -> None:
        show_picture(self.picture, content)
        self.drop.setVisible(self._id is not None)


def show_picture(label: QLabel, content: bytes | None) -> None:
    """A picture as large as its label, whole."""
    picture = QPixmap()
    if content and picture.loadFromData(content):
        label.setPixmap(
            picture.scaled(label.size(), Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
        )
    else:
        label.clear()
    label.setStyleSheet(f"border: 1px solid {theme.tokens.line};")


class FilesEditor(Editor):
    """A list of files: Del takes one out."""

    TALL = True

    def __init__(self, field: Field, desk: Desk) -> None:
        super().__init__(field, desk)
        self.list = QListWidget()
        self.list.setObjectName(f"edit_{field.name}_files")
        self.add = QPushButton(_("Add a file…"))
        self.add.setObjectName(f"edit_{field.name}")
        self.add.clicked.connect(lambda: jobs.start(self, self._add, name="add", busy=self.add))
        self.drop = QPushButton(_("Take out"))
        self.drop.setProperty("kind", "plain")
        self.drop.clicked.connect(self._out)
        keys = QHBoxLayout()
        keys.addWidget(self.add)
        keys.addWidget(self.drop)
        keys.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list)
        column.addLayout(keys)
        self.watch(self.add, self.list, self.drop)

    async def _add(self) -> None:
        path: Path | None = await dialogs.open_path(self, _("Add a file"), f"{_('All files')} (*)")
        if path is not None:
            content = await asyncio.to_thread(path.read_bytes)
            self._put(await self.desk.link.records.send_file(path.name, content), path.name)
            self.changed.emit()

    def _out(self) -> None:
        if self.list.currentRow() >= 0:
            self.list.takeItem(self.list.currentRow())
            self._fit()
            self.changed.emit()

    def _put(self, file_id: str, name: str) -> None:
        item = QListWidgetItem(name)
        item.setData(ID, file_id)
        self.list.addItem(item)
        self._fit()

    def _fit(self) -> None:
        self.list.setFixedHeight(min(5, self.list.count()) * 32 + 4)
        self.list.setVisible(self.list.count() > 0)
        self.drop.setVisible(self.list.count() > 0)

    def show_value(self, value: Any) -> None:
        """Show them."""
        self.list.clear()
        for number, file_id in enumerate(value or [], 1):
            self._put(str(file_id), _("File {number}").format(number=number))
        self._fit()

    def value(self) -> Any:
        """Their ids."""
        return [self.list.item(n).data(ID) for n in range(self.list.count())] or None
