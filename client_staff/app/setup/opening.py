"""Step 7: what is not yet as it should be, and opening the hall to the public."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from client_staff.app.setup.step import Step
from client_staff.app.setup.trial import TrialCard
from client_staff.app.setup.words import STEP_WORDS, sentence
from common.link import Link, Refusal
from common.protocol.messages import Nothing
from common.protocol.setup import Setup, SetupProblem
from common.qt import dialogs, jobs
from common.qt.theme import theme
from common.qt.widgets import Banner, Icon
from common.text import _, formats, ngettext
from common.text.words import pick


class ProblemRow(QWidget):
    """One problem: its sign, its sentence, and the way to where it is mended."""

    def __init__(self, problem: SetupProblem, go: Callable[[str], None]) -> None:
        super().__init__()
        self.setObjectName(f"problem_{problem.code}")
        tone = "bad_strong" if problem.blocks else "warn_strong"
        words = QLabel(sentence(problem))
        words.setObjectName("problem_text")
        words.setWordWrap(True)
        way = QPushButton(_(STEP_WORDS[problem.step]) if problem.step in STEP_WORDS else _("Show"))
        way.setObjectName(f"mend_{problem.code}")
        way.setProperty("kind", "plain")
        way.clicked.connect(partial(go, problem.step))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(10)
        row.addWidget(Icon("octagon" if problem.blocks else "warning", 20, tone))
        row.addWidget(words, 1)
        row.addWidget(way)


class OpeningStep(Step):
    """`opened()` when the hall serves the public; `go(step)` to mend something."""

    name = "open"

    def __init__(self, link: Link, opened: Callable[[], None], go: Callable[[str], None]) -> None:
        super().__init__(link)
        self._opened, self._go = opened, go
        self._setup: Setup | None = None
        self.facts = QLabel()
        self.facts.setObjectName("open_facts")
        self.facts.setWordWrap(True)
        self.state = QLabel()
        self.state.setObjectName("open_state")
        self.state.setFont(theme.font(15, bold=True))
        self.list = QVBoxLayout()
        self.list.setSpacing(4)
        card = QFrame()
        card.setProperty("card", True)
        column = QVBoxLayout(card)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(10)
        column.addWidget(self.facts)
        column.addWidget(self.state)
        column.addLayout(self.list)
        self.banner = Banner(14, name="open_said")
        self.trial = TrialCard(link)
        self.column.addWidget(card)
        self.column.addWidget(self.trial)
        self.column.addWidget(self.banner)
        self.column.addStretch(1)
        self.say_again()

    def say_again(self) -> None:
        """The reader's language changed."""
        self.title.setText(_("Is everything as it should be?"))
        self.about.setText(_("Only what is marked with an octagon keeps the hall closed; the rest may be done later."))
        self.trial.say_again()
        if self._setup is not None:
            self.show_setup(self._setup)

    def stop(self) -> None:
        """The page is left."""
        self.trial.stop()

    def show_setup(self, setup: Setup) -> None:
        """What stands, and what is wrong with it."""
        self._setup = setup
        windows = sum(len(zone.windows) for zone in setup.hall.zones)
        name = pick(setup.place.name) if setup.place is not None else ""
        zones = len(setup.hall.zones)
        self.facts.setText(
            formats.listing(
                [
                    name,
                    ngettext("{count} zone", "{count} zones", zones).format(count=formats.number(zones)),
                    ngettext("{count} window", "{count} windows", windows).format(count=formats.number(windows)),
                ]
            )
        )
        while self.list.count():
            item = self.list.takeAt(0)
            if item is not None and (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for problem in sorted(setup.problems, key=lambda one: not one.blocks):
            self.list.addWidget(ProblemRow(problem, self._go))
        blocking = sum(1 for one in setup.problems if one.blocks)
        if blocking:
            self.state.setText(_("The hall cannot open yet."))
        elif setup.problems:
            self.state.setText(_("The hall can open. Look at these:"))
        else:
            self.state.setText(_("Everything is as it should be. The hall can open."))

    def open_hall(self) -> None:
        """Asked once more, then done."""
        jobs.start(self, self._open, name="open", refused=self._refused)

    async def _open(self) -> None:
        if not await dialogs.ask(
            self,
            _("Open the hall to the public?"),
            _(
                "From now on kiosks give tickets within the opening hours. This cannot be taken back; hours can be changed."
            ),
            _("Open the hall"),
            _("Not yet"),
        ):
            return
        await self.trial.cleared()
        await self.link.act("organisation.open_hall", Nothing(), Nothing)
        self.link.hurry()
        self._opened()

    def _refused(self, why: Refusal) -> None:
        if why.code == "organisation.opened_already":
            self._opened()
            return
        self.banner.say(why.sentence, "bad")
        if self._setup is not None and why.code == "organisation.not_ready":
            found = [SetupProblem.model_validate(one) for one in why.facts.get("problems", [])]
            rest = [one for one in self._setup.problems if not one.blocks]
            self.show_setup(self._setup.model_copy(update={"problems": [*found, *rest]}))

    async def save(self) -> None:
        """Looking at it keeps nothing."""
