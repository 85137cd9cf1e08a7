"""Lists from files through the real server: read, tried out, taken in pieces, stopped, gone on with, undone."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

import openpyxl
import pytest
from sqlalchemy import select

from server.commands import worker
from server.engine.database.schema import audit
from server.engine.engine import Engine
from server.engine.errors import Refused
from server.engine.imports import take
from server.engine.imports.actions import path_of
from server.engine.imports.records import ImportRun
from server.engine.jobs.aside import Ended
from tests.server.conftest import Hall

HEAD = "Code,Name (English),Name (中文),Dictionary\n"


class Desk:
    """Imports as a person asks for them."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self.engine: Engine = hall.engine

    def send(
        self, content: bytes, kind: str, *, name: str = "list.csv", who: str = "admin", language: str = "en"
    ) -> Any:
        """The raw answer to a file that is sent."""
        head = {
            "Authorization": f"Bearer {self.hall.sign_in(who)}", "Openhall-Name": quote(name),
            "Accept-Language": language,
        }  # fmt: skip
        return self.hall.http.request("POST", f"/api/imports?type={kind}", content, head)

    def read(self, content: bytes | str, kind: str = "dictionary_entry", **more: Any) -> dict[str, Any]:
        """A file that was sent and read."""
        raw = content.encode() if isinstance(content, str) else content
        answer = self.send(raw, kind, **more)
        assert answer.status_code == 200, answer.text
        assert self.engine.imports.run_next()
        return self.state(answer.json()["id"], who=more.get("who", "admin"))

    def state(self, run_id: str, who: str = "admin") -> dict[str, Any]:
        """How it stands."""
        return dict(self.hall.post("imports.state", {"id": run_id}, who=who))

    def check(self, read: dict[str, Any], *, who: str = "admin", **more: Any) -> dict[str, Any]:
        """Tried out, columns as they were guessed."""
        body = {"id": read["id"], "mapping": [one["target"] for one in read["columns"]], **more}
        self.hall.post("imports.check", body, who=who)
        assert self.engine.imports.run_next()
        return self.state(read["id"], who)

    def take(self, read: dict[str, Any], *, who: str = "admin", **more: Any) -> dict[str, Any]:
        """Taken over to its end."""
        self.hall.post("imports.take", {"id": read["id"], **more}, who=who)
        assert self.engine.imports.run_next()
        return self.state(read["id"], who)

    def undo(self, read: dict[str, Any]) -> dict[str, Any]:
        """Undone as far as it goes."""
        self.hall.post("imports.undo", {"id": read["id"]}, who="admin")
        assert self.engine.imports.run_next()
        return self.state(read["id"])

    def bad(self, read: dict[str, Any], state: str = "bad", who: str = "admin") -> dict[int, str]:
        """What is wrong, by the file's lines."""
        answer = self.hall.post("imports.rows", {"id": read["id"], "state": state}, who=who)
        return {
            row["number"]: "; ".join(f"{f['column']}: {f['sentence']}".removeprefix(": ") for f in row["faults"])
            for row in answer["rows"]
        }

    def entries(self, dictionary: str = "Test") -> dict[str, dict[str, Any]]:
        """The entries of a dictionary by code."""
        answer = self.records("POST", "dictionary_entry/query", {"limit": 500})
        return {
            item["code"]: item for item in answer["items"] if answer["labels"].get(item["dictionary_id"]) == dictionary
        }

    def records_of(self, kind: str) -> list[dict[str, Any]]:
        """What a file may fill."""
        return list(self.hall.post("imports.targets", {"type": kind}, who="admin")["targets"])

    def records(self, method: str, path: str, body: Any = None, who: str = "admin") -> dict[str, Any]:
        """An address of records; must succeed."""
        head = {"Authorization": f"Bearer {self.hall.sign_in(who)}", "Idempotency-Key": str(datetime.now())}
        answer = self.hall.http.request(method, f"/api/records/{path}", json.dumps(body), head)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


class Here:
    """Hears the worker that works in the test's own process; it is never stopped."""

    def progress(self, stage: str, done: int, total: int) -> None:
        """How far it is."""


def in_this_process(task: dict[str, Any], stop: Any, told: Any) -> Ended:
    """The worker without a process of its own, which would take seconds a file; one test has a real one."""
    try:
        return Ended(result=worker._import(json.loads(json.dumps(task)), Here()))  # type: ignore[arg-type]
    except Refused as no:
        return Ended(refused=(no.code, no.facts))


