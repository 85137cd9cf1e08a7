"""The verbs of a second proof: a phone's codes, PIN and card."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from common.protocol.messages import Nothing
from common.protocol.people import PIN, ConfirmSecondFactor, RecoveryCodes, SecondFactor, SetCard
from common.text import N_
from common.text.words import pick
from server.engine.access import totp
from server.engine.access.proofs import CARD, CODES, RECOVERY, card_form
from server.engine.access.sign_in import hasher, verify_password
from server.engine.actions.declare import action, reading
from server.engine.actions.work import Work
from server.engine.errors import refusal
from server.engine.ports import ports
from server.engine.records.record import When
from server.modules.people import guards
from server.modules.people.access import EDIT
from server.modules.people.accounts import end_sessions
from server.modules.people.loaders import ACCOUNT_OF_CARD, ACCOUNT_OF_PERSON
from server.modules.people.loaders_rights import person_holds
from server.modules.people.records import Account

CODE_WRONG = refusal(
    "people.code_wrong",
    N_("This code does not fit. Look at the phone's clock and type the code that it shows now."),
    422,
)
HAS_CODES = refusal("people.has_codes", N_("This account gives codes already. Take that away first."))
NO_CODES = refusal("people.no_codes", N_("This account gives no codes."))
CARD_TAKEN = refusal("people.card_taken", N_("This card belongs to another account."))
PIN_PLAIN = refusal("people.pin_plain", N_("This PIN is too easily guessed. Choose another."), 422)


class NameOne(BaseModel):
    """Input of what is done to one account."""

    id: UUID


class SetPin(BaseModel):
    """`people.set_pin`: one's own; an empty one takes it away."""

    password: str = Field(max_length=200, repr=False)
    pin: str = Field(pattern=PIN + "|^$", repr=False)


class GiveCard(NameOne):
    """`people.give_card`; an empty number takes the card away."""

    card: str = Field(max_length=60, title=N_("Card"), description=N_("Hold the card to the reader."), repr=False)


def _pin_hashed(engine: Any, who: Any, request: SetPin) -> tuple[str, str | None] | None:
    with engine.store.reading() as connection:
        account = ACCOUNT_OF_PERSON.first(connection, key_person=who.id)
    if account is None or not verify_password(account.password_hash, request.password):
        return None
    return account.password_hash, hasher.hash(request.pin) if request.pin else None


def _password_fits(engine: Any, who: Any, request: SetCard) -> str | None:
    """The hash that the password fits; nothing when it does not."""
    with engine.store.reading() as connection:
        account = ACCOUNT_OF_PERSON.first(connection, key_person=who.id)
    fits = account is not None and verify_password(account.password_hash, request.password)
    return account.password_hash if fits else None


@reading("people.begin_second_factor", needs=None, input=Nothing, output=SecondFactor)
def begin_second_factor(work: Work, request: Nothing) -> SecondFactor:
    """A new key for one's phone. Nothing is kept until a code of it confirms that the phone has it."""
    account = _own(work)
    place = ports.places.main(work.connection)
    secret = totp.new_secret()
    issuer = (pick(place.name) if place is not None else "") or "Openhall"
    return SecondFactor(secret=secret, uri=totp.uri(secret, issuer, account.sign_in_name))


@action("people.confirm_second_factor", needs=None, input=ConfirmSecondFactor, output=RecoveryCodes, secret=True)
def confirm_second_factor(work: Work, request: ConfirmSecondFactor) -> RecoveryCodes:
    """From now on a sign-in of this account asks for a code; gives the codes for the day without the phone."""
    account = _own(work)
    if account.second_factor is not None:
        work.refuse("people.has_codes")
    try:
        step = totp.matching_step(request.secret, request.code, work.now)
    except ValueError:
        step = None
    if step is None:
        work.refuse("people.code_wrong")
    codes, vault = totp.recovery_codes(), work.engine.vault
    work.change(
        Account, account, second_factor=vault.seal(CODES, request.secret).hex(), second_factor_since=work.now,
        second_step=step, recovery=[vault.blind(RECOVERY, "exact", totp.recovery_form(c)).hex() for c in codes],
    )  # fmt: skip
    work.notify("people", "changed", type="account", id=account.id)
    return RecoveryCodes(codes=codes)


@action(
    "people.take_codes_away", needs=EDIT, input=NameOne, output=Nothing, label=N_("Take the phone's codes away"),
    on=Account, when=[When("second_factor_since", "not_empty")],
    question=N_("The phone is lost? The account then asks for the password only, until new codes are set up."),
)  # fmt: skip
def take_codes_away(work: Work, request: NameOne) -> Nothing:
    """Somebody lost the phone and the recovery codes."""
    account = work.get(Account, request.id)
    if account.second_factor is None:
        work.refuse("people.no_codes")
    guards.refuse_beyond(work, person_holds(work, account))
    work.change(Account, account, second_factor=None, second_factor_since=None, recovery=None)
    end_sessions(work, account)
    return Nothing()


@action("people.set_pin", needs=None, input=SetPin, output=Nothing, secret=True, prepare=_pin_hashed)
def set_pin(work: Work, request: SetPin) -> Nothing:
    """Choose the own PIN for the hall's PCs; the password says that it is oneself."""
    account = _own(work)
    if work.prepared is None or work.prepared[0] != account.password_hash:
        work.refuse("people.password_wrong")
    if request.pin and (len(set(request.pin)) == 1 or request.pin in "0123456789 9876543210"):
        work.refuse("people.pin_plain")
    work.change(Account, account, pin_hash=work.prepared[1])
    return Nothing()


@action(
    "people.give_card", needs=EDIT, input=GiveCard, output=Nothing, secret=True, label=N_("Give a card"), on=Account
)
def give_card(work: Work, request: GiveCard) -> Nothing:
    """The card that signs this account in, known by its number's fingerprint alone."""
    account = work.get(Account, request.id)
    guards.refuse_beyond(work, person_holds(work, account))
    work.change(Account, account, card_index=_card_index(work, account, request.card))
    return Nothing()


@action("people.set_card", needs=None, input=SetCard, output=Nothing, secret=True, prepare=_password_fits)
def set_card(work: Work, request: SetCard) -> Nothing:
    """The own card for the hall's PCs; the password says that it is oneself."""
    account = _own(work)
    if work.prepared != account.password_hash:
        work.refuse("people.password_wrong")
    work.change(Account, account, card_index=_card_index(work, account, request.card))
    work.notify("people", "changed", type="account", id=account.id)
    return Nothing()


def _card_index(work: Work, account: Any, given: str) -> str | None:
    """By what a card's number is known; refuses another's card."""
    number = card_form(given)
    if not number:
        return None
    for one in work.engine.vault.blinds(CARD, "exact", number):
        found = work.first(ACCOUNT_OF_CARD, key_card=one.hex())
        if found is not None and found.id != account.id:
            work.refuse("people.card_taken")
    return work.engine.vault.blind(CARD, "exact", number).hex()


def _own(work: Work) -> Any:
    account = work.first(ACCOUNT_OF_PERSON, key_person=work.who.id)
    if account is None:
        work.refuse("access.denied", action=work.action)
    return work.get(Account, account.id)
