"""Records of who somebody is to another system."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from common.text import N_
from server.engine.access.openid import safe_address
from server.engine.errors import refusal
from server.engine.records.fields import choice, link, moment, number, place, text, words, yes_no
from server.engine.records.record import Record, Retention, Rights
from server.modules.people import guards
from server.modules.people.access import EDIT, SEE
from server.modules.people.records import STANDS

PLAIN_ADDRESS = refusal(
    "people.plain_address",
    N_("The provider's address must begin with https://. Over plain HTTP anybody could answer."),
    422,
)
CODE_TAKEN_BY_DIRECTORY = refusal(
    "people.provider_code", N_("The code ldap belongs to the directory. Choose another."), 422
)

SYMBOLS = (
    ("person", N_("A person")), ("people", N_("People")), ("hall", N_("A public building")), ("lock", N_("A lock")),
    ("document", N_("A document")), ("device", N_("A phone or PC")),
)  # fmt: skip
MATCHES = (
    ("nobody", N_("By nothing: whoever is new waits for an administrator")),
    ("name", N_("By the sign-in name, where the account is marked for the directory")),
    ("mail", N_("By the e-mail of the staff file, where the provider has checked it")),
    ("number", N_("By the staff number")),
)


class ExternalIdentity(Record):
    """The account behind somebody whom a directory or an identity provider knows; made at the first sign-in (ADM-026)."""

    label = N_("External identity")
    plural = N_("External identities")
    title = ("subject",)
    rights = Rights(see=SEE, delete=EDIT)

    provider: Mapped[str] = text(N_("Provider"), length=40, in_list=True)
    subject: Mapped[str] = text(N_("Known there as"), length=255, in_list=True, search=True)
    account_id: Mapped[UUID] = link("account", N_("Account"), in_list=True)
    last_at: Mapped[datetime] = moment(N_("Last signed in"), required=False, in_list=True)

    __table_args__ = (
        Index(
            "ux_external_identity_known",
            "provider",
            "subject",
            unique=True,
            sqlite_where=STANDS,
            postgresql_where=STANDS,
        ),
    )


class WaitingIdentity(Record):
    """Somebody whom a directory or provider has proved, but whom this hall does not know: waits until an administrator ties
    him to an account."""

    label = N_("Person who waits to be let in")
    plural = N_("People who wait to be let in")
    title = ("full_name",)
    order = ("-last_at",)
    rights = Rights(see=SEE, delete=EDIT)
    retention = Retention(days=90, after="last_at", why=N_("Whoever still wants in will come again."))

    provider: Mapped[str] = text(N_("Provider"), length=40, in_list=True)
    subject: Mapped[str] = text(N_("Known there as"), length=255, in_list=True)
    sign_in_name: Mapped[str] = text(N_("Sign-in name there"), length=80, in_list=True, search=True)
    full_name: Mapped[str] = text(N_("Full name"), length=200, in_list=True, search=True)
    mail: Mapped[str] = text(N_("E-mail"), length=200, required=False, in_list=True)
    last_at: Mapped[datetime] = moment(N_("Last tried"), in_list=True)

    __table_args__ = (
        Index(
            "ux_waiting_identity", "provider", "subject", unique=True, sqlite_where=STANDS, postgresql_where=STANDS
        ),
    )  # fmt: skip


class IdentityProvider(Record):
    """An OpenID Connect provider, national or of an organisation, through which people may sign in (ADM-021, ADM-026)."""

    label = N_("Identity provider")
    plural = N_("Identity providers")
    title = ("name",)
    order = ("place",)
    rights = Rights(see=SEE, add=EDIT, edit=EDIT, delete=EDIT)
    sections = (
        ("shown", N_("On the window for signing in")), ("address", N_("How it is reached")),
        ("persons", N_("Who comes in")), ("browser", N_("In the person's browser")),
    )  # fmt: skip

    name: Mapped[dict[str, str]] = words(N_("Name"), in_list=True, section="shown")
    symbol: Mapped[str] = choice(N_("Symbol"), SYMBOLS, default="person", section="shown")
    place: Mapped[int] = place(N_("Place"), section="shown")
    enabled: Mapped[bool] = yes_no(N_("In use"), default=True, in_list=True, section="shown")
    code: Mapped[str] = text(
        N_("Code"), length=30, in_list=True, search=True, once=True, section="address",
        help=N_("Short and for ever: people's identities are kept under it."),
    )  # fmt: skip
    issuer: Mapped[str] = text(
        N_("Address (issuer)"), length=300, in_list=True, section="address",
        help=N_("As the provider calls itself; its description is read below this address."),
    )  # fmt: skip
    client_id: Mapped[str] = text(N_("This hall's name there (client id)"), length=200, section="address")
    client_secret: Mapped[str] = text(N_("Secret"), length=1000, secret=True, required=False)
    secret_since: Mapped[datetime] = moment(N_("Secret kept since"), required=False, read_only=True, section="address")
    scopes: Mapped[str] = text(
        N_("What is asked for (scopes)"), length=200, default="openid profile email", section="address"
    )
    claim_name: Mapped[str] = text(
        N_("Claim with the sign-in name"), length=80, default="preferred_username", required=False, section="persons"
    )
    claim_full_name: Mapped[str] = text(
        N_("Claim with the full name"), length=80, default="name", required=False, section="persons"
    )
    claim_mail: Mapped[str] = text(
        N_("Claim with the e-mail"), length=80, default="email", required=False, section="persons"
    )
    claim_number: Mapped[str] = text(N_("Claim with the staff number"), length=80, required=False, section="persons")
    known_by: Mapped[str] = choice(
        N_("An account is found at the first use"), MATCHES, default="nobody", section="persons"
    )
    newcomers_id: Mapped[UUID] = link(
        "role", N_("Role of newcomers"), required=False, section="persons",
        help=N_("Whoever has no account gets one with this role; without a role they wait for an administrator."),
    )  # fmt: skip
    asks_anew: Mapped[bool] = yes_no(
        N_("Asks for the password each time"),
        default=True,
        section="browser",
        help=N_("At a PC that several people use, nobody comes in as the one before."),
    )
    leaves_too: Mapped[bool] = yes_no(
        N_("Signing out here signs out there as well"),
        section="browser",
        help=N_("A page of the provider opens then."),
    )
    loopback_port: Mapped[int] = number(
        N_("Port at which people come back to their PC"), default=0, most=65535, least=0, section="browser",
        help=N_("0 where the provider takes any port of http://127.0.0.1/signed-in; else the one that it knows."),
    )  # fmt: skip
    web_return: Mapped[str] = text(
        N_("Address at which people come back to the portal"), length=300, required=False, section="browser"
    )

    __table_args__ = (
        Index("ux_identity_provider_code", "code", unique=True, sqlite_where=STANDS, postgresql_where=STANDS),
    )

    @classmethod
    def check(cls, work: Any, before: Any, values: dict[str, Any]) -> None:
        # Whoever says who is believed could come in as anybody.
        guards.refuse_less_than_everything(work)
        if "issuer" in values and not safe_address(values["issuer"] or ""):
            work.refuse("people.plain_address")
        if values.get("code") == "ldap":
            work.refuse("people.provider_code")
