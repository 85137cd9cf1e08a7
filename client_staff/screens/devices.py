"""Devices: who asks to join, with the six digits to compare; and how those that belong are."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from client_staff.app.panel import Panel
from client_staff.screens import device_health
from common.link import Link, View
from common.protocol.access import PendingDevice
from common.protocol.devices import (
    AcceptDevice,
    DeviceCard,
    DeviceCards,
    PendingDevices,
    RefuseDevice,
    RemoveDevice,
    RestartDevice,
)
from common.protocol.messages import Nothing
from common.protocol.queue import InZone, WindowChoices
from common.qt import dialogs, jobs
from common.qt.joining import Digits
from common.qt.table import DataTable, TableColumn
from common.qt.theme import theme
from common.qt.widgets import Banner
from common.text import N_, _, formats
from common.text.words import pick

KINDS = {
    "kiosk": N_("Ticket kiosk"),
    "pad": N_("Evaluation pad"),
    "led": N_("Display"),
    "staff_pc": N_("Staff PC"),
    "pc": N_("Self-service PC"),
}
EVERY = 10.0


def kind_words(kind: str) -> str:
    """A kind of device; one that a newer server invents is shown as it is."""
    return _(KINDS[kind]) if kind in KINDS else kind


class Asking(QFrame):
    """One device that asks: its digits, its place, yes or no."""

    def __init__(self, page: DevicesPage, device: PendingDevice) -> None:
        super().__init__()
        self.setObjectName("asking")
        self.setProperty("card", True)
        self._page = page
        self.device = device
        self.title = QLabel()
        self.title.setObjectName("asking_title")
        self.title.setFont(theme.font(16, bold=True))
        self.about = QLabel()
        self.about.setObjectName("asking_about")
        self.about.setProperty("tone", "second")
        self.question = QLabel()
        self.digits = Digits(40)
        self.digits.setObjectName("asking_digits")
        self.digits.show_digits(device.digits)
        self.label = QLineEdit(device.label)
        self.label.setObjectName("asking_label")
        self.place = QComboBox()
        self.place.setObjectName("asking_place")
        self.form = QFormLayout()
        self.form.addRow("", self.label)
        self.form.addRow("", self.place)
        self.refuse = QPushButton()
        self.refuse.setObjectName("asking_refuse")
        self.refuse.setProperty("kind", "danger")
        self.refuse.clicked.connect(partial(page.refuse, self))
        self.accept = QPushButton()
        self.accept.setObjectName("asking_accept")
        self.accept.setProperty("kind", "primary")
        self.accept.clicked.connect(partial(page.accept, self))
        keys = QHBoxLayout()
        keys.addStretch(1)
        keys.addWidget(self.refuse)
        keys.addWidget(self.accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(8)
        for widget in (self.title, self.about, self.question, self.digits):
            column.addWidget(widget)
        column.addLayout(self.form)
        column.addLayout(keys)
        self.say_again()

    @property
    def chosen(self) -> tuple[UUID | None, UUID | None]:
        """Window and zone."""
        kind, _dot, place = str(self.place.currentData() or "").partition(":")
        if not place:
            return None, None
        return (UUID(place), None) if kind == "window" else (None, UUID(place))

    def say_again(self) -> None:
        """The reader's language changed."""
        self.title.setText(kind_words(self.device.kind))
        self.about.setText(_("asks from {address}").format(address=self.device.address))
        self.question.setText(_("Does the device show the same digits?"))
        self.refuse.setText(_("No, refuse"))
        self.accept.setText(_("Yes, the same"))
        for row, words in enumerate((_("Name"), _("Place"))):
            item = self.form.itemAt(row, QFormLayout.ItemRole.LabelRole)
            widget = item.widget() if item is not None else None
            if isinstance(widget, QLabel):
                widget.setText(words)
            else:
                self.form.setWidget(row, QFormLayout.ItemRole.LabelRole, QLabel(words))

    def show_places(self, windows: WindowChoices | None) -> None:
        """Where it may stand: a pad at a window, a kiosk in a zone, a display at either, a PC anywhere."""
        if windows is None or self.place.count():
            return
        kind = self.device.kind
        zones = {one.zone_id: one.zone for one in windows.windows}
        if kind in ("staff_pc", "pc"):
            self.place.addItem(_("no fixed place"), "")
        if kind in ("kiosk", "led", "pc"):
            for zone_id, name in zones.items():
                self.place.addItem(_("Zone {zone}").format(zone=pick(name)), f"zone:{zone_id}")
        if kind in ("pad", "led", "staff_pc"):
            for one in windows.windows:
                label = _("Window {window}").format(window=formats.digits(one.label))
                self.place.addItem(f"{label}, {pick(one.zone)}", f"window:{one.window_id}")


