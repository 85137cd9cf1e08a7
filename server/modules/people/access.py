"""Permissions of the people module, and the roles that a new hall begins with."""

from common.text import N_
from server.engine.access.permissions import permission

SEE = permission("people.see", N_("See accounts and roles"))
EDIT = permission("people.edit", N_("Change accounts and roles"))

# The roles of a new hall; an administrator changes them as data.
FIRST_ROLES: dict[str, tuple[str, tuple[str, ...]]] = {
    "administrator": (N_("Administrator"), ("*",)),
    "hall_manager": (
        N_("Hall manager"),
        (
            "organisation.see", "people.see", "services.see", "devices.see", "devices.edit", "files.see",
            "queue.see", "queue.issue", "queue.call", "queue.supervise", "queue.day", "queue.offer", "queue.board",
            "queue.call_chosen", "queue.priority", "queue.void", "queue.reprint", "queue.hall", "queue.layouts",
            "alerts.see",
            "evaluation.see", "evaluation.request",
        ),
    ),
    "clerk": (
        N_("Clerk"),
        (
            "organisation.see", "services.see", "files.see", "queue.see", "queue.issue", "queue.call", "queue.board",
            "queue.priority", "queue.reprint", "evaluation.request",
        ),
    ),
    "guide": (
        N_("Guide"),
        ("organisation.see", "services.see", "files.see", "queue.see", "queue.issue", "queue.offer", "queue.board",
         "queue.priority", "queue.void", "queue.reprint"),
    ),
    "auditor": (
        N_("Auditor"),
        ("organisation.see", "services.see", "people.see", "devices.see", "queue.see", "queue.day", "evaluation.see", "audit.see"),
    ),
}  # fmt: skip
