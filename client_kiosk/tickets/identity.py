"""Whose ticket it is to be: by card, by scanner, or typed; only where the service wants it, sent once and kept nowhere."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from client_kiosk.app.manner import Manner
from client_kiosk.tickets.keyboard import Keyboard
from client_kiosk.tickets.parts import CENTRE, Card, back_key
from common.devices.identity_card import IdentityCard
from common.protocol.queue import ServiceOffer
from common.protocol.queue_identity import CitizenIdentity, DocumentKind
from common.qt.theme import theme
from common.qt.widgets import BigKey, FitLabel, Icon
from common.qt.widgets.hall_header import LEADING
from common.text import N_, _, language
from common.text.fold import digits
from common.text.words import pick

KINDS: dict[DocumentKind, str] = {
    "cn": N_("Chinese identity card"),
    "ru": N_("Russian passport"),
    "ir": N_("Iranian national card"),
    "passport": N_("Passport"),
    "other": N_("Another document"),
}
BY_LANGUAGE: dict[str, DocumentKind] = {"zh": "cn", "ru": "ru", "fa": "ir"}
DIGITS_ALONE = ("cn", "ru", "ir")
LONGEST = 40


class IdentityPage(QWidget):
    """`given` is a `CitizenIdentity`, or nothing where the citizen goes on without one."""

    given = Signal(object)
    left = Signal()

    def __init__(self, manner: Manner) -> None:
        super().__init__()
        u = theme.u
        self._typed = ""
        self._kind: DocumentKind = "other"
        self._reader = False
        self.back = back_key()
        self.back.acted.connect(self.left)
        self.title = FitLabel(largest=u(56), smallest=u(32), lines=2, bold=True, align=LEADING, name="identity_title")
        self.why = FitLabel(largest=u(30), smallest=u(22), lines=3, tone="ink_2", align=LEADING, name="identity_why")
        self.title.setFixedHeight(u(100))
        self.why.setFixedHeight(u(120))
        self.card = Card(across=True)
        self.card_words = FitLabel(
            largest=u(34), smallest=u(24), lines=2, bold=True, align=LEADING, name="identity_card"
        )
        self.card.inside.addWidget(Icon("person", u(60), "accent"))
        self.card.inside.addWidget(self.card_words, 1)
        self.card.setFixedHeight(u(120))
        self.kinds: dict[DocumentKind, BigKey] = {}
        kinds = QHBoxLayout()
        kinds.setSpacing(u(12))
        for kind in KINDS:
            key = BigKey(name=f"kind_{kind}", title_px=u(28), lines=3, kind="choice")
            key.setMinimumSize(0, u(110))
            key.setFixedHeight(u(110))
            key.acted.connect(lambda one=kind: self._choose(one))
            kinds.addWidget(key, 1)
            self.kinds[kind] = key
        field = Card(across=True)
        field.setFixedHeight(u(96))
        self.text = FitLabel(largest=u(44), smallest=u(22), align=LEADING, name="identity_text")
        field.inside.addWidget(self.text, 1)
        self.fault = FitLabel(
            largest=u(30), smallest=u(22), lines=2, tone="bad_strong", align=CENTRE, name="identity_fault"
        )
        self.fault.setFixedHeight(u(70))
        self.keyboard = Keyboard(capitals=True)
        self.keyboard.typed.connect(self.type)
        self.keyboard.taken_back.connect(lambda: self._now(self._typed[:-1]))
        self.keyboard.emptied.connect(lambda: self._now(""))
        self.keyboard.setFixedHeight(u(400))
        self.without = BigKey(name="identity_without", title_px=u(34), lines=2)
        self.without.acted.connect(lambda: self.given.emit(None))
        self.go = BigKey(name="identity_go", kind="primary", title_px=u(42), lines=1)
        self.go.acted.connect(lambda: self._give("typed"))
        keys = QHBoxLayout()
        keys.setSpacing(u(20))
        for key in (self.without, self.go):
            key.setFixedHeight(u(120))
            keys.addWidget(key, 1)
        told, typing = QVBoxLayout(), QVBoxLayout()
        for part in (self.title, self.why, self.card):
            told.addWidget(part)
        told.addStretch(1)
        typing.addLayout(kinds)
        for below in (field, self.fault, self.keyboard):
            typing.addWidget(below)
        typing.addLayout(keys)
        outer = QHBoxLayout(self) if manner.wide else QVBoxLayout(self)
        outer.setContentsMargins(u(48), u(12), u(48), u(28))
        for box in (told, typing, outer):
            box.setSpacing(u(14))
        (told if not manner.low else typing).insertWidget(0, self.back)
        outer.addLayout(told, 1)
        outer.addLayout(typing, 1 if manner.wide else 0)

    def begin(self, service: ServiceOffer, reader: bool) -> None:
        """A citizen has chosen a service that asks for an identity."""
        self.forget()
        self._reader = reader
        self._kind = BY_LANGUAGE.get(language(), "passport")
        self.show_service(service)

    def forget(self) -> None:
        """Nothing of whoever typed stays."""
        self._typed = ""
        self.fault.setText("")
        self.text.setText("")

    def show_service(self, service: ServiceOffer) -> None:
        """Say everything in the reader's language."""
        self.back.say(_("Back"))
        self.title.setText(pick(service.name))
        self.why.setText(
            _("This service needs your identity. It goes to the hall's server alone and is not printed on the ticket.")
            if service.identity == "required"
            else _("You may show who you are. It goes to the hall's server alone and is not printed on the ticket.")
        )
        self.card.setVisible(self._reader)
        self.card_words.setText(_("Lay your identity card on the reader, or type its number."))
        for kind, words in KINDS.items():
            self.kinds[kind].say(_(words))
        self.without.say(_("Go on without"))
        self.without.setVisible(service.identity != "required")
        self.go.say(_("Go on"))
        self._choose(self._kind)

    def say_fault(self, sentence: str) -> None:
        """What is wrong with what was typed or laid on."""
        self.fault.setText(sentence)

    def type(self, text: str) -> None:
        """One more sign, from the screen or from a keyboard."""
        self._now((self._typed + digits(text).upper().strip())[:LONGEST])

    def scanned(self, text: str) -> None:
        """A scanner has read a number."""
        self._now(digits(text).upper().strip()[:LONGEST])
        self._give("scanned")

    def laid_on(self, card: IdentityCard) -> None:
        """A card was read."""
        # The frames are those of Chinese readers; of other people's cards the number has no check digit of a resident's.
        kind: DocumentKind = "cn" if card.kind == "resident" else "other"
        self.given.emit(CitizenIdentity(kind=kind, number=card.number.reveal(), source="card"))

    def _choose(self, kind: DocumentKind) -> None:
        self._kind = kind
        for one, key in self.kinds.items():
            key.kind = "primary" if one == kind else "choice"
            key.update()
        self.keyboard.show_number(kind in DIGITS_ALONE)
        self._now(self._typed)

    def _now(self, typed: str) -> None:
        self._typed = typed
        # Whoever stands behind reads no more than the last four.
        self.text.setText("•" * max(0, len(typed) - 4) + typed[-4:] if typed else _("Number of the document"))
        self.text.set_tone("ink" if typed else "ink_2")
        self.go.setEnabled(bool(typed))
        if typed:
            self.fault.setText("")

    def _give(self, source: str) -> None:
        self.given.emit(CitizenIdentity.model_validate({"kind": self._kind, "number": self._typed, "source": source}))
