"""PostgreSQL's own programs: where they lie on each system, and how they are started without a password on the command line."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from psycopg2.extensions import make_dsn
from sqlalchemy.engine import URL

from common.text import N_
from server.engine.errors import Refused, refusal

NO_PROGRAM = refusal(
    "backup.no_postgres_program",
    N_("{program} was not found. Install PostgreSQL's client programs, of the server's version or newer."),
    422,
)
PROGRAM_FAILED = refusal("backup.postgres_failed", N_("{program} says: {said}"), 422)

PLACES = (Path("/usr/lib/postgresql"), Path("/usr/pgsql"), Path("/opt/homebrew/opt"), Path("/usr/local/opt"))


def folders() -> list[Path]:
    """Folders of PostgreSQL's programs, the newest version first: Debian's and Windows' versioned ones."""
    roots = [
        *PLACES,
        *(Path(os.environ[n]) / "PostgreSQL" for n in ("PROGRAMFILES", "PROGRAMW6432") if n in os.environ),
    ]
    found = {folder for root in roots for folder in root.glob("*/bin")}
    return sorted(found, key=_version, reverse=True)


def _version(folder: Path) -> list[int]:
    return [int(part) for part in folder.parent.name.removeprefix("postgresql@").split(".") if part.isdigit()]


def program(name: str) -> Path:
    """The newest `pg_dump` or `pg_restore`, else the one on the PATH; refuses when there is none."""
    file = name + (".exe" if os.name == "nt" else "")
    for folder in folders():
        if (folder / file).is_file():
            return folder / file
    on_path = shutil.which(name)
    if on_path is None:
        raise Refused("backup.no_postgres_program", program=name)
    return Path(on_path)


def connection_text(url: URL) -> str:
    """The address as libpq reads it, without the password, which travels in the environment."""
    query = {str(k): str(v) for k, v in url.query.items()}
    parts = {"host": url.host, "port": url.port, "user": url.username, "dbname": url.database}
    return make_dsn(**{k: v for k, v in {**parts, **query}.items() if v is not None})  # type: ignore[no-any-return]


def run(name: str, url: URL, *arguments: str, step: Callable[[], None] = lambda: None) -> None:
    """Run one of the programs to its end; `step` is called about four times a second and may raise to stop it."""
    environment = {**os.environ, "LC_ALL": "C"}
    if url.password is not None:
        environment["PGPASSWORD"] = str(url.password)
    command = [str(program(name)), "--dbname", connection_text(url), "--no-password", *arguments]
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=environment,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    said = b""
    try:
        while True:
            try:
                _, said = process.communicate(timeout=0.25)
                break
            except subprocess.TimeoutExpired:
                step()
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()
    if process.returncode:
        lines = said.decode(errors="replace").strip().splitlines()
        raise Refused(
            "backup.postgres_failed", program=name, said=" ".join(lines)[:400] or f"status {process.returncode}"
        )
