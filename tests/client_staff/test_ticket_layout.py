"""The editor of ticket layouts: written on the paper, seen as printed, tried on a printer, made the default."""

from __future__ import annotations

import io
import time
import uuid
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from client_staff.screens.ticket_layout_draft import LayoutDraft
from common.devices.escpos_reader import tickets
from common.link.driving import NotSeen
from common.protocol.layouts import Layout, LayoutElement
from tests.client_staff.test_workbench import signed_in
from tests.common.devices.counterpart import SocketCounterpart
from tests.ground.demo_house import DemoHouse
from tests.ground.programs import Running


def draft() -> LayoutDraft:
    elements = [LayoutElement(kind="number", x=100, y=50), LayoutElement(kind="service", y=200)]
    return LayoutDraft(Layout(id=uuid.uuid4(), name={"en": "One"}, elements=elements, version=3))


def test_typing_and_a_drag_are_one_step_back_each() -> None:
    one = draft()
    assert not one.dirty and not one.can_undo
    for _ in range(5):
        one.move(10, -20)
    one.rest()
    one.move(1, 0)
    assert one.element is not None and (one.element.x, one.element.y) == (151, 0)
    one.undo()
    assert one.element is not None and one.element.x == 150
    one.undo()
    assert one.element is not None and (one.element.x, one.element.y) == (100, 50) and not one.dirty
    one.redo()
    assert one.element is not None and one.element.x == 150 and one.dirty


def test_elements_are_added_doubled_and_taken_away() -> None:
    one = draft()
    one.add("code")
    assert one.element is not None and (one.element.kind, one.element.y, one.element.height) == ("code", 260, 250)
    one.double()
    one.remove()
    one.choose(0)
    one.change("bold", bold=True)
    one.remove()
    assert [e.kind for e in one.now.elements] == ["service", "code"]
    for _ in range(5):
        one.undo()
    assert one.values() == draft().values() and not one.can_undo
    one.saved(4, one.id)
    one.set_width(58)
    assert one.dirty


def drawn(desk: Running) -> list[int]:
    """Where the chosen element is drawn, as soon as that stays so."""
    end, seen = time.monotonic() + 10, ""
    while not seen or seen != desk.text("layout_canvas"):
        assert time.monotonic() < end
        seen = desk.text("layout_canvas")
        time.sleep(0.3)
    return [int(one) for one in seen.split()]


def logo(wide: int, high: int) -> bytes:
    """A grey picture: a printer makes every second dot of it black."""
    kept = io.BytesIO()
    Image.new("L", (wide, high), 128).save(kept, "PNG")
    return kept.getvalue()


def choose(desk: Running, file: Path, content: bytes) -> None:
    """Add a picture to the layout."""
    file.write_bytes(content)
    desk.press("element_add")
    desk.wait(name="kind_picture")
    desk.press("kind_picture")
    desk.wait(name="fileNameEdit")
    desk.type("fileNameEdit", str(file))
    desk.key("Return")
    try:
        desk.wait(name="fileNameEdit", gone=True, seconds=2)
    except NotSeen:
        # The list of names that begin alike had come up meanwhile and took the key.
        desk.key("Return")
        desk.wait(name="fileNameEdit", gone=True)


def taken(house: DemoHouse) -> int:
    """How a second service with a prefix of its zone is answered."""
    values = {"name": {"en": "Another"}, "prefix": "A", "requirements": []}
    headers = {"Authorization": f"Bearer {house.token('admin')}", "Idempotency-Key": uuid.uuid4().hex}
    return house.http.post("/api/records/service", json=values, headers=headers).status_code


def shown(house: DemoHouse) -> list[dict[str, Any]]:
    """The layouts on the server."""
    headers = {"Authorization": f"Bearer {house.token('admin')}"}
    return list(house.http.get("/api/records/ticket_layout?limit=50", headers=headers).json()["items"])


