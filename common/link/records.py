"""Records over the link: what one may use, lists, one record, changes, history, searches, files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from common.link.verbs import new_key, verb_path
from common.records import Page, Query, Schema

if TYPE_CHECKING:
    from common.link.link import Link

LIST_SECONDS = 30.0
"""A page of a large list, or the totals over it, may take longer than a verb."""


@dataclass(frozen=True)
class Shown:
    """One record as this reader may see it, and the names that its links lead to, by id."""

    values: dict[str, Any]
    labels: dict[str, str]


class Records:
    """What `Link.records` gives. Every change takes a `key`: made once by `new_key` and handed in again after Offline, the
    change has its effect once. All raise Refusal or Offline. Loop's thread."""

    def __init__(self, link: Link) -> None:
        self._link = link

    # what there is

    async def schema(self) -> Schema:
        """The kinds of record, actions and reports that this person may use, in the reader's language; kept on disk."""
        name = self._kept_as()
        schema = Schema.model_validate(await self._link.request("GET", "/api/schema", timeout=LIST_SECONDS))
        if name is not None:
            kept = self._link.cache.get(name, Schema)
            if kept is None or kept.value.version != schema.version:
                self._link.cache.put(name, schema)
        return schema

    def kept_schema(self) -> Schema | None:
        """What `schema` last gave to this person in this language: for a start without the server."""
        name = self._kept_as()
        kept = self._link.cache.get(name, Schema) if name is not None else None
        return kept.value if kept is not None else None

    def _kept_as(self) -> str | None:
        me = self._link.me
        return f"schema.{me.id}.{self._link.language}" if me is not None else None

    # reading

    async def query(self, kind: str, query: Query) -> Page:
        """A page of a list, or its groups."""
        asked = query.model_dump(mode="json", exclude_defaults=True)
        return Page.model_validate(
            await self._link.request("POST", f"/api/records/{kind}/query", json=asked, timeout=LIST_SECONDS)
        )

    async def every(self, kind: str, query: Query, most: int = 5000) -> tuple[list[dict[str, Any]], dict[str, str]]:
        """All rows that match, page by page, `most` at most; and the names that their links lead to. For screens that draw
        a whole: a chart, a grid."""
        rows: list[dict[str, Any]] = []
        labels: dict[str, str] = {}
        asked = query.model_copy(update={"limit": 500})
        while True:
            page = await self.query(kind, asked)
            rows += page.items
            labels.update(page.labels)
            if page.next is None or len(rows) >= most:
                return rows, labels
            asked = asked.model_copy(update={"after": page.next})

    async def get(self, kind: str, record_id: str) -> Shown:
        """One record. Opening one of a citizen leaves a trace in its history."""
        return _shown(await self._link.request("GET", f"/api/records/{kind}/{record_id}"))

    async def history(self, kind: str, record_id: str) -> tuple[list[dict[str, Any]], dict[str, str]]:
        """The changes of one record, latest first, and the names that changed links lead to."""
        got = await self._link.request("GET", f"/api/records/{kind}/{record_id}/history")
        return got["items"], got.get("labels", {})

    # changing

    async def create(
        self, kind: str, values: dict[str, Any], *, reason: str | None = None, key: str | None = None
    ) -> dict[str, Any]:
        """Add a record; gives it as it is now. `records.invalid` names each wrong field in `facts["fields"]`."""
        return await self._do("create", {"type": kind, "values": values, "reason": reason}, key)

    async def edit(
        self,
        kind: str,
        record_id: str,
        values: dict[str, Any],
        *,
        version: int | None = None,
        reason: str | None = None,
        key: str | None = None,
    ) -> dict[str, Any]:
        """Change fields; against a newer version it is refused with `records.changed_meanwhile` and the `current` one."""
        asked = {"type": kind, "id": record_id, "version": version, "values": values, "reason": reason}
        return await self._do("edit", asked, key)

    async def edit_many(
        self,
        kind: str,
        ids: list[str],
        values: dict[str, Any],
        *,
        reason: str | None = None,
        key: str | None = None,
    ) -> list[dict[str, Any]]:
        """The same values into several records, all or nothing."""
        got = await self._verb("edit_many", {"type": kind, "ids": ids, "values": values, "reason": reason}, key)
        return list(got["records"])

    async def delete(
        self,
        kind: str,
        record_id: str,
        *,
        version: int | None = None,
        reason: str | None = None,
        key: str | None = None,
    ) -> dict[str, Any]:
        """Mark it as deleted; `restore` takes that back."""
        return await self._do("delete", {"type": kind, "id": record_id, "version": version, "reason": reason}, key)

    async def restore(
        self, kind: str, record_id: str, *, reason: str | None = None, key: str | None = None
    ) -> dict[str, Any]:
        """Take a deletion back."""
        return await self._do("restore", {"type": kind, "id": record_id, "reason": reason}, key)

    async def move(
        self, kind: str, record_id: str, parent_id: str | None, before_id: str | None, *, key: str | None = None
    ) -> dict[str, Any]:
        """Under another parent (nothing: a root), before one of its brothers or to the end."""
        asked = {"type": kind, "id": record_id, "parent_id": parent_id, "before_id": before_id}
        return await self._do("move", asked, key)

    async def reveal(self, kind: str, record_id: str, field: str) -> str:
        """A protected value in the clear; who looked stays in its history."""
        got = await self._verb("reveal", {"type": kind, "id": record_id, "field": field}, None)
        return str(got["value"] or "")

    async def act(self, verb: str, values: dict[str, Any], *, key: str | None = None) -> dict[str, Any]:
        """Any declared verb by its name, as a record's button does it."""
        return dict(await self._link.request("POST", verb_path(verb), json=values, key=key or new_key()) or {})

    # saved searches

    async def views(self, kind: str) -> list[dict[str, Any]]:
        """One's own and the shared searches of a kind of record, by name."""
        return list((await self._read("views", {"type": kind}))["views"])

    async def save_view(self, values: dict[str, Any], *, key: str | None = None) -> dict[str, Any]:
        """Keep a search: `type`, `name`, `query`, `layout`, `shared`; with `id` one's own anew."""
        return dict(await self._verb("save_view", values, key))

    async def drop_view(self, view_id: str, *, key: str | None = None) -> None:
        """Forget a search."""
        await self._verb("drop_view", {"id": view_id}, key)

    # files

    async def files(self, kind: str, record_id: str) -> list[dict[str, Any]]:
        """The files attached to a record, in their order."""
        return list((await self._read("files", {"type": kind, "id": record_id}))["files"])

    async def attach(self, kind: str, record_id: str, name: str, content: bytes) -> list[dict[str, Any]]:
        """Send a file and attach it; gives all of the record's files."""
        file_id = await self.send_file(name, content)
        asked = {"type": kind, "id": record_id, "file_id": file_id, "name": name[:200]}
        return list((await self._verb("attach", asked, None))["files"])

    async def send_file(self, name: str, content: bytes, *, public: bool = False) -> str:
        """Put a file into the store; gives its id. One that was sent twice lies there twice, attached is one."""
        return str((await self._link.send_file(quote(name)[:400], content, public=public))["id"])

    async def detach(self, attachment_id: str) -> None:
        """Take a file off its record."""
        await self._verb("detach", {"id": attachment_id}, None)

    # how

    async def _do(self, verb: str, asked: dict[str, Any], key: str | None) -> dict[str, Any]:
        return dict((await self._verb(verb, asked, key))["record"])

    async def _verb(self, verb: str, asked: dict[str, Any], key: str | None) -> Any:
        return await self._link.request("POST", verb_path(f"records.{verb}"), json=asked, key=key or new_key())

    async def _read(self, verb: str, asked: dict[str, Any]) -> Any:
        return await self._link.request("POST", verb_path(f"records.{verb}"), json=asked)


def _shown(got: dict[str, Any]) -> Shown:
    return Shown({n: v for n, v in got.items() if n != "_labels"}, dict(got.get("_labels", {})))
