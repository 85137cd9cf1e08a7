"""Records of who somebody is to another system."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from common.text import N_
from server.engine.records.fields import link, moment, text
from server.engine.records.record import Record, Rights
from server.modules.people.access import EDIT, SEE
from server.modules.people.records import STANDS


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
