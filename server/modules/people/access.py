"""Permissions of the people module, and the roles that a new hall begins with."""

from common.text import N_
from server.engine.access.permissions import permission

SEE = permission("people.see", N_("See accounts and roles"))
EDIT = permission("people.edit", N_("Change accounts and roles"))
RESET = permission("people.reset_password", N_("Give others a new password"))
SESSIONS = permission("people.sessions", N_("See who is signed in, and end sessions"))
LOG = permission("people.sign_in_log", N_("See the log of sign-ins and deletions"))
MANDATES = permission("people.mandates", N_("Give and take mandates"))
WORKPLACES = permission("people.workplaces", N_("Set up workplaces and their menus"))

# The roles of a new hall; an administrator changes them as data.
FIRST_ROLES: dict[str, tuple[str, tuple[str, ...]]] = {
    "administrator": (N_("Administrator"), ("*",)),
    "hall_manager": (
        N_("Hall manager"),
        (
            "organisation.see", "people.see", "people.reset_password", "people.mandates", "services.see", "devices.see",
            "devices.edit", "devices.restart", "files.see", "organisation.calendar",
            "content.see", "content.edit", "content.publish",
            "citizens.see", "citizens.edit", "citizens.restrict",
            "queue.see", "queue.issue", "queue.call", "queue.supervise", "queue.day", "queue.offer", "queue.board",
            "queue.call_chosen", "queue.priority", "queue.void", "queue.reprint", "queue.hall", "queue.layouts",
            "queue.lists", "queue.displays_edit", "alerts.see", "operations.see", "operations.report", "operations.handle",
            "evaluation.see", "evaluation.request", "flows.see", "flows.cases", "flows.supervise", "deadlines.see",
            "deadlines.change",
        ),
    ),
    "clerk": (
        N_("Clerk"),
        (
            "organisation.see", "people.mandates", "services.see", "files.see", "citizens.see", "citizens.edit",
            "queue.see", "queue.issue", "queue.call", "queue.board", "queue.priority", "queue.reprint", "evaluation.request",
        ),
    ),
    "guide": (
        N_("Guide"),
        ("organisation.see", "people.mandates", "services.see", "files.see", "queue.see", "queue.issue", "queue.offer",
         "queue.board", "queue.priority", "queue.void", "queue.reprint"),
    ),
    "auditor": (
        N_("Auditor"),
        ("organisation.see", "services.see", "people.see", "people.sign_in_log", "devices.see", "queue.see", "queue.day",
         "evaluation.see", "audit.see"),
    ),
}  # fmt: skip

# How far some of these reach; the others reach over all.
FIRST_LEVELS: dict[str, dict[str, str]] = {
    "hall_manager": {
        "people.reset_password": "hall", "people.mandates": "own", "queue.see": "outlet", "evaluation.see": "outlet",
    },
    "clerk": {"queue.see": "outlet", "people.mandates": "own"},
    "guide": {"queue.see": "outlet", "people.mandates": "own"},
}  # fmt: skip
