"""People who sign in: accounts, roles and what these permit. The hall manager and the administrator use it."""

DEPENDS = ("organisation",)
