"""What the console's own pages share: a head with keys, and every state of what they show: loading, offline, refused."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, ClassVar

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from client_staff.records.desk import RecordDesk
from common.link import LinkState, Offline, Refusal, View
from common.qt import jobs
from common.qt.theme import theme
from common.qt.widgets import Banner, StateView
from common.qt.widgets.state_view import Way
from common.text import _, formats


class KeyedPage(QWidget):
    """A page with keys of its own: `hints` are what each does, marked with `N_`."""

    hints: ClassVar[tuple[tuple[str, str], ...]] = ()

    def keys(self) -> list[tuple[str, str]]:
        """For F1."""
        return [(key, _(words)) for key, words in self.hints]


class LivePage(KeyedPage):
    """A page that reads when it is opened, when the server is back, and when a notice of its topics comes.

    Subclasses give `_read`, which asks the server, and as they need `_allow`, `_noticed` and `away`. The name
    stands in the object names of page and banner."""

    topics: ClassVar[tuple[str, ...]] = ()

    def __init__(self, desk: RecordDesk, name: str) -> None:
        super().__init__()
        self.setObjectName(f"{name}_page")
        self._desk, self._link = desk, desk.link
        self._stops: list[Callable[[], None]] = []
        self.banner = Banner(14, name=f"{name}_said")

    def begin(self) -> None:
        """The page is opened."""
        self._stops = [
            *(self._link.watch(topic, self._noticed) for topic in self.topics), self._link.on_state(self._link_changed),
        ]  # fmt: skip
        self._link_changed(self._link.state)

    def stop(self) -> None:
        """The page is left; what is not kept yet stays here."""
        for stop in self._stops:
            stop()
        self._stops = []

    def away(self) -> str:
        """What is said while there is no server."""
        return _("There is no connection to the server. This is what was known last.")

    def _read(self) -> None:
        raise NotImplementedError

    def _read_by(self, read: Callable[..., Coroutine[Any, Any, Any]], *args: Any) -> None:
        """Read by `read(*args)`; once more when it is asked for meanwhile. A refusal is said in the banner."""
        if self._link.online:
            jobs.start(
                self, read, *args, name="read", refused=self._refused, offline=lambda why: None, again=True
            )  # fmt: skip

    def _allow(self) -> None:
        """What may be done now can be pressed."""

    def _noticed(self, _notice: Any) -> None:
        self._read()

    def _refused(self, why: Refusal | Offline) -> None:
        self.banner.say(why.sentence, "bad")

    def _link_changed(self, state: LinkState) -> None:
        if state is LinkState.ONLINE:
            self.banner.hide()
            self._read()
        elif state is LinkState.OFFLINE:
            self.banner.say(self.away(), "warn")
        self._allow()


class ConsolePage(KeyedPage):
    """A page over readings. `watch` the main reading first: while it has no value, a sentence stands in the place of the
    content. Subclasses give `words` and `show_values`, and build into `content`."""

    def __init__(self, desk: RecordDesk, name: str) -> None:
        super().__init__()
        self.setObjectName(f"{name}_page")
        self.desk, self.link = desk, desk.link
        self.views: list[View[Any]] = []
        self.title = QLabel()
        self.title.setObjectName(f"{name}_title")
        self.title.setFont(theme.font(20, bold=True))
        self.tools = QHBoxLayout()
        self.tools.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(self.title)
        head.addStretch(1)
        head.addLayout(self.tools)
        self.banner = Banner(14, name=f"{name}_said")
        self.old = Banner(14, name=f"{name}_old")
        self.state = StateView(name=f"{name}_state")
        self.content = QWidget()
        self.stack = QStackedWidget()
        self.stack.addWidget(self.state)
        self.stack.addWidget(self.content)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self.banner)
        column.addWidget(self.old)
        column.addWidget(self.stack, 1)

    # for subclasses

    def words(self) -> None:
        """Say everything in the reader's language."""

    def show_values(self) -> None:
        """Show what the readings say; the main one has a value."""

    def watch(self, view: View[Any]) -> None:
        """Follow a reading while the page is open; the first is the main one."""
        self.views.append(view)
        view.on_change(self._settle)

    def key(self, name: str, act: Callable[[], object], kind: str = "") -> QPushButton:
        """A key in the page's head."""
        key = QPushButton()
        key.setObjectName(name)
        if kind:
            key.setProperty("kind", kind)
        key.clicked.connect(lambda _checked=False: act())
        self.tools.addWidget(key)
        return key

    def may(self, right: str) -> bool:
        """Whether this person may do this now."""
        me = self.link.me
        return me is not None and right in me.permissions and self.link.online

    def send(
        self,
        verb: str,
        message: Any,
        answer: Any,
        done: Callable[[Any], None] | None = None,
        busy: QWidget | None = None,
    ) -> None:
        """Act; a refusal stands in the banner, and what was typed stays."""
        job = partial(
            jobs.start, self, self.link.act, verb, message, answer, refused=self.refused, offline=self.refused
        )
        job(name=verb, busy=busy, done=done)

    def refused(self, why: Any) -> None:
        """Why it was not done."""
        self.banner.say(why.sentence, "bad")

    # the page

    def begin(self) -> None:
        """The page is opened."""
        for view in self.views:
            view.start()
            view.again()
        self._settle()

    def stop(self) -> None:
        """The page is left."""
        for view in self.views:
            view.stop()

    def say_again(self) -> None:
        """The reader's language changed."""
        self.words()
        for view in self.views:
            view.again()
        self._settle()

    def _settle(self) -> None:
        main = self.views[0]
        if main.value is not None and main.refused is None:
            self.stack.setCurrentWidget(self.content)
            self._say_age(main)
            self.show_values()
            return
        self.old.say("")
        self.stack.setCurrentWidget(self.state)
        if main.refused is not None:
            again: list[Way] = [("state_again", _("Try again"), main.again)]
            self.state.show_state("lock", _("Not shown"), main.refused.sentence, again, "bad_strong")
        elif not self.link.online:
            sentence = _("The server is not reached just now. The page fills by itself when it is there again.")
            self.state.show_state("offline", _("No connection"), sentence, [], "warn_strong")
        else:
            self.state.show_state("clock", _("One moment…"), _("The server is asked."), [])

    def _say_age(self, main: View[Any]) -> None:
        if self.link.online or main.at is None:
            self.old.say("")
            return
        moment = formats.date_time(main.at, self.desk.reader.zone)
        self.old.say(
            _("No connection. This is what stood there on {moment}.").format(moment=moment), "warn", closes=False
        )
