"""F-keys that work while another program is in front, behind one interface: X11, Windows, or nothing where neither is."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from common.text import _


class GlobalKeys(QObject):
    """Holds keys for the whole desktop. This one can hold none: Wayland, macOS, a test without a screen."""

    pressed = Signal(str)
    """The name of a held key, as `F2`; once a press, never for a repeat while it is held down."""

    able = False
    """Whether this desktop lets a program hold keys at all."""

    def hold(self, names: list[str]) -> list[str]:
        """Hold these keys from now on; gives those that another program holds already."""
        return list(names)

    def release(self) -> None:
        """Hold none any more; nothing happens when none is held."""

    def stop(self) -> None:
        """The program ends."""


def global_keys(parent: QObject) -> GlobalKeys:
    """What this desktop offers."""
    platform = QGuiApplication.platformName()
    if platform == "xcb":
        from client_staff.app.global_keys_x11 import X11Keys

        return X11Keys.made(parent)
    if platform == "windows" and sys.platform == "win32":
        from client_staff.app.global_keys_windows import WindowsKeys

        return WindowsKeys(parent)
    return GlobalKeys(parent)


def conflict(names: list[str]) -> str:
    """What to say when other programs hold keys."""
    return _(
        "Another program holds {keys} for itself. In front of other programs press them on the bar; here they work as ever."
    ).format(keys=", ".join(names))
