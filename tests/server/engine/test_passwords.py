"""Passwords are hashed beside the writer; changing one needs the present one."""

from __future__ import annotations

from server.demo.hall import PASSWORD
from tests.server.conftest import Hall


def test_an_account_is_added_and_its_password_changed(hall: Hall) -> None:
    new = {"name": "nina", "password": "first-secret", "full_name": {"en": "Nina"}, "staff_number": "N1"}
    hall.post("people.add_account", new, who="admin")
    answer = hall.http.post("/api/sign-in", json={"name": "nina", "password": "first-secret"})
    assert answer.status_code == 200
    wrong = {"present": "not it", "password": "second-secret"}
    assert hall.refused("people.change_password", wrong, who="anna") == "people.password_wrong"
    hall.post("people.change_password", {"present": PASSWORD, "password": "second-secret"}, who="anna")
    assert hall.http.post("/api/sign-in", json={"name": "anna", "password": PASSWORD}).status_code == 401
    assert hall.http.post("/api/sign-in", json={"name": "anna", "password": "second-secret"}).status_code == 200
