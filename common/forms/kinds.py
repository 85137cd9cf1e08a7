"""The kinds of element that a form is made of (SVD-013): further kinds are added here."""

from __future__ import annotations

from dataclasses import dataclass

from common.text import N_


@dataclass(frozen=True)
class Kind:
    """What an element of this kind takes: `answer` is the kind of an expression's value, empty when it takes none."""

    label: str
    answer: str = ""
    field: str = ""
    """The field kind (common/records) by which its answer is read."""
    parameters: tuple[str, ...] = ()
    holds: bool = False
    """Other elements lie within it."""
    protected: bool = False
    """The server keeps its answers as ciphertext and shows them masked."""


_NUMBERS = ("least", "most", "decimals", "unit")
_CHOICES = ("choices", "dictionary")
_FILES = ("file_kinds", "most_files", "largest")

KINDS: dict[str, Kind] = {
    "text": Kind(N_("Text"), "text", "text", ("length", "pattern", "pattern_says")),  # SVD-015
    "long_text": Kind(N_("Text of several lines"), "text", "long_text", ("length",)),
    "number": Kind(N_("Whole or decimal number"), "number", "number", _NUMBERS),  # SVD-014
    "money": Kind(N_("Amount of money"), "number", "money", _NUMBERS),
    "yes_no": Kind(N_("Yes or no"), "yes_no", "yes_no"),  # SVD-016
    "choice": Kind(N_("List"), "text", "choice", (*_CHOICES, "buttons")),  # SVD-019
    "choices": Kind(N_("List, several answers"), "list", "", (*_CHOICES, "most_choices")),
    "cascade": Kind(N_("Cascading choice"), "text", "", (*_CHOICES, "levels")),  # SVD-017
    "scale": Kind(N_("Scale"), "number", "number", ("least", "most", "low_end", "high_end")),
    "date": Kind(N_("Date"), "day", "day", ("earliest", "latest")),  # SVD-020
    "time": Kind(N_("Time of day"), "time", "time"),
    "email": Kind(N_("E-mail address"), "text", "email"),
    "phone": Kind(N_("Telephone number"), "text", "phone", protected=True),
    "identity_number": Kind(
        N_("Number of an identity document"), "text", "identity_number", ("scheme",), protected=True
    ),
    "address": Kind(N_("Postal address"), "any", "address"),
    "location": Kind(N_("Place on the map"), "any", "coordinates"),  # SVD-022
    "file": Kind(N_("File"), "list", "files", _FILES),  # SVD-024
    "image": Kind(N_("Picture handed in"), "list", "files", ("most_files", "largest")),
    "picture": Kind(N_("Picture shown"), parameters=("picture",)),
    "title": Kind(N_("Heading"), parameters=()),  # SVD-021
    "note": Kind(N_("Paragraph"), parameters=()),
    "link": Kind(N_("Link to another program"), parameters=("address",)),  # SVD-023
    "button": Kind(N_("Button"), parameters=("does", "target", "result", "look_up", "address")),  # SVD-018
    "group": Kind(N_("Group"), holds=True),  # SVD-021
    "rows": Kind(N_("Repeated group"), "rows", parameters=("least_rows", "most_rows"), holds=True),
    "page": Kind(N_("New page")),
}
"""By name, in the order of the palette."""

RULES = ("shown_when", "required_when", "read_only_when", "value")
"""The parts of an element that are expressions, besides a button's `result`."""
FILE_KINDS = {
    "pdf": "application/pdf",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
