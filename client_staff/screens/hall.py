"""The hall manager's page: the live plan of windows and queues, warnings, and everything that is ordered from there."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QMenu, QPushButton, QScrollArea, QVBoxLayout, QWidget

from client_staff.app.panel import Panel
from client_staff.counter.reasons import ReasonQuestion
from client_staff.records.desk import RecordDesk
from client_staff.screens.hall_alerts import AlertsPanel
from client_staff.screens.hall_questions import MODES, HallQuestion, MoveQuestion, StopWord
from client_staff.screens.hall_tiles import Plan, look_of, what, who
from client_staff.screens.registry import Page
from common.link import View
from common.protocol.alerts import AlertSeen
from common.protocol.messages import Message, Nothing
from common.protocol.queue import AtWindow, Called, InZone, WindowView
from common.protocol.queue_hall import (
    HallPlan,
    HallState,
    Moved,
    MoveWaiting,
    PlanQueue,
    PlanWindow,
    SetHall,
    SetSilent,
    SwitchService,
)
from common.protocol.queue_window import LogOut
from common.qt import jobs
from common.qt.keys import on_keys
from common.qt.table import DataTable, TableColumn
from common.qt.theme import theme
from common.qt.widgets import Banner, qicon
from common.records import RecordFacts
from common.text import N_, _, formats, ngettext
from common.text.words import pick

EVERY = 15.0
ORDERED = ("auto", "open", "last_tickets", "closed")
"""The switch; trial before opening and the stop stand apart."""
BATCHES = 50
"""At most so many messages of 200 tickets for one order."""
KEPT_FROM_TICKETS = ("ticket_list_entry", "restriction")
"""Lists by identity, and restrictions of applicants who are known to the house."""
HIDDEN = {
    "no_window": N_("No window is open"),
    "quota": N_("The day's maximum is reached"),
    "service_hours": N_("Outside its hours"),
    "hall_hours": N_("Outside the hall's hours"),
    "last_tickets": N_("No more tickets today"),
    "too_late": N_("The wait reaches beyond closing"),
    "switched_off": N_("Taken off the kiosks"),
    "stopped": N_("The hall is stopped"),
    "black_list": N_("Not for this citizen"),
}
"""Why kiosks do not show a service."""


class HallPage(QWidget):
    """Live by notices; what was read stays, greyed with its time, while there is no server."""

    def __init__(self, desk: RecordDesk) -> None:
        super().__init__()
        self.setObjectName("hall_page")
        self._desk, self._link = desk, desk.link
        self._zone_id: UUID | None = None
        self._window_id: UUID | None = None
        topics = ["queue", "alerts", "organisation", "services"]
        self.view: View[HallPlan] = View(self._link, "queue.plan", InZone(), HallPlan, topics, every=EVERY)
        self.view.on_change(self.refresh)
        self._tick = QTimer(self, interval=1000)
        self._tick.timeout.connect(self._show_plan)
        self._build()
        theme.changed.connect(self.say_again)
        self.say_again()

    def _build(self) -> None:
        self.title = QLabel()
        self.title.setObjectName("hall_title")
        self.title.setFont(theme.font(20, bold=True))
        self.zones = QComboBox()
        self.zones.setObjectName("hall_zones")
        self.zones.setMinimumWidth(180)
        self.zones.activated.connect(self._choose_zone)
        self.state = QLabel()
        self.state.setObjectName("hall_state")
        self.modes: dict[str, QPushButton] = {}
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.title)
        head.addWidget(self.zones)
        head.addStretch(1)
        head.addWidget(self.state)
        for mode in ("auto", "opening", "open", "last_tickets", "closed", "stopped"):
            key = QPushButton()
            key.setObjectName(f"hall_{mode}")
            key.setCheckable(mode != "stopped")
            key.clicked.connect(partial(self._order, mode))
            if mode == "stopped":
                key.setProperty("kind", "danger")
                head.addSpacing(8)
            self.modes[mode] = key
            head.addWidget(key)
        self.banner = Banner(14, name="hall_said")
        self.old = QLabel()
        self.old.setObjectName("hall_old")
        self.old.setProperty("tone", "warn")
        self.old.setWordWrap(True)
        self.sentence = QLabel()
        self.sentence.setObjectName("hall_sentence")
        self.sentence.setProperty("tone", "second")
        self.sentence.setWordWrap(True)
        self.figures = QLabel()
        self.figures.setObjectName("hall_figures")
        self.figures.setFont(theme.font(15, bold=True))
        self.plan = Plan(self._choose_window, self._silent)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self.plan)
        self.alerts = AlertsPanel(self._seen, lambda: self._desk.open_page("warnings"))
        self.alerts.setFixedWidth(312)
        middle = QVBoxLayout()
        middle.setSpacing(10)
        middle.addWidget(area, 5)
        middle.addWidget(self._build_window())
        middle.addWidget(self._build_queues(), 4)
        body = QHBoxLayout()
        body.setSpacing(12)
        body.addLayout(middle, 1)
        body.addWidget(self.alerts)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(16, 12, 16, 12)
        outer.setSpacing(10)
        outer.addLayout(head)
        for widget in (self.banner, self.old, self.sentence, self.figures):
            outer.addWidget(widget)
        outer.addLayout(body, 1)
        on_keys(
            self,
            ("W", self.alerts.first_focus), ("Q", self._into_queues), ("Alt+H", lambda: self.modes["auto"].setFocus()),
        )  # fmt: skip

    def _build_window(self) -> QWidget:
        """What is known of the chosen window, and what may be done with it."""
        self.one = QLabel()
        self.one.setObjectName("hall_window")
        self.one.setWordWrap(True)
        self.out, self.give_back = QPushButton(), QPushButton()
        for key, name, act in (
            (self.out, "hall_log_out", self._log_out),
            (self.give_back, "hall_release", self._release),
        ):
            key.setObjectName(name)
            key.clicked.connect(act)
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(4, 0, 4, 0)
        row.addWidget(self.one, 1)
        row.addWidget(self.give_back)
        row.addWidget(self.out)
        return box

    def _build_queues(self) -> Panel:
        def estimate(queue: PlanQueue) -> str:
            if queue.estimate_low is not None and queue.estimate_high is not None:
                return formats.waiting(queue.estimate_low, queue.estimate_high)
            return formats.about(queue.estimate_seconds) if queue.estimate_seconds is not None else "–"

        def longest(queue: PlanQueue) -> str:
            return formats.duration(queue.longest_wait_seconds) if queue.longest_wait_seconds is not None else "–"

        self.queues = Panel("queues")
        self.table = DataTable(
            [
                TableColumn("prefix", lambda: "", lambda q: q.prefix, bold=True, width=44),
                TableColumn("name", lambda: _("Queue"), lambda q: pick(q.name)),
                TableColumn(
                    "waiting", lambda: _("Waiting"), lambda q: formats.number(q.waiting), lambda q: q.waiting, figures=True,
                    width=84,
                ),
                TableColumn(
                    "longest", lambda: _("Longest"), longest, lambda q: q.longest_wait_seconds, figures=True, width=90
                ),
                TableColumn("likely", lambda: _("Likely wait"), estimate, lambda q: q.estimate_seconds, width=150),
                TableColumn(
                    "windows", lambda: _("Windows"), lambda q: formats.listing([formats.digits(w) for w in q.windows]) or "–",
                    width=96,
                ),
                TableColumn("state", lambda: _("Kiosk"), _on_kiosk, tone=_kiosk_tone, symbol=_kiosk_symbol, width=200),
            ],
            lambda q: (q.service_id, q.zone_id),
            name="queues_table",
        )  # fmt: skip
        self.table.selectionModel().currentRowChanged.connect(lambda *_args: self._keys())
        self.move_key, self.switch, self.kept = QPushButton(), QPushButton(), QPushButton()
        for key, name, act in (
            (self.move_key, "hall_move", self._move),
            (self.switch, "hall_switch", self._switch),
            (self.kept, "hall_restrictions", self._offer_restrictions),
        ):
            key.setObjectName(name)
            key.clicked.connect(act)
            self.queues.tools.addWidget(key)
        self.queues.put(self.table, 1)
        return self.queues

    # a page of the workbench

    def begin(self) -> None:
        """The page is opened."""
        self.view.start()
        self.view.again()
        self._tick.start()

    def stop(self) -> None:
        """The page is left."""
        self.view.stop()
        self._tick.stop()

    def keys(self) -> list[tuple[str, str]]:
        """For F1."""
        return [("W", _("warnings")), ("Q", _("queues")), ("Alt+H", _("the hall's state"))]

    def short_keys(self) -> str:
        """For the status bar."""
        return _("W warnings   Q queues   Alt+H hall's state   Tab, Enter windows   F1 all keys")

    def say_again(self) -> None:
        """The reader's language changed."""
        self.title.setText(_("Hall"))
        self.zones.setAccessibleName(_("Zone"))
        for mode, key in self.modes.items():
            key.setText(_("Emergency stop…") if mode == "stopped" else _(MODES[mode]))
        self.modes["stopped"].setIcon(qicon("octagon", "bad_strong"))
        self.queues.title.setText(_("Queues"))
        self.move_key.setText(_("Move the waiting…"))
        self.kept.setText(_("Who gets no ticket…"))
        self.out.setText(_("Sign out…"))
        self.give_back.setText(_("Give the ticket back"))
        self.table.say_again()
        self.refresh()

    def refresh(self) -> None:
        """Show what was read."""
        plan = self.view.value
        online = self._link.online
        self.old.setVisible(not online or plan is None)
        if plan is None:
            refused = self.view.refused
            self.old.setText(refused.sentence if refused is not None else _("The plan is being read."))
            return
        at = formats.time(self.view.at or plan.now, self._zone())
        self.old.setText(_("No server: this is the hall as of {time}. Nothing can be ordered now.").format(time=at))
        self._show_zones(plan)
        self._show_state(plan.hall)
        self.table.show_rows([queue for queue in plan.queues if self._here(queue.zone_id)])
        self.alerts.show_alerts(plan.alerts, self._zone(), may=self._may("alerts.see") and online)
        self._show_plan()
        self._show_figures(plan)
        self._keys()

    def _show_zones(self, plan: HallPlan) -> None:
        names = [(None, _("All zones")), *((zone.zone_id, pick(zone.name)) for zone in plan.zones)]
        there = [(self.zones.itemData(n), self.zones.itemText(n)) for n in range(self.zones.count())]
        if there != names:
            self.zones.clear()
            for zone_id, name in names:
                self.zones.addItem(name, zone_id)
        self.zones.setVisible(len(plan.zones) > 1)
        self.zones.setCurrentIndex(next((n for n, (z, _name) in enumerate(names) if z == self._zone_id), 0))

    def _show_state(self, hall: HallState) -> None:
        may = self._may("queue.hall") and self._link.online
        self.state.setText(_("Now: {state}").format(state=_(MODES[hall.state]) if hall.state in MODES else hall.state))
        self.state.setProperty("tone", "bad" if hall.state == "stopped" else "second")
        self.state.style().polish(self.state)
        for mode, key in self.modes.items():
            key.setVisible(self._may("queue.hall"))
            key.setEnabled(may and not (mode == "stopped" and hall.mode == "stopped"))
            key.setChecked(mode == hall.mode)
        said = pick(hall.sentence)
        self.sentence.setText(_("The public reads: {sentence}").format(sentence=said) if said else "")
        self.sentence.setVisible(bool(said))

    def _show_figures(self, plan: HallPlan) -> None:
        windows = [one for one in plan.windows if self._here(one.zone_id)]
        opened = [one for one in windows if one.state != "closed"]
        queues = [one for one in plan.queues if self._here(one.zone_id)]
        waiting = sum(one.waiting for one in queues)
        longest = max((one.longest_wait_seconds or 0 for one in queues), default=0)
        parts = [
            ngettext("{count} waiting", "{count} waiting", waiting).format(count=formats.number(waiting)),
            _("{open} of {all} windows").format(open=formats.number(len(opened)), all=formats.number(len(windows))),
            _("longest wait {time}").format(time=formats.duration(longest)),
            _("{count} served").format(count=formats.number(sum(one.served for one in windows))),
        ]
        if plan.hall.closes_in_seconds:
            parts.append(_("closes in {time}").format(time=formats.duration(plan.hall.closes_in_seconds)))
        self.figures.setText("     ".join(parts))

    def _show_plan(self) -> None:
        """Every second: the times run on."""
        plan = self.view.value
        if plan is None:
            return
        # Without the server nobody knows how long it went on: times stand still.
        more = int((self._link.now() - plan.now).total_seconds()) if self._link.online else 0
        zones = [zone for zone in plan.zones if self._here(zone.zone_id)]
        self.plan.show_plan(zones, plan.windows, max(0, more), may=self._may("queue.hall") and self._link.online)
        self.plan.setEnabled(self._link.online)
        self.plan.mark(self._window_id)

    def _keys(self) -> None:
        """What may be done with what is chosen."""
        online, queue, window = self._link.online, self._queue(), self._chosen()
        hall, supervise = self._may("queue.hall"), self._may("queue.supervise")
        self.move_key.setVisible(hall)
        self.switch.setVisible(hall)
        self.kept.setVisible(bool(self._restrictions()))
        self.move_key.setEnabled(online and queue is not None and queue.waiting > 0)
        self.switch.setEnabled(online and queue is not None)
        off = queue is not None and queue.off
        self.switch.setText(_("Put back on the kiosks") if off else _("Take off the kiosks…"))
        self.out.setVisible(supervise and window is not None and window.state != "closed")
        self.give_back.setVisible(supervise and window is not None and window.kept_number is not None)
        self.out.setEnabled(online)
        self.give_back.setEnabled(online)
        self.one.setText(_("Choose a window of the plan.") if window is None else _about(window, self._zone()))
        self.one.setProperty("tone", "second" if window is None else "")
        self.one.style().polish(self.one)

    # what is chosen

    def _here(self, zone_id: UUID) -> bool:
        return self._zone_id is None or zone_id == self._zone_id

    def _chosen(self) -> PlanWindow | None:
        plan = self.view.value
        if plan is None or self._window_id is None:
            return None
        return next((one for one in plan.windows if one.window_id == self._window_id), None)

    def _queue(self) -> PlanQueue | None:
        row: Any = self.table.current()
        return row if isinstance(row, PlanQueue) else None

    def _choose_zone(self, place: int) -> None:
        self._zone_id = self.zones.itemData(place)
        self.refresh()

    def _choose_window(self, window_id: UUID) -> None:
        self._window_id = window_id
        self.plan.mark(window_id)
        self._keys()

    def _into_queues(self) -> None:
        self.table.setFocus()
        if self.table.rows and self.table.current() is None:
            self.table.selectRow(0)

    # what is ordered

    def _order(self, mode: str) -> None:
        # The switch shows what holds, not what was pressed.
        if self.view.value is not None:
            self._show_state(self.view.value.hall)
            jobs.start(self, self._really_order, mode, name="order")

    async def _really_order(self, mode: str) -> None:
        plan = self.view.value
        if plan is None:
            return
        waiting = sum(zone.waiting for zone in plan.zones)
        question = HallQuestion(self.window(), mode, plan.hall, self._desk.languages, waiting)
        sentence = await question.asked()
        if sentence is None or (mode == "stopped" and not await StopWord(self.window()).asked()):
            return
        order = SetHall(outlet_id=plan.hall.outlet_id, mode=mode, sentence=sentence)  # type: ignore[arg-type]
        await self._link.act("queue.set_hall", order, HallState)
        self.view.again()
        stopped = mode == "stopped"
        said = _("The hall is stopped.") if stopped else _("Ordered: {state}.").format(state=_(MODES[mode]))
        self.banner.say(said, "warn" if stopped else "good", seconds=8)

    def _silent(self, zone_id: UUID, silent: bool) -> None:
        self._do("queue.set_silent", SetSilent(zone_id=zone_id, silent=silent), Nothing)

    def _seen(self, alert_id: UUID) -> None:
        self._do("alerts.seen", AlertSeen(alert_id=alert_id), Nothing)

    def _do(self, verb: str, message: Message, answer: type[Message], said: str = "") -> None:
        jobs.start(self, self._act, verb, message, answer, said, name=verb)

    async def _act(self, verb: str, message: Message, answer: type[Message], said: str) -> None:
        await self._link.act(verb, message, answer)
        self.view.again()
        if said:
            self.banner.say(said, "good", seconds=8)

    def _log_out(self) -> None:
        window = self._chosen()
        if window is not None:
            jobs.start(self, self._really_log_out, window, name="log out")

    async def _really_log_out(self, window: PlanWindow) -> None:
        label = formats.digits(window.label)
        text = _("{name} is signed out at window {window}.").format(name=who(window), window=label)
        if window.ticket is not None:
            text += " " + _("Ticket {number} stays with the window.").format(number=window.ticket.number)
        title = _("Sign {name} out?").format(name=who(window))
        reason = await ReasonQuestion(self.window(), title, text, _("Sign out"), dangerous=True).asked()
        if reason is not None:
            await self._act("queue.log_out", LogOut(window_id=window.window_id, reason=reason), WindowView, text)

    def _release(self) -> None:
        window = self._chosen()
        if window is not None and window.kept_number is not None:
            said = _("Ticket {number} waits again at its old place.").format(number=window.kept_number)
            self._do("queue.release", AtWindow(window_id=window.window_id), Called, said)

    def _switch(self) -> None:
        queue = self._queue()
        if queue is not None:
            jobs.start(self, self._really_switch, queue, name="switch")

    async def _really_switch(self, queue: PlanQueue) -> None:
        name = pick(queue.name)
        if queue.off:
            order = SwitchService(service_id=queue.service_id, off=False)
            await self._act(
                "queue.switch_service", order, Nothing, _("{name} is on the kiosks again.").format(name=name)
            )
            return
        reason = await ReasonQuestion(
            self.window(),
            _("Take {name} off the kiosks?").format(name=name),
            _("No tickets are given for it until the end of the business day. Who waits is still called."),
            _("Take off"),
        ).asked()
        if reason is not None:
            order = SwitchService(service_id=queue.service_id, off=True, reason=reason)
            await self._act("queue.switch_service", order, Nothing, _("{name} is off the kiosks.").format(name=name))

    def _restrictions(self) -> list[RecordFacts]:
        """The lists that keep people from tickets, as far as this person may see them (QUE-068)."""
        found = (self._desk.schema.record(kind) for kind in KEPT_FROM_TICKETS)
        return [one for one in found if one is not None]

    def _offer_restrictions(self) -> None:
        kinds = self._restrictions()
        if len(kinds) == 1:
            self._desk.open_page(f"records.{kinds[0].name}")
            return
        menu = QMenu(self)
        menu.setObjectName("restrictions_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for facts in kinds:
            line = menu.addAction(facts.plural)
            line.setObjectName(f"restrictions_{facts.name}")
            line.triggered.connect(partial(self._desk.open_page, f"records.{facts.name}"))
        menu.popup(self.kept.mapToGlobal(self.kept.rect().bottomLeft()))

    def _move(self) -> None:
        queue = self._queue()
        if queue is not None and self.view.value is not None:
            jobs.start(self, self._really_move, queue, self.view.value, name="move", busy=self.move_key)

    async def _really_move(self, queue: PlanQueue, plan: HallPlan) -> None:
        zones = {zone.zone_id: pick(zone.name) for zone in plan.zones}
        fit = [one for one in plan.queues if one.windows and not one.off and one.service_id != queue.service_id]
        # A ticket stays in its own zone where the service is served there: then no other zone is a choice.
        own = {one.service_id for one in fit if one.zone_id == queue.zone_id}
        targets = [one for one in fit if one.zone_id == queue.zone_id or one.service_id not in own]
        chosen = await MoveQuestion(self.window(), queue, targets, zones).asked()
        if chosen is None:
            return
        target, priority, reason = chosen
        order = MoveWaiting(
            service_id=queue.service_id, zone_id=queue.zone_id, to_service_id=target.service_id, priority=priority, reason=reason
        )  # fmt: skip
        moved = 0
        for _batch in range(BATCHES):
            answer = await self._link.act("queue.move_waiting", order, Moved)
            moved += answer.moved
            if not answer.left or not answer.moved:
                break
        self.view.again()
        text = ngettext("{count} ticket moved to {name}.", "{count} tickets moved to {name}.", moved)
        self.banner.say(text.format(count=formats.number(moved), name=pick(target.name)), "good", seconds=8)

    def _may(self, right: str) -> bool:
        return self._link.me is not None and right in self._link.me.permissions

    def _zone(self) -> str:
        return self._link.health.zone if self._link.health is not None else "UTC"


def _about(window: PlanWindow, zone: str) -> str:
    parts = [
        _("Window {window}").format(window=formats.digits(window.label)),
        who(window),
        _(look_of(window).word),
        what(window),
        pick(window.service),
    ]
    if window.since is not None and window.state != "closed":
        parts.append(_("since {time}").format(time=formats.time(window.since, zone)))
    parts.append(_("{count} served").format(count=formats.number(window.served)))
    return "  ·  ".join(part for part in parts if part)


def _on_kiosk(queue: PlanQueue) -> str:
    if queue.unserved:
        return _("People wait, no window is open")
    if queue.hidden:
        return _(HIDDEN[queue.hidden]) if queue.hidden in HIDDEN else queue.hidden
    return _("On the kiosks")


def _kiosk_tone(queue: PlanQueue) -> str:
    return (
        "bad_strong" if queue.unserved else "warn_strong" if queue.off else "ink_2" if queue.hidden else "good_strong"
    )


def _kiosk_symbol(queue: PlanQueue) -> str:
    return "octagon" if queue.unserved else "warning" if queue.off else "door" if queue.hidden else "check_round"


PAGE = Page("hall", N_("Hall"), "hall", "queue", "queue.day", HallPage)
