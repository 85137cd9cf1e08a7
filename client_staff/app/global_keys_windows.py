"""Keys of the whole desktop on Windows: RegisterHotKey, heard as WM_HOTKEY in Qt's own queue. Untried: no Windows here."""

from __future__ import annotations

import ctypes
from typing import Any

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QCoreApplication, QObject

from client_staff.app.global_keys import GlobalKeys

WM_HOTKEY = 0x0312
MOD_NOREPEAT = 0x4000
VK_F1 = 0x70
FIRST_ID = 0x4F00
"""Ids of this program's keys; below 0xC000 as the system wants it."""


class _Message(ctypes.Structure):
    _fields_ = [
        ("window", ctypes.c_void_p),
        ("message", ctypes.c_uint),
        ("first", ctypes.c_size_t),
        ("second", ctypes.c_ssize_t),
        ("time", ctypes.c_uint32),
        ("x", ctypes.c_long),
        ("y", ctypes.c_long),
    ]


class _Filter(QAbstractNativeEventFilter):
    def __init__(self, keys: WindowsKeys) -> None:
        super().__init__()
        self._keys = keys

    def nativeEventFilter(self, kind: QByteArray | bytes | bytearray | memoryview, message: Any) -> Any:
        if bytes(bytearray(kind)) == b"windows_generic_MSG":  # type: ignore[arg-type]
            heard = _Message.from_address(int(message))
            if heard.message == WM_HOTKEY and self._keys.heard(int(heard.first)):
                return True, 0
        return False, 0


class WindowsKeys(GlobalKeys):
    """One registration a key, for this thread."""

    able = True

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._held: dict[int, str] = {}
        self._filter = _Filter(self)
        application = QCoreApplication.instance()
        if application is not None:
            application.installNativeEventFilter(self._filter)

    def hold(self, names: list[str]) -> list[str]:
        """Register each key; the system refuses one that another program registered."""
        taken: list[str] = []
        for name in names:
            number = int(name.removeprefix("F"))
            if FIRST_ID + number in self._held:
                continue
            if _user32().RegisterHotKey(None, FIRST_ID + number, MOD_NOREPEAT, VK_F1 + number - 1):
                self._held[FIRST_ID + number] = name
            else:
                taken.append(name)
        return taken

    def release(self) -> None:
        """Give them all back."""
        for known in self._held:
            _user32().UnregisterHotKey(None, known)
        self._held.clear()

    def stop(self) -> None:
        """Give the keys back and listen no more."""
        self.release()
        application = QCoreApplication.instance()
        if application is not None:
            application.removeNativeEventFilter(self._filter)

    def heard(self, known: int) -> bool:
        """A WM_HOTKEY of ours."""
        name = self._held.get(known)
        if name is not None:
            self.pressed.emit(name)
        return name is not None


def _user32() -> Any:
    return getattr(ctypes, "windll").user32  # noqa: B009 known on Windows only
