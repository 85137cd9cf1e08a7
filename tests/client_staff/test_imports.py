"""A file comes into a list through the real program: chosen, tried out, the good rows taken, shown as done, undone."""

from __future__ import annotations

from pathlib import Path

from tests.client_staff.test_workbench import signed_in
from tests.ground.demo_house import DemoHouse
from tests.ground.programs import Running


def test_a_file_is_imported_and_undone_by_keys(house: DemoHouse, tmp_path: Path) -> None:
    file = tmp_path / "entries.csv"
    file.write_text("Code,Name,Dictionary,Remark\nk1,First,Duty,x\nk2,Second,Nowhere,x\n", encoding="utf-8")
    with Running("staff", tmp_path / "admin", house) as desk:
        signed_in(desk, "admin")
        desk.wait(name="go_records.dictionary_entry")
        desk.press("go_records.dictionary_entry")
        desk.wait(name="records_table[0,1]")
        desk.press("tool_import")
        desk.wait("Nothing was imported here", name="state_title")
        desk.press("import_choose")
        desk.wait(name="fileNameEdit")
        desk.type("fileNameEdit", str(file))
        desk.key("Return")
        desk.wait("Code", name="import_column_0", seconds=60)
        desk.press("import_check")
        desk.wait("1 row is good", name="import_checked", seconds=60)
        desk.wait("Nowhere", name="import_bad[0,1]")
        desk.press("import_take")
        desk.wait("added: 1", name="state_sentence", seconds=60)
        desk.press("import_undo")
        desk.wait(name="question_yes")
        desk.press("question_yes")
        desk.wait("undone: 1", name="state_sentence", seconds=60)
        desk.press("import_other")
        desk.wait("Undone", name="import_earlier[0,2]")
        file.write_bytes(b"%PDF-1.4 no table at all")
        desk.press("import_choose")
        desk.wait(name="fileNameEdit")
        desk.type("fileNameEdit", str(file))
        desk.key("Return")
        desk.wait("neither an Excel file", name="state_sentence", seconds=60)
