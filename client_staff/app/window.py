"""The workbench's window: routes between signing in, the window's choice and the pages; owns the keys. Nothing else."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from client_staff.app.frame import StatusBar, TopBar
from client_staff.app.hardware import WindowHardware
from client_staff.app.held import HeldWindows
from client_staff.app.key_keeper import KeyKeeper
from client_staff.app.keys import KeysDialog
from client_staff.app.menu import Entry
from client_staff.app.navigation import OWN, Navigation
from client_staff.app.pages import Pages
from client_staff.app.palette import Palette
from client_staff.app.preferences import Preferences
from client_staff.app.setup.claim import ClaimPage
from client_staff.app.setup.guide import Guide
from client_staff.app.sign_in import SignInPage
from client_staff.app.waiting import Waiting
from client_staff.counter.bar import CounterBar
from client_staff.counter.choose import ChoosePage
from client_staff.counter.commands import KEYS
from client_staff.counter.counter import Counter
from client_staff.counter.journal_desk import JournalDesk
from client_staff.counter.page import CounterPage
from client_staff.counter.paper_page import PaperPage
from client_staff.screens.day import DayPage
from client_staff.screens.devices import DevicesPage
from common.link import LinkState
from common.link.browser import open_browser
from common.protocol.access import SignedIn
from common.qt import dialogs, jobs
from common.qt.joining import JoinPage
from common.qt.program import Program
from common.qt.widgets import Banner
from common.text import _

COMMAND_OF_KEY = {getattr(Qt.Key, f"Key_{key}"): command for command, key in KEYS.items()}
PAGES = (("counter", "queue.call"), ("day", "queue.day"), ("devices", "devices.edit"))
"""Pages with the right that opens them."""


class StaffWindow(QWidget):
    """One workbench on one staff PC."""

    def __init__(self, program: Program) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.resize(1440, 900)
        self.program = program
        self.link = program.link
        self.preferences = Preferences(program.profile)
        self.bar: CounterBar | None = None
        self._person: UUID | None = None
        self._page = ""
        """The page in front, by its name."""
        self._guiding = False
        """The guided first set-up fills the window."""
        self.journal = JournalDesk(self.link, program.profile, self)
        self._build()
        self.key_keeper = KeyKeeper(
            self.link, self.preferences, lambda: self.counter is not None, self._global_key, self.tell, self
        )
        self.hardware = WindowHardware(program.options, self)
        if skin := self.preferences.get("skin"):
            program.use_skin(skin)
        if (language := self.preferences.get("language")) and program.options.language is None:
            program.use_language(language)
        program.language_changed.connect(self.say_again)
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]
        self.link.on_state(self._link_changed)
        self._link_changed(self.link.state)

    def _build(self) -> None:
        self.join = JoinPage(self.link, large=False)
        self.sign_in = SignInPage(self.link, self._signed_in)
        self.claim = ClaimPage(self.link)
        self.guide = Guide(self.link, self._hall_opened, self._guide_later)
        self.choose = ChoosePage(self.link, self._work_at, self._work_without)
        self.day = DayPage(self.link)
        self.devices = DevicesPage(self.link)
        self.top = TopBar(
            self.program,
            self.preferences,
            self._leave_window,
            self._another_window,
            self._sign_out,
            self._find,
            lambda: self.open_page("announcements"),
        )
        self.top.bell.came.connect(self._published)
        self.navigation = Navigation(self.open_page)
        self.waiting = Waiting(self.link, partial(self.navigation.count, "to_do"))
        self.status = StatusBar(self.link)
        self.banner = Banner(14)
        self.work = QStackedWidget()
        for page in (self.choose, self.day, self.devices):
            self.work.addWidget(page)
        self.held = HeldWindows(self.link, self.journal, self.work, self._zone, self.show_bar, self)
        self.held.changed.connect(self._counter_changed)
        self.held.switched.connect(self._window_switched)
        self.held.lost.connect(self._window_lost)
        self.pages = Pages(
            self.link, self.program.profile, self.work, self.open_page, self._own_entries, self
        )  # fmt: skip
        self.pages.desk.schema_changed.connect(self._pages_changed)
        self.pages.changed.connect(self._menu_changed)
        self.pages.view_told.connect(lambda: self.top.view.show_view(self.pages.in_view.value))
        self.pages.view_switched.connect(self._view_switched)
        inner = QHBoxLayout()
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addWidget(self.navigation)
        inner.addWidget(self.work, 1)
        self.frame = QWidget()
        framed = QVBoxLayout(self.frame)
        framed.setContentsMargins(0, 0, 0, 0)
        framed.setSpacing(0)
        framed.addWidget(self.banner)
        framed.addWidget(self.held)
        framed.addLayout(inner, 1)
        self.paper = PaperPage(self.link, self.journal, self._link_again)
        self.paper_key = QPushButton()
        self.paper_key.setObjectName("paper_journal")
        self.paper_key.clicked.connect(self._open_paper)
        self.outer = QStackedWidget()
        for whole in (self.join, self.claim, self.sign_in, self.guide, self.frame, self.paper):
            self.outer.addWidget(whole)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top)
        column.addWidget(self.outer, 1)
        column.addWidget(self.paper_key)
        column.addWidget(self.status)
        recent = [one for one in self.preferences.get("recent").split(",") if one]
        self.palette_of = Palette(
            self, self.pages, self.open_page, self._actions_here,
            lambda used: self.preferences.put("recent", ",".join(used)), recent,
        )  # fmt: skip
        for keys, act in (("Ctrl+K", self._find), ("Ctrl+B", self.navigation.fold), ("F1", self._show_keys)):
            QShortcut(QKeySequence(keys), self, act)

    @property
    def counter(self) -> Counter | None:
        """The window in front, if this person works at one."""
        return self.held.counter

    @property
    def counter_page(self) -> CounterPage | None:
        """Its page."""
        return self.held.page

    # the frame of a program

    def tell(self, sentence: str, tone: str) -> None:
        """A sentence where the person is looking: under the commands, else under the top bar."""
        if self.outer.currentWidget() is self.guide:
            self.guide.banner.say(sentence, tone, seconds=8)
        elif self.counter_page is not None and self.work.currentWidget() is self.counter_page:
            self.counter_page.tell(sentence, tone)
        else:
            self.banner.say(sentence, tone, seconds=8)

    def _published(self, title: str) -> None:
        """Something new was published to whoever works here."""
        self.tell(_("New announcement: {title}").format(title=title), "accent")

    async def end(self) -> None:
        """Stop what runs. The window stays open on the server: a clerk who restarts a PC goes on (QUE-926)."""
        self.key_keeper.stop()
        self.top.bell.end()
        self.waiting.end()
        self.hardware.close()
        self._drop_counter()
        self.paper.stop()
        self.journal.stop()
        for page in (self.choose, self.day, self.devices, self.guide, *self.pages.made()):
            page.stop()  # type: ignore[attr-defined]

    def say_again(self) -> None:
        """The reader's language changed."""
        for page in (
            self.join,
            self.top,
            self.navigation,
            self.status,
            self.claim,
            self.sign_in,
            self.guide,
            self.choose,
            self.day,
            self.devices,
            self.paper,
            self.pages,
        ):
            again = getattr(page, "say_again", None) or page.refresh  # type: ignore[union-attr]
            again()
        if self._person is not None:
            self.navigation.show_entries(self.pages.entries())
        self.held.say_again()
        self.paper_key.setText(_("No server: keep a paper journal"))
        self.setWindowTitle(_("Openhall workbench"))

    # who is here

    def _link_changed(self, state: LinkState) -> None:
        self.status.refresh()
        me = self.link.me
        person = me if me is not None and me.kind == "person" else None
        if person is not None:
            if person.id != self._person:
                self._person = person.id
                self._begin(person.language)
            self.outer.setCurrentWidget(self.guide if self._guiding else self.frame)
        elif self._person is not None and state is LinkState.SIGNED_OUT:
            self._person = None
            self.pages.end()
            self.top.bell.end()
            self.waiting.end()
            self._guide(False)
            self._drop_counter()
            self._show_sign_in()
        elif state is LinkState.SIGNED_OUT:
            wanted = self.claim if self._unclaimed() else self.sign_in
            if self.outer.currentWidget() is not wanted:
                self._show_sign_in()
        elif self._person is None and self.outer.currentWidget() not in (self.sign_in, self.claim, self.paper):
            self.join.refresh()
            self.outer.setCurrentWidget(self.join)
        self._offer_paper(state)
        self.top.refresh()

    def _offer_paper(self, state: LinkState) -> None:
        """A PC that knows its window goes on without the server before anybody has signed in."""
        lost = self._person is None and state not in (LinkState.SIGNED_OUT, LinkState.ONLINE)
        shown = self.outer.currentWidget() is self.paper
        if not shown:
            self.paper.stop()
        self.paper_key.setVisible(lost and not shown and self.journal.place() is not None)

    def _open_paper(self) -> None:
        self.outer.setCurrentWidget(self.paper)
        self.paper.begin()
        self._offer_paper(self.link.state)

    def _link_again(self) -> None:
        """Back from the journal to whatever the link says."""
        self.outer.setCurrentWidget(self.join)
        self._link_changed(self.link.state)

    def _guide(self, value: bool) -> None:
        """The guide fills the window, or no more."""
        self._guiding = self.status.guiding = value
        self.status.refresh()

    def _unclaimed(self) -> bool:
        """An empty server that shows its one-time code."""
        return self.link.health is not None and not self.link.health.claimed

    def _show_sign_in(self) -> None:
        if self._unclaimed():
            self.claim.begin()
            self.outer.setCurrentWidget(self.claim)
            return
        self.sign_in.begin(self.preferences.get("name"), self.link.sentence)
        self.outer.setCurrentWidget(self.sign_in)

    def _signed_in(self, signed: SignedIn) -> None:
        self.preferences.put("name", signed.person.account)

    def _begin(self, language: str | None) -> None:
        """Somebody has come: his language, his pages."""
        if language:
            self.program.use_language(language)
        self._guide(self._may_set_up())
        self.pages.begin()
        self.top.bell.begin()
        self.waiting.begin()
        self.navigation.show_entries(self.pages.entries())
        self.top.refresh()
        if self._guiding:
            self.guide.begin()
            return
        self._to_work()

    def _to_work(self) -> None:
        if self._may("queue.call"):
            self.choose.begin(self.preferences.get("window"))
            self.open_page("counter")
        else:
            self._work_without()

    def _pages(self) -> list[str]:
        return [name for name, right in PAGES if self._may(right)] + (["setup"] if self._may_set_up() else [])

    def _may_set_up(self) -> bool:
        """The hall does not serve yet, and this person may make it ready."""
        health = self.link.health
        return health is not None and not health.opened and self._may("organisation.edit")

    def _guide_later(self) -> None:
        """Other work first: the guide stays in the navigation."""
        self._guide(False)
        self.outer.setCurrentWidget(self.frame)
        self._to_work()

    def _hall_opened(self) -> None:
        """The hall serves: from now on this is a workbench like any other."""
        self._guide(False)
        self.navigation.show_entries(self.pages.entries())
        self.outer.setCurrentWidget(self.frame)
        self._to_work()
        self.banner.say(_("The hall is open to the public."), "good", seconds=12)

    def _may(self, right: str) -> bool:
        return self.link.me is not None and right in self.link.me.permissions

    def _sign_out(self) -> None:
        jobs.start(self, self._really_sign_out, name="sign out")

    async def _really_sign_out(self) -> None:
        held = [page.counter.window for page in self.held.pages]
        window = next((one for one in held if one is not None and one.ticket is not None), None)
        if (
            window is not None
            and window.ticket is not None
            and not await dialogs.ask(
                self,
                _("Sign out with a ticket?"),
                _("Ticket {number} stays with this window until somebody goes on with it.").format(
                    number=window.ticket.number
                ),
                _("Sign out"),
                _("Stay"),
                dangerous=True,
            )
        ):
            return
        for page in self.held.pages:
            await page.counter.leave()
        self._person = None
        self.pages.end()
        self.top.bell.end()
        self.waiting.end()
        self._guide(False)
        self.guide.stop()
        self._drop_counter()
        leave = await self.link.sign_out()
        if leave:
            await open_browser(leave)

    # the window at which he works

    def _work_at(self, window_id: UUID) -> None:
        self.choose.stop()
        page = self.held.hold(window_id, lambda: self.bar or self)
        self.open_page("counter")
        page.first_focus()
        self.key_keeper.look()

    def _work_without(self) -> None:
        """No window, or no further one."""
        self.choose.stop()
        if self.counter_page is not None:
            self.open_page("counter")
            return
        for name, right in PAGES[1:]:
            if self._may(right):
                self.open_page(name)
                return

    def _another_window(self) -> None:
        """QUE-925: who may supervise holds several windows."""
        self.hide_bar()
        self.choose.begin("", more=True)
        self.navigation.mark("counter")
        self.work.setCurrentWidget(self.choose)

    def _leave_window(self) -> None:
        if self.counter is not None:
            jobs.start(self, self._really_leave, name="leave")

    async def _really_leave(self) -> None:
        page = self.counter_page
        if page is not None:
            await page.counter.leave()
            self.held.drop(page)
            if self.counter_page is None:
                self.choose.begin(self.preferences.get("window"))
                self.open_page("counter")

    def _drop_counter(self) -> None:
        self.hide_bar()
        self.held.drop_all()

    def _window_switched(self) -> None:
        """Another window is in front, or none."""
        shown = self.work.currentWidget()
        if self.counter_page is None:
            self.hide_bar()
            self.top.show_window("")
        elif shown is self.choose or isinstance(shown, CounterPage):
            self.work.setCurrentWidget(self.counter_page)
            self._counter_changed()
        self.top.may_hold_more(self.counter is not None and self._may("queue.supervise"))
        self.key_keeper.look()

    def _counter_changed(self) -> None:
        window = self.counter.window if self.counter is not None else None
        if window is not None:
            self.top.show_window(window.label)
            self.preferences.put("window", window.label)
            self.hardware.show(window)

    def _window_lost(self, label: str) -> None:
        """The day ended, or somebody took the window over: say so, and choose again."""
        if self.counter_page is None:
            self.choose.begin(label)
        self.open_page("counter")
        self.banner.say(_("You are not signed in at window {window} any more.").format(window=label), "warn")

    def show_bar(self) -> None:
        """F8: the bar on top of other programs; the workbench goes aside."""
        if self.counter is None:
            return
        if self.bar is None:
            self.bar = CounterBar(self.counter, self.hide_bar)
        self.bar.show_at_top()
        if not self.program.options.geometry:
            self.showMinimized()

    def hide_bar(self) -> None:
        """The workbench again, at its waiting list."""
        bar, self.bar = self.bar, None
        if bar is not None:
            bar.hide()
            bar.deleteLater()
            if self.isMinimized():
                self.showNormal()

    # pages and keys

    def open_page(self, name: str) -> None:
        """Show a page by its name in the navigation."""
        if name == "setup":
            self._guide(True)
            self.guide.begin()
            self.outer.setCurrentWidget(self.guide)
            return
        if self.pages.open_line(name):
            self.navigation.mark(name)
            return
        self._page = name
        own: dict[str, QWidget] = {
            "counter": self.counter_page or self.choose,
            "day": self.day,
            "devices": self.devices,
        }
        page = own.get(name) or self.pages.page(name)
        if page is None:
            return
        for other in (self.day, self.devices, *self.pages.made()):
            if other is page:
                other.begin()  # type: ignore[attr-defined]
            else:
                other.stop()  # type: ignore[attr-defined]
        self.status.show_keys(getattr(page, "short_keys", None))
        self.navigation.mark(name)
        self.work.setCurrentWidget(page)
        if hasattr(page, "into_list"):
            page.into_list()

    def _pages_changed(self) -> None:
        self.navigation.show_entries(self.pages.entries())
        first = next((one.name for one in self.pages.entries() if one.name != "setup"), None)
        if first is not None and self.work.currentWidget() is self.choose and not self._may("queue.call"):
            self.open_page(first)

    def _menu_changed(self) -> None:
        """The workplace came, or an administrator has changed it."""
        self.navigation.show_entries(self.pages.entries())
        start = self.pages.start_page()
        if start and not self._guiding and not (start == "counter" and self.counter_page is not None):
            self.open_page(start)

    def _view_switched(self) -> None:
        """Another outlet or department is in view: what is open is opened anew."""
        if self._page and self._page != "counter":
            self.open_page(self._page)

    def _own_entries(self) -> list[Entry]:
        """The workbench's own pages."""
        return [Entry(name, _(label), "", symbol) for name, label, symbol in OWN if name in self._pages()]

    def _actions_here(self) -> list[tuple[str, str, Callable[[], object]]]:
        """What can be done on the page in front."""
        page = self.work.currentWidget()
        return page.palette_actions() if hasattr(page, "palette_actions") else []  # type: ignore[union-attr]

    def _find(self) -> None:
        """Ctrl+K."""
        if self.outer.currentWidget() is self.frame and not self.palette_of.isVisible():
            self.palette_of.open()

    def _show_keys(self) -> None:
        """F1."""
        page = self.work.currentWidget()
        of_page = page.keys() if hasattr(page, "keys") else []  # type: ignore[union-attr]
        jobs.start(self, dialogs.open, KeysDialog(self, of_page, self.key_keeper), name="keys")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The finder lies over the whole window."""
        super().resizeEvent(event)
        if self.palette_of.isVisible():
            self.palette_of.place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """F2 to F9 belong to the counter on every page, wherever the focus is; not while a question is open."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and not event.isAutoRepeat():
            if isinstance(watched, QWidget) and self.hardware.keyed(watched, event):
                return True
            ours = isinstance(watched, QWidget) and QApplication.activeModalWidget() is None
            if ours and self._counter_key(event.key()):
                return True
        return False

    def _counter_key(self, key: int) -> bool:
        """Do what a key of the counter's says; false where it is none, or nobody works at a window."""
        if self.counter is None:
            return False
        command = COMMAND_OF_KEY.get(Qt.Key(key))
        if command is not None:
            self.counter.give(command, self.key_of(command))
        elif key == Qt.Key.Key_F8:
            (self.show_bar if self.bar is None else self.hide_bar)()
        return command is not None or key == Qt.Key.Key_F8

    def _global_key(self, name: str) -> None:
        """A key pressed while another program is in front."""
        if QApplication.activeModalWidget() is None:
            self._counter_key(getattr(Qt.Key, f"Key_{name}"))

    def key_of(self, command: str) -> QWidget | None:
        """The button of a command, where it is shown now."""
        strip = self.bar.strip if self.bar is not None else self.counter_page.strip if self.counter_page else None
        return strip.keys[command] if strip is not None else None

    def _zone(self) -> str:
        return self.link.health.zone if self.link.health is not None else "UTC"
