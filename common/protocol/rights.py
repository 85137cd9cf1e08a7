"""Roles and rights as the console's grid shows and publishes them, and what one account may do and why."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field

from common.protocol.messages import Message, Words


class Right(Message):
    """A permission."""

    name: str
    label: str
    module: str
    governs: list[str] = []
    """What of which kinds of record it opens, as `record.operation`."""


class Holder(Message):
    """Somebody who holds a role, and by which way."""

    account_id: UUID
    name: Words
    by: str
    """`role`, `group`, `post`."""
    through: Words = {}
    """The name of the group or post."""


class RoleFacts(Message):
    """A role with what it gives, and who holds it today."""

    id: UUID
    version: int
    name: str
    name_words: Words = {}
    permissions: list[str] = []
    levels: dict[str, str] = {}
    hidden_fields: list[str] = []
    holders: list[Holder] = []


class KindFacts(Message):
    """A kind of record: which permission opens what of it, and its fields."""

    name: str
    label: str
    module: str
    operations: dict[str, str] = {}
    """By operation (see, read, add, edit, delete, export) its permission."""
    scoped: bool = False
    """Whether its rows belong to people or places, so that a narrower reach means something."""
    fields: dict[str, str] = {}
    """Labels by name."""


class RightsGrid(Message):
    """`people.rights`: all of it."""

    rights: list[Right]
    roles: list[RoleFacts]
    kinds: list[KindFacts]


class RoleChange(Message):
    """A role as it shall be, at the version that was read."""

    id: UUID
    version: int
    permissions: list[str] = Field(max_length=500)
    levels: dict[str, str] = {}
    hidden_fields: list[str] = Field(default=[], max_length=500)


class PublishRoles(Message):
    """`people.publish_roles`: several roles at once, all or none, with the reason that their histories keep."""

    roles: list[RoleChange] = Field(min_length=1, max_length=100)
    reason: str = Field(max_length=500)


class WhatMay(Message):
    """`people.what_may`: of which account."""

    account_id: UUID


class Why(Message):
    """One way by which somebody holds a permission."""

    by: str
    """`role`, `group`, `post`, `grant`, `mandate`."""
    role: Words = {}
    through: Words = {}
    """The group, the post, or who gave the mandate."""
    level: str


class Held(Message):
    """A permission that somebody holds."""

    permission: str
    label: str
    module: str
    level: str
    """How far it reaches altogether."""
    ways: list[Why]


class MayDo(Message):
    """The answer to `people.what_may`."""

    name: Words
    account: str
    locked: bool = False
    held: list[Held]
    hidden_fields: list[str] = []
