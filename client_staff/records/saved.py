"""Searches that were kept under a name, as tabs over the list: one's own and those for everybody."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from client_staff.records.desk import RecordDesk
from common.link import Offline, Refusal
from common.qt import dialogs, jobs
from common.qt.theme import theme
from common.qt.widgets import qicon
from common.records import Query, RecordFacts
from common.text import _, formats


class SavedSearches(QWidget):
    """The first tab is everything. `chosen(view)` comes with a saved search, or nothing for all."""

    chosen = Signal(object)
    save_wanted = Signal()

    def __init__(self, desk: RecordDesk, facts: RecordFacts) -> None:
        super().__init__()
        self.desk, self.facts = desk, facts
        self.views: list[dict[str, Any]] = []
        self._counts: dict[str, Any] = {}
        self.tabs = QTabBar()
        self.tabs.setObjectName("searches")
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(True)
        self.tabs.setElideMode(Qt.TextElideMode.ElideRight)
        self.tabs.addTab("")
        self.tabs.currentChanged.connect(self._chosen)
        self.tabs.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.tabs.customContextMenuRequested.connect(lambda at: self._menu(self.tabs.tabAt(at)))
        self.save = QPushButton()
        self.save.setObjectName("search_save")
        self.save.setProperty("kind", "tool")
        self.save.setIcon(qicon("save", "ink_2"))
        self.save.clicked.connect(self.save_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 0)
        row.addWidget(self.tabs, 1)
        row.addWidget(self.save)
        self.say_again()

    def say_again(self) -> None:
        """The reader's language changed."""
        self.save.setText(_("Save this search"))
        self._name_tabs()

    def read(self, choose: str | None = None) -> None:
        """Read the searches; `choose` is the id of the one to be chosen."""
        jobs.start(
            self, self.desk.link.records.views, self.facts.name, done=lambda views: self._show(views, choose),
            refused=lambda why: None, offline=lambda why: None,
        )  # fmt: skip

    def open(self, view_id: str) -> None:
        """Read the searches and choose this one, as if its tab were pressed."""

        def came(views: list[dict[str, Any]]) -> None:
            self._show(views, view_id)
            chosen = self.current()
            if chosen is not None and chosen["id"] == view_id:
                self.chosen.emit(chosen)

        jobs.start(
            self, self.desk.link.records.views, self.facts.name, done=came, refused=lambda why: None,
            offline=lambda why: None,
        )  # fmt: skip

    def _show(self, views: list[dict[str, Any]], choose: str | None) -> None:
        current = choose or (self.current() or {}).get("id")
        self.views = views
        self.tabs.blockSignals(True)
        while self.tabs.count() > 1:
            self.tabs.removeTab(1)
        for view in views:
            self.tabs.addTab("")
            if view["id"] == current:
                self.tabs.setCurrentIndex(self.tabs.count() - 1)
        self.tabs.blockSignals(False)
        self._name_tabs()
        jobs.start(self, self._count, name="count", done=lambda _got: self._name_tabs(), refused=lambda why: None,
                   offline=lambda why: None)  # fmt: skip

    async def _count(self) -> None:
        for view in self.views:
            query = Query.model_validate(view["query"]).model_copy(update={"limit": 1, "totals": [], "group_by": None})
            try:
                page = await self.desk.link.records.query(self.facts.name, query)
            except (Refusal, Offline):
                continue
            self._counts[view["id"]] = page.total

    def _name_tabs(self) -> None:
        self.tabs.setTabText(0, _("All"))
        for place, view in enumerate(self.views, 1):
            count = self._counts.get(view["id"])
            words = str(view["name"]).replace("&", "&&")
            if count is not None:
                words += f"  {formats.number(count) if isinstance(count, int) else '10 000+'}"
            self.tabs.setTabText(place, words)
            who = _("for everybody") if view["shared"] else _("your own")
            self.tabs.setTabToolTip(place, f"{view['name']} ({who})")

    def current(self) -> dict[str, Any] | None:
        """The search chosen; nothing for all."""
        place = self.tabs.currentIndex() - 1
        return self.views[place] if 0 <= place < len(self.views) else None

    def _chosen(self, _place: int) -> None:
        self.chosen.emit(self.current())

    def _menu(self, place: int) -> None:
        if not 0 < place <= len(self.views):
            return
        view = self.views[place - 1]
        if not view["own"]:
            return
        menu = QMenu(self)
        menu.setObjectName("search_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        line = menu.addAction(_("Delete this search…"))
        line.setObjectName("search_drop")
        line.triggered.connect(lambda _on=False: jobs.start(self, self._drop, view, name="drop"))
        menu.popup(self.tabs.mapToGlobal(self.tabs.tabRect(place).bottomLeft()))

    async def _drop(self, view: dict[str, Any]) -> None:
        if await dialogs.ask(self, _("Delete this search?"), str(view["name"]), _("Delete"), _("Keep"), dangerous=True):
            await self.desk.link.records.drop_view(str(view["id"]))
            self.tabs.setCurrentIndex(0)
            self.read()

    async def ask_and_save(self, query: Query, layout: dict[str, Any]) -> None:
        """Ask for a name and keep this search; one's own open search may be replaced."""
        current = self.current()
        dialog = QDialog(self)
        dialog.setObjectName("search_dialog")
        dialog.setWindowTitle(_("Save this search"))
        title = QLabel(_("Save this search"))
        title.setFont(theme.font(16, bold=True))
        name = QLineEdit(str(current["name"]) if current is not None and current["own"] else "")
        name.setObjectName("search_name")
        name.setMaxLength(80)
        name.setPlaceholderText(_("Its name"))
        shared = QCheckBox(_("For everybody"))
        shared.setObjectName("search_shared")
        me = self.desk.link.me
        if me is None or "searches.share" not in me.permissions:
            shared.hide()
        shared.setChecked(bool(current is not None and current["own"] and current["shared"]))
        take, leave = QPushButton(_("Save")), QPushButton(_("Cancel"))
        take.setObjectName("search_take")
        take.setProperty("kind", "primary")
        take.setDefault(True)
        take.setEnabled(bool(name.text()))
        name.textChanged.connect(lambda text: take.setEnabled(bool(text.strip())))
        take.clicked.connect(dialog.accept)
        leave.setAutoDefault(False)
        leave.clicked.connect(dialog.reject)
        keys = QHBoxLayout()
        keys.addStretch(1)
        keys.addWidget(leave)
        keys.addWidget(take)
        column = QVBoxLayout(dialog)
        column.setContentsMargins(20, 16, 20, 16)
        for widget in (title, name, shared):
            column.addWidget(widget)
        column.addLayout(keys)
        dialog.setMinimumWidth(380)
        name.setFocus()
        given: list[tuple[str, bool]] = []
        dialog.accepted.connect(lambda: given.append((name.text().strip(), shared.isChecked())))
        await dialogs.open(dialog)
        if not given:
            return
        same = next((v for v in self.views if v["own"] and v["name"] == given[0][0]), None)
        values: dict[str, Any] = {
            "type": self.facts.name, "name": given[0][0], "shared": given[0][1],
            "query": query.model_dump(mode="json", exclude={"after"}), "layout": layout,
        }  # fmt: skip
        if same is not None:
            values["id"] = same["id"]
        saved = await self.desk.link.records.save_view(values)
        self.read(choose=str(saved["id"]))
