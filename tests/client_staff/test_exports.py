"""The whole list as a file, through the real program: asked for, made aside by the server, saved where the person says."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from tests.client_staff.test_workbench import signed_in
from tests.ground.demo_house import DemoHouse
from tests.ground.programs import Running


def test_a_list_goes_into_a_spreadsheet_with_the_columns_that_are_shown(house: DemoHouse, tmp_path: Path) -> None:
    target = tmp_path / "services.xlsx"
    with Running("staff", tmp_path / "admin", house) as desk:
        signed_in(desk, "admin")
        desk.wait(name="go_records.service")
        desk.press("go_records.service")
        desk.wait(name="records_table[0,1]")
        desk.press("tool_export")
        desk.wait(name="export_start")
        desk.press("export_start")
        desk.wait(name="fileNameEdit", seconds=60)
        desk.type("fileNameEdit", str(target))
        desk.key("Return")
        desk.wait(name="fileNameEdit", gone=True)
        desk.wait(name="records_table[0,1]")
    lines = list(openpyxl.load_workbook(target).active.iter_rows(values_only=True))
    assert len(lines) == 3 + 12
    assert "Address registration" in {line[0] for line in lines[3:]}
