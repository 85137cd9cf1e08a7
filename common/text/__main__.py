"""`python -m common.text extract|check|missing|fill`: keeping the catalogues of the source tree."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from common.text.catalogue import CATALOGUES
from common.text.check import faults
from common.text.extract import gather, plural_count, tree_root, write_catalogues
from common.text.fill import fill


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m common.text", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    extract = commands.add_parser("extract", help="write new texts into the catalogues, keep what is translated")
    extract.add_argument("folders", nargs="*", type=Path, help="only catalogues in or below these folders")
    check = commands.add_parser("check", help="fail when a text is untranslated, doubtful or broken")
    check.add_argument("folders", nargs="*", type=Path)
    missing = commands.add_parser("missing", help="print what is untranslated as JSON, to be filled in")
    missing.add_argument("folders", nargs="*", type=Path)
    filling = commands.add_parser("fill", help="take translations from a JSON file as printed by `missing`")
    filling.add_argument("file", type=Path)
    filling.add_argument("folders", nargs="*", type=Path)
    return parser.parse_args(argv)


def _inside(place: str, folders: list[Path], root: Path) -> bool:
    path = root / place
    return not folders or any(folder.resolve() in path.parents for folder in folders)


def _missing(folders: list[Path], root: Path) -> dict[str, dict[str, object]]:
    """By language and source text: an empty string, or as many as there are plural forms; the key carries a context."""
    wanted: dict[str, dict[str, object]] = {code: {} for code in CATALOGUES}
    open_texts = {
        (fault.code, fault.text) for fault in faults(root) if fault.code and _inside(fault.place, folders, root)
    }
    for folder, texts in gather(root).items():
        for found in texts.values():
            for code in CATALOGUES:
                if (code, found.forms[0]) in open_texts and _inside(str(folder / "locale"), folders, root):
                    key = found.forms[0] if found.context is None else f"{found.context}\x04{found.forms[0]}"
                    wanted[code][key] = "" if len(found.forms) == 1 else [""] * plural_count(code)
    return wanted


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    arguments = _arguments(argv)
    root = tree_root()
    if arguments.command == "extract":
        changed = write_catalogues(root, arguments.folders)
        for path in changed:
            print(f"written {path.relative_to(root).as_posix()}")
        return 0
    if arguments.command == "missing":
        json.dump(_missing(arguments.folders, root), sys.stdout, ensure_ascii=False, indent=1)
        print()
        return 0
    if arguments.command == "fill":
        write_catalogues(root, arguments.folders)
        count = fill(root, json.loads(arguments.file.read_text("utf-8")), arguments.folders)
        print(f"{count} translations taken")
        return 0
    found = [fault for fault in faults(root) if _inside(fault.place.split(":")[0], arguments.folders, root)]
    for fault in found:
        print(fault)
    print(f"{len(found)} faults" if found else "all texts are translated")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
