"""Who can sign in."""

from __future__ import annotations

from common.protocol.messages import Nothing, Words
from common.protocol.setup import AccountCard, AccountCards
from server.engine.actions.declare import reading
from server.engine.actions.work import Work
from server.modules.people.access import SEE
from server.modules.people.loaders import ALL_ACCOUNTS, ALL_HOLDINGS, ALL_ROLES


@reading("people.accounts", needs=SEE, input=Nothing, output=AccountCards)
def accounts(work: Work, request: Nothing) -> AccountCards:
    """Everybody who can sign in, with roles, and the roles that there are."""
    roles = {row.id: row for row in work.rows(ALL_ROLES)}
    held: dict[object, list[str]] = {}
    for row in work.rows(ALL_HOLDINGS):
        if row.role_id in roles:
            held.setdefault(row.account_id, []).append(roles[row.role_id].name)
    labels: dict[str, Words] = {row.name: row.name_words for row in roles.values()}
    return AccountCards(
        items=[
            AccountCard(
                person_id=row.staff_member_id,
                name=row.name,
                account=row.sign_in_name,
                staff_number=row.staff_number,
                post=row.post or {},
                roles=sorted(held.get(row.id, [])),
                locked=row.locked,
            )
            for row in work.rows(ALL_ACCOUNTS)
        ],
        roles=labels,
    )
