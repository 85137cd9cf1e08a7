"""Sign-in through a real directory: Debian's slapd on loopback, spoken to by StartTLS."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.conftest import HandClock
from tests.server.people.conftest import People
from tests.server.people.slapd import BASE, SLAPD, Directory

PEOPLE = {
    "nina": ("Nina Berg", "in-the-directory"),
    "anna": ("Another Anna", "of-another-anna"),
    "omar": ("Omar", "omar-s-own"),
}


@pytest.fixture
def directory(tmp_path: Path, free_port: int) -> Iterator[Directory]:
    """A directory with three people, one of whom has the name of a local account."""
    assert SLAPD is not None, "slapd is not installed: installer/hall test installs it"
    with Directory(tmp_path / "slapd", free_port, PEOPLE) as made:
        yield made


@pytest.fixture
def joined(people: People, directory: Directory) -> People:
    """The demo hall with this directory."""
    data = people.hall.engine.data
    (data / "directory.pem").write_bytes(directory.authority)
    (data / "directory.secret").write_text("reader-secret\n")
    for name, value in (("url", directory.url), ("base", BASE), ("reader", f"cn=reader,{BASE}")):
        people.setting(f"access.directory_{name}", value)
    return people


@pytest.mark.covers("ADM-026", "ADM-I11")
def test_people_of_the_directory_come_in_and_the_hall_s_own_always_do(
    joined: People, directory: Directory, clock: HandClock
) -> None:
    people = joined
    people.refused(people.enter("nina", "in-the-directory"), "access.directory_unknown")
    people.setting("access.directory_role", "clerk")
    people.refused(people.enter("nina", "guess"), "access.wrong_credentials")
    people.refused(people.enter("nobody", "guess"), "access.wrong_credentials")
    people.refused(people.enter("*", "in-the-directory"), "access.wrong_credentials")
    signed = people.enters("nina", "in-the-directory")
    assert (signed["person"]["name"]["en"], signed["person"]["roles"]) == ("Nina Berg", ["clerk"])
    assert signed["must_change_password"] is False
    assert people.enters("NINA", "in-the-directory")["person"]["id"] == signed["person"]["id"], "the same account again"
    (identity,) = people.found("external_identity")
    assert (identity["provider"], identity["account_id"]) == ("ldap", people.account("nina"))
    own = {"present": "in-the-directory", "password": "another-one"}
    assert people.hall.refused("people.change_password", own, who="nina") == "people.in_directory"

    # A name that the hall has itself is never the directory's.
    people.refused(people.enter("anna", "of-another-anna"), "access.wrong_credentials")
    clock.forward(minutes=20)  # wrong passwords slow us down
    # An administrator hands an account over to the directory.
    new = {"name": "omar", "password": "first-secret", "roles": ["guide"], "staff_number": "O1"}
    people.hall.post("people.add_account", new, who="admin")
    omar = people.account("omar")
    people.refused(people.enter("omar", "omar-s-own"), "access.wrong_credentials")
    assert people.request("PATCH", f"account/{omar}", {"directory": True}).status_code == 200
    assert people.enters("omar", "omar-s-own")["person"]["roles"] == ["guide"]
    people.refused(people.enter("omar", "first-secret"), "access.wrong_credentials")
    people.hall.post("people.lock", {"id": omar}, who="admin")
    people.refused(people.enter("omar", "omar-s-own"), "access.locked")

    directory.stop()
    people.refused(people.enter("nina", "in-the-directory"), "access.directory_away")
    people.enters("admin")
    people.enters("chen")
    directory.start()
    people.enters("nina", "in-the-directory")

    # Somebody between us and the directory: another certificate is not believed, and no password is sent.
    (people.hall.engine.data / "directory.pem").unlink()
    people.refused(people.enter("nina", "in-the-directory"), "access.directory_away")