@pytest.fixture
def desk(hall: Hall, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A hall with a dictionary to fill."""
    if "template" not in request.node.name:
        monkeypatch.setattr("server.engine.jobs.desk.work_aside", in_this_process)
    made = Desk(hall)
    made.records("POST", "dictionary", {"code": "test", "name": {"en": "Test", "zh": "测试"}})
    yield made


def table(*lines: str) -> str:
    """A file of entries."""
    return HEAD + "\n".join(lines) + "\n"


def test_a_file_is_tried_out_taken_and_undone_as_a_whole(desk: Desk) -> None:
    read = desk.read(table("a,Apple,苹果,Test", "b,Pear,梨,test", "c,Plum,,测试"))
    assert [one["target"] for one in read["columns"]] == ["code", "name:en", "name:zh", "dictionary_id"]
    assert (read["state"], read["about"]["separator"], read["about"]["encoding"]) == ("read", ",", "utf-8")
    assert read["columns"][1]["samples"] == ["Apple", "Pear", "Plum"]
    checked = desk.check(read)
    assert (checked["state"], checked["good"], checked["bad"]) == ("checked", 3, 0)
    assert not desk.entries(), "trying out changes nothing"
    done = desk.take(checked)
    assert (done["state"], done["added"], done["percent"]) == ("done", 3, 100)
    there = desk.entries()
    assert there["a"]["name"] == {"en": "Apple", "zh": "苹果"} and set(there) == {"a", "b", "c"}
    history = desk.records("GET", f"dictionary_entry/{there['a']['id']}/history")["items"]
    assert [(one["action"], one["who_kind"]) for one in history] == [("imports.take", "person")]
    rows = desk.engine.look(lambda work: work.connection.execute(select(audit.c.action, audit.c.changes)).all())
    marked = [row for row in rows if row.action == "imports.take" and f'"import":[null,"{done["id"]}"]' in row.changes]
    assert len(marked) == 3, "each entry's audit row names the import"
    assert not path_of(desk.engine.data, UUID(done["id"])).exists()

    changed = {"name": {"en": "Pears", "zh": "梨"}, "version": there["b"]["version"]}
    desk.records("PATCH", f"dictionary_entry/{there['b']['id']}", changed)
    undone = desk.undo(done)
    assert (undone["state"], undone["undone"], undone["kept"]) == ("undone", 2, 1)
    assert set(desk.entries()) == {"b"}, "what somebody changed since is left"
    assert "changed this entry since" in desk.bad(done, "kept")[3]
    assert desk.hall.refused("imports.undo", {"id": done["id"]}, who="admin") == "imports.not_now"


def test_every_bad_row_is_named_with_its_reasons_and_the_good_ones_can_be_taken(desk: Desk) -> None:
    long = "x" * 60
    read = desk.read(
        table(
            "a,Apple,,Test", ",Nameless,,Test", f"{long},Long,,Test", "d,,,Test", "e,Lost,,Nowhere", "a,Apple,,Test",
            "a,Another,,Test",
        )
    )  # fmt: skip
    checked = desk.check(read)
    assert (checked["good"], checked["bad"]) == (1, 6)
    wrong = desk.bad(checked)
    assert wrong[3] == "Code: This is needed."
    assert "at most 40 characters" in wrong[4]
    assert wrong[5] == "Name: This is needed."
    assert "“Nowhere”" in wrong[6]
    assert "Line 2 says the same" in wrong[7]
    assert "Line 2 has the same value" in wrong[8]
    assert desk.hall.refused("imports.take", {"id": read["id"]}, who="admin") == "imports.bad_rows"
    head = {"Authorization": f"Bearer {desk.hall.sign_in('admin')}", "Accept-Language": "zh"}
    answer = desk.hall.http.get(f"/api/imports/{read['id']}/rows", head)
    lines = list(openpyxl.load_workbook(io.BytesIO(answer.body)).active.iter_rows(values_only=True))
    assert len(lines) == 7 and lines[1][0] == 3 and lines[4][2] == "Lost"
    done = desk.take(checked, only_good=True)
    assert (done["state"], done["added"]) == ("done", 1) and set(desk.entries()) == {"a"}
    again = desk.check(desk.read(table("a,Apple,,Test", "f,Fig,,Test")))
    assert "entry with this value already" in desk.bad(again)[2]


def test_entries_are_met_by_their_key_and_get_back_what_they_held(desk: Desk) -> None:
    desk.take(desk.check(desk.read("Code,Name (English),Name (中文)\nx1,One,一\nx2,Two,二\n", "dictionary")))
    content = "Code,Name (English)\nx1,Uno\nx2,Two\nx3,Tres\n"
    read = desk.read(content, "dictionary")
    body = {"id": read["id"], "mapping": ["code", "name:en"], "way": "both"}
    assert desk.hall.refused("imports.check", body, who="admin") == "imports.key_needed"
    assert desk.bad(desk.check(read, key="code", way="update"))[4].startswith("Code: There is no entry")
    assert "already" in desk.bad(desk.check(read, key="code", way="add"))[2]
    done = desk.take(desk.check(read, key="code", way="both"))
    assert (done["added"], done["changed"], done["same"]) == (1, 1, 1)

    def named() -> dict[str, Any]:
        items = desk.records("POST", "dictionary/query", {"limit": 500})["items"]
        return {one["code"]: one["name"] for one in items if one["code"].startswith("x")}

    assert named() == {"x1": {"en": "Uno", "zh": "一"}, "x2": {"en": "Two", "zh": "二"}, "x3": {"en": "Tres"}}
    assert desk.undo(done)["undone"] == 2
    assert named() == {"x1": {"en": "One", "zh": "一"}, "x2": {"en": "Two", "zh": "二"}}


def test_all_or_nothing_holds_when_a_good_row_is_none_any_more(desk: Desk) -> None:
    checked = desk.check(desk.read(table("a,Apple,,Test", "b,Pear,,Test", "c,Plum,,Test")))
    dictionary = desk.records("POST", "dictionary/query", {"search": "Test"})["items"][0]["id"]
    desk.records("POST", "dictionary_entry", {"code": "c", "name": {"en": "Cherry"}, "dictionary_id": dictionary})
    desk.engine.imports.budget = 0.0  # a piece a row
    desk.hall.post("imports.take", {"id": checked["id"]}, who="admin")
    assert desk.engine.imports.run_next() and desk.engine.imports.run_next()
    state = desk.state(checked["id"])
    assert (state["state"], state["undone"]) == ("undone", 2)
    assert "Line 4" in state["problem_sentence"] and "already" in state["problem_sentence"]
    assert set(desk.entries()) == {"c"}
    good = desk.take(desk.check(desk.read(table("a,Apricot,,Test", "d,Date,,Test"))))
    assert good["added"] == 2, "what was undone may come again"
    assert desk.entries()["a"]["name"] == {"en": "Apricot"}


def test_stopped_gone_on_with_and_cut_off_nothing_is_doubled(desk: Desk) -> None:
    engine, hall = desk.engine, desk.hall
    engine.imports.budget = 0.0
    checked = desk.check(desk.read(table(*[f"k{n},Name {n},,Test" for n in range(8)])))
    hall.post("imports.take", {"id": checked["id"]}, who="admin")
    hall.post("imports.stop", {"id": checked["id"]}, who="admin")
    assert engine.imports.run_next()
    stopped = desk.state(checked["id"])
    assert (stopped["state"], stopped["added"]) == ("stopped", 1)
    hall.post("imports.go_on", {"id": checked["id"]}, who="admin")

    # Another server took two rows more and was killed: its name stands in the run.
    def dies(work: Any) -> None:
        work.change(ImportRun, work.get(ImportRun, UUID(checked["id"])), worker="gone", beat_at=work.now)

    engine.act("test", dies)
    for _ in range(2):
        who = engine.imports._who(engine.look(lambda work: work.get(ImportRun, UUID(checked["id"]))).created_by)

        def piece(connection: Any, who: Any = who) -> Any:
            work = take.MarkedWork(connection, engine, who, "imports.take")
            work.run_id = UUID(checked["id"])
            take.take(work, work.run_id, "gone", tells=False, budget=0.0)
            return work.finish()

        engine.store.submit(piece).result()
    engine.clock.forward(seconds=31)  # type: ignore[attr-defined]
    assert engine.imports.run_next()
    done = desk.state(checked["id"])
    assert (done["state"], done["added"], len(desk.entries())) == ("done", 8, 8)
    assert not engine.imports.run_next()

    engine.imports.tidy()
    assert hall.count("import_row") == 8
    engine.clock.forward(days=31)  # type: ignore[attr-defined]
    engine.imports._tidied = -1e9
    engine.imports.tidy()
    assert hall.count("import_row") == 0 and len(desk.entries()) == 8
    assert hall.refused("imports.undo", {"id": done["id"]}, who="admin") == "imports.too_old"


def test_a_tree_comes_out_of_one_file_and_goes_again_from_its_leaves(desk: Desk) -> None:
    content = "Code,Name,Dictionary,Belongs to\nr,Root,Test,\nl,Leaf,Test,Root\nm,More,Test,l\n"
    wrong = desk.bad(desk.check(desk.read(content.replace("Leaf", ""))))
    assert wrong[4] == "Belongs to: It stands under line 3, which is bad."
    done = desk.take(desk.check(desk.read(content)))
    there = desk.entries()
    assert there["l"]["parent_id"] == there["r"]["id"] and there["m"]["parent_id"] == there["l"]["id"]
    assert (desk.undo(done)["undone"], desk.entries()) == (3, {})


def test_protected_values_are_met_but_stand_nowhere_in_the_clear(desk: Desk) -> None:
    head = "Name,Identity document,Identity number,Mobile phone\n"
    number, other = "11010519900307013X", "11010519491231002X"
    read = desk.read(head + f"Li Wei,cn,{number},13800001111\n", "applicant")
    assert not any(one["samples"] for one in read["columns"][2:]), "protected cells are no samples"
    identity = next(one["name"] for one in desk.records_of("applicant") if one["kind"] == "identity_number")
    done = desk.take(desk.check(read))
    assert done["added"] == 1, desk.bad(read)
    again = desk.read(head + f"Li Weiwei,cn,{number},13800001111\nX,cn,{other},\n", "applicant")
    done = desk.take(desk.check(again, way="both", key=identity))
    assert (done["added"], done["changed"]) == (1, 1)
    for table_name in ("import_run", "import_row", "audit", "applicant"):
        with desk.engine.store.reading() as connection:
            rows = [tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {table_name}")]
        assert number not in repr([[bytes(v) if isinstance(v, memoryview) else v for v in row] for row in rows])
    assert desk.undo(done)["undone"] == 2
    names = {one["name"] for one in desk.records("POST", "applicant/query", {"search": "Li Wei"})["items"]}
    assert "Li Wei" in names and not names & {"Li Weiwei", "X"}


def test_rights_hold_at_every_step_and_nobody_meets_anothers_import(desk: Desk) -> None:
    content = table("a,Apple,,Test").encode()
    assert desk.send(content, "dictionary_entry", who="anna").status_code == 403
    assert desk.hall.refused("imports.targets", {"type": "dictionary_entry"}, who="anna") == "access.denied"
    assert desk.send(content, "ticket").status_code == 403, "nobody imports what only its own commands change"
    read = desk.read(content)
    for verb in ("imports.state", "imports.undo", "imports.rows"):
        assert desk.hall.refused(verb, {"id": read["id"]}, who="anna") == "records.not_found"
    body = {"id": read["id"], "mapping": ["code", "", "", "version"]}
    assert desk.hall.refused("imports.check", body, who="admin") == "records.unknown_field"
    body["mapping"] = ["code", "name:en", "", ""]
    answer = desk.hall.send("imports.check", body, who="admin")
    assert answer.json()["code"] == "imports.columns_missing" and "Dictionary" in answer.json()["detail"]
    body["mapping"] = ["code", "name:en", "name:en", "dictionary_id"]
    assert desk.hall.refused("imports.check", body, who="admin") == "imports.column_twice"


def test_a_file_that_is_not_what_it_says_is_refused_with_a_way_on(desk: Desk) -> None:
    for content, code in (
        (b"%PDF-1.4 nothing of a table", "imports.no_table"),
        (b"PK\x03\x04 no workbook", "imports.no_table"),
        (b"PK\x03\x04 xl/workbook.xml and rubbish", "imports.not_readable"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "imports.old_excel"),
        (b"\x00\x01\x02\x80\x81" * 50, "imports.encoding"),
        (b"  \n ", "imports.empty"),
        (HEAD.encode(), "imports.empty"),
        (b'Code,Name\na,"' + b"x" * 200_000, "imports.broken_line"),
    ):
        state = desk.read(content)
        assert (state["state"], state["problem"]) == ("failed", code)
        assert state["problem_sentence"]
        desk.hall.post("imports.drop", {"id": state["id"]}, who="admin")
    assert not list((desk.engine.data / "imports").iterdir()), "no file is left behind"


def test_the_template_of_a_kind_comes_back_as_it_was_filled(desk: Desk) -> None:
    head = {"Authorization": f"Bearer {desk.hall.sign_in('admin')}", "Accept-Language": "zh"}
    answer = desk.hall.http.get("/api/imports/template/dictionary_entry", head)
    book = openpyxl.load_workbook(io.BytesIO(answer.body))
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    place = next(n for n, head in enumerate(heads, 1) if "代码" in str(head))
    assert "测试" in {row[0] for row in book.worksheets[1].iter_rows(values_only=True)}
    sheet.append([None] * len(heads))
    for n, _ in enumerate(heads, 1):
        sheet.cell(3, n, sheet.cell(2, n).value)
    sheet.cell(3, place, "007")
    sheet.cell(
        3, next(n for n, head in enumerate(heads, 1) if "上级" in str(head))
    ).value = None  # of another dictionary
    names = [n for n, head in enumerate(heads, 1) if "名称" in str(head)]
    for n in names:
        sheet.cell(3, n, "名字")
    sheet.cell(3, next(n for n, head in enumerate(heads, 1) if "词典" in str(head) or "字典" in str(head)), "测试")
    stream = io.BytesIO()
    book.save(stream)
    read = desk.read(stream.getvalue(), name="t.xlsx", language="zh")
    assert all(one["target"] for one in read["columns"]), read["columns"]
    done = desk.take(desk.check(read))
    assert done["added"] == 1, "the example is left out"
    assert desk.entries()["007"]["name"]["zh"] == "名字"


def filled_in(desk: Desk, kind: str, *rows: dict[str, str]) -> bytes:
    """The form of a kind from the server, with these rows written under its headings (by target)."""
    head = {"Authorization": f"Bearer {desk.hall.sign_in('admin')}", "Accept-Language": "en"}
    answer = desk.hall.http.get(f"/api/imports/template/{kind}", head)
    book = openpyxl.load_workbook(io.BytesIO(answer.body))
    sheet = book.worksheets[0]
    labels = {one["name"]: one["label"] for one in desk.records_of(kind)}
    heads = [str(cell.value or "").removesuffix(" *") for cell in sheet[1]]
    sheet.delete_rows(2)  # the example
    for n, row in enumerate(rows, 2):
        for target, said in row.items():
            sheet.cell(n, heads.index(labels[target]) + 1, said)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.covers("COR-I11")
def test_departments_and_people_come_in_from_excel_with_a_list_of_what_is_wrong_by_row(desk: Desk) -> None:
    units = filled_in(
        desk, "department",
        {"name:en": "Water office", "number": "W-1"}, {"name:en": "Gas office", "number": "W-2"},
        {"name:en": "Twice", "number": "W-1"}, {"number": "W-3"},
    )  # fmt: skip
    checked = desk.check(desk.read(units, "department", name="units.xlsx"))
    assert checked["state"] == "checked"
    wrong = desk.bad(checked)
    assert set(wrong) == {4, 5} and "Line 2" in wrong[4] and wrong[5].startswith("Name")
    assert desk.take(checked, only_good=True)["added"] == 2

    people = filled_in(
        desk, "staff_member",
        {"name:en": "Mei Chen", "staff_number": "S-1", "department_id": "Water office", "mobile": "13800138000",
         "entered_on": "2026-03-02", "sex": "Female"},
        {"name:en": "Ali Karimi", "staff_number": "S-2", "department_id": "W-2"},
        {"name:en": "Nobody's", "staff_number": "S-3", "department_id": "Fire office"},
        {"name:en": "Late", "staff_number": "S-4", "entered_on": "soon"},
        {"name:en": "Again", "staff_number": "S-1"},
    )  # fmt: skip
    checked = desk.check(desk.read(people, "staff_member", name="people.xlsx"))
    wrong = desk.bad(checked)
    assert set(wrong) == {4, 5, 6}, wrong
    assert "“Fire office”" in wrong[4] and "Entry" in wrong[5] and "Line 2" in wrong[6]
    assert desk.take(checked, only_good=True)["added"] == 2
    listed = desk.records("POST", "staff_member/query", {"search": "S-1"})
    assert [one["staff_number"] for one in listed["items"]] == ["S-1"]
    assert listed["labels"][listed["items"][0]["department_id"]] == "Water office"
    assert listed["items"][0]["mobile"] == "••••8000" and listed["items"][0]["entered_on"] == "2026-03-02"
