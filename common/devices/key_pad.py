"""Button pads: the four keys before a citizen, the call keys of a clerk. Each press counts once, whatever line and finger do.

`KeyPads` is what a program needs; `LinePads` is one for pads that share a serial line (`key_frames`). Another maker's pads
join by another class with the same calls.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, cast, get_args

from common.devices import key_frames
from common.devices.device_health import DeviceHealth, HealthKeeper
from common.devices.key_frames import Decoder, Sentence
from common.devices.listener import Listener
from common.devices.serial_port import Framing, Port, port_at

log = logging.getLogger(__name__)

FRAMING = Framing(9600)

CallKey = Literal["next", "recall", "start", "finish", "no_show", "pause"]
GradeKey = Literal["very_satisfied", "satisfied", "fair", "dissatisfied"]
Key = CallKey | GradeKey
KEYS: frozenset[str] = frozenset(get_args(CallKey) + get_args(GradeKey))

BOUNCE = 0.4
"""Seconds in which the same key of the same pad counts once, although the pad counted two presses (QUE-061)."""
ASK_EVERY = 5.0
ANSWER_LIMIT = 1.0
MISSED = 3
"""Questions without answer after which a pad is silent."""
REMEMBERED = 32
"""Presses of one pad that are known again when they are told twice."""


@dataclass(frozen=True)
class Press:
    """A key was pressed."""

    pad: str
    key: Key
    at: float
    """`time.monotonic()`."""


class KeyPads(Protocol):
    """The pads of one line."""

    @property
    def health(self) -> DeviceHealth:
        """Of the line."""

    @property
    def pads(self) -> Mapping[str, DeviceHealth]:
        """Of each pad."""

    def show(self, pad: str, number: str, waiting: int) -> None:
        """Show a number and how many wait, on pads that have a display; returns at once."""

    def close(self) -> None:
        """Let go of the line."""


@dataclass
class _Pad:
    """What is known of one pad."""

    keeper: HealthKeeper
    seen: deque[tuple[str, str]] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    pressed_at: dict[str, float] = field(default_factory=dict)
    run: str = ""
    version: str = ""
    missed: int = 0
    shown: tuple[str, str] | None = None
    to_show: tuple[str, str] | None = None


class LinePads:
    """Pads that share a serial line. `pressed` is called in the line's thread, once a press."""

    def __init__(
        self,
        port: Port,
        names: Sequence[str],
        pressed: Callable[[Press], None],
        *,
        told: Callable[[str, DeviceHealth], None] = lambda _pad, _health: None,
        ask_every: float = ASK_EVERY,
        answer_limit: float = ANSWER_LIMIT,
        again_after: float = 2.0,
    ) -> None:
        """`names` are the pads' own numbers on the line; what other pads say there is not ours."""
        self._pressed = pressed
        self._ask_every = ask_every
        self._answer_limit = answer_limit
        self._line = HealthKeeper(lambda health: told("", health))
        self._pads = {name: _Pad(HealthKeeper(lambda health, name=name: told(name, health))) for name in names}  # type: ignore[misc]
        self._decoder = Decoder()
        self._turn = 0
        self._asked: tuple[str, float] | None = None
        self._next_question = 0.0
        self._port = port
        self._listener = Listener(
            port, self._hear, self._line, name="key pads", opened=self._opened, idle=self._idle, again_after=again_after
        )

    @property
    def health(self) -> DeviceHealth:
        """Of the line."""
        return self._line.health

    @property
    def pads(self) -> Mapping[str, DeviceHealth]:
        """Of each pad; one whose line is gone is unplugged with it."""
        line = self._line.health
        gone = line.state == "unplugged"
        return {name: line if gone else pad.keeper.health for name, pad in self._pads.items()}

    def version(self, pad: str) -> str:
        """Of the pad's program, as it last said; empty before."""
        return self._pads[pad].version

    def show(self, pad: str, number: str, waiting: int) -> None:
        """Show a number and how many wait; said again after a power cut. Raises `ValueError` for what no pad can show."""
        key_frames.sentence(pad, "D", number, str(waiting))
        self._pads[pad].to_show = (number, str(waiting))

    def close(self) -> None:
        """Let go of the line."""
        self._listener.close()

    # the line's thread

    def _opened(self) -> None:
        self._line.become("listening")
        self._asked, self._next_question = None, 0.0
        for pad in self._pads.values():
            pad.shown, pad.missed = None, 0

    def _hear(self, data: bytes) -> None:
        for said in self._decoder.feed(data):
            pad = self._pads.get(said.pad)
            if pad is None:
                continue
            self._line.heard()
            pad.missed = 0
            if self._asked is not None and self._asked[0] == said.pad:
                self._asked = None
            if said.kind == "K" and len(said.fields) == 3:
                self._key(said, pad)
            elif said.kind == "S" and len(said.fields) == 3:
                self._state(said, pad)

    def _key(self, said: Sentence, pad: _Pad) -> None:
        key, run, count = said.fields
        # The word that it was heard goes out first: the pad must not say it again because we take long.
        self._port.write(key_frames.sentence(said.pad, "A", run, count))
        pad.keeper.heard()
        if (run, count) in pad.seen:
            return
        pad.seen.append((run, count))
        now = time.monotonic()
        bounced = now - pad.pressed_at.get(key, -BOUNCE) < BOUNCE
        pad.pressed_at[key] = now
        if key not in KEYS:
            log.warning("pad %s has a key that nobody knows: %s", said.pad, key)
        elif not bounced:
            self._pressed(Press(said.pad, cast(Key, key), now))

    def _state(self, said: Sentence, pad: _Pad) -> None:
        run, version, state = said.fields
        if pad.run != run:
            # It has started anew and shows nothing.
            pad.shown = None
        pad.run, pad.version = run, version
        if state == "ok":
            pad.keeper.heard()
        else:
            pad.keeper.become("trouble", state, heard=True)

    def _idle(self) -> None:
        """One question at a time: pads that share a line must not speak at once."""
        now = time.monotonic()
        for name, pad in self._pads.items():
            if pad.to_show is not None and pad.to_show != pad.shown and pad.keeper.health.state != "silent":
                self._port.write(key_frames.sentence(name, "D", *pad.to_show))
                pad.shown = pad.to_show
        if self._asked is not None and now - self._asked[1] > self._answer_limit:
            pad = self._pads[self._asked[0]]
            pad.missed += 1
            pad.shown = None
            if pad.missed >= MISSED:
                pad.keeper.become("silent")
            self._asked = None
        if self._asked is None and now >= self._next_question and self._pads:
            names = list(self._pads)
            name = names[self._turn % len(names)]
            self._turn += 1
            self._port.write(key_frames.sentence(name, "Q"))
            self._asked = (name, now)
            self._next_question = now + self._ask_every / len(names)


def pads_at(address: str) -> tuple[str, list[str]]:
    """The line's address and the pads' numbers on it; raises `ValueError` for another form."""
    base, _colon, last = address.rpartition(":")
    names = last.split("+")
    if base.count(":") < (2 if address.startswith("network:") else 1) or not all(name.isalnum() for name in names):
        base, names = address, ["01"]
    port_at(base, FRAMING)
    return base, names


def open_key_pads(
    address: str,
    pressed: Callable[[Press], None],
    *,
    told: Callable[[str, DeviceHealth], None] = lambda _pad, _health: None,
) -> KeyPads:
    """The pads at `serial:/dev/ttyUSB0[,9600]:01+02` or `network:host:port:01+02`; alone without names it is pad 01.

    Raises `ValueError` for another form.
    """
    base, names = pads_at(address)
    return LinePads(port_at(base, FRAMING), names, pressed, told=told)
