"""Addresses and keys of verbs."""

from __future__ import annotations

from uuid_utils.compat import uuid7


def verb_path(verb: str) -> str:
    """The address of a verb: `queue.call_next` is `/api/queue/call_next`."""
    module, _dot, name = verb.partition(".")
    return f"/api/{module}/{name}"


def new_key() -> str:
    """A fresh Idempotency-Key."""
    return str(uuid7())
