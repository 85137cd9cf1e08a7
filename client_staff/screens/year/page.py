"""The working calendar drawn as a year: painted over spans, filled from a country, published with what it changes
(COR-029, ADM-033)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from client_staff.app.panel import Panel
from client_staff.editors import WordsEditor
from client_staff.records.actions import AskDialog
from client_staff.records.desk import RecordDesk
from client_staff.screens.year.draft import Draft, gregorian_years, hours_words, months, typed_hours
from client_staff.screens.year.drawing import YearView
from client_staff.screens.year.week import WeekDialog
from common.link import LinkState, Offline, Refusal, new_key
from common.protocol.calendar import CalendarYear, DayChanges, DaysPut, OfCalendar, PublicDay, PutDays, SeedCalendar
from common.qt import dialogs, jobs
from common.qt.theme import theme
from common.qt.widgets import Banner, StateView
from common.records import BadValue, Field, Query
from common.text import N_, _, formats, ngettext
from common.text.catalogue import language
from common.text.words import pick

KINDS = {
    "usual": N_("As the week says"),
    "holiday": N_("Holiday, free"),
    "short": N_("Short day"),
    "working": N_("Worked although free"),
}
VIEWS = (("gregorian", N_("Gregorian")), ("lunar", N_("Lunar")), ("jalali", N_("Jalali")))
COUNTRIES = (("CN", N_("China")), ("RU", N_("Russia")), ("IR", N_("Iran")))
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
MOST_LINES = 6


class YearPage(QWidget):
    """For whoever may see the organisation; whoever may not change the calendar reads."""

    def __init__(self, desk: RecordDesk) -> None:
        super().__init__()
        self.setObjectName("year_page")
        self._desk, self._link = desk, desk.link
        self._calendars: list[dict[str, Any]] = []
        self._draft = Draft()
        self._year = 0
        self._stops: list[Any] = []
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
        head = QHBoxLayout()
        head.setSpacing(8)
        for widget in (self.title, self.before, self.year_label, self.after, self.count):
            head.addWidget(widget)
        head.addStretch(1)
        for widget in (self.view_choice, self.calendar, self.week, self.seed, self.new):
            head.addWidget(widget)
        self.banner = Banner(14, name="year_said")
        self.drawn = YearView(self._draft, self._may)
        self.drawn.moved.connect(self._show_day)
        self.drawn.painted.connect(self._paint)
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
        row.addWidget(self._build_side())
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
        for keys, act in (
            ("Ctrl+S", self._publish), ("Ctrl+Z", self._undo), ("Alt+Left", lambda: self._turn(-1)),
            ("Alt+Right", lambda: self._turn(1)), ("Ctrl+E", self._into_hours),
        ):  # fmt: skip
            shortcut = QShortcut(QKeySequence(keys), self, act)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def _build_side(self) -> QWidget:
        self.panel = Panel("year_side")
        self.panel.setFixedWidth(336)
        self.kind = QComboBox()
        self.kind.setObjectName("year_kind")
        for name in KINDS:
            self.kind.addItem("", name)
        self.kind.activated.connect(lambda _n: self._paint(self.kind.currentData()))
        self.name = WordsEditor(Field("words", "", name="year_name", required=False), self._desk)
        self.name.changed.connect(self._details)
        self.hours = QLineEdit()
        self.hours.setObjectName("year_hours")
        self.hours.setPlaceholderText("08:00–12:00, 13:00–17:00")
        self.hours.editingFinished.connect(self._details)
        self.form = QFormLayout()
        for editor in (self.kind, self.name, self.hours):
            self.form.addRow(QLabel(), editor)
        self.public = self._words("year_public")
        self.moves = self._words("year_moves")
        self.reason = QLineEdit()
        self.reason.setObjectName("year_reason")
        self.reason.setMaxLength(500)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(16, 4, 16, 12)
        column.setSpacing(12)
        column.addLayout(self.form)
        column.addWidget(self.public)
        column.addWidget(self.moves)
        column.addStretch(1)
        self.panel.put(inside, 1)
        self.undo = self._key("year_undo", self._undo)
        self.discard = self._key("year_discard", self._discard)
        self.publish = self._key("year_publish", self._publish)
        self.publish.setProperty("kind", "primary")
        foot = QWidget()
        below = QVBoxLayout(foot)
        below.setContentsMargins(16, 8, 16, 12)
        below.addWidget(self.reason)
        keys = QHBoxLayout()
        for key in (self.undo, self.discard):
            keys.addWidget(key)
        keys.addStretch(1)
        keys.addWidget(self.publish)
        below.addLayout(keys)
        self.panel.put(foot)
        return self.panel

    def _key(self, name: str, act: Any, words: str = "") -> QPushButton:
        key = QPushButton(words)
        key.setObjectName(name)
        key.clicked.connect(lambda _on=False: act())
        return key

    @staticmethod
    def _words(name: str) -> QLabel:
        label = QLabel()
        label.setObjectName(name)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        return label

    # the page

    def begin(self) -> None:
        """The page is opened."""
        self._stops = [
            self._link.watch("organisation", lambda _notice: self._read_year()),
            self._link.on_state(self._link_changed),
        ]
        self._link_changed(self._link.state)

    def stop(self) -> None:
        """The page is left; what is not published stays here."""
        for stop in self._stops:
            stop()
        self._stops = []

    def into_list(self) -> None:
        """First focus: the year."""
        self.drawn.setFocus()

    def keys(self) -> list[tuple[str, str]]:
        """For F1."""
        return [(key, _(words)) for key, words in KEYS]

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
        for place, words in enumerate(KINDS.values()):
            self.kind.setItemText(place, _(words))
        for row, words in enumerate((_("Kind"), _("Name"), _("Hours"))):
            item = self.form.itemAt(row, QFormLayout.ItemRole.LabelRole)
            label = item.widget() if item is not None else None
            if isinstance(label, QLabel):
                label.setText(words)
        self.seed.setText(_("Fill from a country…"))
        self.week.setText(_("Usual week…"))
        self.new.setText(_("New calendar"))
        self.undo.setText(_("Undo"))
        self.discard.setText(_("Discard"))
        self.publish.setText(_("Publish"))
        self.reason.setPlaceholderText(_("Reason, kept with the change"))
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

    def _link_changed(self, state: LinkState) -> None:
        if state is LinkState.ONLINE:
            self.banner.hide()
            self._read()
        elif state is LinkState.OFFLINE:
            self.banner.say(_("There is no connection to the server. What you changed stays here."), "warn")
        self._allow()

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
        if self._link.online:
            jobs.start(self, self._fetch, name="calendars", refused=self._refused, offline=lambda why: None)

    async def _fetch(self) -> None:
        if not self._calendars:
            self.state.show_state("calendar", _("Reading the calendar"))
            self.body.setCurrentIndex(0)
        rows, _labels = await self._link.records.every("working_calendar", Query())
        self._calendars = sorted(rows, key=lambda row: (not row.get("main"), pick(row["name"])))
        if not self._calendars:
            ways = [("year_first", _("New calendar"), self._new)] if self._may() else []
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
        self.drawn.cursor = self.drawn.anchor = today

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
        cursor = self.drawn.cursor
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
        self.panel.say(title, formats.number(len(days)) if len(days) > 1 else "")
        kind, periods, name = self._draft.shown(first)
        self._filling = True
        self.kind.setCurrentIndex(list(KINDS).index(kind))
        if not self.name.isAncestorOf(self.focusWidget() or self):
            self.name.show_value(name)
        if not self.hours.hasFocus():
            self.hours.setText(hours_words(periods))
        self._filling = False
        self.public.setText("\n".join(self._public_words(one) for one in self._draft.public.get(first, ())))
        self._allow()
        self._rest.start()

    def _public_words(self, one: PublicDay) -> str:
        hours = hours_words(one.periods) or _("closed")
        words = _("{outlet}, for the public: {hours}").format(outlet=pick(one.outlet), hours=hours)
        if one.by == "special_day":
            name = pick(one.name)
            words += "\n" + (
                _("By the outlet's special day “{name}”, which goes before this calendar.").format(name=name)
                if name
                else _("By the outlet's special day, which goes before this calendar.")
            )
        return words

    def _allow(self) -> None:
        may, put = self._may(), self._draft.put
        past = any(day < self._today() for day in put)
        for widget in (self.seed, self.week, self.new):
            widget.setVisible(may)
        for editor in (self.kind, self.name, self.hours):
            editor.setEnabled(may)
        self.hours.setEnabled(may and self.kind.currentData() in ("short", "working"))
        self.name.setEnabled(may and self.kind.currentData() != "usual")
        for widget in (self.undo, self.discard, self.publish):
            widget.setVisible(bool(put))
        self.reason.setVisible(past)
        self.publish.setEnabled(bool(put) and may)
        self.moves.setVisible(bool(put))

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
            words = self.name.value() or {}
        except BadValue:
            return
        try:
            typed = typed_hours(self.hours.text()) if kind != "holiday" else []
        except ValueError:
            self.banner.say(_("Write hours as 08:00–12:00, 13:00–17:00, one after the other."), "bad", seconds=6)
            return
        if words != name or typed != periods:
            self._draft.paint(days, kind, typed, words)
            self.drawn.update()
            self._allow()
            self._rest.start()

    def _into_hours(self) -> None:
        (self.hours if self.hours.isEnabled() else self.kind).setFocus()

    def _undo(self) -> None:
        if self._draft.undo():
            self._draw()

    def _discard(self) -> None:
        self._draft.drop()
        self.reason.clear()
        self._draw()
        self.drawn.setFocus()

    def _change(self, dry_run: bool) -> PutDays:
        days = [one for _day, one in sorted(self._draft.put.items())]
        return PutDays(
            calendar_id=self.calendar.currentData(), days=days, reason=self.reason.text().strip(), dry_run=dry_run
        )

    def _foretell(self) -> None:
        """What publishing would move, as the server counts it."""
        if self._draft.put and self._may():
            jobs.start(self, self._ask_moves, self._change(True), refused=self._not_foretold, offline=lambda why: None)

    async def _ask_moves(self, change: PutDays) -> None:
        told = await self._link.act("organisation.put_days", change, DaysPut)
        lines = [
            ngettext("{count} day, not published", "{count} days, not published", len(change.days)).format(
                count=formats.number(len(change.days))
            ),
            _("Working days between them: {before}, then {after}").format(
                before=formats.number(told.before.working_days), after=formats.number(told.after.working_days)
            ),
            _("Hours of work between them: {before}, then {after}").format(
                before=_hours(told.before.minutes), after=_hours(told.after.minutes)
            ),
        ]
        for one in told.public[:MOST_LINES]:
            hours = hours_words(one.periods) or _("closed")
            lines.append(f"{pick(one.outlet)}, {formats.date(one.day)}: {hours}")
        if len(told.public) > MOST_LINES:
            lines.append("…")
        self.moves.setText("\n".join(lines))

    def _not_foretold(self, why: Refusal) -> None:
        self.moves.setText(why.sentence)

    def _publish(self) -> None:
        if self.publish.isEnabled() and self._draft.put:
            jobs.start(self, self._send, self._change(False), name="publish", refused=self._refused, busy=self.publish)

    async def _send(self, change: PutDays) -> None:
        await self._link.act("organisation.put_days", change, DaysPut)
        self._draft.drop()
        self.reason.clear()
        await self._fetch_year()
        self.banner.say(_("Published. Deadlines count by it from now on."), "good", seconds=6)
        self.drawn.setFocus()

    def _refused(self, why: Refusal | Offline) -> None:
        self.banner.say(why.sentence, "bad")
        if isinstance(why, Refusal) and why.code == "organisation.past_days":
            self.reason.setFocus()

    # dialogs

    def _row(self) -> dict[str, Any] | None:
        return next((row for row in self._calendars if row["id"] == self.calendar.currentData()), None)

    def _seed(self) -> None:
        if self._may() and self._row() is not None:
            jobs.start(self, self._really_seed, name="seed", refused=self._refused)

    async def _really_seed(self) -> None:
        row = self._row() or {}
        choices = tuple((code, _(words)) for code, words in COUNTRIES)
        field = Field("choice", _("Country"), name="country", choices=choices, default=row.get("country") or None)
        years = gregorian_years(self._year, self._jalali)
        title = _("Fill {year} from a country").format(year=formats.digits(" / ".join(str(one) for one in years)))
        dialog = AskDialog(self, self._desk, title, [field], _("Propose"))
        if await dialogs.open(dialog, keep=True) != QDialog.DialogCode.Accepted.value:
            dialog.deleteLater()
            return
        country = str((dialog.values() or {}).get("country") or "")
        dialog.deleteLater()
        asked = [SeedCalendar(calendar_id=row["id"], year=one, country=country) for one in years]
        told = [await self._link.act("organisation.seed_calendar", one, DayChanges) for one in asked]
        items = [one for found in told for one in found.items]
        new = sum(one.change in ("new", "changed") for one in items)
        kept = sum(one.change == "kept" for one in items)
        gone = sum(one.change == "removed" for one in items)
        sentence = _(
            "{new} days would be set, {kept} that were set by hand stay, {gone} that are proposed no more go. "
            "What is decreed late may be missing: look the list over afterwards."
        ).format(new=formats.number(new), kept=formats.number(kept), gone=formats.number(gone))
        if not new and not gone:
            self.banner.say(_("The calendar holds these days already."), "good", seconds=6)
            return
        if await dialogs.ask(self, title, sentence, _("Fill"), _("Leave it")):
            for one in asked:
                await self._link.act(
                    "organisation.seed_calendar", one.model_copy(update={"dry_run": False}), DayChanges
                )
            await self._fetch_year()
            self.banner.say(_("Filled. Change what the decree says otherwise."), "good", seconds=6)

    def _week(self) -> None:
        if self._may() and self._row() is not None:
            jobs.start(self, self._really_week, name="week", refused=self._refused)

    async def _really_week(self) -> None:
        row = self._row() or {}
        dialog = WeekDialog(self, pick(row["name"]), row.get("week") or {})
        while await dialogs.open(dialog, keep=True) == QDialog.DialogCode.Accepted.value:
            try:
                await self._link.records.edit(
                    "working_calendar", row["id"], {"week": dialog.week()}, version=row.get("version")
                )
            except (Refusal, Offline) as why:
                dialog.banner.say(why.sentence, "bad")
                continue
            self._read()
            self.banner.say(_("Saved."), "good", seconds=6)
            break
        dialog.deleteLater()

    def _new(self) -> None:
        if self._may():
            jobs.start(self, self._really_new, name="new", refused=self._refused)

    async def _really_new(self) -> None:
        facts = self._desk.schema.record("working_calendar")
        fields = [facts.field(name) for name in ("name", "country", "main")] if facts is not None else []
        dialog = AskDialog(self, self._desk, _("New calendar"), [one for one in fields if one is not None], _("Add"))
        key = new_key()
        while await dialogs.open(dialog, keep=True) == QDialog.DialogCode.Accepted.value:
            try:
                await self._link.records.create("working_calendar", dialog.values() or {}, key=key)
            except (Refusal, Offline) as why:
                dialog.refuse(why)
                key = new_key() if isinstance(why, Refusal) else key
                continue
            self._read()
            break
        dialog.deleteLater()


def _hours(minutes: int) -> str:
    return formats.number(Decimal(minutes) / 60, 1 if minutes % 60 else 0)
