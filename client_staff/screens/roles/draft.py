"""Roles as they are to be published: what was changed since they were read, and who gains or loses by it. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from common.protocol.rights import Holder, RightsGrid, RoleChange, RoleFacts

EVERYTHING = "*"
LEVELS = ("own", "department", "section", "hall", "outlet", "all")
NONE = ""
"""The level of a right that a role does not give."""


@dataclass(frozen=True)
class Change:
    """One cell that is to be another; `permission` may be `hide:record.field`."""

    role_id: str
    permission: str
    before: str
    after: str

    @property
    def hides(self) -> str:
        """The field that is hidden or shown, as `record.field`; empty for a right."""
        return self.permission.partition(":")[2]

    @property
    def wider(self) -> bool:
        """Whether it gives more than before."""
        if self.hides:
            return self.after == NONE
        return _rank(self.after) > _rank(self.before)


class Draft:
    """The grid with what was changed in it; every step can be taken back."""

    def __init__(self, grid: RightsGrid | None = None) -> None:
        self.roles: dict[str, RoleFacts] = {}
        self._now: dict[str, dict[str, str]] = {}
        self._past: list[tuple[str, str, str]] = []
        if grid is not None:
            self.take(grid)

    def take(self, grid: RightsGrid) -> None:
        """Begin anew with what the server has."""
        self.roles = {str(role.id): role for role in grid.roles}
        self._now = {name: _cells(role) for name, role in self.roles.items()}
        self._past = []

    def level(self, role_id: str, permission: str) -> str:
        """How far a role gives a right; nothing where it does not. A role that gives everything gives all over all."""
        cells = self._now[role_id]
        if EVERYTHING in cells and permission != EVERYTHING and not permission.startswith("hide:"):
            return "all"
        return cells.get(permission, NONE)

    def fixed(self, role_id: str, permission: str) -> bool:
        """Whether this cell follows from the role's giving everything."""
        return EVERYTHING in self._now[role_id] and permission != EVERYTHING and not permission.startswith("hide:")

    def set(self, role_id: str, permission: str, level: str) -> bool:
        """Change one cell; whether that is something else than before."""
        if self.fixed(role_id, permission):
            return False
        if permission == EVERYTHING and level != NONE:
            level = "all"
        before = self._now[role_id].get(permission, NONE)
        if before == level:
            return False
        self._past.append((role_id, permission, before))
        self._put(role_id, permission, level)
        return True

    def undo(self) -> tuple[str, str] | None:
        """Take the last step back; gives its role and right."""
        if not self._past:
            return None
        role_id, permission, before = self._past.pop()
        self._put(role_id, permission, before)
        return role_id, permission

    def _put(self, role_id: str, permission: str, level: str) -> None:
        if level == NONE:
            self._now[role_id].pop(permission, None)
        else:
            self._now[role_id][permission] = level

    def changes(self) -> list[Change]:
        """What differs from what was read."""
        found = []
        for role_id, role in self.roles.items():
            old, new = _cells(role), self._now[role_id]
            for permission in sorted(old.keys() | new.keys()):
                before, after = old.get(permission, NONE), new.get(permission, NONE)
                if before != after:
                    found.append(Change(role_id, permission, before, after))
        return found

    def changed(self, role_id: str, permission: str) -> bool:
        """Whether this cell differs from what was read."""
        return _cells(self.roles[role_id]).get(permission, NONE) != self._now[role_id].get(permission, NONE)

    def concerned(self) -> dict[str, list[Holder]]:
        """Who holds a role that changes, by the role's id; each person once."""
        found: dict[str, list[Holder]] = {}
        for role_id in dict.fromkeys(change.role_id for change in self.changes()):
            people: dict[str, Holder] = {}
            for holder in self.roles[role_id].holders:
                people.setdefault(str(holder.account_id), holder)
            found[role_id] = list(people.values())
        return found

    def to_publish(self) -> list[RoleChange]:
        """The roles that change, as the server takes them."""
        made = []
        for role_id in dict.fromkeys(change.role_id for change in self.changes()):
            role, cells = self.roles[role_id], self._now[role_id]
            rights = {n: at for n, at in cells.items() if not n.startswith("hide:")}
            # The order in which they stood stays; new ones follow.
            order = [n for n in role.permissions if n in rights] + [n for n in rights if n not in role.permissions]
            made.append(
                RoleChange(
                    id=role.id,
                    version=role.version,
                    permissions=order,
                    levels={n: at for n, at in rights.items() if at != "all"},
                    hidden_fields=[n.removeprefix("hide:") for n in cells if n.startswith("hide:")],
                )
            )
        return made

    def differs(self, permission: str) -> bool:
        """Whether roles give this right differently."""
        return len({self.level(role_id, permission) for role_id in self.roles}) > 1


def _cells(role: RoleFacts) -> dict[str, str]:
    cells = {name: role.levels.get(name, "all") for name in role.permissions}
    return {**cells, **{f"hide:{name}": "all" for name in role.hidden_fields}}


def _rank(level: str) -> int:
    return LEVELS.index(level) if level in LEVELS else -1
