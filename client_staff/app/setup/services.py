"""Step 4: the services, which window serves what, and services from a sheet."""

from __future__ import annotations

import base64

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from client_staff.app.setup.matrix import Matrix
from client_staff.app.setup.service_form import ServiceForm
from client_staff.app.setup.sheet_question import SheetQuestion
from client_staff.app.setup.step import Step, Wrong
from client_staff.app.setup.words import sentence
from common.link import Link
from common.protocol.messages import Nothing
from common.protocol.setup import (
    CheckedSheet,
    ImportSheet,
    InLanguage,
    Setup,
    SetupSection,
    SetupService,
    SetUpServices,
    Sheet,
    SheetFile,
    TemplateHalls,
    service_problems,
)
from common.qt import dialogs, jobs
from common.qt.widgets import Banner, qicon
from common.text import _, formats, language, ngettext

MOST_SAID = 4
"""So many problems are said one by one; of more the count."""
LARGEST_SHEET = 600_000
SECTION_COLOURS = ("#0a52a0", "#167245", "#9a5b00", "#7a3e9d", "#14606b", "#8c1d18")


class ServicesStep(Step):
    """The grid of services and windows."""

    name = "services"

    def __init__(self, link: Link) -> None:
        super().__init__(link)
        self._sections: list[SetupSection] = []
        self._windows: list[str] = []
        self._languages: list[str] = ["en"]
        self._template = ""
        self._read_once = False
        self._first_time = False
        self.matrix = Matrix()
        self.matrix.ticked.connect(self._ticked)
        self.matrix.wanted.connect(lambda: self._edit(self.matrix.current_row()))
        self.matrix.left_out.connect(self._leave_out)
        card = QFrame()
        card.setProperty("card", True)
        column = QVBoxLayout(card)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(self.matrix, 1)
        keys = QHBoxLayout()
        keys.setContentsMargins(16, 8, 16, 8)
        keys.setSpacing(8)
        self.add, self.change, self.out = QPushButton(), QPushButton(), QPushButton()
        self.paste, self.bring, self.form = QPushButton(), QPushButton(), QPushButton()
        for name, key, symbol in (
            ("service_add", self.add, "plus"),
            ("service_change", self.change, "document"),
            ("service_out", self.out, "cross"),
            ("sheet_paste", self.paste, ""),
            ("sheet_import", self.bring, ""),
            ("sheet_template", self.form, "download"),
        ):
            key.setObjectName(name)
            if symbol:
                key.setIcon(qicon(symbol))
            keys.addWidget(key)
        keys.insertStretch(3, 1)
        self.add.clicked.connect(lambda: self._edit(-1))
        self.change.clicked.connect(lambda: self._edit(self.matrix.current_row()))
        self.out.clicked.connect(self._leave_out)
        self.paste.clicked.connect(self._paste)
        self.bring.clicked.connect(lambda: jobs.start(self, self._import_file, name="sheet", busy=self.bring))
        self.form.clicked.connect(lambda: jobs.start(self, self._save_form, name="sheet", busy=self.form))
        column.addLayout(keys)
        self.said = Banner(14, name="services_said")
        self.bad, self.warn = Banner(14, name="services_bad"), Banner(14, name="services_warn")
        self.column.addWidget(card, 1)
        for banner in (self.said, self.bad, self.warn):
            self.column.addWidget(banner)
        self.say_again()

    def say_again(self) -> None:
        """The reader's language changed."""
        self.title.setText(_("Which window serves what?"))
        self.about.setText(
            _(
                "Tick with Space, move with the arrow keys, Enter changes a service. A window may serve several services."
            )
        )
        self.add.setText(_("Service"))
        self.change.setText(_("Change"))
        self.out.setText(_("Leave out"))
        self.paste.setText(_("Paste from a spreadsheet"))
        self.bring.setText(_("Import Excel"))
        self.form.setText(_("Excel template"))
        self.matrix.setAccessibleName(self.title.text())
        self.matrix.say_again()
        self._judge()

    def first_focus(self) -> None:
        """The grid; the services are read when the page comes up, since the step before may have brought them."""
        self.matrix.setFocus()
        if not self.dirty:
            jobs.start(self, self._read, name="read services")

    def show_setup(self, setup: Setup) -> None:
        """Windows and languages as they are now."""
        self._windows = [label for zone in setup.hall.zones for label in zone.windows]
        self._languages = setup.place.languages if setup.place is not None else ["en"]
        self._template = setup.hall.template
        self._first_time = self.name not in setup.passed
        self.matrix.show_services(self.matrix.services, self._windows)

    async def _read(self) -> None:
        offer = await self.link.read("services.setup", Nothing(), SetUpServices)
        if not offer.services and self._first_time and self._template:
            # Interrupted between a template's zones and its services: they come now.
            halls = await self.link.read("services.templates", Nothing(), TemplateHalls)
            offer = next((one.offer for one in halls.items if one.code == self._template), offer)
            self.dirty = bool(offer.services)
        self._show(offer)

    def _show(self, offer: SetUpServices) -> None:
        self._sections = list(offer.sections)
        self.matrix.show_services(offer.services, self._windows)
        self._judge()

    def _ticked(self) -> None:
        self.touch()
        self._judge()

    def _judge(self) -> None:
        """What is wrong, in sentences with the mending; only the worst would keep the hall closed."""
        found = service_problems(self.matrix.services, self._windows)
        bad = [sentence(one) for one in found if one.blocks]
        if len(bad) > MOST_SAID:
            more = _("And {count} more services without a window.").format(count=formats.number(len(bad) - MOST_SAID))
            bad = [*bad[:MOST_SAID], more]
        self.bad.say("\n".join(bad), "bad", closes=False)
        self.warn.say("\n".join(sentence(one) for one in found if not one.blocks), "warn", closes=False)

    # one service

    def _edit(self, row: int) -> None:
        jobs.start(self, self._edited, row, name="service")

    async def _edited(self, row: int) -> None:
        services = list(self.matrix.services)
        before = services[row] if 0 <= row < len(services) else None
        taken = {one.prefix for one in services if one is not before}
        answer = await ServiceForm(self, before, self._sections, self._languages, taken).asked()
        if answer is None:
            return
        service, words = answer
        service = service.model_copy(update={"section": self._section(words)})
        if before is None:
            services.append(service)
        else:
            services[row] = service
        self.matrix.show_services(services, self._windows)
        self.matrix.setFocus()
        self._ticked()

    def _section(self, words: str) -> int | None:
        if not words:
            return None
        for place, section in enumerate(self._sections):
            if words in section.name.values():
                return place
        colour = SECTION_COLOURS[len(self._sections) % len(SECTION_COLOURS)]
        self._sections.append(SetupSection(name={language(): words}, colour=colour))
        return len(self._sections) - 1

    def _leave_out(self) -> None:
        row = self.matrix.current_row()
        services = list(self.matrix.services)
        if 0 <= row < len(services):
            del services[row]
            self.matrix.show_services(services, self._windows)
            self._ticked()

    # sheets

    def _paste(self) -> None:
        text = QGuiApplication.clipboard().text()
        if not text.strip():
            self.said.say(_("The clipboard is empty. Copy the rows in your spreadsheet first."), "warn", seconds=10)
            return
        jobs.start(self, self._take, "", text[:200_000], name="sheet", busy=self.paste)

    async def _import_file(self) -> None:
        path = await dialogs.open_path(self, _("Import services"), "Excel (*.xlsx)")
        if path is None:
            return
        try:
            content = path.read_bytes()
        except OSError as failure:
            self.said.say(_("{name} cannot be read: {why}").format(name=path.name, why=failure.strerror), "bad")
            return
        if len(content) > LARGEST_SHEET:
            self.said.say(_("{name} is too large for a list of services.").format(name=path.name), "bad")
            return
        await self._take(base64.b64encode(content).decode(), "")

    async def _take(self, content: str, text: str) -> None:
        """What is ticked here is saved first, then the sheet's rows come to it: bad ones only after a question."""
        if self.dirty:
            await self.save()
            self.dirty = False
        sheet = Sheet(content=content, text=text, language=language())
        checked = await self.link.read("services.check_sheet", sheet, CheckedSheet)
        only_good = False
        if checked.bad:
            if not await SheetQuestion(self, checked).asked():
                self.said.say(_("Nothing was imported."), "warn", seconds=8)
                return
            only_good = True
        wanted = ImportSheet(content=content, text=text, language=language(), only_good=only_good)
        offer = await self.link.act("services.import_sheet", wanted, SetUpServices)
        self._show(offer)
        count = len(checked.services)
        taken = ngettext(
            "{count} service was taken from the sheet.", "{count} services were taken from the sheet.", count
        )
        self.said.say(taken.format(count=formats.number(count)), "good", seconds=10)
        self.on_change()

    async def _save_form(self) -> None:
        file = await self.link.read("services.sheet_template", InLanguage(language=language()), SheetFile)
        path = await dialogs.save_path(self, _("Save the Excel template"), file.name)
        if path is None:
            return
        try:
            path.write_bytes(base64.b64decode(file.content))
        except OSError as failure:
            self.said.say(_("{name} cannot be written: {why}").format(name=path.name, why=failure.strerror), "bad")
            return
        self.said.say(_("Saved: {name}").format(name=str(path)), "good", seconds=10)

    async def save(self) -> None:
        """Keep sections, services and ticks."""
        known = set(self._windows)
        services: list[SetupService] = []
        for one in self.matrix.services:
            if not one.name:
                raise Wrong(_("Give the service a name."), self.matrix)
            services.append(one.model_copy(update={"windows": [label for label in one.windows if label in known]}))
        used = [place for place in range(len(self._sections)) if any(one.section == place for one in services)]
        places = {old: new for new, old in enumerate(used)}
        services = [
            one.model_copy(update={"section": None if one.section is None else places[one.section]}) for one in services
        ]
        wanted = SetUpServices(sections=[self._sections[place] for place in used], services=services)
        self._show(await self.link.act("services.set_up", wanted, SetUpServices))
