"""What else a list offers besides its own keys: the whole list as a file; further tools register here and get a button in
every list."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
)

from common.protocol.exports import ExportState, NameExport, StartExport
from common.qt import dialogs, jobs
from common.qt.theme import theme
from common.text import N_, _

if TYPE_CHECKING:
    from client_staff.records.page import RecordsPage

FORMS = (("xlsx", N_("Excel (.xlsx)")), ("csv", N_("Comma-separated text (.csv)")), ("pdf", N_("Paper (.pdf)")))
OPEN = ("waiting", "running")
PATIENCE = 30.0
"""Seconds without a notice after which the state is read all the same."""


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


class ExportDialog(QDialog):
    """In which form; then how far it is, with a way to stop it."""

    def __init__(self, page: RecordsPage) -> None:
        super().__init__(page)
        self.setObjectName("export")
        self.setWindowTitle(_("Export the list"))
        title = QLabel(_("Export the list"))
        title.setFont(theme.font(19, bold=True))
        note = QLabel(_("All entries that match the search, with the columns that are shown."))
        note.setWordWrap(True)
        self.forms = QButtonGroup(self)
        choices = QVBoxLayout()
        for place, (code, label) in enumerate(FORMS):
            key = QRadioButton(_(label))
            key.setObjectName(f"export_{code}")
            key.setChecked(place == 0)
            self.forms.addButton(key, place)
            choices.addWidget(key)
        self.progress = QProgressBar()
        self.progress.setObjectName("export_progress")
        self.progress.setRange(0, 100)
        self.progress.hide()
        self.said = QLabel()
        self.said.setObjectName("export_said")
        self.said.setWordWrap(True)
        self.start = QPushButton(_("Export"))
        self.start.setObjectName("export_start")
        self.start.setProperty("kind", "primary")
        self.start.setDefault(True)
        self.start.clicked.connect(self.accept)
        self.stop = QPushButton(_("Cancel"))
        self.stop.setObjectName("export_stop")
        self.stop.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.stop)
        foot.addWidget(self.start)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        for part in (title, note):
            column.addWidget(part)
        column.addLayout(choices)
        for widget in (self.progress, self.said):
            column.addWidget(widget)
        column.addLayout(foot)
        self.setMinimumWidth(460)

    @property
    def form(self) -> str:
        """The form that was chosen."""
        return FORMS[max(0, self.forms.checkedId())][0]

    def working(self, percent: int) -> None:
        """It is on its way."""
        for key in self.forms.buttons():
            key.setEnabled(False)
        self.start.hide()
        self.stop.setText(_("Stop"))
        self.progress.show()
        self.progress.setValue(percent)
        self.said.setText(_("The server writes the file…"))


async def _export(page: RecordsPage) -> None:
    """Ask for the form, have the file made, and save it where the person says."""
    dialog = ExportDialog(page)
    try:
        if await dialogs.open(dialog, keep=True) != QDialog.DialogCode.Accepted.value:
            return
        state = await _made(page, dialog)
    finally:
        dialog.deleteLater()
    if state is None:
        return
    content = await page.desk.link.exported(state.id)
    path = await dialogs.save_path(page, _("Save the export"), state.file_name)
    if path is None:
        return
    try:
        await asyncio.to_thread(path.write_bytes, content)
    except OSError as failure:
        sentence = _("{name} could not be written: {why}").format(name=path.name, why=failure.strerror)
        await dialogs.tell(page, _("Not saved"), sentence)


async def _made(page: RecordsPage, dialog: ExportDialog) -> ExportState | None:
    """Start it and follow it to its end; nothing when it was stopped or failed, which the dialog then has said."""
    link = page.desk.link
    asked = StartExport(
        type=page.facts.name,
        form=dialog.form,  # type: ignore[arg-type]
        query=page.model.asked.model_copy(update={"after": None, "limit": 100, "totals": [], "group_by": None}),
        columns=page.list.table.arrangement()[0],
        language=link.language,
    )
    came = asyncio.Event()
    me = link.me
    unwatch = link.watch(f"exports.{me.id if me is not None else ''}", lambda _notice: came.set())
    ended = asyncio.ensure_future(_until_closed(dialog))
    try:
        state = await link.act("exports.start", asked, ExportState)
        dialog.working(state.percent)
        while state.state in OPEN:
            wait = asyncio.ensure_future(came.wait())
            await asyncio.wait({wait, ended}, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
            wait.cancel()
            came.clear()
            if ended.done():
                await link.act("exports.stop", NameExport(id=state.id), ExportState)
                return None
            state = await link.read("exports.state", NameExport(id=state.id), ExportState)
            dialog.working(state.percent)
    finally:
        unwatch()
        ended.cancel()
        if dialog.isVisible():
            dialog.done(0)
    if state.state == "done":
        return state
    await dialogs.tell(page, _("Not exported"), _("The export was cut off. Nothing half done was kept; try again."))
    return None


async def _until_closed(dialog: ExportDialog) -> None:
    await dialogs.open(dialog, keep=True)


def _offered(page: RecordsPage) -> bool:
    return "export" in page.facts.operations


def _run(page: RecordsPage) -> None:
    jobs.start(page, _export, page, name="export")


EXPORT = ListTool("export", lambda: _("Export"), "download", "Ctrl+E", _offered, _run)
