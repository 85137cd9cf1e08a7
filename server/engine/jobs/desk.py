"""A desk: takes the run that waits and has it done by a process of its own (`aside.py`), one after the other.

One thread waits for runs. A run's beats, every two seconds, say to other servers that it lives and hear whether it is to end.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from server.engine.actions.work import Work
from server.engine.errors import Refused, Unavailable
from server.engine.jobs.aside import PATIENCE, Ended, work_aside

if TYPE_CHECKING:
    from server.engine.engine import Engine

log = logging.getLogger(__name__)

LOOK_SECONDS = 5.0


class AsideDesk:
    """What every desk shares: its thread, waking, stopping, beats. Its `run_next` says what a run is."""

    subject = ""
    """What its thread and its lines in the log are named."""
    crashed = ""
    """The refusal's code when the worker could not be started or failed."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._wake = threading.Event()
        self._closing = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work_on, name=self.subject, daemon=True)
        self._run_id: UUID | None = None

    def start(self) -> None:
        """Begin to look for runs."""
        self._thread.start()

    def wake(self) -> None:
        """A run was asked for."""
        self._wake.set()

    def stop_run(self, run_id: UUID) -> None:
        """Stop this run, if it is the one in hand."""
        if run_id == self._run_id:
            self._stop.set()

    def close(self) -> None:
        """Stop what runs and end."""
        self._closing.set()
        self._stop.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(PATIENCE + 10)

    def run_next(self) -> bool:
        """Do the run that waits longest, if there is one; says whether there was. For tests as well: it needs no thread."""
        raise NotImplementedError

    def tidy(self) -> None:
        """What is to be done when nothing waits."""

    def _work_on(self) -> None:
        while not self._closing.is_set():
            try:
                while not self._closing.is_set() and self.run_next():
                    pass
                self.tidy()
            except Exception:
                log.exception("a run of %s could not be worked on; it is tried again", self.subject)
                self._closing.wait(LOOK_SECONDS)
            self._wake.wait(LOOK_SECONDS)
            self._wake.clear()

    def work_aside(
        self, run_id: UUID, task: Callable[[], dict[str, Any]], beat: Callable[[Work, str, int], bool]
    ) -> Ended:
        """Have a run's task done. `beat(work, stage, percent)` writes down how far it is and says whether it is to stop."""
        self._run_id = run_id
        self._stop.clear()
        if self._closing.is_set():
            self._stop.set()

        def told(stage: str, percent: int) -> None:
            try:
                if self._engine.act(f"{self.subject}.beat", lambda work: beat(work, stage, percent)):
                    self._stop.set()
            except (Unavailable, Refused):
                log.warning("a run's progress of %s could not be written; it goes on", self.subject)

        try:
            return work_aside(task(), self._stop, told)
        except (OSError, Unavailable):
            log.exception("the worker of run %s failed", run_id)
            return Ended(refused=(self.crashed, {}))
        finally:
            self._run_id = None
