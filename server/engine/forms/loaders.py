"""Prepared reading of forms."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, delete, func, select

from server.engine.database.schema import stored_file
from server.engine.database.statements import Prepared
from server.engine.forms.records import FilledIn, Form, FormAnswer, FormVersion
from server.engine.records.dictionaries import Dictionary, DictionaryEntry

_form: Any = Form.__table__
_version: Any = FormVersion.__table__
_filled: Any = FilledIn.__table__
_answer: Any = FormAnswer.__table__
_dictionary: Any = Dictionary.__table__
_entry: Any = DictionaryEntry.__table__
_id = _form.c.id.type

FORM_BY_CODE = Prepared(select(_form).where(_form.c.code == bindparam("in_code"), _form.c.deleted_at.is_(None)))
VERSION = Prepared(
    select(_version).where(
        _version.c.form_id == bindparam("in_form", type_=_id), _version.c.number == bindparam("in_number")
    )
)
VERSIONS = Prepared(
    select(_version).where(_version.c.form_id == bindparam("in_form", type_=_id)).order_by(_version.c.number)
)
ANSWERED = Prepared(
    select(_filled.c.form_version_id, func.count().label("n"))
    .where(
        _filled.c.form_id == bindparam("in_form", type_=_id), _filled.c.state == "sent", _filled.c.deleted_at.is_(None)
    )
    .group_by(_filled.c.form_version_id)
)
FORGET_ANSWERS = Prepared(delete(_answer).where(_answer.c.filled_in_id == bindparam("in_filled", type_=_id)))
ENTRIES = Prepared(
    select(_entry.c.id, _entry.c.code, _entry.c.name, _entry.c.parent_id, _entry.c.in_use, _entry.c.deleted_at)
    .join(_dictionary, _dictionary.c.id == _entry.c.dictionary_id)
    .where(_dictionary.c.code == bindparam("in_code"))
    .order_by(_entry.c.place, _entry.c.code)
)
FILE = Prepared(
    select(stored_file.c.name, stored_file.c.kind, stored_file.c.size).where(
        stored_file.c.id == bindparam("in_file", type_=_id)
    )
)
