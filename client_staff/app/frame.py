"""Top bar, navigation and status bar."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from client_staff.app.band import Band
from client_staff.app.preferences import Preferences
from client_staff.app.unread import UnreadBell
from client_staff.app.view_switch import ViewSwitch
from common.link import Link, LinkState
from common.protocol.messages import LANGUAGES
from common.qt import jobs
from common.qt.options import SKINS
from common.qt.program import Program
from common.qt.theme import theme
from common.qt.widgets import HallMark, Light, PersonPhoto, qicon
from common.text import N_, _, formats
from common.text.words import pick

IN_ITSELF = {"en": "English", "zh": "中文", "ru": "Русский", "fa": "فارسی"}
SKIN_WORDS = {"light": N_("Light"), "dark": N_("Dark"), "contrast": N_("High contrast")}


class TopBar(Band):
    """The hall, language and colours, who is here, leaving."""

    def __init__(
        self,
        program: Program,
        preferences: Preferences,
        leave: Callable[[], None],
        another: Callable[[], None],
        sign_out: Callable[[], None],
        find: Callable[[], None],
        announcements: Callable[[], None],
    ) -> None:
        super().__init__("below")
        self._program, self._preferences, self._link = program, preferences, program.link
        self._photo: object = None
        self.setFixedHeight(52)
        self.hall = QLabel()
        self.hall.setObjectName("top_hall")
        self.hall.setFont(theme.font(15, bold=True))
        self.finder = QPushButton()
        self.finder.setObjectName("palette_open")
        self.finder.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.finder.setMinimumWidth(280)
        self.finder.clicked.connect(find)
        self.languages = QComboBox()
        self.languages.setObjectName("languages")
        for code in LANGUAGES:
            self.languages.addItem(IN_ITSELF[code], code)
        self.languages.activated.connect(self._choose_language)
        self.skins = QComboBox()
        self.skins.setObjectName("skins")
        for skin in SKINS:
            self.skins.addItem("", skin)
        self.skins.activated.connect(self._choose_skin)
        self.view = ViewSwitch(self._link)
        self.photo = PersonPhoto(36)
        self.person = QLabel()
        self.person.setObjectName("top_person")
        self.window_label = QLabel()
        self.window_label.setObjectName("top_window")
        self.window_label.setProperty("tone", "second")
        who = QVBoxLayout()
        who.setSpacing(0)
        who.addWidget(self.person)
        who.addWidget(self.window_label)
        self.leave = QPushButton()
        self.leave.setObjectName("leave_window")
        self.leave.clicked.connect(leave)
        self.another = QPushButton()
        self.another.setObjectName("another_window")
        self.another.clicked.connect(another)
        self.bell = UnreadBell(self._link, announcements)
        self.out = QPushButton()
        self.out.setObjectName("sign_out")
        self.out.clicked.connect(sign_out)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 12, 5)
        row.setSpacing(10)
        row.addWidget(HallMark(28))
        row.addWidget(self.hall)
        row.addSpacing(12)
        row.addWidget(self.finder)
        row.addWidget(self.view)
        row.addStretch(1)
        for widget in (self.bell, self.languages, self.skins, self.photo):
            row.addWidget(widget)
        row.addLayout(who)
        row.addWidget(self.another)
        row.addWidget(self.leave)
        row.addWidget(self.out)
        self._window = ""
        self._more = False
        self.say_again()

    def say_again(self) -> None:
        """The reader's language changed."""
        for place, skin in enumerate(SKINS):
            self.skins.setItemText(place, _(SKIN_WORDS[skin]))
        self.languages.setAccessibleName(_("Language"))
        self.skins.setAccessibleName(_("Colours"))
        self.finder.setText(_("Find a page, record or action") + "   Ctrl+K")
        self.finder.setIcon(qicon("search", "ink_2"))
        self.finder.setStyleSheet("text-align: left;")
        self.leave.setText(_("Leave the window"))
        # A symbol only: in Russian the words would take the finder's room at 1280.
        self.another.setIcon(qicon("plus"))
        self.another.setToolTip(_("One more window"))
        self.another.setAccessibleName(_("One more window"))
        self.out.setText(_("Sign out"))
        self.view.say_again()
        self.bell.say_again()
        self.refresh()

    def refresh(self) -> None:
        """Who is here, and where."""
        health, me = self._link.health, self._link.me
        self.hall.setText((pick(health.names) or health.name) if health is not None else "")
        self.languages.setCurrentIndex(LANGUAGES.index(self._program.language))
        self.skins.setCurrentIndex(SKINS.index(theme.skin))
        person = me if me is not None and me.kind == "person" else None
        self.person.setText(pick(person.name) if person is not None else "")
        self.window_label.setText(
            _("Window {window}").format(window=formats.digits(self._window))
            if self._window and person is not None
            else ""
        )
        for widget in (self.finder, self.bell, self.photo, self.person, self.out):
            widget.setVisible(person is not None)
        if person is None:
            self.view.show_view(None)
        self.window_label.setVisible(bool(self._window and person is not None))
        self.leave.setVisible(bool(self._window and person is not None))
        self.another.setVisible(bool(self._window and self._more and person is not None))
        photo = person.photo if person is not None else None
        if photo != self._photo:
            self._photo = photo
            self.photo.show_picture(None)
            if photo is not None:
                quiet = partial(self._no_photo)
                jobs.start(
                    self, self._link.fetch_file, photo, done=self.photo.show_picture, refused=quiet, offline=quiet
                )

    def _no_photo(self, _why: object) -> None:
        """A plain head stands there."""

    def show_window(self, label: str) -> None:
        """The window at which this person works; empty without."""
        if label != self._window:
            self._window = label
            self.refresh()

    def may_hold_more(self, value: bool) -> None:
        """Whether a further window may be held (QUE-925)."""
        if value != self._more:
            self._more = value
            self.refresh()

    def _choose_language(self, place: int) -> None:
        code = LANGUAGES[place]
        self._preferences.put("language", code)
        self._program.use_language(code)

    def _choose_skin(self, place: int) -> None:
        """QUE-059."""
        self._preferences.put("skin", SKINS[place])
        self._program.use_skin(SKINS[place])


