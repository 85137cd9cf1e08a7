"""A keyboard on the screen: letters of the reader's language, Latin beside them, digits; or digits alone."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from client_kiosk.tickets.parts import empty
from common.qt.theme import theme
from common.qt.widgets import BigKey
from common.text import _, language

LATIN = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
LETTERS = {
    # Chinese is found by the first letters of its reading: the Latin keys.
    "ru": ("йцукенгшщзхъ", "фывапролджэё", "ячсмитьбю"),
    "fa": ("ضصثقفغعهخحجچ", "شسیبلاتنمکگئ", "ظطزرذدپوآژ"),
}
DIGITS = {"fa": "۱۲۳۴۵۶۷۸۹۰"}
NUMBER = ("123", "456", "789")


class Keyboard(QWidget):
    """`typed(text)` for each key, `taken_back()` for the last one, `emptied()` for all. `capitals` of documents are Latin."""

    typed = Signal(str)
    taken_back = Signal()
    emptied = Signal()

    def __init__(self, *, number: bool = False, capitals: bool = False) -> None:
        super().__init__()
        self.setObjectName("keyboard")
        # Keys stand where they stand on every keyboard, also where the text runs from the right.
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._number, self._capitals = number, capitals
        self._latin = False
        self._shown: object = None
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(theme.u(10))
        self.say_again()

    def show_number(self, number: bool) -> None:
        """Digits alone, or letters."""
        self._number = number
        self.say_again()

    def say_again(self) -> None:
        """The keys of the reader's language."""
        code = language()
        shape = (code, self._latin, self._number)
        if shape == self._shown:
            return
        self._shown = shape
        empty(self._rows)
        if self._number:
            for row in NUMBER:
                self._row([(one, one) for one in row])
            self._row([("x", "X"), ("0", "0")], back=True)
            return
        latin = self._latin or self._capitals or code not in LETTERS
        self._row([(one, one) for one in (DIGITS.get(code, "1234567890") if not latin else "1234567890")])
        for row in LATIN if latin else LETTERS[code]:
            self._row([(one, one.upper() if self._capitals and latin else one) for one in row])
        self._last(code in LETTERS and not self._capitals)

    def _row(self, keys: list[tuple[str, str]], back: bool = False) -> None:
        row = QHBoxLayout()
        row.setSpacing(theme.u(8))
        for letter, shown in keys:
            row.addWidget(self._key(f"key_{letter}", shown, partial(self.typed.emit, shown)))
        if back:
            row.addWidget(self._back())
        self._rows.addLayout(row)

    def _last(self, two: bool) -> None:
        row = QHBoxLayout()
        row.setSpacing(theme.u(8))
        if two:
            words = {"ru": "АБВ", "fa": "الف"}[language()] if self._latin else "ABC"
            row.addWidget(self._key("key_letters", words, self._turn), 2)
        row.addWidget(self._key("key_empty", _("Delete all"), self.emptied.emit), 3)
        row.addWidget(self._key("key_space", _("Space"), partial(self.typed.emit, " ")), 4)
        row.addWidget(self._back(), 2)
        self._rows.addLayout(row)

    def _back(self) -> BigKey:
        key = self._key("key_back", "", self.taken_back.emit)
        key.symbol = "backspace"
        key.setAccessibleName(_("Delete one"))
        return key

    def _key(self, name: str, words: str, act: object) -> BigKey:
        key = BigKey(words, name=name, kind="choice", title_px=theme.u(38), lines=1)
        key.setMinimumSize(0, theme.u(52))
        key.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # Fast fingers mean every touch: a double letter is two letters, unlike a double touch of a service.
        key.clicked.connect(act)
        return key

    def _turn(self) -> None:
        self._latin = not self._latin
        self.say_again()
