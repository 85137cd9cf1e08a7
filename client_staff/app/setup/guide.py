"""The guide: seven steps at the side, one page at a time, each saved as it is left. It goes on where it was."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from client_staff.app.setup.data import DataStep
from client_staff.app.setup.devices import DevicesStep
from client_staff.app.setup.hall import HallStep
from client_staff.app.setup.opening import OpeningStep
from client_staff.app.setup.people import PeopleStep
from client_staff.app.setup.place import PlaceStep
from client_staff.app.setup.services import ServicesStep
from client_staff.app.setup.side import Side
from client_staff.app.setup.step import Step, Wrong
from client_staff.app.setup.words import STEP_WORDS, minutes_left
from common.link import Link, LinkState, Offline, Refusal
from common.protocol.messages import Nothing
from common.protocol.setup import STEPS, Setup
from common.qt import jobs
from common.qt.keys import on_keys
from common.qt.theme import theme
from common.qt.widgets import Banner, StateView
from common.text import _, formats

FIRST = STEPS[:3]
"""In this order; the others in any."""
FOOT = 64


class Foot(QWidget):
    """Back, how far, later, next."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(FOOT)
        self.back, self.later, self.next = QPushButton(), QPushButton(), QPushButton()
        self.back.setObjectName("setup_back")
        self.later.setObjectName("setup_later")
        self.later.setProperty("kind", "plain")
        self.next.setObjectName("setup_next")
        self.next.setProperty("kind", "primary")
        self.far = QLabel()
        self.far.setObjectName("setup_far")
        self.far.setProperty("tone", "second")
        row = QHBoxLayout(self)
        row.setContentsMargins(32, 8, 32, 8)
        row.setSpacing(12)
        row.addWidget(self.back)
        row.addWidget(self.far)
        row.addStretch(1)
        row.addWidget(self.later)
        row.addWidget(self.next)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ground and line."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.tokens.surface))
        painter.fillRect(0, 0, self.width(), 1, QColor(theme.tokens.line))


