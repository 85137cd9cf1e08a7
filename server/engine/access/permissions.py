"""Permissions: declared once by the module that asks for them, granted through roles."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Permission:
    """Something that somebody may or may not do."""

    name: str
    label: str
    devices: tuple[str, ...] = ()
    """Kinds of device that hold it by themselves."""


PERMISSIONS: dict[str, Permission] = {}


def permission(name: str, label: str, *, devices: tuple[str, ...] = ()) -> str:
    """Declare a permission; gives its name."""
    if name in PERMISSIONS:
        raise RuntimeError(f"permission {name} is declared twice")
    PERMISSIONS[name] = Permission(name, label, devices)
    return name


def of_device(kind: str) -> frozenset[str]:
    """What a device of this kind may do by itself."""
    return frozenset(p.name for p in PERMISSIONS.values() if kind in p.devices)
