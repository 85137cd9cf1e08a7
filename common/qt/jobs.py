"""The one gate between coroutines and widgets.

A slot is no coroutine: it calls `jobs.start(owner, coroutine_function, …)`. The job dies with its owner; a refusal, a lost
server and a bug of ours each end in a sentence on the owner's window unless the caller handles them. Everything runs in
the loop's thread, which is the window's.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Coroutine
from enum import StrEnum
from functools import partial
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from common.link.outcome import Offline, Refusal
from common.text import _

log = logging.getLogger(__name__)

Teller = Callable[[QObject, "Outcome", str], None]
"""Shows a sentence to the person at the owner's window."""


class Outcome(StrEnum):
    """How a job ended."""

    OK = "ok"
    REFUSED = "refused"
    """The server said no; nothing was changed."""
    OFFLINE = "offline"
    """No answer; see `common.link.outcome.Offline`."""
    CANCELLED = "cancelled"
    """Its owner is gone, or somebody called `cancel`. Nobody is told."""
    FAILED = "failed"
    """Our bug; it stands in the log under the reference that the person was shown."""


class Job:
    """A coroutine on its way; made by `start` only."""

    def __init__(self, owner: QObject, name: str | None, what: str) -> None:
        self.name = name
        self.what = what
        self.outcome: Outcome | None = None
        self.result: Any = None
        self.refused: Callable[[Refusal], None] | None = None
        self.offline: Callable[[Offline], None] | None = None
        self.done: Callable[[Any], None] | None = None
        self.busy: QWidget | None = None
        self.had_focus = False
        self.next: Callable[[], Job] | None = None
        self.task: asyncio.Task[Any] | None = None
        self._owner = owner

    @property
    def running(self) -> bool:
        """Not yet at its end."""
        return self.outcome is None

    @property
    def owner(self) -> QObject | None:
        """The owner, while it lives."""
        return self._owner if isValid(self._owner) else None

    def cancel(self) -> None:
        """Stop; quietly."""
        if self.task is not None:
            self.task.cancel()

    async def ended(self) -> Outcome:
        """Wait for the end, whatever it is."""
        while self.outcome is None:
            assert self.task is not None
            await asyncio.wait({self.task})
            await asyncio.sleep(0)
        return self.outcome

    def owner_gone(self, _gone: QObject | None = None) -> None:
        """The owner is being destroyed; after the loop's end, which took the jobs with it, there is nothing to cancel."""
        if self.task is not None and self.task.get_loop().is_running():
            self.cancel()

    def settle(self, task: asyncio.Task[Any]) -> None:
        """Called once when the task is done: tell whom it concerns."""
        try:
            self._settle(task)
        finally:
            if self.next is not None and self.owner is not None and not task.cancelled():
                self.next()

    def _settle(self, task: asyncio.Task[Any]) -> None:
        _running.discard(self)
        _set_busy(self, False)
        if isValid(self._owner):
            self._owner.destroyed.disconnect(self.owner_gone)
        if task.cancelled():
            self.outcome = Outcome.CANCELLED
            return
        why = task.exception()
        if why is None:
            self.outcome = Outcome.OK
            self.result = task.result()
            if self.done is not None and self.owner is not None:
                self.done(self.result)
        elif isinstance(why, Refusal):
            self.outcome = Outcome.REFUSED
            self._say(self.refused, why, why.sentence)
        elif isinstance(why, Offline):
            self.outcome = Outcome.OFFLINE
            self._say(self.offline, why, why.sentence)
        else:
            self.outcome = Outcome.FAILED
            reference = secrets.token_hex(4)
            log.error("job %s failed, reference %s", self.what, reference, exc_info=why)
            self._say(
                None,
                why,
                _("Something went wrong here. Please try again; if it stays so, tell reference {reference}.").format(
                    reference=reference
                ),
            )

    def _say(self, callback: Callable[[Any], None] | None, why: BaseException, sentence: str) -> None:
        owner = self.owner
        if owner is None:
            return
        if callback is not None:
            callback(why)
        elif _teller is not None and self.outcome is not None:
            _teller(owner, self.outcome, sentence)
        else:
            log.warning("nobody was told: %s", sentence)


_running: set[Job] = set()
_teller: Teller | None = None


def start(
    owner: QObject,
    coroutine_function: Callable[..., Coroutine[Any, Any, Any]],
    *args: Any,
    name: str | None = None,
    refused: Callable[[Refusal], None] | None = None,
    offline: Callable[[Offline], None] | None = None,
    done: Callable[[Any], None] | None = None,
    busy: QWidget | None = None,
    again: bool = False,
) -> Job:
    """Run `coroutine_function(*args)` for `owner`; it is cancelled when the owner is destroyed.

    A job with a `name` runs once at a time for its owner: a second start while it runs does nothing and gives the running
    job (a key pressed twice). With `again` it runs once more at the end instead: what is read on a notice must not miss the
    notice that came while it was being read. `busy` is a widget that shows that it works: its `busy(True)` and
    `busy(False)` are called, or it is disabled meanwhile. `done(result)`, `refused(Refusal)` and `offline(Offline)` are
    called at the end while the owner lives; without the latter two the sentence is shown on the owner's window. Anything
    else that is raised is our bug: logged with a reference, which the person is told.
    """
    if name is not None:
        for other in _running:
            if other.name == name and other.owner is owner:
                if again:
                    other.next = partial(
                        start, owner, coroutine_function, *args, name=name, refused=refused, offline=offline, done=done,
                        busy=busy, again=True,
                    )  # fmt: skip
                return other
    what = name or str(getattr(coroutine_function, "__qualname__", coroutine_function))
    job = Job(owner, name, what)
    job.refused, job.offline, job.done, job.busy = refused, offline, done, busy
    job.task = asyncio.get_running_loop().create_task(coroutine_function(*args), name=what)
    owner.destroyed.connect(job.owner_gone)
    _running.add(job)
    _set_busy(job, True)
    job.task.add_done_callback(job.settle)
    return job


def running(owner: QObject | None = None) -> list[Job]:
    """The jobs on their way, of one owner or all."""
    return [job for job in _running if owner is None or job.owner is owner]


async def cancel_all(patience: float = 2.0) -> None:
    """Cancel every job and wait for their ends, `patience` seconds at most; a job that will not end is logged."""
    tasks = {job.task for job in _running if job.task is not None and job.task is not asyncio.current_task()}
    for task in tasks:
        task.cancel()
    if not tasks:
        return
    _done, left = await asyncio.wait(tasks, timeout=patience)
    for task in left:
        log.warning("job %s does not end", task.get_name())
    await asyncio.sleep(0)


def tell_through(teller: Teller | None) -> None:
    """Set who shows sentences of jobs that nobody handles (the program does)."""
    global _teller
    _teller = teller


def _set_busy(job: Job, value: bool) -> None:
    widget = job.busy
    if widget is None or not isValid(widget):
        return
    say = getattr(widget, "busy", None)
    if callable(say):
        say(value)
        return
    if value:
        job.had_focus = widget.hasFocus()
        widget.setEnabled(False)
        return
    widget.setEnabled(True)
    # Disabling moved the focus on; who works by keyboard finds it again where it was, unless he has gone elsewhere.
    if job.had_focus and QApplication.activeModalWidget() is None:
        widget.setFocus()
