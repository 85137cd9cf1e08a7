"""The console's pages of operation, with a real server behind them: log, jobs, state, retention, backups and a restore."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.client_staff.test_workbench import signed_in
from tests.ground.demo_house import DemoHouse
from tests.ground.programs import Running


@pytest.mark.covers("ADM-028", "ADM-042")
def test_an_administrator_reads_the_log_rests_a_job_sees_the_state_and_restores_a_backup(
    house: DemoHouse, tmp_path: Path
) -> None:
    with Running("staff", tmp_path / "admin", house) as desk:
        signed_in(desk, "admin")

        # A backup, seen as it goes; the first one ends the warning that there is none.
        desk.wait(name="go_records.backup_run")
        desk.press("go_records.backup_run")
        desk.wait("None yet", name="backup_last_figure")
        desk.press("backup_now")
        desk.wait("Good", name="backup_table[0,2]", seconds=60)
        desk.wait("recent enough", name="backup_last_detail")
        desk.press("backup_verify")
        desk.wait("nothing is damaged", name="backup_checked_detail", seconds=60)
        desk.wait("Check of the data", name="backup_table[0,1]")

        # Jobs: one rests, and goes on.
        desk.press("go_jobs")
        desk.wait(name="jobs_table[0,0]")
        desk.key("F1")
        desk.wait("Run now", name="keys_table[0,1]")
        desk.key("Escape")
        desk.wait(name="keys_table[0,1]", gone=True)
        desk.press("jobs_table[0,0]")
        desk.press("job_pause")
        desk.wait("Paused", name="jobs_table[0,1]")
        desk.wait("Go on", name="job_pause")
        desk.press("job_pause")
        desk.wait("Pause", name="job_pause")

        # The log says so, with before and after, by whom and from where.
        desk.press("go_log")
        desk.wait("jobs.pause", name="log_table[0,2]")
        desk.wait("Olga Stern", name="log_table[0,1]")
        desk.wait("127.0.0.1", name="log_table[0,4]")
        desk.type("log_address", "203.0.113.9")
        desk.key("Return")
        desk.wait("Nothing in the log fits", name="log_nothing")

        desk.press("go_system")
        desk.wait("SQLite", name="system_database_figure")
        desk.wait("recent enough", name="system_backup_detail")
        desk.press("go_retention")
        desk.wait(name="retention_table[0,0]")
        desk.wait("Protected values sealed with key 1", name="vault_said")

        # Somebody who is there already is hinted at while the name is typed a second time.
        desk.press("go_records.applicant")
        for again in (False, True):
            desk.wait(name="records_new")
            desk.press("records_new")
            desk.type("edit_name", "Nadia Petrova")
            if again:
                desk.wait("Nadia Petrova", name="duplicate_0")
                desk.key("Escape")
            else:
                desk.key("Ctrl+S")
                desk.wait("Nadia Petrova", name="record_title")

        # The hall as it was: only with its name typed; then everybody signs in again.
        desk.press("go_records.backup_run")
        desk.press("backup_restore")
        desk.wait(name="restore_table[0,0]")
        desk.type("restore_confirm", "Linden")
        assert not next(one for one in desk.tree() if one["name"] == "restore_yes")["enabled"]
        desk.type("restore_confirm", "linden street hall")
        desk.press("restore_yes")
        desk.wait(name="sign_in", seconds=90)
        signed_in(desk, "admin")
        desk.wait(name="go_records.backup_run")
        desk.press("go_records.backup_run")
        desk.wait("Restore", name="backup_table[0,1]")
        desk.wait("Before a restore", name="backup_table[1,1]")

    with Running("staff", tmp_path / "anna", house) as desk:
        signed_in(desk, "anna")
        desk.wait(name="choose_title")
        for page in ("records.backup_run", "jobs", "log", "system", "retention"):
            assert not [one for one in desk.tree() if one["name"] == f"go_{page}"]
