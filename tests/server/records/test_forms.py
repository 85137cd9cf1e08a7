"""Making, changing and deleting records on the generic path: what is typed is checked whole, and what happened is kept."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from server.demo.fill import id_of
from tests.server.records.conftest import Archive

IDENTITY = "11010519491231002X"


def test_every_kind_of_field_keeps_what_was_typed_in_its_normal_form(archive: Archive) -> None:
    shelf = archive.add("shelf", name="A")
    typed = {
        "name": {"en": " File ", "zh": "档案"}, "note": "two\nlines", "kind": "leave", "until": "2026-03-31",
        "mail": "anna@example.org", "fee": 1250, "share": 2500, "takes": 90, "opens": "08:30",
        "valid": "2026-03-01/2026-03-31", "came": "2026-03-02T10:00:00+03:30", "pages": 200, "closed": True,
        "shelf_id": shelf["id"], "shelves": [shelf["id"], shelf["id"]],
    }  # fmt: skip
    record = archive.add(**typed)
    assert record["name"] == {"en": "File", "zh": "档案"}
    assert record["came"] == "2026-03-02T06:30:00+00:00"
    assert record["shelves"] == [shelf["id"]]
    assert record["thick"] is True
    for name in ("note", "until", "fee", "share", "takes", "opens", "valid", "pages", "closed", "shelf_id"):
        assert record[name] == typed[name], name


def test_a_number_of_a_series_is_given_once_and_follows_the_last(archive: Archive) -> None:
    first, second = archive.add(), archive.add()
    assert (first["reference"], second["reference"]) == ("D-2026-0001", "D-2026-0002")
    archive.refused(archive.edit(first, reference="D-1"), 403, "records.read_only")


def test_all_wrong_fields_are_named_at_once_and_nothing_is_kept(archive: Archive) -> None:
    wrong = {
        "name": {}, "kind": "leave", "pages": 0, "mail": "anna at home", "opens": "25:00", "identity": "110105194912310021",
        "valid": "2026-03-31/2026-03-01", "shelf_id": str(uuid.uuid4()), "mobile": "call me",
    }  # fmt: skip
    answer = archive.send("POST", "dossier", wrong, language="fa")
    facts = archive.refused(answer, 422, "records.bad_value")
    named = {fault["field"]: fault["code"] for fault in facts["fields"]}
    assert named == {
        "name": "needed", "until": "needed", "pages": "below", "mail": "email", "opens": "time",
        "identity": "identity_number", "valid": "period", "shelf_id": "choice", "mobile": "phone",
    }  # fmt: skip
    assert all(not fault["message"].isascii() for fault in facts["fields"]), "each has a sentence in Persian"
    assert archive.hall.count("dossier") == 0


def test_a_field_is_needed_only_where_it_is_shown(archive: Archive) -> None:
    record = archive.add()
    facts = archive.refused(archive.send("PATCH", f"dossier/{record['id']}", {"kind": "leave"}), 422, "records.needed")
    assert facts["field"] == "until"


def test_a_save_against_a_newer_version_brings_the_newer_values(archive: Archive) -> None:
    record = archive.add()
    assert archive.edit(record, note="first").status_code == 200
    facts = archive.refused(archive.edit(record, note="second", version=1), 409, "records.changed_meanwhile")
    assert facts["current"]["note"] == "first"


def test_a_deletion_needs_its_reason_and_can_be_taken_back(archive: Archive) -> None:
    record = archive.add()
    archive.refused(archive.send("DELETE", f"dossier/{record['id']}"), 422, "records.reason_needed")
    assert archive.send("DELETE", f"dossier/{record['id']}?reason=twice").status_code == 200
    assert archive.found() == []
    assert archive.found(deleted="only") == ["File"]
    archive.hall.post("records.restore", {"type": "dossier", "id": record["id"], "reason": "was right"}, who="admin")
    assert archive.found() == ["File"]
    history = archive.send("GET", f"dossier/{record['id']}/history").json()["items"]
    reasons = {h["action"]: h["reason"] for h in history}
    assert (reasons["records.delete"], reasons["records.restore"]) == ("twice", "was right")


@pytest.mark.covers("COR-I04")
def test_what_others_name_is_not_deleted_and_unique_values_stay_unique(archive: Archive) -> None:
    shelf = archive.add("shelf", name="A")
    archive.add(shelf_id=shelf["id"])
    facts = archive.refused(archive.send("DELETE", f"shelf/{shelf['id']}"), 409, "records.used")
    assert (facts["count"], facts["kind"]) == (1, "dossier")
    region = {"name": {"en": "North"}, "code": "N"}
    assert archive.send("POST", "region", region).status_code == 200
    facts = archive.refused(archive.send("POST", "region", region, language="fa"), 409, "records.taken")
    assert [fault["field"] for fault in facts["fields"]] == ["code"], "the form marks the field"
    assert not facts["fields"][0]["message"].isascii()


def test_a_deleted_entry_leaves_its_value_to_the_next_and_comes_back_only_while_nobody_has_it(archive: Archive) -> None:
    outlet = str(archive.query("outlet")["items"][0]["id"])
    zone = str(archive.query("zone")["items"][0]["id"])
    kinds: dict[str, tuple[str, dict[str, Any]]] = {
        "region": ("code", {"name": {"en": "North"}, "code": "N"}),
        "window": ("label_text", {"outlet_id": outlet, "zone_id": zone, "label_text": "77"}),
    }
    for kind, (field, values) in kinds.items():
        first = archive.add(kind, **values)
        assert archive.send("DELETE", f"{kind}/{first['id']}").status_code == 200
        second = archive.add(kind, **values)
        back = {"type": kind, "id": first["id"]}
        answer = archive.hall.send("records.restore", back, who="admin")
        facts = archive.refused(answer, 409, "records.taken_since")
        assert facts["field"] == field
        assert "restore this one" in answer.json()["detail"]
        assert archive.send("DELETE", f"{kind}/{second['id']}").status_code == 200
        archive.hall.post("records.restore", back, who="admin")
        facts = archive.refused(archive.send("POST", kind, values), 409, "records.taken")
        assert facts["field"] == field


def test_the_history_names_who_changed_what_before_and_after(archive: Archive) -> None:
    record = archive.add()
    archive.edit(record, pages=7)
    latest = archive.send("GET", f"dossier/{record['id']}/history").json()["items"]
    change = next(h for h in latest if h["action"] == "records.edit")
    assert change["changes"] == {"pages": [1, 7]}
    assert change["who_name"] == "Olga Stern"


def test_rich_text_keeps_emphasis_and_loses_programs(archive: Archive) -> None:
    record = archive.add(story='<p onclick="x()">a <b>b</b><script>alert(1)</script><a href="javascript:x">c</a></p>')
    assert record["story"] == '<p>a <b>b</b><a rel="noopener noreferrer">c</a></p>'


def test_a_protected_number_stands_nowhere_in_the_clear_and_is_found(archive: Archive) -> None:
    record = archive.add(identity=IDENTITY, mobile="+86 138 0013-8000")
    assert (record["identity"], record["mobile"]) == ("••••002X", "••••8000")
    archive.edit(record, note="later")
    archive.hall.settle()
    with archive.hall.engine.store.reading() as connection:
        tables = [
            str(row)
            for table in ("dossier", "audit", "notice", "action_key", "job")
            for row in connection.exec_driver_sql(f"SELECT * FROM {table}")
        ]
    text = " ".join(tables)
    assert IDENTITY not in text
    assert "13800138000" not in text
    assert IDENTITY.encode().hex() not in text
    assert archive.found({"field": "identity", "value": "110105 19491231 002x"}) == ["File"]
    assert archive.found({"field": "identity", "operator": "ends_with", "value": "002X"}) == ["File"]
    assert archive.found({"field": "identity", "value": "110105194912310011"}) == []
    for operator in ("contains", "at_least", "starts_with"):
        answer = archive.send(
            "POST", "dossier/query", {"conditions": [{"field": "identity", "operator": operator, "value": "1"}]}
        )
        archive.refused(answer, 422, "records.bad_condition")
    archive.refused(archive.send("POST", "dossier/query", {"sort": ["identity"]}), 422, "records.no_order")
    archive.refused(archive.send("POST", "dossier/query", {"group_by": "identity"}), 422, "records.bad_condition")


@pytest.mark.covers("ADM-I12")
def test_a_look_at_a_protected_number_and_at_a_citizens_file_leaves_its_trace(archive: Archive) -> None:
    record = archive.add(identity=IDENTITY)
    asked = {"type": "dossier", "id": record["id"], "field": "identity"}
    assert archive.hall.post("records.reveal", asked, who="admin")["value"] == IDENTITY
    assert archive.send("GET", f"dossier/{record['id']}").status_code == 200
    actions = [h["action"] for h in archive.send("GET", f"dossier/{record['id']}/history").json()["items"]]
    assert actions.count("records.reveal") == 1
    assert actions.count("records.look") == 1


def test_the_same_values_go_into_several_records_or_into_none(archive: Archive) -> None:
    records = [archive.add() for _ in range(3)]
    body = {"type": "dossier", "ids": [r["id"] for r in records], "values": {"pages": 9}}
    assert [r["pages"] for r in archive.hall.post("records.edit_many", body, who="admin")["records"]] == [9, 9, 9]
    assert (
        archive.hall.refused("records.edit_many", {**body, "values": {"pages": 0}}, who="admin") == "records.bad_value"
    )
    gone = {**body, "ids": [*body["ids"], str(uuid.uuid4())], "values": {"pages": 11}}
    assert archive.hall.refused("records.edit_many", gone, who="admin") == "records.not_found"
    assert {i["pages"] for i in archive.query()["items"]} == {9}


def test_a_tree_is_moved_and_never_closes_into_a_ring(archive: Archive) -> None:
    top, middle, low = (archive.add("shelf", name=n)["id"] for n in "ABC")

    def move(one: str, under: str | None, before: str | None = None) -> None:
        body = {"type": "shelf", "id": one, "parent_id": under, "before_id": before}
        archive.hall.post("records.move", body, who="admin")

    move(middle, top)
    move(low, middle)
    ring = {"type": "shelf", "id": top, "parent_id": low}
    assert archive.hall.refused("records.move", ring, who="admin") == "records.cycle"
    archive.refused(archive.send("PATCH", f"shelf/{top}", {"parent_id": low}), 422, "records.cycle")
    other = archive.add("shelf", name="D")["id"]
    move(other, top, before=middle)
    page = archive.query("shelf", conditions=[{"field": "parent_id", "value": top}], sort=["place"])
    assert [i["name"] for i in page["items"]] == ["D", "B"]
    archive.add(shelf_id=low)
    assert archive.found({"field": "shelf_id", "operator": "below", "value": top}) == ["File"]
    assert archive.found({"field": "shelf_id", "operator": "below", "value": other}) == []


def test_a_hidden_field_is_neither_shown_nor_asked_nor_changed(archive: Archive) -> None:
    record = archive.add(salary=900, clerk_id=id_of("staff", "anna"))
    seen = archive.query(who="anna")["items"][0]
    assert "salary" not in seen
    for query in (
        {"conditions": [{"field": "salary", "operator": "at_least", "value": 1}]},
        {"sort": ["salary"]},
        {"totals": ["salary"]},
        {"group_by": "salary"},
    ):
        archive.refused(archive.send("POST", "dossier/query", query, who="anna"), 422, "records.unknown_field")
    archive.refused(archive.edit(record, salary=1, who="anna"), 422, "records.unknown_field")
    archive.edit(record, salary=950)
    history = archive.send("GET", f"dossier/{record['id']}/history", who="anna").json()["items"]
    assert all("salary" not in h["changes"] for h in history)


def test_saved_searches_are_ones_own_until_they_are_shared(archive: Archive) -> None:
    query = {"conditions": [{"field": "pages", "operator": "at_least", "value": 5}], "sort": ["-pages"]}
    saved = archive.hall.post(
        "records.save_view",
        {"type": "dossier", "name": "Thick", "query": query, "layout": {"columns": ["name"]}},
        who="anna",
    )
    assert saved["query"]["sort"] == ["-pages"]
    assert archive.hall.post("records.views", {"type": "dossier"}, who="chen")["views"] == []
    share = {"type": "dossier", "name": "All", "query": {}, "shared": True}
    assert archive.hall.refused("records.save_view", share, who="anna") == "access.denied"
    archive.hall.post("records.save_view", share, who="admin")
    names = [v["name"] for v in archive.hall.post("records.views", {"type": "dossier"}, who="anna")["views"]]
    assert names == ["All", "Thick"]
    assert archive.hall.refused("records.drop_view", {"id": saved["id"]}, who="chen") == "records.view_of_another"


def test_files_are_attached_by_whoever_sent_them_and_opened_by_whoever_reads_the_record(archive: Archive) -> None:
    record = archive.add(clerk_id=id_of("staff", "anna"))
    sent = archive.keep(b"\x89PNG\r\n\x1a\n" + bytes(20), "a.png")
    assert sent.status_code == 200, sent.text
    body = {"type": "dossier", "id": record["id"], "file_id": sent.json()["id"], "name": "a.png"}
    assert archive.hall.refused("records.attach", body, who="anna") == "files.not_found"
    assert [f["name"] for f in archive.hall.post("records.attach", body, who="admin")["files"]] == ["a.png"]
    files = archive.hall.post("records.files", {"type": "dossier", "id": record["id"]}, who="anna")["files"]
    archive.hall.post("records.detach", {"id": files[0]["id"]}, who="admin")
    assert archive.hall.post("records.files", {"type": "dossier", "id": record["id"]}, who="anna")["files"] == []


def test_a_file_opens_for_whoever_may_read_its_record_and_for_nobody_by_its_id_alone(archive: Archive) -> None:
    record = archive.add(clerk_id=id_of("staff", "anna"))
    sent = archive.keep(b"%PDF-1.4 letter", "letter.pdf")
    file_id = sent.json()["id"]
    archive.hall.post(
        "records.attach", {"type": "dossier", "id": record["id"], "file_id": file_id, "name": "letter.pdf"}, who="admin"
    )
    opened = {
        who: archive.hall.http.get(f"/api/files/{file_id}", archive.headers(who)).status_code
        for who in ("anna", "chen")
    }
    assert opened == {"anna": 200, "chen": 404}


@pytest.mark.parametrize("content", [b"MZ\x90\x00", b"", b"PK\x03\x04 broken", b"<svg>\x00", bytes(range(256))])
def test_a_file_that_is_not_what_is_accepted_is_refused_by_its_content(archive: Archive, content: bytes) -> None:
    archive.refused(archive.keep(content, "innocent.png"), 422, "files.kind")
    assert archive.hall.count("stored_file WHERE name = 'innocent.png'") == 0
