"""For staff at the kiosk: who it is, by card or PIN; tickets for citizens (QUE-045), and a lost ticket once more (QUE-909)."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from client_kiosk.app.manner import Manner
from client_kiosk.tickets.keyboard import Keyboard
from client_kiosk.tickets.parts import CENTRE, back_key
from common.qt.theme import theme
from common.qt.widgets import BigKey, FitLabel
from common.qt.widgets.hall_header import LEADING
from common.text import N_, _
from common.text.fold import digits

Step = Literal["who", "menu", "reprint"]

REASONS = (
    ("lost", N_("The ticket was lost")),
    ("unreadable", N_("It cannot be read")),
    ("not_printed", N_("It did not come out")),
)
LONGEST = {"name": 80, "pin": 12, "number": 12}


class Field(BigKey):
    """A place to type in: touched, the keyboard writes there."""

    def __init__(self, name: str) -> None:
        super().__init__(name=f"staff_{name}", title_px=theme.u(40), lines=1, kind="choice")
        self.setFixedHeight(theme.u(100))
        self.typed = ""

    def driver_text(self) -> str:
        """A PIN is dots here too."""
        return self.text()


class StaffPage(QWidget):
    """`signed(name, pin)`, `assist`, `reprint(number, reason)`, `ended`, `left`."""

    signed = Signal(str, str)
    assist = Signal()
    reprint = Signal(str, str)
    ended = Signal()
    left = Signal()

    def __init__(self, manner: Manner) -> None:
        super().__init__()
        u = theme.u
        self.step: Step = "who"
        self._name = ""
        self.back = back_key()
        self.back.acted.connect(self.left)
        self.title = FitLabel(largest=u(56), smallest=u(32), lines=2, bold=True, align=LEADING, name="staff_title")
        self.words = FitLabel(largest=u(32), smallest=u(22), lines=3, tone="ink_2", align=LEADING, name="staff_words")
        self.title.setFixedHeight(u(100))
        self.words.setFixedHeight(u(130))
        self.said = FitLabel(
            largest=u(34), smallest=u(22), lines=2, tone="warn_strong", align=CENTRE, name="staff_said"
        )
        self.said.setFixedHeight(u(84))
        self.name, self.pin, self.number = Field("name"), Field("pin"), Field("number")
        for field in (self.name, self.pin, self.number):
            field.acted.connect(lambda one=field: self._into(one))
        self._into_now = self.name
        self.go = self._key("staff_go", "primary", lambda: self.signed.emit(self.name.typed, self.pin.typed))
        self.take = self._key("staff_assist", "primary", self.assist.emit)
        self.again = self._key("staff_reprint", "secondary", lambda: self.show_step("reprint"))
        self.end = self._key("staff_end", "secondary", self.ended.emit)
        self.reasons = []
        for code, _words in REASONS:
            self.reasons.append(self._key(f"reprint_{code}", "secondary", lambda c=code: self._reprint(c)))
        self.keyboard = Keyboard()
        self.keyboard.typed.connect(self.type)
        self.keyboard.taken_back.connect(lambda: self._now(self._into_now.typed[:-1]))
        self.keyboard.emptied.connect(lambda: self._now(""))
        self.keyboard.setFixedHeight(u(430))
        self._place(manner)

    def _key(self, name: str, kind: str, act: object) -> BigKey:
        key = BigKey(name=name, kind=kind, title_px=theme.u(38), lines=2)
        key.setFixedHeight(theme.u(120))
        key.acted.connect(act)
        return key

    def _place(self, manner: Manner) -> None:
        u = theme.u
        told, typing = QVBoxLayout(), QVBoxLayout()
        (typing if manner.low else told).addWidget(self.back)
        for part in (self.title, self.words, self.said):
            told.addWidget(part)
        told.addStretch(1)
        fields = QHBoxLayout()
        fields.setSpacing(u(20))
        for field in (self.name, self.pin, self.number):
            fields.addWidget(field, 1)
        typing.addLayout(fields)
        typing.addWidget(self.keyboard)
        reasons = QHBoxLayout()
        reasons.setSpacing(u(16))
        for key in self.reasons:
            reasons.addWidget(key, 1)
        typing.addLayout(reasons)
        for key in (self.go, self.take, self.again, self.end):
            typing.addWidget(key)
        outer = QHBoxLayout(self) if manner.wide else QVBoxLayout(self)
        outer.setContentsMargins(u(48), u(12), u(48), u(28))
        for box in (told, typing, outer):
            box.setSpacing(u(16))
        outer.addLayout(told, 1)
        outer.addLayout(typing, 1 if manner.wide else 0)

    # what is shown

    def begin(self, name: str = "") -> None:
        """Somebody of the staff has touched the key; `name` when it is known already who stands here."""
        self.forget()
        self._name = name
        self.show_step("menu" if name else "who")

    def forget(self) -> None:
        """Nothing of whoever typed stays."""
        self._name = ""
        for field in (self.name, self.pin, self.number):
            field.typed = ""
        self.said.setText("")

    def show_step(self, step: Step) -> None:
        """Show one of the three."""
        self.step = step
        self._into_now = self.number if step == "reprint" else self.name
        for part, steps in (
            (self.name, ("who",)), (self.pin, ("who",)), (self.go, ("who",)), (self.number, ("reprint",)),
            (self.keyboard, ("who", "reprint")), (self.take, ("menu",)), (self.again, ("menu",)), (self.end, ("menu",)),
        ):  # fmt: skip
            part.setVisible(step in steps)
        for key in self.reasons:
            key.setVisible(step == "reprint")
        self.say_again()

    def say_again(self) -> None:
        """The reader's language changed."""
        titles = {"who": _("Staff"), "menu": self._name, "reprint": _("Print a ticket again")}
        words = {
            "who": _("Lay on or scan your card, or type your sign-in name and your PIN."),
            "menu": _("Tickets that you take here carry your name."),
            "reprint": _("Type the number or scan the code, then touch the reason. It stands in the ticket's history."),
        }
        self.title.setText(titles[self.step])
        self.words.setText(words[self.step])
        self.back.say(_("Back"))
        self.go.say(_("Go on"))
        self.take.say(_("Take a ticket for a citizen"))
        self.again.say(_("Print a ticket again"))
        self.end.say(_("I am done"))
        for key, (_code, reason) in zip(self.reasons, REASONS, strict=True):
            key.say(_(reason))
        self.keyboard.say_again()
        self._now(self._into_now.typed)

    def say(self, sentence: str) -> None:
        """What became of it."""
        self.said.setText(sentence)

    # typing

    def type(self, text: str) -> None:
        """One more sign, from the screen or from a keyboard."""
        self._now(self._into_now.typed + text)

    def show_code(self, token: str) -> None:
        """A ticket's code was scanned: it names the ticket better than its number."""
        self._into(self.number)
        self.number.typed = token
        self.number.say(_("Code scanned"))
        for key in self.reasons:
            key.setEnabled(True)

    def _into(self, field: Field) -> None:
        self._into_now = field
        self._now(field.typed)

    def _now(self, typed: str) -> None:
        field = self._into_now
        kind = field.objectName().removeprefix("staff_")
        typed = digits(typed).strip()[: LONGEST[kind]]
        field.typed = typed.upper() if kind == "number" else typed
        self.keyboard.show_number(kind == "pin")
        hints = {"name": _("Sign-in name"), "pin": _("PIN"), "number": _("Ticket number")}
        for one, code in ((self.name, "name"), (self.pin, "pin"), (self.number, "number")):
            shown = "•" * len(one.typed) if code == "pin" else one.typed
            one.kind = "primary" if one is field else "choice"
            one.say(shown or hints[code])
        self.go.setEnabled(bool(self.name.typed and self.pin.typed))
        for key in self.reasons:
            key.setEnabled(bool(self.number.typed))

    def _reprint(self, code: str) -> None:
        self.reprint.emit(self.number.typed, code)
