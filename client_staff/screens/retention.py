"""What need not be kept: what would go tonight, by kind; now if wanted; and the key of protected values, renewed."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout

from client_staff.app.console import ConsolePage
from client_staff.app.panel import Panel
from client_staff.records.desk import RecordDesk
from client_staff.screens.registry import Page
from common.link import View
from common.protocol.keeping import KeysView, RetentionView
from common.protocol.messages import Nothing
from common.qt import dialogs, jobs
from common.qt.table import DataTable, TableColumn
from common.text import N_, _, formats

EVERY = 60.0


class RetentionPage(ConsolePage):
    """For whoever may see what is deleted; doing it now and renewing the key have rights of their own."""

    def __init__(self, desk: RecordDesk) -> None:
        super().__init__(desk, "retention")
        self.tonight: View[RetentionView] = View(
            self.link, "retention.tonight", Nothing(), RetentionView, ["retention", "settings"], every=EVERY
        )
        self.watch(self.tonight)
        self.sealed: View[KeysView] = View(self.link, "vault.state", Nothing(), KeysView, ["vault"])
        self.watch(self.sealed)
        self.now = self.key("retention_now", lambda: jobs.start(self, self._delete, refused=self.refused), "danger")
        self.said = QLabel()
        self.said.setObjectName("retention_about")
        self.said.setWordWrap(True)
        self.panel = Panel("retention_kinds")
        columns = [
            TableColumn("kind", lambda: _("Kind of record"), lambda r: r.label, bold=True),
            TableColumn("days", lambda: _("Kept for"), lambda r: _("{days} days").format(days=formats.number(r.days)),
                        lambda r: r.days, figures=True, width=120),
            TableColumn("since", lambda: _("Counted from"), lambda r: r.since, width=130),
            TableColumn("due", lambda: _("Would go tonight"), lambda r: formats.number(r.due), lambda r: r.due,
                        figures=True, width=150, tone=lambda r: "bad_strong" if r.due else "ink"),
            TableColumn("held", lambda: _("Old, but still named"), lambda r: formats.number(r.held), lambda r: r.held,
                        figures=True, width=160),
            TableColumn("why", lambda: _("Why"), lambda r: r.why or "–"),
        ]  # fmt: skip
        self.table = DataTable(columns, lambda r: r.kind, name="retention_table")
        self.panel.put(self.table, 1)
        self.keys_panel = QFrame()
        self.keys_panel.setProperty("card", True)
        self.keys_panel.setObjectName("vault_keys")
        row = QHBoxLayout(self.keys_panel)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(12)
        self.keys_said = QLabel()
        self.keys_said.setObjectName("vault_said")
        self.keys_bar = QProgressBar()
        self.keys_bar.setObjectName("vault_progress")
        row.addWidget(self.keys_said)
        row.addWidget(self.keys_bar, 1)
        self.rotate = self.key("vault_rotate", lambda: jobs.start(self, self._rotate, refused=self.refused))
        self.tools.removeWidget(self.rotate)
        row.addWidget(self.rotate)
        column = QVBoxLayout(self.content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.said)
        column.addWidget(self.panel, 1)
        column.addWidget(self.keys_panel)
        self.words()

    def words(self) -> None:
        """In the reader's language."""
        self.title.setText(_("Retention"))
        self.now.setText(_("Delete now…"))
        self.rotate.setText(_("Renew the key…"))
        self.panel.say(_("Kinds of record with an end"))
        self.table.say_again()

    def show_values(self) -> None:
        """What the server says."""
        view = self.tonight.value
        assert view is not None
        hour = formats.clock(f"{view.hour:02d}:00")
        about = [_("Every night from {hour} the server deletes what is older than its kind is kept.").format(hour=hour)]
        if view.at_work:
            about.append(_("It is at work now."))
        if view.last_at is not None:
            moment = formats.date_time(view.last_at, self.desk.reader.zone)
            count = formats.number(view.last_rows)
            about.append(_("Last time, {moment}: {count} rows.").format(moment=moment, count=count))
        files = _("Files that nothing names any more: {count} ({size} kB).")
        about.append(files.format(count=formats.number(view.files), size=formats.number(view.files_kb)))
        self.said.setText(" ".join(about))
        self.table.show_rows(view.lines)
        self.panel.count.setText(formats.number(len(view.lines)))
        me = self.link.me
        rights = me.permissions if me is not None else []
        self.now.setVisible("retention.run" in rights)
        self.now.setEnabled(self.may("retention.run") and any(line.due for line in view.lines))
        self._show_keys()

    def _show_keys(self) -> None:
        keys = self.sealed.value
        self.keys_panel.setVisible(keys is not None and self.sealed.refused is None)
        if keys is None:
            return
        done = keys.whole - keys.left
        self.keys_bar.setRange(0, max(1, keys.whole))
        self.keys_bar.setValue(done if keys.whole else 1)
        self.keys_said.setText(
            _("Protected values sealed with key {version}: {done} of {whole}").format(
                version=formats.number(keys.version), done=formats.number(done), whole=formats.number(keys.whole)
            )
        )
        self.rotate.setEnabled(self.may("vault.rotate") and not keys.left)

    async def _delete(self) -> None:
        view = self.tonight.value
        count = formats.number(sum(line.due for line in view.lines) if view is not None else 0)
        if await dialogs.ask(
            self,
            _("Delete now what need not be kept?"),
            _("{count} rows are deleted for good, with their files. Only a backup brings them back.").format(
                count=count
            ),
            _("Delete"),
            _("Keep"),
            dangerous=True,
        ):
            await self.link.act("retention.run_now", Nothing(), Nothing)
            self.banner.say(_("The server deletes them now, piece by piece."), "accent", seconds=8)

    async def _rotate(self) -> None:
        if await dialogs.ask(
            self,
            _("Renew the key of protected values?"),
            _("A new key is made, and every identity number and phone is sealed anew with it while the hall works. "
              "Take a backup afterwards: older backups hold the older key only."),
            _("Renew"),
            _("Leave it"),
        ):  # fmt: skip
            self.sealed.take(await self.link.act("vault.rotate", Nothing(), KeysView))


PAGE = Page("retention", N_("Retention"), "recall", "engine", "retention.see", RetentionPage)
