"""What is wrong with the catalogues: texts without translation, doubtful ones, lost placeholders, wrong plural forms."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import PoFileError

from common.text.catalogue import CATALOGUES
from common.text.extract import Folder, Found, catalogue_folders, gather, plural_count, source_files, unmarked_arguments
from common.text.po import PLURALS, Key, read_catalogue, source_of, strings_of

PLACEHOLDER = re.compile(r"\{([A-Za-z_][\w.]*)?(?:![rsa])?(?::[^{}]*)?\}|%\((\w+)\)[sd]|%([sd])")


@dataclass(frozen=True)
class Fault:
    """One thing to mend in a catalogue or in the source."""

    place: str
    code: str
    text: str
    what: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}: {self.text!r}" if self.text else f"{self.place}: {self.what}"


def placeholders(text: str) -> list[str]:
    """The names to be filled in, sorted; `{}` and `%s` count by position."""
    plain = text.replace("{{", "").replace("}}", "").replace("%%", "")
    return sorted("".join(part or "" for part in match.groups()) for match in PLACEHOLDER.finditer(plain))


def _forms_fault(found: Found, strings: tuple[str, ...]) -> str | None:
    """What is wrong with a finished translation, or nothing."""
    needed = set(placeholders(found.forms[-1]))
    allowed = needed | set(placeholders(found.forms[0]))
    for index, string in enumerate(strings):
        names = set(placeholders(string))
        if names - allowed:
            return f"unknown placeholder {', '.join(sorted(names - allowed))}"
        # A form for exactly one may leave the number out; forms that stand for many numbers may not.
        if needed - names and (len(strings) == 1 or index > 0):
            return f"lost placeholder {', '.join(sorted(needed - names))}"
        for edge in (0, -1):
            if found.forms[0][edge].isspace() != string[edge].isspace():
                return "white space at the edge differs"
    return None


def _message_fault(found: Found, message: Message | None, code: str) -> str | None:
    if message is None:
        return "not in the catalogue (run: python -m common.text extract)"
    strings = strings_of(message)
    several = len(found.forms) > 1
    if several and len(strings) != plural_count(code):
        return f"{len(strings)} plural forms instead of {plural_count(code)}"
    if message.fuzzy:
        return "fuzzy"
    if not all(strings):
        return "untranslated"
    return _forms_fault(found, strings)


def _catalogue_faults(root: Path, folder: Path, texts: Folder, code: str) -> list[Fault]:
    path = folder / "locale" / f"{code}.po"
    place = path.relative_to(root).as_posix()
    if not path.is_file():
        return [Fault(place, code, "", f"missing, with {len(texts)} texts")] if texts else []
    try:
        catalogue = read_catalogue(path, code)
    except (PoFileError, UnicodeDecodeError) as broken:
        return [Fault(place, code, "", f"unreadable ({broken})")]
    faults: list[Fault] = []
    count, expression = catalogue.num_plurals, str(catalogue.plural_expr)
    if (count, expression.replace(" ", "")) != (PLURALS[code][0], PLURALS[code][1].replace(" ", "")):
        faults.append(Fault(place, code, "", "another plural rule than the programs use"))
    in_file: dict[Key, Message] = {}
    for message in catalogue:
        if message.id:
            in_file[(message.context, source_of(message))] = message
    for key, found in texts.items():
        what = _message_fault(found, in_file.get(key), code)
        if what:
            faults.append(Fault(place, code, found.forms[0], what))
    faults += [Fault(place, code, key[1], "no longer in the source") for key in in_file if key not in texts]
    return faults


def faults(root: Path) -> list[Fault]:
    """Everything wrong in the tree, in a fixed order."""
    folders = gather(root)
    result: list[Fault] = []
    for path in source_files(root):
        if path.suffix == ".py":
            for line, mark in unmarked_arguments(path):
                place = f"{path.relative_to(root).as_posix()}:{line}"
                result.append(Fault(place, "", "", f"{mark}() needs a plain string, filled in afterwards"))
    for folder in sorted({*folders, *catalogue_folders(root)}):
        for code in CATALOGUES:
            result += _catalogue_faults(root, folder, folders.get(folder, {}), code)
    return result
