"""A device joins by six digits that a person compares; on both databases."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from common.link.enrolment import Enrolled, Enrolment, NotEnrolled
from common.link.outcome import Refusal
from common.protocol.messages import Message, Problem
from server.demo.fill import id_of
from tests.server.conftest import Hall, HandClock


class Door:
    """How a device reaches the hall: over HTTP, and everything that travels can be seen and changed."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self.change: dict[str, Any] = {}

    async def post(self, path: str, message: Message) -> bytes:
        body = {**message.model_dump(mode="json"), **self.change.get(path, {})}
        answer = await asyncio.to_thread(self.hall.http.post, path, json=body)
        if answer.status_code != 200:
            raise Refusal(Problem.model_validate_json(answer.body))
        return answer.body


def joining(hall: Hall, kind: str, decide: Any, door: Door | None = None) -> Enrolled:
    """Run a device's side; `decide(digits)` is called by the person who sees them."""

    async def way() -> Enrolled:
        loop = asyncio.get_running_loop()

        def show(digits: str | None) -> None:
            loop.run_in_executor(None, decide, digits)

        return await Enrolment(kind, "Entrance").run((door or Door(hall)).post, show)

    return asyncio.run(asyncio.wait_for(way(), 20))


def test_a_device_that_was_compared_has_its_place_and_its_token(hall: Hall) -> None:
    seen: list[Any] = []

    def compare(digits: str) -> None:
        (waiting,) = hall.post("devices.pending", who="admin")["items"]
        seen.append((waiting["digits"], digits, waiting["label"], waiting["kind"]))
        body = {"request_id": waiting["request_id"], "digits": digits, "window_id": str(id_of("window", 3))}
        hall.post("devices.accept", body, who="admin")

    joined = joining(hall, "pad", compare)
    assert seen == [(seen[0][1], seen[0][1], "Entrance", "pad")] and len(seen[0][0]) == 6
    assert joined.authority == hall.engine.authority.pem
    answer = hall.http.post("/api/evaluation/pad", json={}, headers={"Authorization": f"Bearer {joined.token}"})
    assert answer.json()["window_id"] == str(id_of("window", 3))
    assert hall.post("devices.pending", who="admin")["items"] == []


def test_nobody_without_the_right_compares(hall: Hall) -> None:
    assert hall.refused("devices.pending", who="anna") == "access.denied"


def test_a_refused_device_is_told_so(hall: Hall) -> None:
    def refuse(_digits: str) -> None:
        (waiting,) = hall.post("devices.pending", who="admin")["items"]
        hall.post("devices.refuse", {"request_id": waiting["request_id"]}, who="admin")

    with pytest.raises(NotEnrolled) as refused:
        joining(hall, "kiosk", refuse)
    assert "refused" in refused.value.sentence


def test_other_digits_and_a_missing_place_are_refused_and_change_nothing(hall: Hall) -> None:
    before = len(hall.post("devices.list", who="admin")["items"])
    codes: list[str] = []

    def compare(digits: str) -> None:
        (waiting,) = hall.post("devices.pending", who="admin")["items"]
        wrong = f"{(int(digits) + 1) % 1_000_000:06d}"
        at = {"request_id": waiting["request_id"]}
        codes.append(hall.refused("devices.accept", {**at, "digits": wrong}, who="admin"))
        codes.append(hall.refused("devices.accept", {**at, "digits": digits}, who="admin"))
        hall.post("devices.refuse", at, who="admin")
        codes.append(hall.refused("devices.accept", {**at, "digits": digits}, who="admin"))

    with pytest.raises(NotEnrolled):
        joining(hall, "pad", compare)
    assert codes == ["access.enrolment_wrong", "devices.place_needed", "access.enrolment_over"]
    assert len(hall.post("devices.list", who="admin")["items"]) == before


def test_a_nonce_that_was_not_committed_to_ends_the_request(hall: Hall) -> None:
    door = Door(hall)
    door.change["/api/enrol/reveal"] = {"nonce": "00" * 32}
    with pytest.raises(Refusal) as wrong:
        joining(hall, "led", lambda _: None, door)
    assert wrong.value.code == "access.enrolment_wrong"
    assert hall.post("devices.pending", who="admin")["items"] == []


def test_whoever_stands_between_shows_other_digits(hall: Hall) -> None:
    """He gives the device his own authority: its digits are not those on the console."""
    theirs: list[str] = []

    class Between(Door):
        async def post(self, path: str, message: Message) -> bytes:
            answer = await super().post(path, message)
            if path == "/api/enrol/begin":
                from server.engine.access.authority import Authority

                folder = hall.engine.data / "stranger"
                folder.mkdir()
                pem = Authority(folder, hall.engine.house.server_id).pem
                escaped = hall.engine.authority.pem.replace("\n", "\\n").encode()
                answer = answer.replace(escaped, pem.replace("\n", "\\n").encode())
                assert escaped not in answer
            return answer

    def compare(digits: str) -> None:
        (waiting,) = hall.post("devices.pending", who="admin")["items"]
        theirs.extend((digits, waiting["digits"]))
        hall.post("devices.refuse", {"request_id": waiting["request_id"]}, who="admin")

    with pytest.raises(NotEnrolled):
        joining(hall, "led", compare, Between(hall))
    assert theirs[0] != theirs[1]


def test_a_request_is_over_after_five_minutes(hall: Hall, clock: HandClock) -> None:
    codes: list[str] = []

    def compare(digits: str) -> None:
        (waiting,) = hall.post("devices.pending", who="admin")["items"]
        clock.forward(minutes=5)
        body = {"request_id": waiting["request_id"], "digits": digits, "zone_id": str(id_of("zone", 0))}
        codes.append(hall.refused("devices.accept", body, who="admin"))

    with pytest.raises(NotEnrolled) as late:
        joining(hall, "led", compare)
    assert codes == ["access.enrolment_over"]
    assert "in time" in late.value.sentence


def test_the_token_is_for_the_device_alone(hall: Hall) -> None:
    request_ids: list[str] = []

    def compare(digits: str) -> None:
        (waiting,) = hall.post("devices.pending", who="admin")["items"]
        request_ids.append(waiting["request_id"])
        body = {"request_id": waiting["request_id"], "digits": digits, "zone_id": str(id_of("zone", 0))}
        hall.post("devices.accept", body, who="admin")

    joined = joining(hall, "led", compare)
    asked = hall.http.post("/api/enrol/state", json={"request_id": request_ids[0], "proof": "00"})
    assert asked.json()["code"] == "access.enrolment_wrong"
    with hall.engine.store.reading() as connection:
        stored = str(connection.exec_driver_sql("SELECT * FROM enrolment").fetchall())
        kept = str(connection.exec_driver_sql("SELECT result FROM action_key").fetchall())
    assert joined.token not in stored + kept


def test_a_flood_of_requests_is_refused(hall: Hall) -> None:
    begin = {"kind": "pad", "label": "x", "public_key": "11" * 32, "commitment": "22" * 32}
    codes = [hall.http.post("/api/enrol/begin", json=begin).status_code for _ in range(21)]
    assert codes == [200] * 20 + [429]
    assert (
        hall.http.post("/api/enrol/begin", json={**begin, "public_key": "1"}).json()["code"] == "access.enrolment_wrong"
    )
