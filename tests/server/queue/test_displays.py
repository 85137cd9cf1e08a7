"""Where the parts of a display stand, and pictures on tickets and displays: what is refused before anything changes."""

from __future__ import annotations

import io
import uuid
from typing import Any

import pytest
from PIL import Image

from common.protocol.queue_display import DisplayPart, arrangements, faults, usual_parts
from server.demo.fill import id_of
from tests.server.conftest import Hall
from tests.server.data import Data

ZONE = {"zone_id": id_of("zone", 0)}
CALL = {"kind": "call", "x": 0, "y": 0, "width": 20, "height": 10}


def png(wide: int = 40, high: int = 20) -> bytes:
    kept = io.BytesIO()
    Image.new("L", (wide, high), 128).save(kept, "PNG")
    return kept.getvalue()


def sent(hall: Hall, content: bytes, *, public: bool = True) -> str:
    """A file of the store."""
    head = {"Authorization": f"Bearer {hall.sign_in('admin')}", "Openhall-Name": "file"}
    answer = hall.http.post("/api/files" + ("?public=1" if public else ""), content=content, headers=head)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


def test_the_houses_own_arrangements_can_all_be_shown() -> None:
    for parts in arrangements().values():
        assert list(faults(parts)) == []
    for flags in range(8):
        shown = {name: bool(flags & 1 << bit) for bit, name in enumerate(("earlier", "queues", "ticker"))}
        kinds = {one.kind for one in usual_parts(**shown)}
        assert list(faults(usual_parts(**shown))) == []
        assert kinds == {"header", "call", *(name for name, on in shown.items() if on)}


@pytest.mark.parametrize(
    ("part", "code"),
    [
        ({"kind": "queues", "x": 25, "y": 12, "width": 8, "height": 4}, "outside"),
        ({"kind": "queues", "x": 20, "y": 12, "width": 3, "height": 4}, "small"),
        ({"kind": "call", "x": 20, "y": 0, "width": 12, "height": 8}, "twice"),
        ({"kind": "clock", "x": 19, "y": 9, "width": 8, "height": 4}, "overlap"),
        ({"kind": "clock", "x": 20, "y": 9, "width": 8, "height": 4}, None),
    ],
)
def test_a_part_that_cannot_stand_there_is_named(part: dict[str, Any], code: str | None) -> None:
    found = list(faults([DisplayPart.model_validate(CALL), DisplayPart.model_validate(part)]))
    assert found == ([(code, 1)] if code else [])


def test_an_arrangement_reaches_the_displays_or_is_refused(hall: Hall) -> None:
    data = Data(hall)
    picture, hidden, words = sent(hall, png()), sent(hall, png(), public=False), sent(hall, b"plain words")
    large = sent(hall, png(4001, 2))
    shown = {"kind": "picture", "x": 20, "y": 0, "width": 6, "height": 4, "file_id": picture}

    def refused(*parts: dict[str, Any]) -> str:
        return data.refused("POST", "display_layout", {"name": {"en": "Hall"}, "parts": list(parts)})

    assert refused({**shown, "x": 0}) == "queue.display_no_call"
    assert refused(CALL, {**shown, "x": 19}) == "queue.display_overlap"
    assert refused(CALL, {"kind": "wall"}) == "queue.display_wrong"
    assert refused(CALL, *({**shown, "x": 20 + 2 * n % 12, "y": n} for n in range(17))) == "queue.display_parts"
    for file_id in (hidden, words, large):
        assert refused(CALL, {**shown, "file_id": file_id}) == "queue.picture_wrong"
    assert refused(CALL, {**shown, "file_id": str(uuid.uuid4())}) == "files.not_found"
    wrong = data.send(
        "POST", "display_layout", {"name": {"en": "Hall"}, "parts": [{**CALL, "width": 4}]}, language="zh"
    )
    assert "太小" in wrong.json()["detail"]
    assert data.query("display_layout") == [] and hall.post("queue.board", ZONE)["shape"]["parts"] == []
    assert data.refused("POST", "display_layout", {"name": {"en": "Hall"}}, who="anna") == "access.denied"

    made = data.add("display_layout", name={"en": "Hall"}, parts=[CALL, shown])
    hall.settle()
    parts = hall.post("queue.board", ZONE)["shape"]["parts"]
    assert [(one["kind"], one["x"], one["width"], one["file_id"]) for one in parts] == [
        ("call", 0, 20, None),
        ("picture", 20, 6, picture),
    ]
    led = hall.device("led", zone_id=str(id_of("zone", 0)))
    head = {"Authorization": f"Bearer {hall._tokens[led]}"}
    assert hall.http.get(f"/api/files/{picture}", headers=head).body == png()
    assert hall.http.get(f"/api/files/{hidden}", headers=head).status_code == 404
    data.edit("display_layout", made, parts=[])
    hall.settle()
    assert hall.post("queue.board", ZONE)["shape"]["parts"] == []
    # The same pictures, and no others, on tickets.
    element = {"kind": "picture", "width": 400, "height": 200, "file_id": hidden}
    layout: dict[str, Any] = {"name": {"en": "Ticket"}, "width_mm": 80, "elements": [element]}
    assert data.refused("POST", "ticket_layout", layout) == "queue.picture_wrong"
    data.add("ticket_layout", **{**layout, "elements": [{**element, "file_id": picture}]})
