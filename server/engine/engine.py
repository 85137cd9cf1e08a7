"""The engine at run time: the store, the clock, the hub and what hangs on them. It knows no module."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel
from sqlalchemy import Connection
from sqlalchemy.engine import URL

from server.engine.access.authority import Authority
from server.engine.access.enrolment import EnrolmentDesk
from server.engine.access.sign_in import SignInDesk
from server.engine.access.tokens import TokenTable, digest
from server.engine.actions.declare import ACTIONS, Action
from server.engine.actions.perform import act_of, serialised
from server.engine.actions.work import Work
from server.engine.audit import anchor as _anchor  # noqa: F401  declares its job
from server.engine.audit import pruning as _pruning  # noqa: F401  declares its job
from server.engine.backup import jobs as _backup_jobs  # noqa: F401  declares its job
from server.engine.backup.desk import BackupDesk
from server.engine.caches import Caches, attach
from server.engine.clock import Clock
from server.engine.database.outcome import Outcome
from server.engine.database.postgresql import PostgresStore
from server.engine.database.sqlite import SqliteStore
from server.engine.exports.desk import ExportDesk
from server.engine.house import House
from server.engine.imports.desk import ImportDesk
from server.engine.jobs import alerts as _alerts  # noqa: F401  declares their verbs
from server.engine.jobs import purging as _purging  # noqa: F401  declares its job
from server.engine.jobs.runner import Jobs
from server.engine.notices.hub import Hub
from server.engine.notices.stream import bounds
from server.engine.ports import Place, ports
from server.engine.principal import HOUSE, Principal
from server.engine.settings import SettingValues
from server.engine.system import Samples
from server.engine.vault import Vault

log = logging.getLogger(__name__)

T = TypeVar("T")

READERS = 4


class Engine:
    """One server process's engine. `open` needs migrated tables."""

    def __init__(self, url: URL, data: Path, clock: Clock | None = None) -> None:
        self.url = url
        self.data = data
        self.clock = clock or Clock()
        self.store: SqliteStore | PostgresStore
        if url.get_backend_name() == "sqlite":
            self.store = SqliteStore(Path(url.database or ""))
        else:
            self.store = PostgresStore(url)
        self.caches = Caches()
        attach(self.caches, self.store.write_engine, self.store.read_engine)
        self.hub = Hub()
        self.tokens = TokenTable()
        self.settings = SettingValues()
        self.vault = Vault(data)
        self.readers = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        self.jobs = Jobs(self)
        self.backups = BackupDesk(self)
        self.exports = ExportDesk(self)
        self.imports = ImportDesk(self)
        self.sign_in = SignInDesk(self)
        self.enrolment = EnrolmentDesk(self)
        self.samples = Samples(self.clock.now())
        self.claim_code: str | None = None
        self.public_address = ""
        self.on_restart: Callable[[], None] = lambda: None
        """How this process starts anew; whoever serves says."""
        self.house: House
        self.authority: Authority

    def open(self, *, jobs: bool = True) -> None:
        """Start the writer, the sequencer and the jobs."""
        with self.store.write_engine.begin() as connection:
            self.house = House.load(connection)
        self.authority = Authority(self.data, self.house.server_id)
        with self.store.reading() as connection:
            self.hub.last = bounds(connection)[1]
        self.hub.listen(self._heard)
        if isinstance(self.store, SqliteStore):
            self.store.on_undone = self.caches.forget
        if isinstance(self.store, PostgresStore):
            self.store.on_changed = self.caches.heard
        self.store.on_notices = self.hub.deliver
        self.store.start()
        if jobs:
            self.jobs.start()
            self.backups.start()
            self.exports.start()
            self.imports.start()

    def close(self) -> None:
        """Finish what runs, then stop; safe to call twice."""
        self.backups.close()
        self.exports.close()
        self.imports.close()
        self.jobs.close()
        self.sign_in.close()
        self.store.close()
        self.readers.shutdown(wait=True)

    def restart(self) -> None:
        """Have the server start anew: something is prepared that can be done only before anything is opened."""
        log.info("the server starts anew")
        self.on_restart()

    def _heard(self, row: dict[str, Any]) -> None:
        topic = row["topic"]
        if topic in ("access", "people", "devices"):
            self.tokens.forget()
        if topic == "vault":
            self.vault.read()
        if topic == "jobs":
            self.jobs.heard(row["kind"], row["ids"])
        self.caches.heard(topic, row["kind"])

    # who

    async def principal(self, token: str) -> Principal | None:
        """The one behind a token, or nothing."""
        hashed = digest(token)
        held = self.tokens.held(hashed, self.clock.now())
        if held is not None:
            return held
        return await self.read(lambda connection: self.tokens.resolve(connection, hashed, self.clock.now()))

    # reading and changing

    async def read(self, look: Callable[[Connection], T]) -> T:
        """Run `look` on a reading connection in a reader thread."""

        def run() -> T:
            with self.store.reading() as connection:
                return look(connection)

        return await asyncio.get_running_loop().run_in_executor(self.readers, run)

    async def perform(
        self, action: Action, who: Principal, request: BaseModel, raw: bytes, key: str | None, language: str = "en"
    ) -> bytes:
        """Perform a declared verb; gives its answer as JSON, a reading's words in the reader's language. Raises `Refused`,
        `Unavailable`, or our own bug."""
        if action.reads:
            return await self.read(lambda connection: self._looked(connection, action, who, request, language))
        prepared = None
        if action.prepare is not None:
            prepared = await self.sign_in.hash_aside(action.prepare, self, who, request)
        result: bytes = await self.store.run(act_of(self, action, who, request, raw, key, prepared))
        return result

    def _looked(
        self, connection: Connection, action: Action, who: Principal, request: BaseModel, language: str
    ) -> bytes:
        work = Work(connection, self, who, action.name)
        work.language = language
        return serialised(action.function(work, request))

    def act(self, name: str, function: Callable[[Work], T], who: Principal = HOUSE) -> T:
        """Run a function as one action of the house and wait for it; for start-up, the command line and tests."""

        def run(connection: Connection) -> Outcome:
            work = Work(connection, self, who, name)
            result = function(work)
            outcome = work.finish()
            outcome.result = result
            return outcome

        return self.store.submit(run).result()  # type: ignore[no-any-return]

    def look(self, function: Callable[[Work], T], who: Principal = HOUSE) -> T:
        """Run a function on a reading connection and wait; for start-up, the command line and tests."""
        with self.store.reading() as connection:
            return function(Work(connection, self, who, "look"))

    def verb(self, name: str) -> Action | None:
        """The declared verb of this name."""
        return ACTIONS.get(name)

    def main_place(self, connection: Connection) -> Place | None:
        """The outlet that this server greets with."""
        return ports.places.main(connection)
