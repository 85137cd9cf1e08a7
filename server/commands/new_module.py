"""`python -m server.commands.new_module NAME`: the folder of a new module with a record, a verb, a right, its texts and its
test, known to the server (installer/hall new-module). What it writes works as it stands; its revision is the next step."""

from __future__ import annotations

import keyword
import re
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
FILES = {
    "server/modules/{name}/__init__.py": '''\
"""What {name} is for, and who uses it: say it in one paragraph."""

DEPENDS: tuple[str, ...] = ()
''',
    "server/modules/{name}/access.py": '''\
"""Permissions of {name}."""

from common.text import N_
from server.engine.access.permissions import permission

SEE = permission("{name}.see", N_("See {words}"))
EDIT = permission("{name}.edit", N_("Change {words}"))
''',
    "server/modules/{name}/records.py": '''\
"""The records of {name}."""

from __future__ import annotations

from sqlalchemy.orm import Mapped

from common.text import N_
from server.engine.records.fields import text, yes_no
from server.engine.records.record import Record
from server.engine.records.scope import Rights, Scope
from server.modules.{name}.access import EDIT, SEE


class {kind}(Record):
    """One of the {words}; say what it stands for."""

    label = N_("{label}")
    title = ("title_text",)
    rights = Rights(see=SEE, add=EDIT, edit=EDIT, delete=EDIT)
    scope = Scope(own=("created_by",))

    title_text: Mapped[str] = text(N_("Title"), in_list=True, search=True)
    closed: Mapped[bool] = yes_no(N_("Closed"), in_list=True, read_only=True)
''',
    "server/modules/{name}/actions.py": '''\
"""The verbs of {name}."""

from __future__ import annotations

from uuid import UUID

from pydantic import BaseModel

from common.protocol.messages import Nothing
from common.text import N_
from server.engine.actions.declare import action
from server.engine.actions.work import Work
from server.engine.errors import refusal
from server.engine.records.record import When
from server.modules.{name}.access import EDIT
from server.modules.{name}.records import {kind}

CLOSED = refusal("{name}.closed", N_("This is closed already. Refresh the list."))


class Close(BaseModel):
    """Input of `{name}.close`."""

    id: UUID


@action(
    "{name}.close", needs=EDIT, input=Close, output=Nothing, label=N_("Close"), on={kind},
    when=(When("closed", "is", False),), locks=lambda request: [("{record}", request.id)],
)  # fmt: skip
def close(work: Work, request: Close) -> Nothing:
    """Close one of the {words}; a button on its list and form."""
    row = work.get({kind}, request.id)
    if row.closed:
        work.refuse("{name}.closed")
    row = work.change({kind}, row, closed=True)
    work.notify("{name}", "changed", type="{record}", id=row.id, version=row.version)
    return Nothing()
''',
    "tests/server/{name}/__init__.py": "",
    "tests/server/{name}/test_{name}.py": '''\
"""What users notice of {name}."""

from __future__ import annotations

from tests.server.conftest import Hall


def test_one_is_made_and_closed_once(hall: Hall) -> None:
    made = hall.post("records.create", {{"type": "{record}", "values": {{"title_text": "First"}}}}, who="admin")["record"]
    assert not made["closed"]
    hall.post("{name}.close", {{"id": made["id"]}}, who="admin")
    assert hall.refused("{name}.close", {{"id": made["id"]}}, who="admin") == "{name}.closed"
    assert hall.refused("{name}.close", {{"id": made["id"]}}, who="anna") == "access.denied"
''',
}
NEXT = """\
Written: server/modules/{name}, tests/server/{name}; named last in server/app.py.
Next:
  1. say in server/modules/{name}/__init__.py what it is for, name in DEPENDS what it imports, rename what it declares
  2. installer/hall new-revision {name} "first tables", and read what it wrote
  3. .venv/bin/python -m common.text extract server/modules/{name}; missing, translate, fill, check (common/text/README.md)
  4. its layer in pyproject.toml ([tool.importlinter], contract "modules")
  5. .venv/bin/python -m pytest -q tests/server/{name}; installer/hall check
"""


class Unfit(ValueError):
    """A name that cannot be a module's; the sentence says why."""


def write(name: str, top: Path) -> list[Path]:
    """Write the module's files and name it in `server/app.py`. Raises Unfit before anything is written."""
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name) or keyword.iskeyword(name) or len(name) > 30:
        raise Unfit(
            f"{name!r} is no module's name: lower case letters, digits and single underlines, such as lost_property"
        )
    app = top / "server" / "app.py"
    listed = re.search(r"^MODULES = \((.*?)\)$", app.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    if listed is None:
        raise Unfit("server/app.py has no MODULES")
    if (top / "server" / "modules" / name).exists() or f'"{name}"' in listed[1]:
        raise Unfit(f"there is a module {name} already")
    about = {
        "name": name,
        "words": name.replace("_", " "),
        "label": name.replace("_", " ").capitalize(),
        "record": f"{name}_entry",
        "kind": "".join(part.capitalize() for part in name.split("_")) + "Entry",
    }
    written = []
    for path, text in FILES.items():
        file = top / path.format(**about)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text.format(**about), encoding="utf-8")
        written.append(file)
    whole = app.read_text(encoding="utf-8")
    inside = listed[1].rstrip().rstrip(",")
    ends = listed[1][len(listed[1].rstrip()) :]
    app.write_text(
        whole.replace(listed[0], f'MODULES = ({inside}, "{name}"{"," if ends else ""}{ends})'), encoding="utf-8"
    )
    return written


def main(arguments: list[str]) -> int:
    """Write the module that is named; gives the exit status."""
    if len(arguments) != 1:
        print("installer/hall new-module NAME")
        return 2
    try:
        write(arguments[0], TOP)
    except Unfit as why:
        print(why)
        return 1
    print(NEXT.format(name=arguments[0]), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
