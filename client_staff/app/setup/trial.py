"""A ticket for trial before the hall opens: given, called, ended. It is marked and stands in no figure."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from common.link import Link
from common.protocol.messages import Nothing
from common.protocol.queue import (
    AtWindow,
    Called,
    CallNext,
    Finish,
    InZone,
    Issued,
    IssueTicket,
    OpenWindow,
    WindowChoices,
    WindowView,
)
from common.protocol.setup import SetUpServices
from common.qt import jobs
from common.qt.theme import theme
from common.text import _, formats
from common.text.words import pick


class TrialCard(QFrame):
    """One key that goes on: give, call, end."""

    def __init__(self, link: Link) -> None:
        super().__init__()
        self.setProperty("card", True)
        self._link = link
        self._at: UUID | None = None
        """The window that was opened for the trial."""
        self._step = "give"
        self._facts: dict[str, str] = {}
        self.title = QLabel()
        self.title.setFont(theme.font(15, bold=True))
        self.number = QLabel()
        self.number.setObjectName("trial_number")
        self.number.setFont(theme.font(28, bold=True))
        self.number.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.number.setMinimumWidth(150)
        self.said = QLabel()
        self.said.setObjectName("trial_said")
        self.said.setWordWrap(True)
        self.said.setProperty("tone", "second")
        self.key = QPushButton()
        self.key.setObjectName("trial_key")
        self.key.clicked.connect(self._go)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self.title)
        words.addWidget(self.said)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 16, 20, 16)
        row.setSpacing(16)
        row.addLayout(words, 1)
        row.addWidget(self.number)
        row.addWidget(self.key)
        self.say_again()

    def say_again(self) -> None:
        """The reader's language changed, or the trial went on."""
        self.title.setText(_("A test ticket"))
        said = {
            "give": _(
                "Give one, call it, and look whether displays and voice are as they should be. It counts in no figure."
            ),
            "call": _("Given for {service}, with its own prefix. Now call it to window {window}."),
            "end": _("Called to window {window}. Is it on the display, and was it spoken?"),
            "again": _("The test ticket is over. It stands in no figure."),
        }
        keys = {
            "give": _("Give a test ticket"),
            "call": _("Call it"),
            "end": _("End it"),
            "again": _("Give another"),
        }
        self.said.setText(said[self._step].format(**self._facts))
        self.key.setText(keys[self._step])
        self.number.setVisible(bool(self.number.text()))

    def stop(self) -> None:
        """The page is left: nothing of a trial stays at the window."""
        if self._at is not None:
            jobs.start(self, self._clear, name="trial")

    async def cleared(self) -> None:
        """Nothing of a trial is left: before the hall opens."""
        if self._at is not None:
            await self._clear()

    def _go(self) -> None:
        act = {"give": self._give, "again": self._give, "call": self._call, "end": self._end}[self._step]
        jobs.start(self, act, name="trial", busy=self.key)

    def _show(self, step: str) -> None:
        self._step = step
        self.say_again()

    async def _give(self) -> None:
        offer = await self._link.read("services.setup", Nothing(), SetUpServices)
        windows = await self._link.read("queue.windows", InZone(), WindowChoices)
        by_label = {one.label: one for one in windows.windows}
        chosen = next(
            ((one, by_label[label]) for one in offer.services for label in one.windows if label in by_label), None
        )
        if chosen is None:
            self.said.setText(_("No service has a window yet, so there is nothing to try."))
            return
        service, window = chosen
        view = await self._link.act("queue.open_window", OpenWindow(window_id=window.window_id), WindowView)
        self._at = window.window_id
        if view.ticket is not None:
            await self._finish()  # one that an interrupted trial has left
        wanted = IssueTicket(service_id=service.id or UUID(int=0), zone_id=window.zone_id, channel="staff", test=True)
        issued = await self._link.act("queue.issue_ticket", wanted, Issued)
        self.number.setText(issued.ticket.number)
        self._facts = {"service": pick(service.name), "window": formats.digits(window.label)}
        self._show("call")

    async def _call(self) -> None:
        assert self._at is not None
        called = await self._link.act("queue.call_next", CallNext(window_id=self._at), Called)
        if called.ticket is not None:
            self.number.setText(called.ticket.number)
        self._show("end")

    async def _end(self) -> None:
        await self._finish()
        assert self._at is not None
        await self._link.act("queue.close_window", AtWindow(window_id=self._at), WindowView)
        self._at = None
        self.number.clear()
        self._show("again")

    async def _finish(self) -> None:
        assert self._at is not None
        await self._link.act("queue.finish", Finish(window_id=self._at, request_rating=False), Called)

    async def _clear(self) -> None:
        if self._step == "call":
            await self._call()
        if self._step == "end":
            await self._end()
