"""Whole lists as files: made aside, with the rights of whoever asked, typed, safe and readable in four scripts."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any
from uuid import UUID

import openpyxl
import pypdfium2
import pytest

from server.engine.exports.actions import path_of
from server.engine.exports.records import Export
from tests.server.records.conftest import Archive

LONG = [{"field": "minutes", "operator": "at_least", "value": 20}]


def made(
    archive: Archive, form: str, *, who: str = "admin", language: str = "en", **query: Any
) -> tuple[dict[str, Any], bytes]:
    """An export of dossiers and its bytes; the worker is a real process, without the test's own kinds."""
    body = {"type": "service", "form": form, "query": query, "language": language}
    asked = archive.hall.post("exports.start", body, who=who)
    assert archive.hall.engine.exports.run_next()
    state = archive.hall.post("exports.state", {"id": asked["id"]}, who=who)
    assert state["state"] == "done", state
    answer = archive.hall.http.get(f"/api/exports/{asked['id']}", archive.headers(who))
    assert answer.status_code == 200
    return state, answer.body


def test_a_spreadsheet_holds_every_row_typed_and_with_its_conditions(archive: Archive) -> None:
    services = archive.query("service", limit=500)
    state, content = made(archive, "xlsx", language="zh", conditions=LONG)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    lines = list(sheet.iter_rows(values_only=True))
    found = archive.query("service", conditions=LONG, limit=500, language="zh")["items"]
    assert state["rows"] == len(found) == len(lines) - 3 < services["total"]
    assert "≥ 20" in str(lines[1][0])
    minutes = list(lines[2]).index(next(h for h in lines[2] if h and "分" in str(h)))
    assert all(isinstance(line[minutes], int) for line in lines[3:])


def test_csv_defuses_formulas_and_opens_in_every_spreadsheet(archive: Archive) -> None:
    service = archive.query("service", limit=1)["items"][0]
    answer = archive.send("PATCH", f"service/{service['id']}", {"name": {"en": '=HYPERLINK("http://x")'}})
    assert answer.status_code == 200, answer.text
    _, content = made(archive, "csv", conditions=[{"field": "id", "value": service["id"]}])
    assert content.startswith(b"\xef\xbb\xbf")
    assert "'=HYPERLINK" in content.decode("utf-8-sig")


@pytest.mark.parametrize("language", ["zh", "fa"])
def test_a_pdf_shows_the_letters_of_its_language(archive: Archive, language: str, tmp_path: Path) -> None:
    _, content = made(archive, "pdf", language=language)
    paper = pypdfium2.PdfDocument(content)
    try:
        page = paper[0]
        assert page.get_width() > page.get_height()
        picture = page.render(scale=1).to_pil().convert("L")
        dark = sum(picture.point(lambda v: 255 if v < 128 else 0).histogram()[255:])
        assert dark > 2000, "there is writing on the page"
        text = page.get_textpage().get_text_range()
        assert "1" in text
        if language == "zh":
            assert any("\u4e00" <= letter <= "\u9fff" for letter in text)
    finally:
        paper.close()


def test_an_export_is_made_with_the_rights_that_its_owner_has_then_and_is_nobody_elses(archive: Archive) -> None:
    asked = archive.hall.post("exports.start", {"type": "ticket", "form": "csv"}, who="anna")
    assert archive.hall.refused("exports.state", {"id": asked["id"]}, who="chen") == "records.not_found"
    assert archive.hall.engine.exports.run_next()
    answer = archive.hall.http.get(f"/api/exports/{asked['id']}", archive.headers("chen"))
    assert answer.status_code == 404
    assert archive.hall.refused("exports.start", {"type": "account", "form": "csv"}, who="anna") == "access.denied"
    hidden = {"type": "dossier", "form": "csv", "columns": ["salary"]}
    assert archive.hall.refused("exports.start", hidden, who="anna") == "records.unknown_field"


def test_a_stopped_export_leaves_nothing_half_done(archive: Archive) -> None:
    asked = archive.hall.post("exports.start", {"type": "service", "form": "xlsx"}, who="admin")
    assert archive.hall.post("exports.stop", {"id": asked["id"]}, who="admin")["state"] == "stopped"
    assert not archive.hall.engine.exports.run_next()
    archive.refused(archive.hall.http.get(f"/api/exports/{asked['id']}", archive.headers("admin")), 404, "exports.gone")


def test_one_person_does_not_fill_the_queue_of_exports(archive: Archive) -> None:
    body = {"type": "service", "form": "csv"}
    for _ in range(3):
        archive.hall.post("exports.start", body, who="admin")
    assert archive.hall.refused("exports.start", body, who="admin") == "exports.too_many"


def test_what_a_killed_server_left_is_closed_as_failed(archive: Archive) -> None:
    asked = archive.hall.post("exports.start", {"type": "service", "form": "csv"}, who="admin")
    engine = archive.hall.engine

    def cut_off(work: Any) -> None:
        work.change(Export, work.get(Export, asked_id), state="running", beat_at=work.now)

    asked_id = UUID(asked["id"])
    engine.act("test", cut_off)
    engine.clock.forward(seconds=61)  # type: ignore[attr-defined]
    assert not engine.exports.run_next()
    state = archive.hall.post("exports.state", {"id": asked["id"]}, who="admin")
    assert (state["state"], state["problem"]) == ("failed", "exports.crashed")
    assert not path_of(engine.data, engine.look(lambda work: work.get(Export, asked_id))).exists()