@pytest.mark.covers("QUE-008", "QUE-928")
def test_a_layout_is_written_on_the_paper_tried_and_made_the_default(house: DemoHouse, tmp_path: Path) -> None:
    with SocketCounterpart() as printer, Running("staff", tmp_path / "admin", house) as desk:
        signed_in(desk, "admin")
        desk.wait(name="go_records.ticket_layout")
        desk.press("go_records.ticket_layout")
        desk.wait("Ticket layouts", name="layouts_title")
        desk.press("layout_new")
        desk.wait("not saved", name="layout_paper_count")
        desk.press("elements_list[3,0]")
        desk.wait("Service", name="element_title")
        for name in ("element_bold", "element_italic"):
            desk.press(name)
        desk.ask("choose", name="element_font", text="With serifs")
        desk.type("element_size", "11")
        desk.press("elements_list[4,0]")
        desk.wait("Number", name="element_title")
        desk.key("Return")  # onto the paper
        place = drawn(desk)
        lower = f"{place[0]} {place[1] + 16} {place[2]} {place[3] + 16}"
        desk.key("Down")
        desk.key("Down")
        desk.wait(lower, name="layout_canvas")
        desk.key("Ctrl+Z")
        desk.wait(" ".join(map(str, place)), name="layout_canvas")
        desk.key("Ctrl+Y")
        desk.wait(lower, name="layout_canvas")
        desk.type("edit_layout_name", "Big numbers")
        assert not shown(house)
        # The hall's logo: what is no picture, or needlessly large, is refused before it is sent.
        for name, content, said in (
            ("words.png", b"no picture at all", "words.png is no picture"),
            ("large.png", logo(5000, 10), "large.png is too large"),
        ):
            choose(desk, tmp_path / name, content)
            desk.wait(said, name="layouts_said_text")
        choose(desk, tmp_path / "logo.png", logo(100, 50))
        desk.wait("Picture", name="element_title")
        desk.type("element_width", "40")
        desk.type("element_height", "20")
        end = time.monotonic() + 10
        while (found := drawn(desk)) and found[2] - found[0] != 288:
            assert time.monotonic() < end, found
        assert found[3] - found[1] == 144, (
            "40 millimetres less the 4 at the edge that a printer does not reach; its shape stays"
        )
        # Tried on a printer before anybody gets such a ticket.
        desk.press("layout_print")
        desk.wait(name="printer_address")
        desk.type("printer_address", f"network:127.0.0.1:{printer.port}")
        desk.press("question_yes")
        desk.wait("The ticket for trial was printed.", name="layouts_said_text")
        (paper,) = tickets(bytes(printer.received))
        (code,) = zxingcpp.read_barcodes(paper.convert("L"))
        assert "example.invalid" in code.text and paper.width == 576
        left, top, right, bottom = found
        dots = paper.convert("L").crop((left, top, right, bottom)).histogram()
        assert 0.45 < dots[0] / (288 * 144) < 0.55, (
            "black and white dots of a picture that is half black, grey dithered"
        )
        desk.key("Ctrl+S")
        desk.wait("Saved.", name="layouts_said_text")
        (kept,) = shown(house)
        element = kept["elements"][3]
        assert (element["kind"], element["font"], element["size"], element["italic"]) == ("service", "serif", 110, True)
        picture = kept["elements"][-1]
        assert (picture["kind"], picture["width"], picture["height"]) == ("picture", 400, 200)
        kiosk = {"Authorization": f"Bearer {house.device('kiosk', zone=0)}"}
        sent = house.http.get(f"/api/files/{picture['file_id']}", headers=kiosk)
        assert (sent.status_code, sent.body) == (200, logo(100, 50)), "kiosks may read it"
        assert "bold" not in element and kept["elements"][4]["y"] == 250 and not kept["is_default"]
        desk.press("layout_default")
        desk.wait("Big numbers (default)", name="layouts_list[0,0]")
        assert shown(house)[0]["is_default"]
    assert taken(house) == 409
