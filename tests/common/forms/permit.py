"""A form with every kind of element, as tests of all its drawings use it."""

from __future__ import annotations

from typing import Any

from common.forms.definition import FormDefinition


def words(english: str) -> dict[str, str]:
    """A text in four languages, told apart by a mark."""
    return {"en": english, "zh": f"{english} 中", "ru": f"{english} ру", "fa": f"{english} فا"}


def element(name: str, kind: str, label: str = "", **about: Any) -> dict[str, Any]:
    return {"name": name, "kind": kind, "label": words(label or name), **about}


def choice(code: str, parent: str = "") -> dict[str, Any]:
    return {"code": code, "label": words(code), "parent": parent}


def permit(*more: dict[str, Any], **about: Any) -> FormDefinition:
    """A permit to keep a stall: two pages, rows, sums, a cascade, a button, files."""
    elements = [
        element("heading", "title", "Permit for a stall"),
        element("hint", "note", "Fill in what you know."),
        element("who", "text", "Name", required=True, default_from="applicant.name",
                help=words("As in your document"),
                documents=[{"name": words("Passport")}, {"name": words("Photo"), "needed": False}]),
        element("born", "date", "Born", latest="today"),
        element("age", "number", "Age", value='today.diff(born, "year")'),
        element("guardian", "text", "Guardian", required_when="age < 18"),
        element("married", "yes_no", "Married"),
        element("family", "group", "Family", shown_when="married", elements=[
            element("spouse", "text", "Spouse", required=True),
            element("since", "date", "Since"),
        ]),
        element("place", "cascade", "Place", levels=[words("Region"), words("Town")], choices=[
            choice("north"), choice("south"), choice("icy", "north"), choice("snowy", "north"), choice("sunny", "south"),
        ]),
        element("second", "page", "Second page"),
        element("goods", "rows", "Goods", least_rows=1, most_rows=5, elements=[
            element("what", "text", "What", required=True),
            element("price", "money", "Price", decimals=2, unit="EUR", least=0),
            element("many", "number", "Many", default=1, least=1, most=100),
            element("line", "money", "Line", decimals=2, unit="EUR", value="price * many"),
            element("licence", "text", "Licence", shown_when="line > 100", required=True),
        ]),
        element("total", "money", "Total", decimals=2, unit="EUR", value="sum(map(goods, #.line))"),
        element("kind", "choice", "Kind", choices=[choice("food"), choice("books")]),
        element("days", "choices", "Days", choices=[choice("mon"), choice("tue"), choice("wed")], most_choices=2),
        element("opens", "time", "Opens"),
        element("plate", "text", "Plate", pattern="A-999"),
        element("mail", "email", "Mail"),
        element("call", "phone", "Phone"),
        element("story", "long_text", "Story", length=500),
        element("joy", "scale", "Joy", least=1, most=5, low_end=words("none"), high_end=words("much")),
        element("home", "address", "Address"),
        element("spot", "location", "Spot"),
        element("papers", "file", "Papers", file_kinds=["pdf"], most_files=2),
        element("photo", "image", "Photo"),
        element("fee", "number", "Fee", decimals=2),
        element("reckon", "button", "Reckon the fee", does="compute", target="fee", result="total * 0.1"),
        element("office", "link", "Office", address="https://office.example/{kind}"),
        *more,
    ]  # fmt: skip
    return FormDefinition.model_validate({"title": words("Permit"), "elements": elements, **about})
