"""Customers' pagers: "A012 WINDOW 3" to the pager that somebody was given with the ticket.

`Pager` is what a program needs; `TapPager` speaks TAP to a transmitter on a serial line. A page whose moment has passed is not
sent: it would fetch somebody who was served long ago. When the word that a page was taken is lost, it is sent again: a pager may
buzz twice, never not at all.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal, Protocol

from common.devices import tap_frames as tap
from common.devices.device_health import DeviceHealth, HealthKeeper
from common.devices.serial_port import Framing, Port, port_at
from common.devices.tap_frames import Decoder, Word
from common.text import N_, _

log = logging.getLogger(__name__)

FRAMING = Framing(9600, 7, "E")

ANSWER_LIMIT = 3.0
SIGN_IN_TRIES = 3
BLOCK_TRIES = 3
SESSIONS = 2
LAPSE = 60.0
"""Seconds after which a page that still waits is given up."""

Kind = Literal["refused", "impossible", "no_answer", "no_line", "lapsed"]

SENTENCES: dict[Kind, str] = {
    "refused": N_("The transmitter does not know this pager. Compare the number on its back."),
    "impossible": N_("A pager shows Latin letters and digits only, and its number has digits only."),
    "no_answer": N_("The pagers' transmitter does not answer. Is it switched on?"),
    "no_line": N_("The line to the pagers' transmitter cannot be opened. Is it plugged in, and is its address right?"),
    "lapsed": N_("The page waited too long and was not sent: its moment had passed."),
}


@dataclass(frozen=True)
class Paged:
    """The transmitter took it."""

    seconds: float
    tries: int


@dataclass(frozen=True)
class PageTrouble:
    """The pager was not called."""

    kind: Kind
    detail: str = ""

    @property
    def sentence(self) -> str:
        """In the reader's language."""
        return _(SENTENCES[self.kind])


class Pager(Protocol):
    """What a program needs of a paging transmitter."""

    @property
    def health(self) -> DeviceHealth:
        """As last known; returns at once."""

    def page(self, pager: str, text: str) -> Future[Paged | PageTrouble]:
        """Call a pager; the future never raises for a trouble of the device."""

    def close(self) -> None:
        """Let go; what waits is given up."""


class _Lost(Exception):
    """This session leads nowhere."""


class TapPager:
    """A transmitter that speaks TAP. A session for each page: it holds no line open that somebody else may need."""

    def __init__(
        self,
        port: Port,
        *,
        password: str = "",
        told: Callable[[DeviceHealth], None] | None = None,
        answer_limit: float = ANSWER_LIMIT,
        lapse: float = LAPSE,
    ) -> None:
        self._port = port
        self._password = password
        self._answer_limit = answer_limit
        self._lapse = lapse
        self._keeper = HealthKeeper(told)
        self._decoder = Decoder()
        self._words: list[Word] = []
        self._stop = threading.Event()
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pager")

    @property
    def health(self) -> DeviceHealth:
        """As last known; returns at once."""
        return self._keeper.health

    def page(self, pager: str, text: str) -> Future[Paged | PageTrouble]:
        """Call a pager; the future never raises for a trouble of the device."""
        asked = time.monotonic()
        return self._worker.submit(lambda: self._page(pager, text, asked))

    def close(self) -> None:
        """Let go; what waits is cancelled."""
        self._stop.set()
        self._worker.shutdown(wait=True, cancel_futures=True)
        self._port.close()

    # the pager's thread

    def _page(self, pager: str, text: str, asked: float) -> Paged | PageTrouble:
        try:
            block = tap.block(pager, text)
        except ValueError as wrong:
            return PageTrouble("impossible", str(wrong))
        tries, disturbed = 0, False
        for _turn in range(SESSIONS):
            if time.monotonic() - asked > self._lapse:
                return PageTrouble("lapsed")
            try:
                self._port.open()
                self._sign_in()
                for _again in range(BLOCK_TRIES):
                    tries += 1
                    self._port.write(block)
                    word = self._await("ack", "nak", "refused", "end")
                    if word == "ack":
                        self._keeper.heard()
                        self._leave()
                        return Paged(time.monotonic() - asked, tries)
                    if word == "refused":
                        self._keeper.heard()
                        self._leave()
                        return PageTrouble("refused")
                    disturbed = disturbed or word == "nak"
                    if word == "end":
                        break
            except _Lost as why:
                self._keeper.become("silent", str(why))
            except OSError as broken:
                log.warning("pagers %s: %s", self._port.address, broken)
                self._keeper.become("unplugged", str(broken))
                self._port.close()
                if self._stop.is_set():
                    break
        state = self.health.state
        if state == "unplugged":
            return PageTrouble("no_line", self.health.detail)
        self._port.close()
        if disturbed:
            self._keeper.become("trouble", "the line is disturbed")
        elif state != "silent":
            self._keeper.become("silent", "no acknowledgement")
        return PageTrouble("no_answer", self.health.detail)

    def _sign_in(self) -> None:
        self._forget()
        for _turn in range(SIGN_IN_TRIES):
            self._port.write(tap.WAKE)
            if self._await("prompt") == "prompt":
                break
        else:
            raise _Lost("no prompt")
        for _turn in range(SIGN_IN_TRIES):
            self._port.write(tap.sign_in(self._password))
            word = self._await("ack", "nak", "end")
            if word == "end":
                raise _Lost("the transmitter refuses the sign-in")
            if word == "ack":
                if self._await("go_ahead") is None:
                    raise _Lost("no go-ahead")
                return
        raise _Lost("the sign-in was not acknowledged")

    def _leave(self) -> None:
        """A line that fails now has done its work already."""
        try:
            self._port.write(tap.END)
            self._await("end")
        except OSError as broken:
            log.info("pagers %s: %s", self._port.address, broken)
            self._port.close()

    def _forget(self) -> None:
        self._port.forget()
        self._decoder.forget()
        self._words = []

    def _await(self, *wanted: Word) -> Word | None:
        """The next of these words; others are passed over. Nothing when none comes in time."""
        end = time.monotonic() + self._answer_limit
        while not self._stop.is_set():
            while self._words:
                word = self._words.pop(0)
                if word in wanted:
                    return word
            left = end - time.monotonic()
            if left <= 0:
                return None
            self._words += self._decoder.feed(self._port.read(min(left, 0.1)))
        return None


def open_pager(address: str, *, password: str = "", told: Callable[[DeviceHealth], None] | None = None) -> Pager:
    """The transmitter at `serial:/dev/ttyUSB0[,9600]` or `network:host:port`. Raises `ValueError` for another form."""
    return TapPager(port_at(address, FRAMING), password=password, told=told)
