"""The plan of the house, held by tests: modules, imports, migrations, verbs."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from common import VERSION
from server.app import MODULES, load_modules
from server.engine.access.permissions import PERMISSIONS
from server.engine.actions.declare import ACTIONS
from server.engine.database.engines import driven
from server.engine.database.migrations import differences, heads, migrate
from server.engine.records.record import RECORDS
from server.engine.reports.declare import REPORTS

load_modules()

TOP = {"server", "client_staff", "client_kiosk", "client_pad", "client_led", "common", "installer", "tests"}


def imports_of(file: Path) -> set[str]:
    """Every module that a file imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_others_only_through_public_and_as_it_declares(module: str, repository: Path) -> None:
    folder = repository / "server" / "modules" / module
    declared = set(ast.literal_eval(re.search(r"DEPENDS[^=]*= (\(.*?\))", (folder / "__init__.py").read_text())[1]))  # type: ignore[index]
    for file in folder.glob("*.py"):
        for name in imports_of(file):
            found = re.fullmatch(r"server\.modules\.(\w+)(?:\.(\w+))?.*", name)
            if found and found[1] != module:
                assert found[1] in declared, f"{file.name} imports {found[1]}, which DEPENDS does not name"
                assert found[2] == "public", f"{file.name} imports {name} past public.py"


def test_the_top_level_is_fixed(repository: Path) -> None:
    import subprocess

    tracked = subprocess.run(["git", "ls-files"], cwd=repository, capture_output=True, text=True, check=True).stdout
    tops = {line.split("/")[0] for line in tracked.splitlines()}
    assert {t for t in tops if not t.startswith(".")} <= TOP | {"pyproject.toml", "README.md"}


def test_there_is_one_version(repository: Path) -> None:
    assert tomllib.loads((repository / "pyproject.toml").read_text())["project"]["version"] == VERSION


def test_files_are_named_for_what_they_hold(repository: Path) -> None:
    bad = {"utils.py", "helpers.py", "base.py", "manager.py", "misc.py"}
    assert not [f for root in ("server", "common") for f in (repository / root).rglob("*.py") if f.name in bad]


def test_files_stay_small(repository: Path) -> None:
    long = {
        str(f.relative_to(repository)): n
        for root in ("server", "common")
        for f in (repository / root).rglob("*.py")
        if (n := len(f.read_text(encoding="utf-8").splitlines())) > 450
    }
    assert long == {}


def test_raw_selects_stay_in_loaders(repository: Path) -> None:
    """Rows leave through `visible` or through the modules' prepared statements, which lie where they are looked for."""
    allowed = {"loaders.py", "actions.py", "integrity.py"}
    for file in (repository / "server" / "modules").rglob("*.py"):
        if file.name not in allowed and not file.name.startswith("loaders_") and "migrations" not in file.parts:
            assert not re.search(r"(?<!\w)select\(", file.read_text(encoding="utf-8")), file


def test_one_head(database_url: str) -> None:
    assert len(heads()) == 1


def test_the_migrated_tables_are_the_declared_ones(database_url: str) -> None:
    url = make_url(database_url)
    assert migrate(url) is True
    assert migrate(url) is False
    engine = create_engine(driven(url))
    with engine.connect() as connection:
        assert differences(connection) == []
    engine.dispose()


@pytest.mark.parametrize("name", sorted(ACTIONS))
def test_every_verb_is_documented_and_asks_for_a_declared_right(name: str) -> None:
    declared = ACTIONS[name]
    assert declared.doc, f"{name} has no docstring"
    assert declared.needs is None or declared.needs in PERMISSIONS


@pytest.mark.parametrize("name", sorted(RECORDS))
def test_every_record_has_a_label_and_declared_rights(name: str) -> None:
    record = RECORDS[name]
    assert record.label
    assert record.__doc__
    for operation in ("see", "add", "edit", "delete"):
        right = getattr(record.rights, operation)
        assert right is None or right in PERMISSIONS
    for field_name, field in record.fields().items():
        assert field.label, f"{name}.{field_name}"
        if field.link is not None:
            assert field.link in RECORDS


def test_every_role_of_a_new_hall_holds_declared_permissions() -> None:
    from server.modules.people.access import FIRST_ROLES

    for _, permissions in FIRST_ROLES.values():
        assert all(p == "*" or p in PERMISSIONS for p in permissions)
    assert all(r.needs in PERMISSIONS for r in REPORTS.values())
