"""Several panels on one line as one logical screen (QUE-025), kept as it shall be through faults and power cuts.

A thread of its own holds what shall be shown and what each panel is known to show; the difference goes out. A panel that
answers once must go on answering: when it falls silent it is asked now and then, and set up anew as soon as it is back, while
the others go on. A sign on a line without a way back says nothing ever; it is set up anew each quarter of an hour, so that a
power cut heals itself too.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from common.devices import alpha_frames
from common.devices.alpha_sign import FRAMING, AlphaSign
from common.devices.device_health import DeviceHealth, HealthKeeper, State
from common.devices.serial_port import Port, port_at
from common.devices.sign import Content, Letters, Panel, PanelShape, RefusedLine, SignLine, WallShape
from common.devices.sign_layout import Page, laid_out

log = logging.getLogger(__name__)

PAGE_SECONDS = 4.0
"""How long a page stands when there are several."""
CHECK_SECONDS = 30.0
"""How often a quiet sign is asked for its word."""
REFRESH_SECONDS = 900.0
"""How often a sign that never answers is set up and written anew; it is dark for two seconds then."""
AGAIN_SECONDS = 2.0
"""After so long a line or panel that failed is tried again."""
TRIES = 3
"""How often one content is sent before its panel counts as in trouble."""
TRIES_AFTER_SETTING_UP = 8
"""A sign whose memory was cleared takes writes at once but answers nothing for about five seconds."""

WORST: tuple[State, ...] = ("unplugged", "silent", "trouble", "starting", "listening", "sending", "ok")


@dataclass
class _Known:
    """What the wall knows of one panel."""

    panel: Panel
    keeper: HealthKeeper
    shown: Content | None = None
    ready: bool = False
    answers: bool = False
    silent: bool = False
    troubled: bool = False
    asked_at: float = 0.0
    set_up_at: float = 0.0
    not_before: float = 0.0


@dataclass
class _Wanted:
    """What shall be shown."""

    pages: list[Page] = field(default_factory=list)
    since: float = 0.0
    beep: bool = False


class SignWall:
    """A `Sign` over panels that share one line."""

    def __init__(
        self,
        address: str,
        port: Port,
        panels: Sequence[Panel],
        shape: WallShape,
        letters: Letters,
        stop: threading.Event,
        *,
        told: Callable[[DeviceHealth], None] | None = None,
        page_seconds: float = PAGE_SECONDS,
        again_after: float = AGAIN_SECONDS,
        check_after: float = CHECK_SECONDS,
        refresh_after: float = REFRESH_SECONDS,
    ) -> None:
        """`stop` is set when the wall closes: panels wait by it. `told` hears of changed health, in the wall's thread."""
        if len(panels) != shape.count:
            raise ValueError(f"{len(panels)} panels do not make a wall of {shape.count}")
        self.address = address
        self.shape = shape
        self._port = port
        self._letters = letters
        self._told = told
        self._page_seconds = page_seconds
        self._again_after = again_after
        self._check_after = check_after
        self._refresh_after = refresh_after
        self._known = [_Known(panel, HealthKeeper(self._changed)) for panel in panels]
        self._last: DeviceHealth | None = None
        self._stop = stop
        self._change = threading.Condition()
        self._deaf_until = 0.0
        self._wanted = _Wanted(laid_out((), shape, letters)[0])
        self._thread = threading.Thread(target=self._run, name="sign", daemon=True)
        self._thread.start()

    @property
    def health(self) -> DeviceHealth:
        """Of the worst panel."""
        return min((known.keeper.health for known in self._known), key=lambda health: WORST.index(health.state))

    @property
    def panels(self) -> Sequence[DeviceHealth]:
        """Of each panel, row by row."""
        return [known.keeper.health for known in self._known]

    def show(self, lines: Sequence[SignLine], *, beep: bool = False) -> list[RefusedLine]:
        """Show these lines from now on; gives those that this sign cannot show. Any thread."""
        pages, refused = laid_out(lines, self.shape, self._letters)
        with self._change:
            if pages != self._wanted.pages or beep:
                self._wanted = _Wanted(pages, time.monotonic(), beep)
            self._change.notify_all()
        return refused

    def clear(self) -> None:
        """Show nothing."""
        self.show(())

    def close(self) -> None:
        """Show nothing, if that is quickly done, and let go of the line."""
        with self._change:
            self._wanted = _Wanted(laid_out((), self.shape, self._letters)[0])
            self._stop.set()
            self._change.notify_all()
        self._thread.join()

    # the thread

    def _run(self) -> None:
        while not self._stop.is_set():
            if (deaf := self._deaf_until - time.monotonic()) > 0:
                self._stop.wait(deaf)
                continue
            with self._change:
                wanted = self._wanted
            try:
                self._port.open()
                pause = self._turn(wanted)
                self._rest(wanted, pause)
            except OSError as broken:
                self._lost(broken)
                with self._change:
                    self._change.wait_for(lambda: self._stop.is_set(), self._again_after)
        self._say_goodbye()
        self._port.close()

    def _turn(self, wanted: _Wanted) -> float:
        """Bring every panel to what it shall show; gives the seconds until there is something to do again."""
        page = self._page(wanted)
        beep, wanted.beep = wanted.beep, False
        for known, content in zip(self._known, page, strict=True):
            if self._stop.is_set():
                return 0
            if time.monotonic() >= known.not_before:
                self._serve(known, content)
        if beep and any(known.ready for known in self._known):
            self._deaf_until = time.monotonic() + max(known.panel.beep() for known in self._known if known.ready)
        return self._pause(wanted)

    def _rest(self, wanted: _Wanted, pause: float) -> None:
        """Until something else shall be shown, or so many seconds; a line that is unplugged meanwhile is noticed."""
        end = time.monotonic() + pause
        while (left := end - time.monotonic()) > 0:
            with self._change:
                # Compared with what was served, not with what is wanted by now: a change in between must not be slept over.
                changed = self._change.wait_for(
                    lambda: self._stop.is_set() or self._wanted is not wanted, min(left, 1.0)
                )
            if changed:
                return
            self._port.read(0)

    def _page(self, wanted: _Wanted) -> Page:
        turns = int((time.monotonic() - wanted.since) / self._page_seconds)
        return wanted.pages[turns % len(wanted.pages)]

    def _pause(self, wanted: _Wanted) -> float:
        now = time.monotonic()
        waits = [self._again_after if not known.ready else self._due(known) - now for known in self._known]
        if len(wanted.pages) > 1:
            waits.append(self._page_seconds - (now - wanted.since) % self._page_seconds)
        return max(0.02, min(waits))

    def _due(self, known: _Known) -> float:
        return known.asked_at + self._check_after if known.answers else known.set_up_at + self._refresh_after

    def _serve(self, known: _Known, content: Content) -> None:
        """One panel: set it up if need be, write what is new, ask whether it was understood."""
        now = time.monotonic()
        if not known.answers and known.ready and now >= self._due(known):
            known.ready = False
        if known.ready and known.shown == content and now < self._due(known):
            return
        if known.silent and not self._is_back(known):
            return
        tries = TRIES
        if not known.ready:
            self._set_up(known)
            tries = TRIES_AFTER_SETTING_UP if known.answers or known.asked_at == 0 else 1
        fault: str | None = None
        for _turn in range(tries):
            if self._stop.is_set():
                return
            if known.shown != content:
                known.panel.put(content)
                known.shown = content
            if not known.answers and known.asked_at > known.set_up_at:
                return
            fault = known.panel.check()
            if fault == "":
                known.asked_at = time.monotonic()
                known.answers, known.troubled = True, False
                known.keeper.heard()
                return
            if fault is not None:
                known.answers, known.shown = True, None
            elif known.answers:
                known.shown = None
        known.asked_at = time.monotonic()
        if known.answers:
            self._failed(known, fault)
        else:
            known.keeper.become("sending")

    def _set_up(self, known: _Known) -> None:
        if known.troubled:
            known.panel.restart()
        known.panel.set_up()
        known.ready, known.shown, known.set_up_at = True, None, time.monotonic()

    def _is_back(self, known: _Known) -> bool:
        """One question only: the other panels must not wait for one that is switched off."""
        known.silent = known.panel.check() is None
        if known.silent:
            known.not_before = time.monotonic() + self._again_after
        return not known.silent

    def _failed(self, known: _Known, fault: str | None) -> None:
        """It has stopped answering, or does not understand: from the ground up, a little later."""
        known.keeper.become("silent" if fault is None else "trouble", fault or "")
        log.warning("sign %s, panel %s: %s", self.address, known.panel.address, fault or "no answer")
        known.ready, known.shown = False, None
        known.silent, known.troubled = fault is None, fault is not None
        known.not_before = time.monotonic() + self._again_after

    def _lost(self, broken: OSError) -> None:
        if self._known[0].keeper.health.state != "unplugged":
            log.warning("sign %s: %s", self.address, broken)
        self._port.close()
        for known in self._known:
            known.ready, known.shown, known.silent, known.not_before = False, None, False, 0.0
            known.keeper.become("unplugged", str(broken))

    def _say_goodbye(self) -> None:
        """A sign that goes on showing a call after its program has ended would send people to closed windows."""
        blank = self._wanted.pages[0]
        try:
            for known, content in zip(self._known, blank, strict=True):
                if self._port.is_open and known.ready and known.shown != content:
                    known.panel.put(content)
        except OSError as broken:
            log.info("sign %s was not cleared: %s", self.address, broken)

    def _changed(self, _health: DeviceHealth) -> None:
        health = self.health
        if self._told is not None and health != self._last:
            self._last = health
            self._told(health)


