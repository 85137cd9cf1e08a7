"""How a device on a line is, in one form for signs, key pads, pagers, card readers and scanners (SM-HEART)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from common.text import N_, _

State = Literal["starting", "listening", "ok", "sending", "silent", "trouble", "unplugged"]

SENTENCES: dict[State, str] = {
    "starting": N_("The device has not been reached yet."),
    "listening": N_("The line is open. Nothing has come from the device yet."),
    "ok": N_("The device answers."),
    "sending": N_("Messages go out. This device never answers, so its state is not known."),
    "silent": N_("The device has stopped answering. Is it switched on?"),
    "trouble": N_("The device reports a fault."),
    "unplugged": N_("The line to the device cannot be opened. Is it plugged in, and is its address right?"),
}


@dataclass(frozen=True)
class DeviceHealth:
    """What is known of a device."""

    state: State = "starting"
    detail: str = ""
    """What the system or the device said; never anything that a citizen said."""
    heard_at: float | None = None
    """`time.monotonic()` of its last word."""

    @property
    def good(self) -> bool:
        """Whether it may be relied on."""
        return self.state in ("ok", "sending", "listening")

    @property
    def sentence(self) -> str:
        """In the reader's language."""
        return _(SENTENCES[self.state])

    def facts(self) -> dict[str, Any]:
        """For the heartbeat to the console."""
        silent_for = None if self.heard_at is None else round(time.monotonic() - self.heard_at)
        return {"state": self.state, "detail": self.detail[:120], "silent_seconds": silent_for}


class HealthKeeper:
    """Holds a device's health and tells when it changes. Any thread; `told` is called in the thread that changed it."""

    def __init__(self, told: Callable[[DeviceHealth], None] | None = None) -> None:
        self._lock = threading.Lock()
        self._health = DeviceHealth()
        self._told = told

    @property
    def health(self) -> DeviceHealth:
        """As last known; returns at once."""
        return self._health

    def heard(self) -> None:
        """The device said something sensible."""
        self.become("ok", heard=True)

    def become(self, state: State, detail: str = "", *, heard: bool = False) -> None:
        """Another state; `told` hears of it only if it is another."""
        with self._lock:
            old = self._health
            self._health = DeviceHealth(state, detail, time.monotonic() if heard else old.heard_at)
        if self._told is not None and (state, detail) != (old.state, old.detail):
            self._told(self._health)
