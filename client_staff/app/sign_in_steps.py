"""The steps of a sign-in: each asks for one thing, with its words, its fields and what its key says."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from common.qt.theme import theme
from common.qt.widgets import QrCode

HIDDEN = ("password", "new_password", "again", "pin", "card")
"""What nobody beside the PC shall read."""
LEFT_TO_RIGHT = ("name", "pin_name", "code", "phone_code", "pin", "card")
"""Sign-in names and codes run so in every language."""


class Step(QWidget):
    """One thing that is asked for. Return goes to the next field, from the last one to `submit`."""

    def __init__(self, name: str, fields: tuple[str, ...], submit: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName(f"sign_in_step_{name}")
        self.name = name
        self.about = QLabel()
        self.about.setProperty("tone", "second")
        self.about.setWordWrap(True)
        self.labels = {one: QLabel() for one in fields}
        self.fields = {one: QLineEdit() for one in fields}
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(8)
        self.column.addWidget(self.about)
        for place, (one, field) in enumerate(self.fields.items()):
            field.setObjectName(one)
            field.setMinimumHeight(34)
            if one in HIDDEN:
                field.setEchoMode(QLineEdit.EchoMode.Password)
            if one in LEFT_TO_RIGHT:
                field.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
            self.labels[one].setProperty("tone", "second")
            self.labels[one].setBuddy(field)
            following = fields[place + 1] if place + 1 < len(fields) else ""
            field.returnPressed.connect(self.fields[following].setFocus if following else submit)
            self._put(self.labels[one], field)
        self.column.addStretch(1)

    def _put(self, label: QLabel, field: QLineEdit) -> None:
        self.column.addWidget(label)
        self.column.addWidget(field)

    def say(self, about: str, *labels: str) -> None:
        """Its words, in the order of its fields."""
        self.about.setText(about)
        self.about.setVisible(bool(about))
        for label, field, words in zip(self.labels.values(), self.fields.values(), labels, strict=True):
            label.setText(words)
            field.setAccessibleName(words)

    def value(self, name: str) -> str:
        """What was typed; passwords as they are."""
        text = self.fields[name].text()
        return text if name in HIDDEN else text.strip()

    def lacking(self) -> QLineEdit | None:
        """The first field that is still empty."""
        return next((field for name, field in self.fields.items() if not self.value(name)), None)

    def clear(self) -> None:
        """Forget what was typed, but the name."""
        for name, field in self.fields.items():
            if name != "name":
                field.clear()

    def focus(self) -> None:
        """Where typing begins: the first empty field, else the last with its text taken."""
        field = self.lacking() or next(reversed(self.fields.values()), None)
        if field is not None:
            field.selectAll()
            field.setFocus()


class PhoneStep(Step):
    """The picture that the phone takes, its key for typing, and the first code for proof."""

    def __init__(self, submit: Callable[[], None]) -> None:
        super().__init__("phone", ("phone_code",), submit)
        self.picture = QrCode(name="phone_picture")
        self.picture.setFixedSize(168, 168)
        self.secret = QLabel()
        self.secret.setObjectName("phone_secret")
        self.secret.setFont(theme.font(13, bold=True))
        self.secret.setWordWrap(True)
        self.secret.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.secret.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.typed = QLabel()
        self.typed.setProperty("tone", "second")
        self.typed.setWordWrap(True)
        beside = QVBoxLayout()
        beside.setSpacing(8)
        for widget in (self.typed, self.secret, self.labels["phone_code"], self.fields["phone_code"]):
            beside.addWidget(widget)
        beside.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(beside, 1)
        self.column.insertLayout(1, row)

    def show_key(self, uri: str, secret: str) -> None:
        """The key that the server made for this phone."""
        self.picture.show_text(uri)
        self.secret.setText(" ".join(secret[n : n + 4] for n in range(0, len(secret), 4)))

    def clear(self) -> None:
        """Nothing of the key stays on the screen."""
        super().clear()
        self.picture.show_text("")
        self.secret.clear()


class KeptStep(Step):
    """The recovery codes, this one time."""

    def __init__(self, submit: Callable[[], None]) -> None:
        super().__init__("kept", (), submit)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(32)
        self._grid.setVerticalSpacing(6)
        self.column.insertLayout(1, self._grid)
        self._codes: list[QLabel] = []

    def show_codes(self, codes: list[str]) -> None:
        """In two columns."""
        self.clear()
        for place, code in enumerate(codes):
            label = QLabel(code)
            label.setObjectName(f"recovery_{place}")
            label.setFont(theme.font(15, bold=True))
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
            self._grid.addWidget(label, place // 2, place % 2)
            self._codes.append(label)

    def clear(self) -> None:
        """Nothing of the codes stays on the screen."""
        for label in self._codes:
            self._grid.removeWidget(label)
            label.deleteLater()
        self._codes = []
