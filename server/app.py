"""Puts the server together: the modules in their order, the engine, HTTP and the portal."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

MODULES = (
    "organisation",
    "people",
    "citizens",
    "services",
    "devices",
    "content",
    "operations",
    "queue",
    "evaluation",
    "residency",
)
"""Lower ones first; a module imports only those before it (architecture.md)."""

ENGINE = (
    "records.access", "records.generic", "records.dictionaries", "records.views", "records.attachments",
    "exports.actions", "imports.actions", "settings_verbs", "backup.actions",
    "audit.log", "jobs.actions", "records.retention", "records.reseal", "flows.records",
    "flows.actions", "flows.readings", "flows.designing", "flows.moving", "flows.jobs",
    "flows.term_keeping", "flows.to_do", "flows.submitting",
    "forms.records", "forms.designing", "forms.filling", "forms.answers", "forms.reports", "forms.listeners",
    "calendars.records", "calendars.actions", "calendars.readings", "calendars.turning",
)  # fmt: skip
"""What the engine itself declares."""

PARTS = ("public", "access", "settings", "records", "actions", "readings", "reports", "listeners", "jobs", "integrity")


def load_modules() -> list[ModuleType]:
    """Import every module's declarations; safe to call again."""
    for part in ENGINE:
        importlib.import_module(f"server.engine.{part}")
    loaded = []
    for name in MODULES:
        package = importlib.import_module(f"server.modules.{name}")
        folder = Path(package.__path__[0])
        for part in PARTS:
            # A part that grew too long is split by subject: actions.py and actions_hall.py.
            for file in sorted([*folder.glob(f"{part}.py"), *folder.glob(f"{part}_*.py")]):
                loaded.append(importlib.import_module(f"{package.__name__}.{file.stem}"))
    return loaded
