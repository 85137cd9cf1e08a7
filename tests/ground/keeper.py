"""The process that keeps a private PostgreSQL: starts it, says its URL, waits for its input to end, takes it away. A line on
its input kills it as a power cut does and starts it again.

Standard library only. It is a process of its own because only its end of a pipe tells reliably that the owner is gone,
however the owner ended and on every system.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

HINT = "PostgreSQL is not installed: `installer/hall test` installs it, or set OPENHALL_TEST_DATABASE to a URL."

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "on",
    "max_connections": "300",  # several server processes, each with a pool of 32, side by side
    "shared_buffers": "64MB",
    "log_min_messages": "warning",
    "autovacuum_naptime": "5min",
}


def programs() -> Path | None:
    """The folder that holds `initdb` and `pg_ctl`, the newest version first."""
    roots = [Path("/usr/lib/postgresql"), Path(os.environ.get("PROGRAMFILES", "/nowhere")) / "PostgreSQL"]
    found = [folder for root in roots for folder in root.glob("*/bin") if any(folder.glob("initdb*"))]
    if found:
        return max(found, key=lambda folder: [int(part) for part in folder.parent.name.split(".") if part.isdigit()])
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def unprivileged() -> dict[str, Any]:
    """How to start a process as somebody else than root; nothing when we are not root, or on Windows."""
    if os.name == "nt" or os.geteuid() != 0:
        return {}
    import pwd

    for name in ("postgres", "nobody"):
        try:
            person = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}
    raise RuntimeError("PostgreSQL refuses root, and there is neither a user postgres nor nobody")


def make_folder(person: dict[str, Any]) -> Path:
    """A temporary folder that the unprivileged user owns and can reach."""
    place = Path(tempfile.gettempdir()).resolve()
    if person and not all(part.stat().st_mode & 0o001 for part in (place, *place.parents)):
        place = Path("/var/tmp")  # a private TMPDIR of root is closed to others
    folder = Path(tempfile.mkdtemp(prefix="openhall-postgres-", dir=place))
    if person:
        os.chown(folder, person["user"], person["group"])
    return folder


class Kept:
    """One cluster in one folder."""

    def __init__(self, bin: Path) -> None:
        self.bin = bin
        self.person = unprivileged()
        self.folder = make_folder(self.person)
        self.data = self.folder / "data"
        self.log = self.folder / "log"
        self.password = secrets.token_urlsafe(12)

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's programs to its end. What it says goes to a file: a daemon started by it must not
        hold a pipe of ours open."""
        with open(self.folder / "said", "w+", encoding="utf-8") as said:
            done = subprocess.run(
                [str(self.bin / program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                env={**os.environ, "LC_ALL": "C", "TZ": "UTC"},
                **self.person,
            )
            said.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, said.read())

    def start(self) -> str:
        """Make and start it; answers its URL."""
        word = self.folder / "password"
        word.write_text(self.password)
        if self.person:
            os.chown(word, self.person["user"], self.person["group"])
        made = self.run(
            "initdb", "-D", str(self.data), "-U", "openhall", "--auth=scram-sha-256", f"--pwfile={word}",
            "--encoding=UTF8", "--locale=C", "--no-sync",
        )  # fmt: skip
        if made.returncode:
            raise RuntimeError("initdb: " + made.stdout)
        for _attempt in range(5):  # somebody may take the port between our look and its start
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                port = probe.getsockname()[1]
            started = self.begin(port)
            if started.returncode == 0:
                return f"postgresql://openhall:{self.password}@127.0.0.1:{port}/postgres"
        raise RuntimeError("pg_ctl: " + started.stdout + self.log.read_text(errors="replace"))

    def begin(self, port: int) -> subprocess.CompletedProcess[str]:
        """Start it on a port."""
        options = " ".join(f"-c {name}='{value}'" for name, value in SETTINGS.items())
        return self.run(
            "pg_ctl", "start", "-w", "-t", "60", "-D", str(self.data), "-l", str(self.log), "-o", f"-p {port} {options}"
        )

    def crash(self) -> None:
        """Kill all of its processes at once and start it again on its port; Linux only."""
        lines = (self.data / "postmaster.pid").read_text().splitlines()
        first, port = int(lines[0]), int(lines[3])
        os.kill(first, signal.SIGSTOP)  # it starts no more
        children = [
            int(path.parent.name)
            for path in Path("/proc").glob("[0-9]*/stat")
            if int(path.read_text().rsplit(")", 1)[1].split()[1]) == first
        ]
        for pid in (*children, first):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        while any(_runs(pid) for pid in (*children, first)):
            time.sleep(0.01)
        # Where nobody buries the dead, PostgreSQL would take its own for alive.
        (self.data / "postmaster.pid").unlink()
        started = self.begin(port)
        if started.returncode:
            raise RuntimeError("pg_ctl: " + started.stdout + self.log.read_text(errors="replace"))

    def stop(self) -> None:
        """Stop it and remove its folder."""
        if (self.data / "postmaster.pid").exists():
            self.run("pg_ctl", "stop", "-w", "-m", "immediate", "-D", str(self.data))
        shutil.rmtree(self.folder, ignore_errors=True)


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def main() -> int:
    """Keep a cluster until standard input ends."""
    if os.name == "posix":
        os.setsid()  # Ctrl-C at the owner's terminal must not end us before we have tidied up
    bin = programs()
    if bin is None:
        print(json.dumps({"problem": HINT}), flush=True)
        return 1
    kept = Kept(bin)
    try:
        try:
            said = {"url": kept.start()}
        except RuntimeError as error:
            said = {"problem": str(error)}
        print(json.dumps(said), flush=True)
        for _line in sys.stdin:
            kept.crash()
            print("{}", flush=True)
    finally:
        kept.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
