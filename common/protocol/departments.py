"""The department service: people of departments, and who is above and below whom, as they travel (ADM-019)."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field

from common.protocol.messages import Message, Words


class FindMembers(Message):
    """`organisation.members`."""

    words: str = Field(default="", max_length=100)
    department_id: UUID | None = None
    with_below: bool = True
    heads_only: bool = False
    limit: int = Field(default=50, ge=1, le=500)


class MemberFacts(Message):
    """Somebody of a department."""

    id: UUID
    name: Words
    number: str = ""
    department_id: UUID | None = None
    department: Words = {}
    post: Words = {}
    head: bool = False


class Members(Message):
    """By name."""

    items: list[MemberFacts]


class AskLine(Message):
    """`organisation.line`."""

    person_id: UUID


class Line(Message):
    """Who is above a person (nearest first) and directly below."""

    superiors: list[MemberFacts]
    above: list[MemberFacts]
    below: list[MemberFacts]
