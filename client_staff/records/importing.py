"""The whole way of a file into a list: chosen, its columns named, tried out, taken, shown or undone. The button stands in
every list whose entries this person may add or change."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
)

from client_staff.records.exporting import EXPORT, ListTool
from client_staff.records.import_columns import ColumnsPage
from client_staff.records.import_lists import CheckedPage
from client_staff.records.import_pages import EndPage, FilePage, WorkPage
from common.link import Offline, Refusal
from common.protocol.imports import (
    AskImports,
    AskRows,
    AskTargets,
    CheckImport,
    Imports,
    ImportState,
    NameImport,
    ReadAgain,
    Rows,
    TakeImport,
    Targets,
)
from common.qt import dialogs, jobs
from common.qt.theme import theme
from common.qt.widgets import Banner
from common.records import Condition
from common.text import N_, _, formats

if TYPE_CHECKING:
    from client_staff.records.page import RecordsPage

AT_WORK = ("to_read", "reading", "to_check", "checking", "taking", "undoing")
PATIENCE = 10.0
"""Seconds without a notice after which the state is read all the same."""
STEPS = (N_("File"), N_("Columns"), N_("Check"), N_("Result"))
STEP_OF = {"to_read": 0, "reading": 0, "read": 1, "to_check": 2, "checking": 2, "checked": 2}


class ImportDialog(QDialog):
    """One import at a time. What it shows follows from the state that the server gives."""

    def __init__(self, page: RecordsPage) -> None:
        super().__init__(page)
        self.setObjectName("import")
        self.setWindowTitle(_("Import"))
        self.page = page
        self.link = page.desk.link
        self.state: ImportState | None = None
        self.targets = Targets(targets=[], may_add=False, may_change=False)
        self._came = asyncio.Event()
        me = self.link.me
        unwatch = self.link.watch(f"imports.{me.id if me is not None else ''}", lambda _notice: self._came.set())
        self.finished.connect(lambda _code: unwatch())
        self.title = QLabel(_("Import: {kind}").format(kind=page.facts.plural or page.facts.label))
        self.title.setObjectName("import_title")
        self.title.setFont(theme.font(19, bold=True))
        self.steps = QLabel()
        self.steps.setObjectName("import_steps")
        self.steps.setTextFormat(Qt.TextFormat.RichText)
        self.banner = Banner(13, name="import_said")
        self.first = FilePage(self)
        self.work = WorkPage(self)
        self.columns = ColumnsPage(self)
        self.checked = CheckedPage(self)
        self.end = EndPage(self)
        self.stack = QStackedWidget()
        for one in (self.first, self.work, self.columns, self.checked, self.end):
            self.stack.addWidget(one)
        self.keys = QHBoxLayout()
        self.keys.setSpacing(12)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        for widget in (self.title, self.steps, self.banner):
            column.addWidget(widget)
        column.addWidget(self.stack, 1)
        column.addLayout(self.keys)
        self.resize(960, 660)
        self.show_file()

    # what is shown

    def show_keys(self, *keys: tuple[str, str, Callable[[], object], str]) -> None:
        """The keys at the foot: name, words, what it does, kind; the last one is the default."""
        while self.keys.count():
            item = self.keys.takeAt(0)
            if item is not None and (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for place, (name, words, act, kind) in enumerate(keys):
            if place == 1 or len(keys) == 1:
                self.keys.addStretch(1)
            key = QPushButton(words)
            key.setObjectName(name)
            key.setProperty("kind", kind)
            key.setMinimumHeight(40)
            key.setAutoDefault(False)
            key.clicked.connect(lambda _on=False, do=act: do())
            self.keys.addWidget(key)
            if place == len(keys) - 1:
                key.setDefault(True)
                key.setFocus()

    def _step(self, at: int) -> None:
        parts = []
        for place, words in enumerate(STEPS):
            text = f"{formats.number(place + 1)}  {_(words)}"
            parts.append(f"<b>{text}</b>" if place == at else text)
        self.steps.setText("&nbsp;&nbsp;›&nbsp;&nbsp;".join(parts))

    def show_file(self) -> None:
        """Where it begins: choose a file, fetch an empty table, look at earlier imports."""
        self.state = None
        self._step(0)
        self.stack.setCurrentWidget(self.first)
        self.show_keys(
            ("import_close", _("Close"), self.reject, "plain"),
            ("import_template", _("Empty table…"), lambda: self.run(self._template), "plain"),
            ("import_choose", _("Choose a file…"), lambda: self.run(self._choose), "primary"),
        )
        self.run(self._earlier)

    def show_state(self, now: ImportState) -> None:
        """Show what a state asks for."""
        self.state = now
        self._step(STEP_OF.get(now.state, 3))
        if now.state in AT_WORK:
            self.work.show_state(now)
            self.stack.setCurrentWidget(self.work)
            stop = ("import_stop", _("Stop"), lambda: self.run(self._stop, name="stop"), "plain")
            self.show_keys(*([stop] if now.state != "undoing" else []))
        elif now.state == "read":
            self.columns.show_state(now, self.targets)
            self.stack.setCurrentWidget(self.columns)
            self.show_keys(
                ("import_other", _("Another file"), lambda: self.run(self._drop), "plain"),
                ("import_check", _("Check all rows"), lambda: self.run(self._check), "primary"),
            )
        elif now.state == "checked":
            self._show_checked(now)
        else:
            self._show_end(now)

    def _show_checked(self, now: ImportState) -> None:
        self.checked.show_state(now, self._reason_needed(now))
        self.stack.setCurrentWidget(self.checked)
        keys: list[tuple[str, str, Callable[[], object], str]] = [
            ("import_back", _("Back to the columns"), lambda: self._back(now), "plain")
        ]
        if now.bad:
            keys.append(("import_save_bad", _("Save the bad rows…"), lambda: self.run(self._save_rows, "bad"), "plain"))
        if now.good:
            words = _("Take the good rows only") if now.bad else _("Take all rows")
            keys.append(("import_take", words, lambda: self.run(self._take), "primary"))
        self.show_keys(*keys)
        if now.bad:
            self.run(self._bad, "bad")

    def _show_end(self, now: ImportState) -> None:
        self.end.show_state(now)
        self.stack.setCurrentWidget(self.end)
        keys: list[tuple[str, str, Callable[[], object], str]] = [("import_close", _("Close"), self.accept, "plain")]
        some = bool(now.added or now.changed)
        if now.state in ("done", "stopped") and some:
            keys.append(("import_undo", _("Undo all of it…"), lambda: self.run(self._undo), "plain"))
        if now.state == "stopped":
            keys.append(("import_keep", _("Keep what was taken"), lambda: self.run(self._act, "imports.keep"), "plain"))
            keys.append(("import_go_on", _("Go on"), lambda: self.run(self._act, "imports.go_on"), "primary"))
        if now.state == "done" and some:
            keys.append(("import_show", _("Show them"), lambda: self._show_them(now), "primary"))
        if now.state in ("failed", "undone"):
            keys.append(("import_other", _("Another file"), self.show_file, "primary"))
        if now.kept or (now.bad and now.state == "done"):
            what = "kept" if now.kept else "bad"
            keys.insert(
                1,
                (
                    "import_save_bad",
                    _("Save the rows that were left…"),
                    lambda: self.run(self._save_rows, what),
                    "plain",
                ),
            )
            self.run(self._bad, what)
        self.show_keys(*keys)
        self.page.model.again()

    def _reason_needed(self, now: ImportState) -> bool:
        way = now.options.get("way", "add")
        add, change = way != "update", way != "add"
        return (add and self.targets.reason_to_add) or (change and self.targets.reason_to_change)

    # doing

    def run(self, what: Callable[..., Coroutine[Any, Any, Any]], *given: Any, name: str = "import") -> None:
        """Do something of the import; refusals and a lost server are told here, and the page stays as it is."""
        jobs.start(self, what, *given, name=f"{name} {what.__name__}", refused=self._no, offline=self._offline)

    def _no(self, why: Refusal) -> None:
        self.banner.say(why.sentence, "bad")

    def _offline(self, why: Offline) -> None:
        self.banner.say(_("No connection to the server. What it works on goes on; look again in a moment."), "warn")
        if self.state is not None and self.state.state in AT_WORK:
            self.show_keys(("import_again", _("Look again"), lambda: self.run(self._follow), "primary"))

    async def _choose(self) -> None:
        kinds = _("Excel or CSV") + " (*.xlsx *.xlsm *.csv *.txt *.tsv)"
        path = await dialogs.open_path(self, _("Choose a file to import"), kinds)
        if path is not None:
            await self._send(path)

    async def _send(self, path: Path) -> None:
        try:
            content = await asyncio.to_thread(path.read_bytes)
        except OSError as failure:
            words = _("{name} could not be read: {why}").format(name=path.name, why=failure.strerror)
            self.banner.say(words, "bad")
            return
        self.banner.hide()
        kind = self.page.facts.name
        self.targets = await self.link.read("imports.targets", AskTargets(type=kind), Targets)
        self.show_state(ImportState.model_validate_json(await self.link.send_import(kind, path.name, content)))
        await self._follow()

    async def _follow(self) -> None:
        """Wait until the server has done what it works on."""
        self.banner.hide()
        while self.state is not None and self.state.state in AT_WORK:
            try:
                await asyncio.wait_for(self._came.wait(), PATIENCE)
            except TimeoutError:
                pass
            self._came.clear()
            now = await self._read()
            if self.state.state in AT_WORK and now.state in AT_WORK:
                self.state = now
                self.work.show_state(now)
                continue
            self.show_state(now)

    async def _read(self) -> ImportState:
        assert self.state is not None
        return await self.link.read("imports.state", NameImport(id=self.state.id), ImportState)

    async def _act(self, verb: str) -> None:
        if self.state is not None:
            self.banner.hide()
            self.show_state(await self.link.act(verb, NameImport(id=self.state.id), ImportState))
            await self._follow()

    async def _stop(self) -> None:
        if self.state is not None:
            await self.link.act("imports.stop", NameImport(id=self.state.id), ImportState)
            self._came.set()

    async def _drop(self) -> None:
        if self.state is not None:
            await self.link.act("imports.drop", NameImport(id=self.state.id), ImportState)
        self.show_file()

    async def _check(self) -> None:
        assert self.state is not None
        asked: CheckImport = self.columns.asked(self.state.id)
        self.banner.hide()
        self.show_state(await self.link.act("imports.check", asked, ImportState))
        await self._follow()

    async def read_again(self) -> None:
        """Read the file in another way."""
        assert self.state is not None
        wanted = ReadAgain(id=self.state.id, reading=self.columns.reading())
        self.show_state(await self.link.act("imports.read", wanted, ImportState))
        await self._follow()

    def _back(self, now: ImportState) -> None:
        self.banner.hide()
        mapping = now.options.get("mapping") or [one.target for one in now.columns]
        columns = [one.model_copy(update={"target": t}) for one, t in zip(now.columns, mapping, strict=False)]
        self.show_state(now.model_copy(update={"state": "read", "columns": columns}))

    async def _take(self) -> None:
        assert self.state is not None
        reason = self.checked.reason.text().strip()
        if self._reason_needed(self.state) and not reason:
            self.banner.say(_("Say why: this change needs a reason."), "warn")
            self.checked.reason.setFocus()
            return
        self.banner.hide()
        asked = TakeImport(id=self.state.id, only_good=bool(self.state.bad), reason=reason or None)
        self.show_state(await self.link.act("imports.take", asked, ImportState))
        await self._follow()

    async def _undo(self) -> None:
        if self.state is not None and await self._sure(self.state):
            await self._act("imports.undo")

    async def _sure(self, now: ImportState) -> bool:
        text = _(
            "{added} entries that it added are deleted, {changed} that it changed get their former values. What somebody "
            "changed since is left and named."
        ).format(added=formats.number(now.added), changed=formats.number(now.changed))
        return await dialogs.ask(self, _("Undo the import?"), text, _("Undo all of it"), _("Cancel"), dangerous=True)

    def _show_them(self, now: ImportState) -> None:
        me = self.link.me
        conditions = [Condition(field="changed_by", value=str(me.id))] if me is not None else []
        if now.began_at is not None and now.ended_at is not None:
            conditions.append(Condition(field="changed_at", operator="at_least", value=now.began_at.isoformat()))
            conditions.append(Condition(field="changed_at", operator="at_most", value=now.ended_at.isoformat()))
        self.accept()
        self.page.show_only(conditions)

    async def _template(self) -> None:
        content = await self.link.sheet(f"template/{self.page.facts.name}")
        await self._save(content, f"{self.page.facts.plural or self.page.facts.label}.xlsx")

    async def _save_rows(self, what: str) -> None:
        assert self.state is not None
        content = await self.link.sheet(f"{self.state.id}/rows?state={what}")
        called = _("bad rows")
        await self._save(content, f"{Path(self.state.file_name).stem} {called}.xlsx")

    async def _save(self, content: bytes, name: str) -> None:
        path = await dialogs.save_path(self, _("Save the table"), name.replace("/", "-"))
        if path is None:
            return
        try:
            await asyncio.to_thread(path.write_bytes, content)
        except OSError as failure:
            words = _("{name} could not be written: {why}").format(name=path.name, why=failure.strerror)
            self.banner.say(words, "bad")

    async def _bad(self, what: str) -> None:
        """The first rows that are bad, or were left; all of them go into a file."""
        assert self.state is not None
        table = self.checked.rows if self.state.state == "checked" else self.end.rows
        asked = AskRows(id=self.state.id, state=what, limit=500)  # type: ignore[arg-type]
        table.show_found(await self.link.read("imports.rows", asked, Rows))

    async def _earlier(self) -> None:
        self.first.earlier.wait()
        asked = AskImports(type=self.page.facts.name)
        self.first.earlier.show_imports((await self.link.read("imports.mine", asked, Imports)).imports)

    def opened(self, now: ImportState) -> None:
        """An earlier import was chosen: how it stands, and what can still be done with it."""
        self.run(self._open, now)

    async def _open(self, now: ImportState) -> None:
        self.targets = await self.link.read("imports.targets", AskTargets(type=now.type), Targets)
        self.state = now
        self.show_state(await self._read())
        await self._follow()


async def _import(page: RecordsPage) -> None:
    dialog = ImportDialog(page)
    await dialogs.open(dialog)


def _offered(page: RecordsPage) -> bool:
    return "add" in page.facts.operations or "edit" in page.facts.operations


def _run(page: RecordsPage) -> None:
    jobs.start(page, _import, page, name="import")


IMPORT = ListTool("import", lambda: _("Import"), "upload", "Ctrl+Shift+I", _offered, _run)
TOOLS: list[ListTool] = [EXPORT, IMPORT]
"""In the order in which their buttons stand."""
