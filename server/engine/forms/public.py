"""What flows and modules call about forms, inside their own actions."""

from __future__ import annotations

from server.engine.forms.designs import ContextOf, context_of, definition_of, form_of, version_of
from server.engine.forms.filling import FormSent
from server.engine.forms.keeping import keep, read
from server.engine.forms.look_ups import look_up
from server.engine.forms.sealing import masked, opened

__all__ = [
    "ContextOf",
    "FormSent",
    "context_of",
    "definition_of",
    "form_of",
    "keep",
    "look_up",
    "masked",
    "opened",
    "read",
    "version_of",
]
