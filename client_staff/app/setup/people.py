"""Step 5: who will sign in. Each is added at once; everything about them can be changed later."""

from __future__ import annotations

from pydantic import Field
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFormLayout, QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout

from client_staff.app.panel import Panel
from client_staff.app.setup.step import Step
from common.link import Link, Offline, Refusal, new_key
from common.protocol.messages import Message, Nothing, Words
from common.protocol.setup import AccountCards, PassStep, Setup
from common.qt import jobs
from common.qt.table import DataTable, TableColumn
from common.qt.theme import theme
from common.qt.widgets import Banner, qicon
from common.text import _, formats, language
from common.text.words import pick

LEAST_PASSWORD = 8


class AddAccount(Message):
    """`people.add_account`."""

    name: str
    password: str = Field(repr=False)
    full_name: Words
    staff_number: str
    roles: list[str]


class Added(Message):
    """Its answer, of which nothing is needed here."""


class PeopleStep(Step):
    """A form and the list of who is there."""

    name = "people"

    def __init__(self, link: Link) -> None:
        super().__init__(link)
        self._key: tuple[str, str] = ("", "")
        """A person's first try and its key: a second try after a cut adds nobody twice."""
        self._roles: dict[str, Words] = {}
        self.labels = {name: QLabel() for name in ("full_name", "account", "number", "role", "password")}
        self.full_name, self.account, self.number, self.password = QLineEdit(), QLineEdit(), QLineEdit(), QLineEdit()
        self.role = QComboBox()
        fields = {
            "full_name": self.full_name, "account": self.account, "number": self.number, "role": self.role,
            "password": self.password,
        }  # fmt: skip
        form = QFormLayout()
        form.setVerticalSpacing(8)
        for name, field in fields.items():
            field.setObjectName(f"person_{name}")
            self.labels[name].setBuddy(field)
            form.addRow(self.labels[name], field)
        for one in (self.account, self.number, self.password):
            one.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.number.setMaxLength(20)
        self.account.setMaxLength(80)
        self.password.returnPressed.connect(self._add)
        self.add = QPushButton()
        self.add.setObjectName("person_add")
        self.add.setIcon(qicon("plus"))
        self.add.clicked.connect(self._add)
        self.banner = Banner(14, name="people_said")
        self.form_title = QLabel()
        self.form_title.setFont(theme.font(15, bold=True))
        card = QFrame()
        card.setProperty("card", True)
        left = QVBoxLayout(card)
        left.setContentsMargins(20, 16, 20, 16)
        left.setSpacing(10)
        left.addWidget(self.form_title)
        left.addLayout(form)
        left.addWidget(self.add, 0, Qt.AlignmentFlag.AlignTrailing)
        left.addWidget(self.banner)
        left.addStretch(1)
        self.panel = Panel("people")
        self.table = DataTable(
            [
                TableColumn("name", lambda: _("Name"), lambda p: pick(p.name), bold=True),
                TableColumn("account", lambda: _("Sign-in name"), lambda p: p.account, width=130),
                TableColumn("roles", lambda: _("Roles"), self._roles_of, width=150),
                TableColumn("number", lambda: _("Staff number"), lambda p: formats.digits(p.staff_number), width=120),
            ],
            lambda p: p.person_id,
            name="people_table",
        )
        self.panel.put(self.table, 1)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(card, 2)
        row.addWidget(self.panel, 3)
        self.column.addLayout(row, 1)
        self.say_again()

    def say_again(self) -> None:
        """The reader's language changed."""
        self.title.setText(_("Who works here?"))
        self.about.setText(_("Add at least the clerks of the first day, and tell each of them the first password."))
        self.form_title.setText(_("Add somebody"))
        words = {
            "full_name": _("Name"),
            "account": _("Sign-in name"),
            "number": _("Staff number"),
            "role": _("Role"),
            "password": _("First password"),
        }
        for name, text in words.items():
            self.labels[name].setText(text)
        self.full_name.setAccessibleName(words["full_name"])
        self.password.setPlaceholderText(_("at least 8 letters or digits"))
        self.add.setText(_("Add"))
        self.panel.say(_("People who can sign in"), self.panel.count.text())
        self.table.say_again()
        self._fill_roles()

    def first_focus(self) -> None:
        """The name of the next one."""
        self.full_name.setFocus()
        jobs.start(self, self._read, name="people")

    def show_setup(self, setup: Setup) -> None:
        """Nothing of it is shown here."""

    async def _read(self) -> None:
        cards = await self.link.read("people.accounts", Nothing(), AccountCards)
        self._roles = cards.roles
        self._fill_roles()
        self.table.show_rows(cards.items)
        self.panel.count.setText(formats.number(len(cards.items)))
        if not self.number.text():
            taken = {one.staff_number for one in cards.items}
            self.number.setText(next(str(n) for n in range(1, len(taken) + 2) if str(n) not in taken))

    def _fill_roles(self) -> None:
        chosen = str(self.role.currentData() or "clerk")
        self.role.clear()
        for code, words in self._roles.items():
            self.role.addItem(pick(words), code)
        self.role.setCurrentIndex(max(0, self.role.findData(chosen)))

    def _roles_of(self, person: object) -> str:
        return formats.listing([pick(self._roles.get(code)) or code for code in person.roles])  # type: ignore[attr-defined]

    def _add(self) -> None:
        said = [field.text().strip() for field in (self.full_name, self.account, self.number)]
        for text, field in zip(said, (self.full_name, self.account, self.number), strict=True):
            if not text:
                self.banner.say(_("Please fill in this field."), "warn")
                field.setFocus()
                return
        if len(self.password.text()) < LEAST_PASSWORD:
            self.banner.say(_("The password needs at least 8 letters or digits."), "warn")
            self.password.setFocus()
            return
        wanted = AddAccount(
            name=said[1],
            password=self.password.text(),
            full_name={language(): said[0]},
            staff_number=said[2],
            roles=[str(self.role.currentData() or "clerk")],
        )
        same = wanted.model_dump_json()
        if self._key[0] != same:
            self._key = (same, new_key())
        jobs.start(
            self,
            self._added,
            wanted,
            self._key[1],
            name="add",
            busy=self.add,
            refused=self._refused,
            offline=self._offline,
        )

    async def _added(self, wanted: AddAccount, key: str) -> None:
        await self.link.act("people.add_account", wanted, Added, key=key)
        self._key = ("", "")
        for field in (self.full_name, self.account, self.number, self.password):
            field.clear()
        self.banner.say(_("{name} can sign in.").format(name=pick(wanted.full_name)), "good", seconds=8)
        await self._read()
        self.full_name.setFocus()

    def _refused(self, why: Refusal) -> None:
        self.banner.say(why.sentence, "bad")
        if why.code == "people.name_taken":
            self.account.setFocus()

    def _offline(self, why: Offline) -> None:
        self.banner.say(why.sentence, "warn")

    async def save(self) -> None:
        """Everybody was added at once; only that the step was passed is kept."""
        await self.link.act("organisation.pass_step", PassStep(step=self.name), Nothing)
