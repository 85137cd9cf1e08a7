"""Publishing announcements, withdrawing them, and confirming that one has read them."""

from __future__ import annotations

from typing import Any

from common.protocol.content import NameAnnouncement
from common.protocol.messages import Nothing
from common.text import N_
from server.engine.actions.declare import action
from server.engine.actions.work import Work
from server.engine.errors import refusal
from server.engine.records.record import When
from server.modules.content import rules
from server.modules.content.access import PUBLISH
from server.modules.content.loaders import READ_BY
from server.modules.content.records import Announcement, AnnouncementRead
from server.modules.content.shown import mine, today_of

STANDS = refusal("content.published_already", N_("This announcement is published already."))
NOT_PUBLISHED = refusal("content.not_published", N_("This announcement is not published."))
OVER = refusal("content.over", N_("Its last day is over. Give it later days first."))


def _alone(request: Any) -> list[tuple[str, Any]]:
    return [("announcement", request.id)]


@action(
    "content.publish", needs=PUBLISH, input=NameAnnouncement, output=Nothing, locks=_alone,
    on=Announcement, label=N_("Publish"), when=(When("state", "is_not", "published"),),
)  # fmt: skip
def publish(work: Work, request: NameAnnouncement) -> Nothing:
    """Publish an announcement; what was withdrawn and changed is a new edition that is confirmed anew (ADM-032)."""
    row = work.get(Announcement, request.id)
    if row.state == "published":
        work.refuse("content.published_already")
    if rules.is_over(row, today_of(work)):
        work.refuse("content.over")
    author = work.who.id if work.who.kind == "person" else None
    work.change(
        Announcement, row, state="published", edition=row.edition + 1, author_id=author, published_at=work.now
    )  # fmt: skip
    work.notify("content", "published", id=row.id)
    return Nothing()


@action(
    "content.withdraw", needs=PUBLISH, input=NameAnnouncement, output=Nothing, locks=_alone,
    on=Announcement, label=N_("Withdraw"), when=(When("state", "is", "published"),),
    question=N_("Take it from all screens?"),
)  # fmt: skip
def withdraw(work: Work, request: NameAnnouncement) -> Nothing:
    """Take an announcement from all screens at once; it can be changed and published again."""
    row = work.get(Announcement, request.id)
    if row.state != "published":
        work.refuse("content.not_published")
    work.change(Announcement, row, state="withdrawn")
    work.notify("content", "withdrawn", id=row.id)
    return Nothing()


@action("content.confirm_read", needs=None, input=NameAnnouncement, output=Nothing, locks=_alone)
def confirm_read(work: Work, request: NameAnnouncement) -> Nothing:
    """Say that one has read an announcement that is for oneself; saying so twice has no second effect."""
    row = next((one for one in mine(work, past=True) if one.id == request.id), None)
    if row is None:
        work.refuse("records.not_found", record="announcement", id=str(request.id))
    said = {(one.announcement_id, one.edition) for one in work.rows(READ_BY, key_person=work.who.id)}
    if (row.id, row.edition) not in said:
        work.insert(
            AnnouncementRead, audited=False,
            announcement_id=row.id, person_id=work.who.id, edition=row.edition, read_at=work.now,
        )  # fmt: skip
        # Not "content": every workbench would read its announcements anew whenever one person has read one.
        work.notify("announcement_read", "read", id=row.id)
    return Nothing()
