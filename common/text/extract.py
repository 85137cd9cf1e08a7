"""Gathering the texts of the source tree into the `locale` folders of the packages that own them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract

from common.text.catalogue import CATALOGUES, PACKAGES
from common.text.po import PLURALS, Key, new_catalogue, read_catalogue, source_of, strings_of, written

KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "N_": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
MARKS = frozenset(KEYWORDS)
COMMENT_TAGS = ("Translators:",)
TEMPLATES = {
    ".html": "jinja2.ext:babel_extract",
    ".txt": "jinja2.ext:babel_extract",
    ".xml": "jinja2.ext:babel_extract",
}
CONTAINERS = frozenset({("common",), ("server",), ("server", "engine"), ("server", "modules")})
"""Folders that hold packages with texts of their own; every folder directly below one owns its texts."""


@dataclass
class Found:
    """One text of the source: its forms and where it stands."""

    forms: tuple[str, ...]
    context: str | None
    places: set[str] = field(default_factory=set)
    comments: list[str] = field(default_factory=list)

    @property
    def key(self) -> Key:
        """By what the catalogues know it."""
        return (self.context, self.forms[0])


Folder = dict[Key, Found]
"""The texts that one package folder owns."""


def tree_root() -> Path:
    """The folder that holds the packages."""
    return Path(__file__).resolve().parents[2]


def home_of(path: Path, root: Path) -> Path:
    """The package folder whose catalogue a source file belongs to: the nearest above it that has or should have one."""
    parts = path.relative_to(root).parts[:-1]
    for depth in range(len(parts), 0, -1):
        here = parts[:depth]
        if (root.joinpath(*here) / "locale").is_dir() or here[:-1] in CONTAINERS or here in CONTAINERS or depth == 1:
            return root.joinpath(*here)
    raise ValueError(f"{path} lies in no package")


def source_files(root: Path) -> Iterator[Path]:
    """Python files and page templates of all packages, in a fixed order."""
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*")):
            if path.suffix == ".py" or (path.suffix in TEMPLATES and "templates" in path.parts):
                yield path


def texts_of_file(path: Path, root: Path) -> Iterator[Found]:
    """The marked texts of one file."""
    method = TEMPLATES.get(path.suffix, "python")
    place = path.relative_to(root).as_posix()
    options = {"encoding": "utf-8"}
    with path.open("rb") as stream:
        for _line, message, comments, context in extract(method, stream, KEYWORDS, COMMENT_TAGS, options):
            forms = (message,) if isinstance(message, str) else tuple(message)
            if forms[0]:
                yield Found(forms, context, {place}, list(comments))


def gather(root: Path) -> dict[Path, Folder]:
    """The texts of the whole tree by owning folder.

    What a package of `common` says already is left out elsewhere: every program reads `common`.
    """
    folders: dict[Path, Folder] = {}
    for path in source_files(root):
        for found in texts_of_file(path, root):
            folder = folders.setdefault(home_of(path, root), {})
            known = folder.setdefault(found.key, Found(found.forms, found.context))
            if len(found.forms) > len(known.forms):
                known.forms = found.forms
            known.places |= found.places
            known.comments += [line for line in found.comments if line not in known.comments]
    shared = {key for home, texts in folders.items() if _is_common(home, root) for key in texts}
    for home, texts in folders.items():
        if not _is_common(home, root):
            for key in shared & texts.keys():
                del texts[key]
    return {home: texts for home, texts in sorted(folders.items()) if texts}


def _is_common(folder: Path, root: Path) -> bool:
    return folder.relative_to(root).parts[0] == "common"


def catalogue_folders(root: Path) -> list[Path]:
    """The package folders that have catalogues on disk."""
    return sorted(p.parent for name in PACKAGES for p in (root / name).rglob("locale") if any(p.glob("*.po")))


def unmarked_arguments(path: Path) -> Iterator[tuple[int, str]]:
    """Calls such as `_(f"…")`, which no extraction finds: line number and mark."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"), str(path))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS:
            for argument in node.args[:1]:
                if isinstance(argument, (ast.JoinedStr, ast.BinOp, ast.Call)):
                    yield node.lineno, node.func.id


def plural_count(code: str) -> int:
    """How many plural forms the language has."""
    return PLURALS[code][0]


def memory(root: Path, code: str) -> dict[Key, Message]:
    """All finished translations of a language in the tree: a text that moves takes its translation along."""
    known: dict[Key, Message] = {}
    for folder in catalogue_folders(root):
        path = folder / "locale" / f"{code}.po"
        for message in read_catalogue(path, code) if path.is_file() else ():
            if message.id and not message.fuzzy and all(strings_of(message)):
                known.setdefault((message.context, source_of(message)), message)
    return known


def merged(folder: Path, texts: Folder, code: str, known: dict[Key, Message]) -> Catalog:
    """The folder's catalogue with just the texts of the source; translations are kept, new texts are empty."""
    path = folder / "locale" / f"{code}.po"
    old = read_catalogue(path, code) if path.is_file() else new_catalogue(code)
    new = new_catalogue(code)
    for key, found in sorted(texts.items(), key=lambda item: (item[0][1], item[0][0] or "")):
        before = old.get(found.key[1], found.context) or known.get(key)
        if before is not None and not all(strings_of(before)) and key in known:
            before = known[key]
        several = len(found.forms) > 1
        count = plural_count(code) if several else 1
        strings: tuple[str, ...] = ("",) * count
        fuzzy = False
        if before is not None:
            strings, fuzzy = strings_of(before), before.fuzzy
            if len(strings) != count:
                # A text that got plural forms, or lost them: what stood there is a proposal only.
                strings, fuzzy = (strings + ("",) * count)[:count], True
        new.add(
            found.forms if several else found.forms[0],
            strings if several else strings[0],
            locations=[(place, 0) for place in sorted(found.places)],
            auto_comments=found.comments,
            user_comments=before.user_comments if before is not None else (),
            flags={"fuzzy"} if fuzzy else (),
            context=found.context,
        )
    return new


def title_of(folder: Path, root: Path) -> str:
    """First line of a catalogue."""
    return f"Texts of {folder.relative_to(root).as_posix()}"


def within(folder: Path, only: Iterable[Path]) -> bool:
    """Whether the folder is one of those named or lies in one; without names every folder is."""
    wanted = [path.resolve() for path in only]
    return not wanted or any(folder == path or path in folder.parents for path in wanted)


def write_catalogues(root: Path, only: Iterable[Path] = ()) -> list[Path]:
    """Bring the catalogues in line with the source; returns the files that changed. `only` limits it to folders."""
    wanted = list(only)
    changed: list[Path] = []
    folders = gather(root)
    for code in CATALOGUES:
        known = memory(root, code)
        for folder in sorted({*folders, *catalogue_folders(root)}):
            if not within(folder, wanted):
                continue
            path = folder / "locale" / f"{code}.po"
            if folder not in folders:
                path.unlink(missing_ok=True)
                changed.append(path)
                continue
            content = written(merged(folder, folders[folder], code, known), title_of(folder, root), code)
            if not path.is_file() or path.read_bytes() != content:
                path.parent.mkdir(exist_ok=True)
                path.write_bytes(content)
                changed.append(path)
    return changed