@dataclass(frozen=True)
class SignPlace:
    """What an address says: the line, the wall, and the panels' own addresses on the line."""

    address: str
    line: str
    shape: WallShape
    names: tuple[str, ...]


def sign_place(address: str, panel: PanelShape | None = None) -> SignPlace:
    """Read an address; raises `ValueError` for another form.

    `serial:/dev/ttyS0[,9600[,8N1]][:PANELS]` or `network:host:port[:PANELS]`, Alpha protocol. PANELS is a count of panels one
    below the other (`3`) or across times down (`2x3`); their addresses on the line are 01, 02, …, row by row. Without it, one
    sign that hears whatever its address is.
    """
    base, across, down = _panels(address)
    port_at(base, FRAMING)
    shape = WallShape(across, down, panel or PanelShape())
    alone = base == address
    names = (alpha_frames.EVERYBODY,) if alone else tuple(f"{number:02X}" for number in range(1, shape.count + 1))
    return SignPlace(address, base, shape, names)


def open_sign(
    address: str, panel: PanelShape | None = None, *, told: Callable[[DeviceHealth], None] | None = None
) -> SignWall:
    """The sign behind an address (`sign_place`); nothing is opened yet. Raises `ValueError` for another form."""
    place = sign_place(address, panel)
    port = port_at(place.line, FRAMING)
    stop = threading.Event()
    panels = [AlphaSign(port, name, place.shape.panel, wait=stop.wait) for name in place.names]
    return SignWall(address, port, panels, place.shape, alpha_frames, stop, told=told)


def _panels(address: str) -> tuple[str, int, int]:
    """The line's address without the panels, and how many there are across and down."""
    base, _colon, last = address.rpartition(":")
    across, times, down = last.rpartition("x")
    enough = 2 if address.startswith("network:") else 1
    if base.count(":") < enough or not down.isdigit() or (times and not across.isdigit()):
        return address, 1, 1
    wide, high = int(across or 1), int(down)
    if not 1 <= wide * high <= 32:
        raise ValueError(f"a sign of {wide} by {high} panels: {address!r}")
    return base, wide, high
