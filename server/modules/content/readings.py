"""What is read of content: announcements for a staff member, for displays and kiosks, and who has read them."""

from __future__ import annotations

from common.protocol.content import (
    AnnouncementCard,
    AnnouncementCards,
    AnnouncementFile,
    AnnouncementFiles,
    AskAnnouncements,
    NameAnnouncement,
    PublicCard,
    PublicCards,
    Reader,
    Readers,
)
from common.protocol.messages import Nothing
from server.engine.actions.declare import reading
from server.engine.actions.work import Work
from server.engine.records.attachments import attached, attached_counts
from server.modules.content import rules
from server.modules.content.access import SEE, SHOWN
from server.modules.content.loaders import NAMES, READ_BY, READ_OF, STAFF, belongs
from server.modules.content.records import Announcement
from server.modules.content.shown import for_the_public, mine, today_of, zone_of_device


@reading("content.for_me", needs=None, input=AskAnnouncements, output=AnnouncementCards)
def for_me(work: Work, request: AskAnnouncements) -> AnnouncementCards:
    """The announcements that hold today for whoever asks (ADM-032)."""
    rows = mine(work, past=request.past)
    today = today_of(work)
    read = {(one.announcement_id, one.edition): one.read_at for one in work.rows(READ_BY, key_person=work.who.id)}
    names = {one.id: one.name for one in work.rows(NAMES)} if any(row.author_id for row in rows) else {}
    files = attached_counts(work, Announcement) if rows else {}
    return AnnouncementCards(
        items=[
            AnnouncementCard(
                id=row.id,
                edition=row.edition,
                title=row.name,
                text=row.text,
                author=names.get(row.author_id, {}),
                pinned=row.pinned,
                over=rules.is_over(row, today),
                published_at=row.published_at,
                until=row.held.partition("/")[2],
                confirm=row.confirm,
                read_at=read.get((row.id, row.edition)),
                files=files.get(row.id, 0),
            )
            for row in rows
        ]
    )


@reading("content.files", needs=None, input=NameAnnouncement, output=AnnouncementFiles)
def files(work: Work, request: NameAnnouncement) -> AnnouncementFiles:
    """The files of an announcement that is for whoever asks."""
    if not any(row.id == request.id for row in mine(work, past=True)):
        work.refuse("records.not_found", record="announcement", id=str(request.id))
    return AnnouncementFiles(
        files=[
            AnnouncementFile(file_id=one.file_id, name=one.name, kind=one.kind, size=one.size)
            for one in attached(work, Announcement, request.id)
        ]
    )


@reading("content.for_displays", needs=SHOWN, input=Nothing, output=PublicCards)
def for_displays(work: Work, request: Nothing) -> PublicCards:
    """The announcements that were marked for displays, or to a kiosk those for kiosks, and hold today where it stands."""
    mark = "on_kiosks" if work.who.device_kind == "kiosk" else "on_displays"
    rows = for_the_public(work, mark, zone=zone_of_device(work))
    return PublicCards(
        items=[
            PublicCard(id=row.id, title=row.name, text=row.text, line=rules.on_one_line(row.name, row.text))
            for row in rows
        ]
    )


@reading("content.readers", needs=SEE, input=NameAnnouncement, output=Readers)
def readers(work: Work, request: NameAnnouncement) -> Readers:
    """Whom an announcement is for, and who has read its last edition."""
    row = work.get(Announcement, request.id)
    read = {
        one.person_id: one.read_at for one in work.rows(READ_OF, key_announcement=row.id, edition=row.edition)
    }  # fmt: skip
    today = today_of(work)
    people = [one for one in work.rows(STAFF) if row.for_staff and rules.is_for(row, belongs(work, one, today))]
    items = [Reader(id=one.id, name=one.name, read_at=read.get(one.id)) for one in people]
    said = sum(one.read_at is not None for one in items)
    return Readers(items=items, read=said, missing=len(items) - said)
