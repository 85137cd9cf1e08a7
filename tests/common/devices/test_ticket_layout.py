"""A ticket drawn by the hall's own layout: every element where it was put, in its font, size and effect."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import zxingcpp
from PIL import ImageChops

from common.devices.ticket_layout import Drawn, draw, reach
from common.protocol.layouts import Layout, LayoutElement, TicketPaper

ADDRESS = "https://hall.example/t/" + "x" * 22
LONG = {"en": "A service whose name is much longer than one line of paper can hold", "fa": "خدمتی با نامی بسیار بلند"}


def element(kind: str, **more: object) -> LayoutElement:
    return LayoutElement.model_validate({"kind": kind, **more})


def drawn(*elements: LayoutElement, language: str = "en", width_mm: int = 80, **more: object) -> Drawn:
    layout = Layout(elements=list(elements), width_mm=width_mm)
    paper = TicketPaper.model_validate({
        "ticket_id": uuid4(), "number": "A012", "issued_at": datetime(2026, 3, 2, 10, 24, tzinfo=UTC),
        "service": LONG, "windows": ["3"], "waiting": 2, "organisation": {"en": "City"}, "outlet": {"en": "Hall"},
        "zone": {}, "token": "x" * 22, "address": ADDRESS, "languages": ["en"], "layout": layout, **more,
    })  # fmt: skip
    return draw(layout, paper, language=language, zone="UTC")


def ink(shown: Drawn) -> bytes:
    return shown.picture.convert("L").tobytes()


def test_place_and_width_are_those_of_the_layout() -> None:
    shown = drawn(element("number", x=240, y=100, width=300, size=300), element("line", y=500, x=40, width=720))
    assert shown.boxes[0] == (160, 80, 400, shown.boxes[0][3])  # type: ignore[index]
    assert shown.boxes[1] is not None and shown.boxes[1][:3] == (0, 400, 576)
    assert shown.picture.size[0] == 576 and shown.picture.mode == "1"
    assert drawn(element("number"), width_mm=58).picture.width == reach(58)[0] == 384


def test_font_size_and_effects_each_change_the_letters() -> None:
    usual = element("number", size=300)
    changed = [usual.model_copy(update=one) for one in ({"bold": True}, {"italic": True}, {"font": "serif"},
               {"font": "mono"}, {"size": 320}, {"align": "end"})]  # fmt: skip
    assert len({ink(drawn(one)) for one in (usual, *changed)}) == 7


def test_a_long_text_moves_what_stands_below_and_covers_nothing() -> None:
    shown = drawn(element("service", y=0, size=200), element("number", y=100, size=300), element("code", y=300))
    boxes = [one for one in shown.boxes if one is not None]
    assert len(boxes) == 3
    assert boxes[0][3] > 2 * 80 and boxes[0][3] <= boxes[1][1] and boxes[1][3] <= boxes[2][1]
    (code,) = zxingcpp.read_barcodes(shown.picture.convert("L"))
    assert code.text == ADDRESS


def test_persian_begins_at_the_other_edge_and_an_empty_value_takes_no_place() -> None:
    short = element("text", width=300, text={"en": "Hello", "fa": "سلام"})
    for language, column in (("en", slice(0, 288)), ("fa", slice(288, 576))):
        shown = drawn(short, element("hint", y=200), language=language)
        assert shown.boxes[1] is None
        page = shown.picture.convert("L")
        left, _top, right, _bottom = ImageChops.invert(page).getbbox() or (0, 0, 0, 0)
        assert column.start <= left and right <= column.stop
