"""Editors of values: one for each kind of field that `common/records` knows."""

from __future__ import annotations

from client_staff.editors.choices import ChoiceEditor, YesNoEditor
from client_staff.editors.colours import ColourEditor
from client_staff.editors.dates import DayEditor, MomentEditor, PeriodEditor, TimeEditor
from client_staff.editors.editor import Desk, Editor
from client_staff.editors.links import LinkEditor, LinksEditor
from client_staff.editors.numbers import DurationEditor, NumberEditor
from client_staff.editors.pictures import FilesEditor, ImageEditor
from client_staff.editors.places import AddressEditor, CoordinatesEditor
from client_staff.editors.rich_words import RichWordsEditor
from client_staff.editors.texts import LineEditor, LongTextEditor, ProtectedEditor, RichTextEditor
from client_staff.editors.words import WordsEditor
from common.records import Field

EDITORS: dict[str, type[Editor]] = {
    "text": LineEditor,
    "email": LineEditor,
    "phone": LineEditor,
    "identity_number": LineEditor,
    "long_text": LongTextEditor,
    "rich_text": RichTextEditor,
    "words": WordsEditor,
    "number": NumberEditor,
    "money": NumberEditor,
    "percentage": NumberEditor,
    "duration": DurationEditor,
    "choice": ChoiceEditor,
    "yes_no": YesNoEditor,
    "entry": LinkEditor,
    "link": LinkEditor,
    "parent": LinkEditor,
    "links": LinksEditor,
    "day": DayEditor,
    "moment": MomentEditor,
    "time": TimeEditor,
    "period": PeriodEditor,
    "colour": ColourEditor,
    "image": ImageEditor,
    "files": FilesEditor,
    "address": AddressEditor,
    "coordinates": CoordinatesEditor,
}
"""`document` and `id` have none: their shape belongs to a screen of their own. A kind that is missing here shows read-only."""


def editor_for(field: Field, desk: Desk) -> Editor | None:
    """A new editor for a field; nothing where it can only be read."""
    kind = EDITORS.get(field.kind)
    if kind is None:
        return None
    if field.rich:
        return RichWordsEditor(field, desk)
    return ProtectedEditor(field, desk) if field.protected else kind(field, desk)


__all__ = ["EDITORS", "Desk", "Editor", "editor_for"]
