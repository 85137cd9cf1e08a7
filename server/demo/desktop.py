"""The demo hall on a desktop: server and five windows, arranged, ready to use, until somebody has seen enough."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from queue import Empty

from server.demo import hall
from server.demo.show.places import arrange
from server.demo.show.programs import PROGRAMS, WINDOW, NotStarted, Programs
from server.demo.show.screen import NoScreen, desktop_environment, desktop_space

Say = Callable[[str], None]


def show(language: str | None, without: str | None, say: Say) -> int:
    """Open the hall; returns when its last window is closed. `without` leaves a program out."""
    names = [name for name, kind in PROGRAMS.items() if kind != without]
    environment = desktop_environment()
    with tempfile.TemporaryDirectory(prefix="openhall-demo-", ignore_cleanup_errors=True) as folder:
        try:
            places = arrange(desktop_space(environment))
            with Programs(Path(folder), environment) as programs:
                programs.start_server()
                programs.make_tokens(names)
                for name in names:
                    options = ["--geometry", places[name].option]
                    options += ["--language", language] if language else []
                    programs.start(name, *options)
                _welcome(programs, say)
                return _until_closed(programs, say)
        except (NoScreen, NotStarted) as why:
            say(str(why))
            return 1


def _welcome(programs: Programs, say: Say) -> None:
    """What a person needs to begin."""
    roles: dict[str, list[str]] = {}
    for account in programs.accounts:
        roles.setdefault(", ".join(account["roles"]), []).append(account["name"])
    say(f"The demo hall is open at {programs.url}. Every account has the password {hall.PASSWORD}:")
    for role, accounts in roles.items():
        say(f"  {role.replace('_', ' '):14} {', '.join(accounts)}")
    say(
        f"Sign in at the workbench as anna and open window {WINDOW}: pad and strip stand there. Take a ticket at the kiosk,"
    )
    say("call it with F2, start it with F5, finish it with F4, rate it on the pad. As manager open 'The day'.")
    say("Nothing of it is kept. Ctrl+C, or closing the last window, ends it.")


def _until_closed(programs: Programs, say: Say) -> int:
    """Wait for windows to be closed; a program that ends badly is told, with its own words."""
    while programs.alive():
        try:
            name = programs.ended.get(timeout=0.5)  # a time limit, so that Ctrl+C is heard on Windows too
        except Empty:
            continue
        status = programs.running[name].wait()
        if name == "server":
            say(
                f"The server has ended (status {status}):\n{programs.words(name).read_text('utf-8', 'replace')[-2000:]}"
            )
            return 1
        if status != 0:
            say(f"{name} has ended with status {status}:\n{programs.words(name).read_text('utf-8', 'replace')[-2000:]}")
    return 0
