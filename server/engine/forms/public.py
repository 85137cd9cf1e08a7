"""What flows and modules call about forms, inside their own actions."""

from __future__ import annotations

from server.engine.flows.publishing import FormStands
from server.engine.forms.designs import ContextOf, context_of, definition_of, form_of, version_of
from server.engine.forms.filling import FormSent
from server.engine.forms.keeping import keep, read

__all__ = [
    "ContextOf",
    "FormSent",
    "FormStands",
    "context_of",
    "definition_of",
    "form_of",
    "keep",
    "read",
    "version_of",
]
