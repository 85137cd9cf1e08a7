"""What content answers: files of an announcement are open to those whom it is for."""

from __future__ import annotations

from server.engine.actions.work import Work
from server.engine.events import answers
from server.engine.records.attachments import FileWanted
from server.modules.content.shown import mine


@answers(FileWanted)
def file_of_announcement(work: Work, question: FileWanted) -> bool | None:
    """To staff alone: an attachment goes to no display and no visitor (ADM-I09)."""
    if question.record_type != "announcement" or work.who.kind != "person":
        return None
    return any(row.id == question.record_id for row in mine(work, past=True)) or None