class DevicesPage(QWidget):
    """For whoever may add devices."""

    def __init__(self, link: Link) -> None:
        super().__init__()
        self.setObjectName("devices_page")
        self._link = link
        self.pending: View[PendingDevices] = View(
            link, "devices.pending", Nothing(), PendingDevices, ["devices"], every=EVERY
        )
        self.listed: View[DeviceCards] = View(link, "devices.list", Nothing(), DeviceCards, ["devices"], every=EVERY)
        self.windows: View[WindowChoices] = View(link, "queue.windows", InZone(), WindowChoices, ["organisation"])
        self.pending.on_change(self._show_pending)
        self.windows.on_change(self._show_pending)
        self.listed.on_change(self._show_listed)
        self._cards: dict[UUID, Asking] = {}
        self.banner = Banner(14, name="devices_said")
        self.title = QLabel()
        self.title.setObjectName("devices_title")
        self.title.setFont(theme.font(20, bold=True))
        self.nobody = QLabel()
        self.nobody.setObjectName("devices_nobody")
        self.nobody.setProperty("tone", "second")
        self.asking = QVBoxLayout()
        self.asking.setSpacing(12)
        left = QVBoxLayout()
        left.addWidget(self.nobody)
        left.addLayout(self.asking)
        left.addStretch(1)
        self.panel = Panel("devices")
        self.table = DataTable(self._columns(), lambda d: d.id, name="devices_table")
        self.panel.put(self.table, 1)
        self.remove = QPushButton()
        self.remove.setObjectName("device_remove")
        self.remove.clicked.connect(lambda: jobs.start(self, self._remove, name="remove"))
        self.restart = QPushButton()
        self.restart.setObjectName("device_restart")
        self.restart.clicked.connect(lambda: jobs.start(self, self._restart, name="restart"))
        self.panel.tools.addWidget(self.restart)
        self.panel.tools.addWidget(self.remove)
        self.details = QLabel()
        self.details.setObjectName("device_details")
        self.details.setWordWrap(True)
        self.details.setTextFormat(Qt.TextFormat.PlainText)
        self.details.setMinimumHeight(72)
        self.details.setContentsMargins(14, 8, 14, 8)
        self.details.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading)
        self.panel.put(self.details)
        self.table.selectionModel().currentRowChanged.connect(lambda *_rows: self._show_details())
        self._restarting: set[UUID] = set()
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addLayout(left, 1)
        row.addWidget(self.panel, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(12)
        column.addWidget(self.title)
        column.addWidget(self.banner)
        column.addLayout(row, 1)
        self.say_again()

    def begin(self) -> None:
        """The page is opened."""
        for view in (self.pending, self.listed, self.windows):
            view.start()
            view.again()

    def stop(self) -> None:
        """The page is left."""
        for view in (self.pending, self.listed, self.windows):
            view.stop()

    def say_again(self) -> None:
        """The reader's language changed."""
        self.title.setText(_("Devices"))
        self.nobody.setText(_("No device asks. Is it switched on, and in the same network?"))
        self.panel.say(_("Devices of the hall"), self.panel.count.text())
        self.remove.setText(_("Remove"))
        self.restart.setText(_("Restart program"))
        self.table.say_again()
        for card in self._cards.values():
            card.place.clear()
            card.say_again()
            card.show_places(self.windows.value)

    def accept(self, card: Asking) -> None:
        """The digits are the same."""
        window_id, zone_id = card.chosen
        wanted = AcceptDevice(
            request_id=card.device.request_id, digits=card.device.digits, label=card.label.text().strip()[:80],
            window_id=window_id, zone_id=zone_id,
        )  # fmt: skip
        jobs.start(
            self,
            self._link.act,
            "devices.accept",
            wanted,
            DeviceCard,
            name="decide",
            busy=card.accept,
            done=self._joined,
        )

    def refuse(self, card: Asking) -> None:
        """They are not, or it is not ours."""
        wanted = RefuseDevice(request_id=card.device.request_id)
        jobs.start(self, self._link.act, "devices.refuse", wanted, Nothing, name="decide", busy=card.refuse)

    def _joined(self, card: DeviceCard) -> None:
        self.banner.say(_("{name} belongs to the hall now.").format(name=card.label), "good", seconds=8)

    async def _remove(self) -> None:
        device: DeviceCard | None = self.table.current()
        if device is None:
            self.banner.say(_("Choose a device in the list first."), "warn", seconds=6)
            return
        if await dialogs.ask(
            self,
            _("Remove this device?"),
            _("{name} is shut out at once. To come back it must be compared again.").format(name=device.label),
            _("Remove"),
            _("Keep"),
            dangerous=True,
        ):
            await self._link.act("devices.remove", RemoveDevice(device_id=device.id), Nothing)

    async def _restart(self) -> None:
        device: DeviceCard | None = self.table.current()
        if device is None:
            self.banner.say(_("Choose a device in the list first."), "warn", seconds=6)
            return
        if await dialogs.ask(
            self,
            _("Restart its program?"),
            _("What is being done at {name} now is broken off. It comes back by itself.").format(name=device.label),
            _("Restart"),
            _("Leave it"),
            dangerous=True,
        ):
            await self._link.act("devices.restart", RestartDevice(device_id=device.id), Nothing)
            self._restarting.add(device.id)
            self.banner.say(_("{name} is told to restart.").format(name=device.label), "good", seconds=8)

    def _say_back(self, devices: list[DeviceCard]) -> None:
        for device in devices:
            if device.id in self._restarting and device.online and not device.restarting:
                self._restarting.discard(device.id)
                said = _("{name} is back, with version {version}.")
                self.banner.say(said.format(name=device.label, version=device.version), "good", seconds=12)

    def _show_details(self) -> None:
        device: DeviceCard | None = self.table.current()
        may = self._link.me is not None and "devices.restart" in self._link.me.permissions
        self.restart.setVisible(may)
        self.restart.setEnabled(device is not None and device.online and not device.restarting)
        told = device_health.lines(device) if device is not None else []
        nothing = _("Nothing is wrong with what it told last.") if device is not None and device.last_seen else ""
        self.details.setText("\n".join(f"{what}: {sentence}" for what, sentence in told) or nothing)

    def _show_pending(self) -> None:
        asked = {one.request_id: one for one in (self.pending.value.items if self.pending.value else [])}
        for gone in [one for one in self._cards if one not in asked]:
            card = self._cards.pop(gone)
            card.hide()
            card.deleteLater()
        for request_id, device in asked.items():
            if request_id not in self._cards:
                card = Asking(self, device)
                self._cards[request_id] = card
                self.asking.addWidget(card)
            self._cards[request_id].show_places(self.windows.value)
        self.nobody.setVisible(not asked)

    def _show_listed(self) -> None:
        if self.listed.value is not None:
            self.table.show_rows(self.listed.value.items)
            self.panel.count.setText(formats.number(len(self.listed.value.items)))
            self._say_back(self.listed.value.items)
        self._show_details()

    def _columns(self) -> list[TableColumn]:
        def seen(device: Any) -> str:
            if device.last_seen is None:
                return "–"
            return formats.duration((self._link.now() - device.last_seen).total_seconds())

        return [
            TableColumn("kind", lambda: _("Kind"), lambda d: kind_words(d.kind), width=135),
            TableColumn("label", lambda: _("Name"), lambda d: d.label, bold=True),
            TableColumn("place", lambda: _("Place"), self._place_of, width=150),
            TableColumn(
                "state",
                lambda: _("State"),
                lambda d: device_health.state(d)[0],
                tone=lambda d: device_health.state(d)[1],
                symbol=lambda d: device_health.state(d)[2],
                width=125,
            ),
            TableColumn("seen", lambda: _("Last word"), seen, lambda d: d.last_seen, figures=True, width=95),
            TableColumn("version", lambda: _("Version"), lambda d: d.version or "–", figures=True, width=80),
        ]

    def _place_of(self, device: Any) -> str:
        windows = self.windows.value.windows if self.windows.value is not None else []
        for one in windows:
            if device.window_id == one.window_id:
                return _("Window {window}").format(window=formats.digits(one.label))
        for one in windows:
            if device.zone_id == one.zone_id:
                return pick(one.zone)
        return "–"
