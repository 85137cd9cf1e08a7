"""What people answer when a hall is being set up, and what they do when posts and names change."""

from __future__ import annotations

from typing import Any

from server.engine.actions.work import Work
from server.engine.events import answers, listener
from server.modules.organisation.public import PostsChanged, RolesGiven, SetupProblems, StaffRenamed
from server.modules.people.guards import refuse_roles_beyond
from server.modules.people.loaders import ACCOUNT_OF_PERSON, ACCOUNTS
from server.modules.people.records import Account


@answers(SetupProblems)
def who_is_missing(work: Work, question: SetupProblems) -> list[dict[str, Any]] | None:
    """Only the administrator can sign in so far."""
    if question.part != "people":
        return None
    return [{"code": "only_the_administrator", "step": "people"}] if work.scalar(ACCOUNTS) < 2 else []


@listener(RolesGiven, when="inside")
def roles_come_by_a_post(work: Work, event: RolesGiven) -> None:
    """Nobody gives by a post what he does not hold himself."""
    refuse_roles_beyond(work, event.role_ids)


@listener(PostsChanged, when="inside")
def rights_follow_posts(work: Work, event: PostsChanged) -> None:
    """Whoever is signed in holds the rights of the new posts at once (ADM-007)."""
    work.notify("people", "rights")


@listener(StaffRenamed, when="inside")
def name_of_the_account(work: Work, event: StaffRenamed) -> None:
    """Accounts are found by their people's names (ADM-011)."""
    account = work.first(ACCOUNT_OF_PERSON, key_person=event.person_id)
    if account is not None:
        work.change(Account, work.get(Account, account.id), person_name=event.name)