class Guide(QWidget):
    """`done()` when the hall has opened, `later()` when somebody goes on with other work first."""

    def __init__(self, link: Link, done: Callable[[], None], later: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("setup_guide")
        self._link = link
        self._done, self._later = done, later
        self.setup: Setup | None = None
        self.now = STEPS[0]
        self.side = Side(self.go)
        self.banner = Banner(14, name="setup_said")
        self.steps: dict[str, Step] = {
            step.name: step
            for step in (
                PlaceStep(link),
                DataStep(link),
                HallStep(link),
                ServicesStep(link),
                PeopleStep(link),
                DevicesStep(link),
                OpeningStep(link, self._opened, self.go),
            )
        }
        self.pages = QStackedWidget()
        self.waiting = StateView(name="setup_waiting")
        self.pages.addWidget(self.waiting)
        self._scrolls: dict[str, QScrollArea] = {}
        for name, step in self.steps.items():
            scroll = QScrollArea()
            scroll.setWidgetResizable(True)
            scroll.setFrameShape(QScrollArea.Shape.NoFrame)
            scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            scroll.setWidget(step)
            self._scrolls[name] = scroll
            self.pages.addWidget(scroll)
        self.foot = Foot()
        self.foot.back.clicked.connect(self.back)
        self.foot.next.clicked.connect(self.next)
        self.foot.later.clicked.connect(lambda: jobs.start(self, self._leave, name="go"))
        on_keys(self, ("Alt+Left", self.back), ("Alt+Right", self.next))
        said = QVBoxLayout()
        said.setContentsMargins(32, 8, 32, 0)
        said.addWidget(self.banner)
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addLayout(said)
        right.addWidget(self.pages, 1)
        right.addWidget(self.foot)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.side)
        row.addLayout(right, 1)
        link.on_state(self._link_changed)
        self.say_again()

    # its life

    def begin(self) -> None:
        """Somebody who may set the hall up is here: go on where it was."""
        self.setup = None
        self._wait()
        jobs.start(self, self._read, name="read", done=self._go_on, refused=self._failed, offline=self._failed)

    def stop(self) -> None:
        """The guide is left, or the program ends."""
        self.steps[self.now].stop()

    def say_again(self) -> None:
        """The reader's language changed."""
        self.side.say_again()
        for step in self.steps.values():
            step.say_again()
            if self.setup is not None and not step.dirty:
                step.show_setup(self.setup)
        self.foot.later.setText(_("Later"))
        self._say_foot()

    def _link_changed(self, state: LinkState) -> None:
        there = state is LinkState.ONLINE
        for key in (self.foot.next, self.foot.later):
            key.setEnabled(there)
            key.setToolTip("" if there else _("The server cannot be reached just now."))
        if there and self.isVisible() and self.setup is None:
            self.begin()

    # going

    def go(self, name: str) -> None:
        """Save this step and open another."""
        if self.setup is not None:
            jobs.start(self, self._go, name, name="go", busy=self.foot.next, refused=self._failed, offline=self._failed)

    def back(self) -> None:
        """Alt+Left."""
        place = STEPS.index(self.now)
        if place > 0:
            self.go(STEPS[place - 1])

    def next(self) -> None:
        """Alt+Right."""
        place = STEPS.index(self.now)
        if place + 1 < len(STEPS):
            self.go(STEPS[place + 1])
        else:
            opening = self.steps["open"]
            assert isinstance(opening, OpeningStep)
            opening.open_hall()

    async def _go(self, name: str) -> None:
        if not await self._save():
            return
        await self._read()
        if name in self._may_open():
            self._show(name)

    async def _save(self) -> bool:
        assert self.setup is not None
        step = self.steps[self.now]
        self.banner.hide()
        if step.dirty or self.now not in self.setup.passed:
            try:
                await step.save()
            except Wrong as why:
                self.banner.say(why.sentence, "bad")
                if why.field is not None:
                    why.field.setFocus()
                return False
            step.dirty = False
        return True

    async def _leave(self) -> None:
        if self.setup is not None and self.steps[self.now].dirty and not await self._save():
            return
        self.stop()
        self._later()

    async def _read(self) -> Setup:
        self.setup = await self._link.read("organisation.setup", Nothing(), Setup)
        for step in self.steps.values():
            if not step.dirty:
                step.show_setup(self.setup)
        return self.setup

    def _go_on(self, setup: Setup) -> None:
        if setup.stage == "open":
            self._done()
            return
        self._show(next((name for name in STEPS if name not in setup.passed), STEPS[-1]))

    def _opened(self) -> None:
        self.stop()
        self._done()

    def _may_open(self) -> set[str]:
        passed = set(self.setup.passed) if self.setup is not None else set()
        if set(FIRST) <= passed:
            return set(STEPS)
        first_left = next(place for place, name in enumerate(FIRST) if name not in passed)
        return set(FIRST[: first_left + 1])

    def _show(self, name: str) -> None:
        if name != self.now:
            self.steps[self.now].stop()
        self.now = name
        self.pages.setCurrentWidget(self._scrolls[name])
        passed = set(self.setup.passed) if self.setup is not None else set()
        self.side.show_state(name, passed, self._may_open())
        self._say_foot()
        self.steps[name].first_focus()

    def _wait(self) -> None:
        self.waiting.show_state("online", _("Reading how far the set-up has come"))
        self.pages.setCurrentWidget(self.waiting)

    def _failed(self, why: Refusal | Offline) -> None:
        if self.setup is None:
            way = ("setup_again", _("Try again"), self.begin)
            self.waiting.show_state("warning", _("The set-up cannot be read"), why.sentence, [way], "warn")
            self.pages.setCurrentWidget(self.waiting)
        else:
            kept = _("Nothing was saved; what you entered stays here.")
            self.banner.say(f"{why.sentence} {kept}", "bad" if isinstance(why, Refusal) else "warn")

    def _say_foot(self) -> None:
        place = STEPS.index(self.now)
        self.foot.back.setText(_("Back") + "   Alt ←")
        self.foot.back.setVisible(place > 0)
        left = minutes_left(self.now)
        self.foot.far.setText(
            _("Step {number} of {all}, about {minutes} more").format(
                number=formats.number(place + 1), all=formats.number(len(STEPS)), minutes=formats.minutes(left)
            )
        )
        if place + 1 < len(STEPS):
            following = _(STEP_WORDS[STEPS[place + 1]])
            self.foot.next.setText(_("Next: {step}").format(step=following) + "   Alt →")
        else:
            self.foot.next.setText(_("Open the hall"))
