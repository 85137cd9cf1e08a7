"""When the counter's keys are held for the whole desktop: at a window, another program in front, and the person wants it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication

from client_staff.app.global_keys import GlobalKeys, conflict, global_keys
from client_staff.app.preferences import Preferences
from common.link import Link

NAMES = ["F2", "F3", "F4", "F5", "F6", "F7", "F8", "F9"]


class KeyKeeper(QObject):
    """While the workbench itself is in front Qt hears the keys, and its dialogs keep theirs; so nothing is held then."""

    def __init__(
        self, link: Link, preferences: Preferences, at_window: Callable[[], bool], pressed: Callable[[str], None],
        tell: Callable[[str, str], None], parent: QObject,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._link, self._preferences, self._at_window, self._tell = link, preferences, at_window, tell
        self.keys: GlobalKeys = global_keys(self)
        self.keys.pressed.connect(pressed)
        self.taken: list[str] = []
        """Keys that another program holds."""
        self._told: list[str] = []
        self._holding = False
        QGuiApplication.instance().applicationStateChanged.connect(lambda _state: self.look())  # type: ignore[union-attr]

    @property
    def wanted(self) -> bool:
        """This person's choice on this PC."""
        return self._preferences.get(self._name()) != "off"

    def want(self, value: bool) -> None:
        """The person chooses."""
        self._preferences.put(self._name(), "on" if value else "off")
        self.look()

    def look(self) -> None:
        """Hold or release, as things stand now."""
        front = QGuiApplication.applicationState() == Qt.ApplicationState.ApplicationActive
        hold = self.keys.able and self.wanted and self._at_window() and not front
        if hold == self._holding:
            return
        self._holding = hold
        if not hold:
            self.keys.release()
            return
        self.taken = self.keys.hold(NAMES)
        if self.taken and self.taken != self._told:
            self._told = self.taken
            self._tell(conflict(self.taken), "warn")

    def stop(self) -> None:
        """The program ends."""
        self._holding = False
        self.keys.stop()

    def _name(self) -> str:
        me = self._link.me
        return f"global_keys.{me.id if me is not None else ''}"
