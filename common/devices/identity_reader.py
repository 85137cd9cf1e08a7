"""Readers of identity cards at kiosk and counter: a card laid on is read once; what hinders it is told in words.

`IdentityReader` is what a program needs; `SamReader` is one for the serial protocol of Chinese readers. Nothing that a card
holds reaches a log: neither bytes nor letters are written anywhere.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from common.devices import sam_frames as sam
from common.devices.device_health import DeviceHealth, HealthKeeper
from common.devices.identity_card import IdentityCard
from common.devices.sam_frames import Decoder, Reply, Unreadable
from common.devices.serial_port import Framing, Port, port_at
from common.text import N_, _

log = logging.getLogger(__name__)

FRAMING = Framing(115200)

EVERY = 0.3
"""Seconds between two looks for a card."""
ANSWER_LIMIT = 1.0
READ_LIMIT = 3.0
"""A reader takes about a second to read text and photo."""
TRIES = 2
"""How often one command is sent when its answer is broken or missing."""
AGAIN = 2.0
"""Seconds after which a line that was lost is opened again."""

TroubleKind = Literal["moved", "wrong_card", "not_genuine"]

SENTENCES: dict[TroubleKind, str] = {
    "moved": N_("The card was taken away too early. Lay it on the reader again and leave it there."),
    "wrong_card": N_("This card could not be read as an identity card. Lay on another one, or type your number."),
    "not_genuine": N_("The reader does not accept this card. Please ask at the service desk."),
}


@dataclass(frozen=True)
class CardTrouble:
    """A card lay on the reader and was not read."""

    kind: TroubleKind

    @property
    def sentence(self) -> str:
        """For the citizen, in the reader's language."""
        return _(SENTENCES[self.kind])


class IdentityReader(Protocol):
    """What a kiosk needs of a reader."""

    listening: bool
    """Cards are read only while this is set: nobody's card is read who has not been asked for it."""

    @property
    def health(self) -> DeviceHealth:
        """As last known; returns at once."""

    def close(self) -> None:
        """Let go of the reader."""


class SamReader:
    """A reader on a serial line. `on_card` and `on_trouble` are called in the reader's thread."""

    def __init__(
        self,
        port: Port,
        on_card: Callable[[IdentityCard], None],
        on_trouble: Callable[[CardTrouble], None] = lambda _trouble: None,
        *,
        told: Callable[[DeviceHealth], None] | None = None,
        listening: bool = True,
        every: float = EVERY,
        answer_limit: float = ANSWER_LIMIT,
        read_limit: float = READ_LIMIT,
        again_after: float = AGAIN,
    ) -> None:
        self.listening = listening
        self._port = port
        self._on_card = on_card
        self._on_trouble = on_trouble
        self._every = every
        self._answer_limit = answer_limit
        self._read_limit = read_limit
        self._again_after = again_after
        self._keeper = HealthKeeper(told)
        self._told_trouble: CardTrouble | None = None
        self._decoder = Decoder()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="identity reader", daemon=True)
        self._thread.start()

    @property
    def health(self) -> DeviceHealth:
        """As last known; returns at once."""
        return self._keeper.health

    def close(self) -> None:
        """Let go of the reader."""
        self._stop.set()
        self._thread.join()

    # the thread

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._port.open()
                pause = self._turn()
            except OSError as broken:
                if self.health.state != "unplugged":
                    log.warning("identity reader %s: %s", self._port.address, broken)
                self._keeper.become("unplugged", str(broken))
                self._port.close()
                pause = self._again_after
            self._stop.wait(pause)
        self._port.close()

    def _turn(self) -> float:
        """Look for a card, and read it; gives the seconds until the next look."""
        if not self.listening:
            if self.health.state != "ok":
                self._ask(sam.MODULE_STATE)
            return self._every
        found = self._ask(sam.FIND)
        # A card that was read answers no second time before it has been taken away: it is read once.
        if found is None or found.state != sam.FOUND:
            if found is not None:
                self._told_trouble = None
            return self._every
        selected = self._ask(sam.SELECT)
        if selected is None or selected.state != sam.DONE:
            self._hindered(selected)
            return self._every
        self._take(self._ask(sam.READ, self._read_limit))
        return self._every

    def _take(self, reply: Reply | None) -> None:
        if reply is None or reply.state != sam.DONE:
            self._hindered(reply)
            return
        try:
            card = sam.card(reply.data)
        except Unreadable as why:
            log.info("identity reader %s: a card was not read: %s", self._port.address, why)
            self._tell(CardTrouble("wrong_card"))
            return
        if self.listening:
            self._on_card(card)

    def _hindered(self, reply: Reply | None) -> None:
        if reply is None or reply.state in sam.MODULE_FAULTS:
            return
        log.info("identity reader %s: a card was not read: state %02X", self._port.address, reply.state)
        if reply.state in sam.NOT_GENUINE:
            self._tell(CardTrouble("not_genuine"))
        elif reply.state == sam.UNKNOWN_KIND:
            self._tell(CardTrouble("wrong_card"))
        else:
            self._tell(CardTrouble("moved"))

    def _tell(self, trouble: CardTrouble) -> None:
        """Once for a card that lies there, however often it is looked for."""
        if trouble != self._told_trouble and self.listening:
            self._told_trouble = trouble
            self._on_trouble(trouble)

    def _ask(self, command: tuple[int, int], limit: float | None = None) -> Reply | None:
        """One command and its answer; nothing when none came whole. Sent again when either way was disturbed."""
        disturbed = False
        for _turn in range(TRIES):
            broken = self._decoder.broken
            self._port.forget()
            self._decoder.forget()
            self._port.write(sam.request(command))
            reply = self._await(limit or self._answer_limit)
            if reply is None:
                disturbed = disturbed or self._decoder.broken > broken
                continue
            if reply.state in sam.LINE_FAULTS:
                disturbed = True
                continue
            if reply.state in sam.MODULE_FAULTS:
                self._keeper.become("trouble", f"security module: state {reply.state:02X}", heard=True)
            else:
                self._keeper.heard()
            return reply
        if self._stop.is_set():
            return None
        self._keeper.become("trouble" if disturbed else "silent", "the line is disturbed" if disturbed else "")
        return None

    def _await(self, limit: float) -> Reply | None:
        end = time.monotonic() + limit
        while not self._stop.is_set() and (left := end - time.monotonic()) > 0:
            if replies := self._decoder.feed(self._port.read(min(left, 0.1))):
                return replies[-1]
        return None


def open_identity_reader(
    address: str,
    on_card: Callable[[IdentityCard], None],
    on_trouble: Callable[[CardTrouble], None] = lambda _trouble: None,
    *,
    told: Callable[[DeviceHealth], None] | None = None,
    listening: bool = True,
) -> IdentityReader:
    """The reader at `serial:/dev/ttyUSB0[,115200]` or `network:host:port`. Raises `ValueError` for another form."""
    return SamReader(port_at(address, FRAMING), on_card, on_trouble, told=told, listening=listening)
