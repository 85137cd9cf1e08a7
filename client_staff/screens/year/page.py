"""The working calendar drawn as a year: painted over spans, filled from a country, published with what it changes
(COR-029, ADM-033)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from client_staff.app.console import LivePage
from client_staff.records.desk import RecordDesk
from client_staff.screens.year import asking
from client_staff.screens.year.draft import Draft, gregorian_years, hours_words, months, typed_hours
from client_staff.screens.year.drawing import YearView
from client_staff.screens.year.moved import MovedDialog, moved_words
from client_staff.screens.year.side import KINDS, Side, public_words, told_words
from common.link import Offline, Refusal
from common.protocol.calendar import CalendarYear, DaysPut, OfCalendar, PutDays
from common.protocol.deadlines import Moved, MovedBy
from common.qt import dialogs, jobs
from common.qt.keys import on_keys
from common.qt.theme import theme
from common.qt.widgets import StateView
from common.qt.widgets.state_view import Way
from common.records import BadValue, Query
from common.text import N_, _, formats, ngettext
from common.text.catalogue import language
from common.text.words import pick

VIEWS = (("gregorian", N_("Gregorian")), ("lunar", N_("Lunar")), ("jalali", N_("Jalali")))
KEYS = (
    ("← ↑ ↓ →", N_("from day to day")),
    ("Shift", N_("with arrows or the mouse: several days")),
    ("H S W, 1 2 3", N_("holiday, short day, worked")),
    ("Del, 0", N_("as usual")),
    ("Ctrl+Z", N_("take the last step back")),
    ("Ctrl+S", N_("publish")),
    ("Alt+Left, Alt+Right", N_("the year before, the next year")),
    ("Home, End", N_("first, last day of the month")),
    ("Ctrl+E", N_("name and hours of the chosen days")),
)
REST_MS = 250


class YearPage(LivePage):
    """For whoever may see the organisation; whoever may not change the calendar reads."""

    hints = KEYS
    topics = ("organisation", "deadlines")

    def __init__(self, desk: RecordDesk) -> None:
        super().__init__(desk, "year")
        self._calendars: list[dict[str, Any]] = []
        self._draft = Draft()
        self._year = 0
        self._filling = False
        self._rest = QTimer(self, interval=REST_MS, singleShot=True)
        self._rest.timeout.connect(self._foretell)
        self._build()
        self.say_again()

    def _build(self) -> None:
        self.title = QLabel()
        self.title.setObjectName("year_title")
        self.title.setFont(theme.font(20, bold=True))
        self.before = self._key("year_before", lambda: self._turn(-1), "‹")
        self.after = self._key("year_after", lambda: self._turn(1), "›")
        self.year_label = QLabel()
        self.year_label.setObjectName("year_number")
        self.year_label.setFont(theme.font(16, bold=True))
        self.count = QLabel()
        self.count.setObjectName("year_count")
        self.count.setProperty("tone", "second")
        self.view_choice = QComboBox()
        self.view_choice.setObjectName("year_view_choice")
        for name, _words in VIEWS:
            self.view_choice.addItem("", name)
        self.view_choice.currentIndexChanged.connect(lambda _n: self._view_chosen())
        self.calendar = QComboBox()
        self.calendar.setObjectName("year_calendar")
        self.calendar.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.calendar.currentIndexChanged.connect(lambda _n: self._calendar_chosen())
        self.seed = self._key("year_seed", self._seed)
        self.week = self._key("year_week", self._week)
        self.new = self._key("year_new", self._new)
        self.moved = self._key("year_moved", self._show_moved)
        head = QHBoxLayout()
        head.setSpacing(8)
        for widget in (self.title, self.before, self.year_label, self.after, self.count):
            head.addWidget(widget)
        head.addStretch(1)
        for choice in (self.view_choice, self.calendar, self.moved, self.week, self.seed, self.new):
            head.addWidget(choice)
        self.drawn = YearView(self._draft, self._may)
        self.drawn.moved.connect(self._show_day)
        self.drawn.painted.connect(self._paint)
        self.side = Side(self._desk, self._paint, self._details, self._undo, self._discard, self._publish)
        self.legend = QLabel()
        self.legend.setObjectName("year_legend")
        self.legend.setProperty("tone", "second")
        self.legend.setWordWrap(True)
        left = QVBoxLayout()
        left.addWidget(self.drawn, 1)
        left.addWidget(self.legend)
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addLayout(left, 1)
        row.addWidget(self.side)
        self.state = StateView(name="year_state")
        self.body = QStackedWidget()
        self.body.addWidget(self.state)
        self.body.addWidget(whole)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(self.banner)
        column.addWidget(self.body, 1)
        on_keys(
            self,
            ("Ctrl+S", self._publish), ("Ctrl+Z", self._undo), ("Alt+Left", lambda: self._turn(-1)),
            ("Alt+Right", lambda: self._turn(1)), ("Ctrl+E", self._into_hours),
        )  # fmt: skip

    def _key(self, name: str, act: Any, words: str = "") -> QPushButton:
        key = QPushButton(words)
        key.setObjectName(name)
        key.clicked.connect(lambda _on=False: act())
        return key

    # the page

    def into_list(self) -> None:
        """First focus: the year."""
        self.drawn.setFocus()

    def _noticed(self, notice: Any) -> None:
        if getattr(notice, "topic", "") != "deadlines":
            self._read_year()
        elif notice.kind == "recounted" and notice.ids.get("calendar_id") == self.calendar.currentData():
            self._ask_moved(show=False)

    def away(self) -> str:
        """What is said while there is no server."""
        return _("There is no connection to the server. What you changed stays here.")

    def short_keys(self) -> str:
        """For the status bar."""
        return _("Arrows day   Shift several   H holiday   S short   W worked   Del as usual   Ctrl+S publish")

    def say_again(self) -> None:
        """The reader's language changed."""
        self.title.setText(_("Working calendar"))
        self.before.setAccessibleName(_("The year before"))
        self.after.setAccessibleName(_("The next year"))
        for place, (_name, words) in enumerate(VIEWS):
            self.view_choice.setItemText(place, _(words))
        self.side.say_again()
        self.seed.setText(_("Fill from a country…"))
        self.week.setText(_("Usual week…"))
        self.new.setText(_("New calendar"))
        self.moved.setText(_("Moved deadlines…"))
        self.legend.setText(
            "   ".join(
                (
                    "● " + _("Holiday, free"), "▲ " + _("Short day"), "■ " + _("Worked although free"),
                    "◇ " + _("An outlet has hours of its own, which go first"),
                )
            )
        )  # fmt: skip
        if self._stops:
            self._read()
        self._draw()

    def _may(self) -> bool:
        me = self._link.me
        return me is not None and "organisation.calendar" in me.permissions and self._link.online

    def _today(self) -> date:
        return formats.local(self._link.now(), self._desk.reader.zone).date()

    @property
    def _view(self) -> str:
        return str(self.view_choice.currentData())

    @property
    def _jalali(self) -> bool:
        return self._view == "jalali"

    # reading

    def _read(self) -> None:
        self._read_by(self._fetch)

    async def _fetch(self) -> None:
        if not self._calendars:
            self.state.show_state("calendar", _("Reading the calendar"))
            self.body.setCurrentIndex(0)
        rows, _labels = await self._link.records.every("working_calendar", Query())
        self._calendars = sorted(rows, key=lambda row: (not row.get("main"), pick(row["name"])))
        if not self._calendars:
            ways: list[Way] = [("year_first", _("New calendar"), self._new)] if self._may() else []
            self.state.show_state(
                "calendar",
                _("No calendar yet"),
                _("Deadlines and hours of the public follow the working calendar."),
                ways,
            )
            self.body.setCurrentIndex(0)
            self._allow()
            return
        chosen = self.calendar.currentData()
        self._filling = True
        self.calendar.clear()
        for row in self._calendars:
            words = pick(row["name"])
            self.calendar.addItem(_("{name} (main)").format(name=words) if row.get("main") else words, row["id"])
        self.calendar.setCurrentIndex(max(0, self.calendar.findData(chosen)))
        if not self._year:
            self._first_view()
        self._filling = False
        await self._fetch_year()

    def _first_view(self) -> None:
        wanted = {"fa": "jalali", "zh": "lunar"}.get(language(), "gregorian")
        self.view_choice.setCurrentIndex([name for name, _w in VIEWS].index(wanted))
        today = self._today()
        self._year = formats.jalali(today)[0] if self._jalali else today.year
        self.drawn.here = self.drawn.anchor = today

    def _read_year(self) -> None:
        if self._link.online and self._calendars:
            jobs.start(self, self._fetch_year, refused=self._refused, offline=lambda why: None)

    async def _fetch_year(self) -> None:
        calendar_id, asked = self.calendar.currentData(), gregorian_years(self._year, self._jalali)
        years = [
            await self._link.read(
                "organisation.calendar_year", OfCalendar(calendar_id=calendar_id, year=one), CalendarYear
            )
            for one in asked
        ]
        if calendar_id == self.calendar.currentData() and asked == gregorian_years(self._year, self._jalali):
            self._draft.take(years)
            self.body.setCurrentIndex(1)
            self._draw()

    def _calendar_chosen(self) -> None:
        if not self._filling:
            self._draft.drop()
            self._read_year()

    def _view_chosen(self) -> None:
        if self._filling or not self._year:
            return
        cursor = self.drawn.here
        self._year = formats.jalali(cursor)[0] if self._jalali else cursor.year
        self._read_year()

    def _turn(self, by: int) -> None:
        if self._calendars:
            self._year += by
            self._read_year()

    # drawing

    def _draw(self) -> None:
        if not self._year or not self._draft.days:
            self._allow()
            return
        drawn = months(self._year, self._jalali)
        self.drawn.show_year(drawn, self._view, self._today())
        worked = sum(self._draft.kind(day) in ("worked", "short", "make_up") for month in drawn for day in month.days)
        self.year_label.setText(formats.digits(str(self._year)))
        self.count.setText(
            ngettext("{count} working day", "{count} working days", worked).format(count=formats.number(worked))
        )
        self._show_day()

    def _show_day(self) -> None:
        days = self.drawn.chosen()
        first = days[0]
        title = formats.date_long(first)
        if len(days) > 1:
            title = _("{begin} to {end}").format(begin=formats.date(first), end=formats.date(days[-1]))
        self.side.say(title, formats.number(len(days)) if len(days) > 1 else "")
        kind, periods, name = self._draft.shown(first)
        self._filling = True
        self.side.kind.setCurrentIndex(list(KINDS).index(kind))
        if not self.side.name.isAncestorOf(self.focusWidget() or self):
            self.side.name.show_value(name)
        if not self.side.hours.hasFocus():
            self.side.hours.setText(hours_words(periods))
        self._filling = False
        self.side.public.setText("\n".join(public_words(one) for one in self._draft.public.get(first, ())))
        self._allow()
        self._rest.start()

    def _allow(self) -> None:
        may, put = self._may(), self._draft.put
        past = any(day < self._today() for day in put)
        for widget in (self.seed, self.week, self.new):
            widget.setVisible(may)
        self.moved.setVisible(bool(self._calendars) and self._may_see_deadlines())
        for editor in (self.side.kind, self.side.name, self.side.hours):
            editor.setEnabled(may)
        self.side.hours.setEnabled(may and self.side.kind.currentData() in ("short", "working"))
        self.side.name.setEnabled(may and self.side.kind.currentData() != "usual")
        for widget in (self.side.undo, self.side.discard, self.side.publish):
            widget.setVisible(bool(put))
        self.side.reason.setVisible(past)
        self.side.publish.setEnabled(bool(put) and may)
        self.side.moves.setVisible(bool(put))

    # changing

    def _paint(self, kind: str) -> None:
        if self._may() and self._draft.paint(self.drawn.chosen(), kind):
            self._draw()

    def _details(self) -> None:
        """Name or hours of the chosen days were typed."""
        if self._filling or not self._may():
            return
        days = self.drawn.chosen()
        kind, periods, name = self._draft.shown(days[0])
        if kind == "usual":
            return
        try:
            words = self.side.name.value() or {}
        except BadValue:
            return
        try:
            typed = typed_hours(self.side.hours.text()) if kind != "holiday" else []
        except ValueError:
            self.banner.say(_("Write hours as 08:00–12:00, 13:00–17:00, one after the other."), "bad", seconds=6)
            return
        if words != name or typed != periods:
            self._draft.paint(days, kind, typed, words)
            self.drawn.update()
            self._allow()
            self._rest.start()

    def _into_hours(self) -> None:
        (self.side.hours if self.side.hours.isEnabled() else self.side.kind).setFocus()

    def _undo(self) -> None:
        if self._draft.undo():
            self._draw()

    def _discard(self) -> None:
        self._draft.drop()
        self.side.reason.clear()
        self._draw()
        self.drawn.setFocus()

    def _change(self, dry_run: bool) -> PutDays:
        days = [one for _day, one in sorted(self._draft.put.items())]
        return PutDays(
            calendar_id=self.calendar.currentData(), days=days, reason=self.side.reason.text().strip(), dry_run=dry_run
        )

    def _foretell(self) -> None:
        """What publishing would move, as the server counts it."""
        if self._draft.put and self._may():
            jobs.start(self, self._ask_moves, self._change(True), refused=self._not_foretold, offline=lambda why: None)

    async def _ask_moves(self, change: PutDays) -> None:
        told = await self._link.act("organisation.put_days", change, DaysPut)
        self.side.moves.setText(told_words(told, len(change.days)))

    def _not_foretold(self, why: Refusal) -> None:
        self.side.moves.setText(why.sentence)

    def _publish(self) -> None:
        if self.side.publish.isEnabled() and self._draft.put:
            jobs.start(
                self, self._send, self._change(False), name="publish", refused=self._refused, busy=self.side.publish
            )

    async def _send(self, change: PutDays) -> None:
        await self._link.act("organisation.put_days", change, DaysPut)
        self._draft.drop()
        self.side.reason.clear()
        await self._fetch_year()
        self.banner.say(_("Published. Deadlines count by it from now on."), "good", seconds=6)
        self.drawn.setFocus()

    def _refused(self, why: Refusal | Offline) -> None:
        super()._refused(why)
        if isinstance(why, Refusal) and why.code == "organisation.past_days":
            self.side.reason.setFocus()

    # dialogs

    def _open(self, ask: Callable[..., Awaitable[str]], *more: Any) -> None:
        """A dialog of `asking.py`; what it did is said, and shown."""
        if self._may():
            jobs.start(self, self._really_ask, ask, more, name="asking", refused=self._refused)

    async def _really_ask(self, ask: Callable[..., Awaitable[str]], more: tuple[Any, ...]) -> None:
        said = await ask(self, self._desk, *more)
        if said:
            await self._fetch()
            self.banner.say(said, "good", seconds=6)

    # deadlines that a change moved

    def _may_see_deadlines(self) -> bool:
        me = self._link.me
        return me is not None and "deadlines.see" in me.permissions and self._link.online

    def _show_moved(self) -> None:
        self._ask_moved(show=True)

    def _ask_moved(self, *, show: bool) -> None:
        if self._may_see_deadlines() and self.calendar.currentData():
            name = "moved_list" if show else "moved_count"
            jobs.start(
                self, self._fetch_moved, show, name=name, refused=self._refused, offline=lambda why: None, again=True
            )

    async def _fetch_moved(self, show: bool) -> None:
        told = await self._link.read("deadlines.moved", MovedBy(calendar_id=self.calendar.currentData()), Moved)
        if show:
            await dialogs.open(MovedDialog(self, self._desk, told))
        elif told.done and (told.moved or told.failed):
            self.banner.say(moved_words(told), "warn" if told.failed else "good", seconds=12)

    def _row(self) -> dict[str, Any] | None:
        return next((row for row in self._calendars if row["id"] == self.calendar.currentData()), None)

    def _seed(self) -> None:
        row = self._row()
        if row is not None:
            self._open(asking.fill, row, gregorian_years(self._year, self._jalali))

    def _week(self) -> None:
        row = self._row()
        if row is not None:
            self._open(asking.week, row)

    def _new(self) -> None:
        self._open(asking.new)