class StatusBar(Band):
    """Connection, the keys that matter, the hall's time."""

    def __init__(self, link: Link) -> None:
        super().__init__("above")
        self._link = link
        self._page_keys: Callable[[], str] | None = None
        self.guiding = False
        """The guided first set-up has other keys."""
        self.setFixedHeight(28)
        self.light = Light("off", px=12, name="connection")
        self.keys = QLabel()
        self.keys.setObjectName("status_keys")
        self.keys.setProperty("tone", "second")
        self.time = QLabel()
        self.time.setObjectName("status_time")
        self.time.setProperty("tone", "second")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 1, 16, 0)
        row.addWidget(self.light)
        row.addStretch(1)
        row.addWidget(self.keys)
        row.addStretch(1)
        row.addWidget(self.time)
        self._tick = QTimer(self, interval=1000)
        self._tick.timeout.connect(self.refresh)
        self._tick.start()
        self.refresh()

    def say_again(self) -> None:
        """The reader's language changed."""
        self.refresh()

    def show_keys(self, words: Callable[[], str] | None) -> None:
        """The keys of the page in front, asked for in each language; nothing for the counter's."""
        self._page_keys = words
        self.refresh()

    def refresh(self) -> None:
        """How things stand now."""
        link = self._link
        zone = link.health.zone if link.health is not None else "UTC"
        if link.state in (LinkState.ONLINE, LinkState.SIGNED_OUT):
            self.light.set("good", _("Connected"))
        elif link.state is LinkState.OFFLINE:
            self.light.set("warn", _("No server since {time}").format(time=formats.time(link.since, zone)))
        else:
            self.light.set("off", _("Connecting"))
        self.keys.setText(
            _("Alt+Left back   Alt+Right next   Space tick   Enter change   Del leave out")
            if self.guiding and link.me is not None
            else (self._page_keys() if self._page_keys is not None else "")
            or _("F2 next   F5 start   F3 recall   F4 finish   F6 transfer   F7 no-show   F9 pause   F8 bar")
            if link.me is not None and "queue.call" in link.me.permissions
            else ""
        )
        self.time.setText(formats.date_time(link.now(), zone, long=True))
