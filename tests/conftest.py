"""Fixtures that every test may use; `tests/ground` holds how they work. One place: a fixture that a folder imports anew is
made anew there, also one for the whole session."""

from __future__ import annotations

import os
import re
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from tests.ground import starter
from tests.ground.databases import KINDS, Databases
from tests.ground.demo_halls import demo_hall, demo_halls
from tests.ground.demo_house import demo_data, house
from tests.ground.ports import free_port as find_free_port
from tests.ground.postgres import Cluster
from tests.ground.sharing import Lender, borrow, lent
from tests.ground.watch import ErrorLines, error_lines, left_threads, threads

__all__ = ["demo_data", "demo_hall", "demo_halls", "house"]

os.environ["QT_QPA_PLATFORM"] = "offscreen"

# Two shared cores: a deadline in milliseconds would measure the neighbours. No database: a run leaves nothing behind.
hypothesis.settings.register_profile("house", deadline=None, max_examples=50, database=None, print_blob=True)
hypothesis.settings.load_profile("house")

LENDER = pytest.StashKey[Lender]()
HOME = pytest.StashKey[tempfile.TemporaryDirectory[str]]()


def pytest_configure(config: pytest.Config) -> None:
    """The session's first process lends PostgreSQL; every process gets a home of its own, so that no test writes to
    the user's folders."""
    if not hasattr(config, "workerinput"):
        config.stash[LENDER] = Lender(secrets.token_bytes(16))
    home = config.stash[HOME] = tempfile.TemporaryDirectory(prefix="openhall-home-", ignore_cleanup_errors=True)
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"):
        os.environ[name] = home.name
    os.environ.update(LOCALAPPDATA=home.name, APPDATA=home.name)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Take away what the session had."""
    starter.close()
    if LENDER in config.stash:
        config.stash[LENDER].close()
    config.stash[HOME].cleanup()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """Tell a worker of xdist where to borrow PostgreSQL."""
    lender = node.config.stash[LENDER]  # type: ignore[attr-defined]
    node.workerinput["openhall"] = (lender.port, lender.key.hex())  # type: ignore[attr-defined]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`covers` names requirements, nothing else."""
    for item in items:
        for mark in item.iter_markers("covers"):
            wrong = [name for name in mark.args if not re.fullmatch(r"[A-Z]{3}-I?\d{2,3}", str(name))]
            if wrong or not mark.args:
                raise pytest.UsageError(f"{item.nodeid}: covers wants requirement ids such as QUE-039, not {wrong}")


@pytest.fixture(scope="session")
def databases(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Makes fresh databases; PostgreSQL is started at the first wish for one."""

    def wish() -> Cluster:
        if LENDER in pytestconfig.stash:
            return lent(pytestconfig.stash[LENDER].borrow())
        port, key = pytestconfig.workerinput["openhall"]  # type: ignore[attr-defined]
        return borrow(port, bytes.fromhex(key))

    made = Databases(tmp_path_factory.mktemp("databases"), wish)
    yield made
    made.close()


@pytest.fixture(params=KINDS)
def database_kind(request: pytest.FixtureRequest) -> str:
    """Both kinds of database, one after the other."""
    return str(request.param)


@pytest.fixture
def database_url(database_kind: str, databases: Databases) -> Iterator[str]:
    """The URL of a fresh, empty database of both kinds."""
    with databases.fresh(database_kind) as url:
        yield url


@pytest.fixture
def free_port() -> int:
    """A free port of 127.0.0.1."""
    return find_free_port()


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Coroutine tests run on asyncio; they need no mark (`anyio_mode = auto`)."""
    return "asyncio"


@pytest.fixture(autouse=True)
def error_log() -> Iterator[ErrorLines]:
    """An ERROR line in the log fails the test, unless it announced it: `error_log.expect("pattern")`."""
    with error_lines() as lines:
        yield lines
    left = lines.unexpected()
    if left:
        pytest.fail("unexpected ERROR lines in the log:\n" + "\n".join(left))


@pytest.fixture(autouse=True)
def no_threads_left() -> Iterator[None]:
    """A thread that goes on after its test fails it. Stop what you start."""
    before = threads()
    yield
    left = left_threads(before)
    if left:
        pytest.fail("threads left running: " + ", ".join(left))


@pytest.fixture
def repository() -> Path:
    """The top of the working copy."""
    return Path(__file__).resolve().parent.parent
