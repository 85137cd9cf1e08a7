"""The verbs of identities from outside: tying one to an account, and a provider's secret."""

from __future__ import annotations

from uuid import UUID

from pydantic import BaseModel, Field

from common.protocol.messages import Nothing
from common.text import N_
from server.engine.access.provider_desk import SECRET
from server.engine.actions.declare import action
from server.engine.actions.work import Work
from server.engine.errors import refusal
from server.engine.records.description import facts
from server.modules.people import guards
from server.modules.people.access import EDIT
from server.modules.people.accounts import tie
from server.modules.people.loaders_identities import IDENTITY
from server.modules.people.loaders_rights import person_holds
from server.modules.people.records import Account
from server.modules.people.records_identities import IdentityProvider, WaitingIdentity

TIED = refusal("people.identity_tied", N_("Somebody has tied this person to an account meanwhile."))


class TieIdentity(BaseModel):
    """`people.tie_identity`."""

    id: UUID
    account_id: UUID = Field(title=N_("Account"), json_schema_extra=facts(kind="link", link="account"))


class SetSecret(BaseModel):
    """`people.set_provider_secret`; an empty one takes it away."""

    id: UUID
    secret: str = Field(
        default="", max_length=500, title=N_("Secret"), repr=False,
        description=N_("As the provider has given it to this hall. It is shown to nobody afterwards."),
    )  # fmt: skip


@action(
    "people.tie_identity", needs=EDIT, input=TieIdentity, output=Nothing, label=N_("Let in with an account"),
    on=WaitingIdentity, locks=lambda r: [("people", str(r.id))],
)  # fmt: skip
def tie_identity(work: Work, request: TieIdentity) -> Nothing:
    """This person is that account's owner: from now on it is what he signs in to."""
    waited = work.get(WaitingIdentity, request.id)
    account = work.get(Account, request.account_id)
    guards.refuse_beyond(work, person_holds(work, account))
    if work.first(IDENTITY, key_provider=waited.provider, key_subject=waited.subject) is not None:
        work.refuse("people.identity_tied")
    tie(work, waited.provider, waited.subject, account.id)
    return Nothing()


@action(
    "people.set_provider_secret", needs=EDIT, input=SetSecret, output=Nothing, label=N_("Keep its secret"),
    on=IdentityProvider, secret=True,
)  # fmt: skip
def set_provider_secret(work: Work, request: SetSecret) -> Nothing:
    """What the provider knows this hall by; sealed by the vault."""
    guards.refuse_less_than_everything(work)
    row = work.get(IdentityProvider, request.id)
    sealed = work.engine.vault.seal(SECRET, request.secret).hex() if request.secret else None
    work.change(IdentityProvider, row, client_secret=sealed, secret_since=work.now if sealed else None)
    work.notify("people", "changed", type="identity_provider", id=row.id)
    return Nothing()
