"""Step 2: where the hall's data lies, what belongs to a copy of it, and who keeps the copies."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QFrame, QLabel, QLineEdit

from client_staff.app.setup.step import Step
from common.link import Link
from common.protocol.messages import Nothing
from common.protocol.setup import Setup, SetUpData
from common.text import _, formats

GIB = 1 << 30
DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


class DataStep(Step):
    """Shows, and asks for a name."""

    name = "data"

    def __init__(self, link: Link) -> None:
        super().__init__(link)
        card = QFrame()
        card.setProperty("card", True)
        self.form = QFormLayout(card)
        self.form.setContentsMargins(20, 16, 20, 20)
        self.form.setHorizontalSpacing(24)
        self.form.setVerticalSpacing(10)
        self.labels = [QLabel() for _label in range(5)]
        self.folder, self.database, self.free = QLabel(), QLabel(), QLabel()
        self.folder.setObjectName("data_folder")
        self.folder.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.folder.setWordWrap(True)
        self.database.setObjectName("data_database")
        self.free.setObjectName("data_free")
        self.keeper, self.copies = QLineEdit(), QLineEdit()
        self.keeper.setObjectName("data_keeper")
        self.copies.setObjectName("data_copies")
        self.keeper.setMaxLength(120)
        self.copies.setMaxLength(200)
        fields = (self.folder, self.database, self.free, self.keeper, self.copies)
        for label, field in zip(self.labels, fields, strict=True):
            label.setProperty("tone", "second")
            self.form.addRow(label, field)
        for field in (self.keeper, self.copies):
            field.textEdited.connect(self.touch)
        self.what = QLabel()
        self.what.setObjectName("data_what")
        self.what.setWordWrap(True)
        self.column.addWidget(card)
        self.column.addWidget(self.what)
        self.column.addStretch(1)
        self._kind = ""
        self.say_again()

    def say_again(self) -> None:
        """The reader's language changed."""
        self.title.setText(_("Where does the data lie, and who keeps copies?"))
        self.about.setText(_("A hall without a copy of its data begins anew after a broken disk."))
        words = (
            _("Data folder of the server"),
            _("Database"),
            _("Free on its disk"),
            _("Who keeps the copies"),
            _("Where they are kept"),
        )
        for label, text in zip(self.labels, words, strict=True):
            label.setText(text)
        self.keeper.setAccessibleName(words[3])
        self.copies.setAccessibleName(words[4])
        self.keeper.setPlaceholderText(_("a person or a department, with telephone"))
        self.copies.setPlaceholderText(_("another building, another disk"))
        self._say_what()

    def _say_what(self) -> None:
        whole = _(
            "A copy is whole with the data folder: database, pictures, and the keys by which the devices know the server."
        )
        apart = _("The database lies on PostgreSQL: copy it first, then the data folder with pictures and keys.")
        self.what.setText(apart if self._kind == "postgresql" else whole)

    def first_focus(self) -> None:
        """The name."""
        self.keeper.setFocus()

    def show_setup(self, setup: Setup) -> None:
        """How it stands."""
        data = setup.data
        self._kind = data.database
        self.folder.setText(data.folder)
        self.database.setText(DATABASES.get(data.database, data.database))
        free = data.free_bytes
        self.free.setText("–" if free is None else _("{size} GB").format(size=formats.number(free / GIB, 1)))
        self.keeper.setText(data.keeper)
        self.copies.setText(data.copies)
        self._say_what()

    async def save(self) -> None:
        """Keep who and where; both may wait."""
        wanted = SetUpData(keeper=self.keeper.text().strip(), copies=self.copies.text().strip())
        await self.link.act("organisation.set_up_data", wanted, Nothing)
