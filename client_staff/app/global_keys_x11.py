"""Keys of the whole desktop on X11: passive grabs on the root window, by a connection of its own (python-xlib)."""

from __future__ import annotations

import logging
from typing import Any

from PySide6.QtCore import QObject, QSocketNotifier
from Xlib import XK, X, display, error

from client_staff.app.global_keys import GlobalKeys

log = logging.getLogger(__name__)

LOCKS = (0, X.LockMask, X.Mod2Mask, X.LockMask | X.Mod2Mask)
"""A grab counts for exact modifiers only: with and without Caps Lock and Num Lock."""


class X11Keys(GlobalKeys):
    """Qt tells of no key while another program has the keyboard; the server sends grabbed ones to this connection."""

    able = True

    def __init__(self, parent: QObject, connection: Any) -> None:
        super().__init__(parent)
        self._display = connection
        self._root = connection.screen().root
        self._held: dict[int, str] = {}
        self._released_at: dict[int, int] = {}
        self._notifier = QSocketNotifier(connection.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(lambda *_args: self._read())

    @staticmethod
    def made(parent: QObject) -> GlobalKeys:
        """A connection to the display; without one nothing is held."""
        try:
            return X11Keys(parent, display.Display())
        except (error.DisplayError, OSError) as failure:
            log.warning("no keys can be held while other programs are in front: %s", failure)
            return GlobalKeys(parent)

    def hold(self, names: list[str]) -> list[str]:
        """Grab each key; the server answers BadAccess for one that another program grabbed."""
        taken: list[str] = []
        for name in names:
            code = self._display.keysym_to_keycode(XK.string_to_keysym(name))
            if not code or code in self._held:
                continue
            caught = error.CatchError(error.BadAccess)
            for locks in LOCKS:
                self._root.grab_key(code, locks, False, X.GrabModeAsync, X.GrabModeAsync, onerror=caught)
            self._display.sync()
            if caught.get_error() is not None:
                self._root.ungrab_key(code, X.AnyModifier)
                taken.append(name)
            else:
                self._held[code] = name
        self._display.sync()
        self._read()
        return taken

    def release(self) -> None:
        """Ungrab them all."""
        for code in self._held:
            self._root.ungrab_key(code, X.AnyModifier)
        self._held.clear()
        self._display.flush()

    def stop(self) -> None:
        """Give the keys back and close the connection."""
        self._notifier.setEnabled(False)
        try:
            self.release()
            self._display.close()
        except (error.ConnectionClosedError, OSError) as failure:
            log.info("the display was gone first: %s", failure)

    def _read(self) -> None:
        try:
            while self._display.pending_events():
                self._heard(self._display.next_event())
        except error.ConnectionClosedError as failure:
            log.warning("the display is gone: %s", failure)
            self._notifier.setEnabled(False)
            self._held.clear()

    def _heard(self, event: Any) -> None:
        name = self._held.get(event.detail) if event.type in (X.KeyPress, X.KeyRelease) else None
        if name is None:
            return
        if event.type == X.KeyRelease:
            self._released_at[event.detail] = event.time
            return
        # A key held down repeats as release and press of the same moment: one press calls one citizen.
        if self._released_at.get(event.detail) != event.time:
            self.pressed.emit(name)
