"""One service of the grid: its prefix, words, section and usual minutes."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from client_staff.app.setup.words import IN_ITSELF
from common.protocol.setup import SetupSection, SetupService
from common.qt import dialogs
from common.qt.theme import theme
from common.qt.widgets import Banner
from common.text import _
from common.text.words import pick


class ServiceForm(QDialog):
    """Awaited; gives the service and the section's words, which may be new."""

    def __init__(
        self,
        parent: QWidget,
        service: SetupService | None,
        sections: list[SetupSection],
        languages: list[str],
        taken: set[str],
    ) -> None:
        super().__init__(parent)
        self.setObjectName("service_form")
        self.setWindowTitle(_("Service"))
        self._service = service or SetupService(prefix="", name={})
        self._taken = taken
        self.setMinimumWidth(560)
        self.prefix = QLineEdit(self._service.prefix)
        self.prefix.setObjectName("service_prefix")
        self.prefix.setMaxLength(3)
        self.prefix.setMaximumWidth(90)
        self.prefix.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.minutes = QSpinBox()
        self.minutes.setObjectName("service_minutes")
        self.minutes.setRange(1, 600)
        self.minutes.setValue(self._service.minutes)
        self.minutes.setMaximumWidth(110)
        self.section = QComboBox()
        self.section.setObjectName("service_section")
        self.section.setEditable(True)
        self.section.addItem("")
        for one in sections:
            self.section.addItem(pick(one.name))
        self.section.setCurrentIndex(0 if self._service.section is None else self._service.section + 1)
        self.names = {code: QLineEdit(self._service.name.get(code, "")) for code in languages}
        self.about = {code: QLineEdit(self._service.description.get(code, "")) for code in languages}
        title = QLabel(_("Service"))
        title.setObjectName("service_title")
        title.setFont(theme.font(18, bold=True))
        form = QFormLayout()
        form.setVerticalSpacing(8)
        form.addRow(_("Prefix of its numbers"), self.prefix)
        for code, field in self.names.items():
            field.setObjectName(f"service_name_{code}")
            field.setMaxLength(120)
            form.addRow(_("Name") + f" ({IN_ITSELF.get(code, code)})", field)
        for code, field in self.about.items():
            field.setObjectName(f"service_about_{code}")
            field.setMaxLength(400)
            form.addRow(_("Description") + f" ({IN_ITSELF.get(code, code)})", field)
        form.addRow(_("Section"), self.section)
        form.addRow(_("Usual minutes"), self.minutes)
        self.banner = Banner(14, name="service_wrong")
        keep, away = QPushButton(_("Take over")), QPushButton(_("Cancel"))
        keep.setObjectName("service_keep")
        keep.setProperty("kind", "primary")
        keep.setDefault(True)
        away.setObjectName("service_cancel")
        keep.clicked.connect(self._keep)
        away.clicked.connect(self.reject)
        keys = QHBoxLayout()
        keys.addStretch(1)
        keys.addWidget(away)
        keys.addWidget(keep)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        column.addWidget(title)
        column.addLayout(form)
        column.addWidget(self.banner)
        column.addLayout(keys)
        self.prefix.setFocus()

    async def asked(self) -> tuple[SetupService, str] | None:
        """The service and the words of its section; nothing when the person thinks better of it."""
        if await dialogs.open(self) != QDialog.DialogCode.Accepted.value:
            return None
        name = {**self._service.name, **{code: field.text().strip() for code, field in self.names.items()}}
        about = {**self._service.description, **{code: field.text().strip() for code, field in self.about.items()}}
        service = self._service.model_copy(
            update={
                "prefix": self._prefix(),
                "name": {code: text for code, text in name.items() if text},
                "description": {code: text for code, text in about.items() if text},
                "minutes": self.minutes.value(),
            }
        )
        return service, self.section.currentText().strip()

    def _prefix(self) -> str:
        return self.prefix.text().strip().upper()

    def _keep(self) -> None:
        if not re.fullmatch("[A-Z]{1,3}", self._prefix()):
            self._wrong(_("A prefix is one to three letters A to Z."), self.prefix)
        elif self._prefix() in self._taken:
            self._wrong(_("Another service has this prefix already."), self.prefix)
        elif not any(field.text().strip() for field in self.names.values()):
            self._wrong(_("Give the service a name."), next(iter(self.names.values())))
        else:
            self.accept()

    def _wrong(self, sentence: str, field: QLineEdit) -> None:
        self.banner.say(sentence, "bad", closes=False)
        field.setFocus()
