"""How displays look: the layouts' list and form, beside it the display itself as it would be shown, and its welcome.

What is shown is drawn by the parts that draw the hall's displays (QUE-026)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pydantic import ValidationError
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from client_staff.records.desk import RecordDesk
from client_staff.records.page import RecordsPage
from client_staff.screens.display_layout_canvas import DisplayPicture
from client_staff.screens.display_layout_designer import Designer
from client_staff.screens.display_layout_sample import LABELS
from common.protocol.queue_display import DisplayPart, DisplayShape
from common.qt import jobs
from common.qt.keys import on_keys
from common.qt.theme import theme
from common.qt.widgets import fitting
from common.records import RecordFacts
from common.text import _, formats
from common.text.words import pick

FOLLOW_MS = 250
"""How soon the picture follows the form."""
HIGH = 190
CENTRE = Qt.AlignmentFlag.AlignCenter


def shape_of(values: dict[str, Any]) -> DisplayShape:
    """What the form says, as a display would hear it."""
    try:
        parts = [DisplayPart.model_validate(one) for one in values.get("parts") or ()]
    except ValidationError:
        parts = []
    return DisplayShape(
        earlier=bool(values.get("earlier")), queues=bool(values.get("queues")), ticker=bool(values.get("ticker")),
        parts=parts, second_date=str(values.get("second_date") or "none"), welcome=values.get("welcome") or {},
    )  # fmt: skip


def in_words(shape: DisplayShape) -> str:
    """What a display of this shape shows."""
    return formats.listing([_(LABELS[one.kind]) for one in shape.placed])


class Welcome(QWidget):
    """The welcome over the whole screen, in small."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("display_welcome")
        self.text = ""

    def show_text(self, text: str) -> None:
        """Other words."""
        self.text = text
        words = _("Welcome: {text}").format(text=text or "–")
        self.setToolTip(words)
        self.setAccessibleName(words)
        self.update()

    def driver_text(self) -> str:
        """What stands there."""
        return self.text or _("No welcome")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        painter.setLayoutDirection(self.layoutDirection())
        painter.fillRect(self.rect(), QColor(theme.tokens.accent))
        fitting.draw(
            painter, self.rect().adjusted(16, 24, -16, -24), self.driver_text(), largest=30, smallest=11,
            colour=theme.tokens.on_accent, align=CENTRE, bold=bool(self.text),
        )  # fmt: skip


class Screen(RecordsPage):
    """The generic page, and below it the display of the layout in the form, its welcome, and the way into the designer."""

    def __init__(self, desk: RecordDesk, facts: RecordFacts) -> None:
        super().__init__(desk, facts)
        self.view.form.beside = frozenset({"parts"})
        self._pictures: dict[UUID, bytes] = {}
        self.preview = DisplayPicture(desk, "display_preview")
        self.welcome = Welcome()
        for one in (self.preview, self.welcome):
            one.setFixedSize(HIGH * 16 // 9, HIGH)
        self.arrange, self.usual = QPushButton(), QPushButton()
        for key, name, act in (
            (self.arrange, "display_arrange", self._design),
            (self.usual, "display_usual", self._as_usual),
        ):
            key.setObjectName(name)
            key.clicked.connect(act)
        keys = QVBoxLayout()
        keys.addStretch(1)
        keys.addWidget(self.arrange)
        keys.addWidget(self.usual)
        keys.addStretch(1)
        self.foot = QWidget()
        row = QHBoxLayout(self.foot)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addStretch(1)
        row.addWidget(self.preview)
        row.addLayout(keys)
        row.addWidget(self.welcome)
        row.addStretch(1)
        column: Any = self.layout()
        column.addWidget(self.foot)
        on_keys(self, ("Ctrl+L", self._design))
        self._look = QTimer(self, interval=FOLLOW_MS)
        self._look.timeout.connect(self._show)
        self._say_keys()

    def begin(self) -> None:
        """The page is opened."""
        super().begin()
        self._look.start()

    def stop(self) -> None:
        """The page is left."""
        self._look.stop()
        super().stop()

    def say_again(self) -> None:
        """The reader's language changed."""
        super().say_again()
        if hasattr(self, "arrange"):
            self.preview.again()
            self._say_keys()

    def _say_keys(self) -> None:
        self.arrange.setText(_("Arrange the parts…") + "   Ctrl+L")
        self.usual.setText(_("Back to the usual arrangement"))

    def _may_write(self) -> bool:
        draft = self.view.form.draft
        return draft is not None and ("add" if draft.new else "edit") in self.facts.operations

    def _show(self) -> None:
        draft = self.view.form.draft
        self.foot.setVisible(draft is not None)
        if draft is None:
            return
        shape = shape_of(draft.values)
        self.arrange.setEnabled(self._may_write())
        self.usual.setVisible(self._may_write() and bool(shape.parts))
        self._fetch_pictures(shape)
        self.preview.show_shape(shape, self._pictures)
        self.preview.setToolTip(in_words(shape))
        self.preview.setAccessibleName(in_words(shape))
        self.welcome.show_text(pick(shape.welcome))

    def _fetch_pictures(self, shape: DisplayShape) -> None:
        for part in shape.parts:
            if part.file_id is not None and part.file_id not in self._pictures:
                jobs.start(
                    self, self._picture, part.file_id, name=f"picture {part.file_id}", refused=lambda why: None,
                    offline=lambda why: None,
                )  # fmt: skip

    async def _picture(self, file_id: UUID) -> None:
        self._pictures[file_id] = await self.desk.link.fetch_file(file_id)

    def _as_usual(self) -> None:
        if self._may_write():
            self.view.form.put("parts", [])

    def _design(self) -> None:
        draft = self.view.form.draft
        if draft is not None and self._may_write():
            jobs.start(self, self._designed, shape_of(draft.values), name="design")

    async def _designed(self, shape: DisplayShape) -> None:
        parts = await Designer(self.desk, shape, self._pictures, self.window()).asked()
        if parts is not None:
            self.view.form.put("parts", parts)
