"""Finding the font files for pictures that are drawn without a window system, on Linux and on Windows."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from PIL import ImageFont

from common.text import _

Script = Literal["latin", "cjk", "arabic"]
Family = Literal["sans", "serif", "mono"]
"""Of a ticket's layout; a script that has no face of a family is drawn in its sans."""


class FontMissing(Exception):
    """No font for a script is installed; the sentence says what to install."""


@dataclass(frozen=True)
class _Wanted:
    """One face: its name for fontconfig, the file it lies in, and its place inside a collection."""

    family: str
    file: str
    index: int = 0


# Persian is drawn with already joined letters (presentation forms); Noto Sans Arabic and DejaVu Sans hold them.
_WANTED: dict[tuple[Script, bool], tuple[_Wanted, ...]] = {
    ("latin", False): (
        _Wanted("Noto Sans", "NotoSans-Regular.ttf"),
        _Wanted("DejaVu Sans", "DejaVuSans.ttf"),
        _Wanted("Segoe UI", "segoeui.ttf"),
    ),
    ("latin", True): (
        _Wanted("Noto Sans", "NotoSans-Bold.ttf"),
        _Wanted("DejaVu Sans", "DejaVuSans-Bold.ttf"),
        _Wanted("Segoe UI", "segoeuib.ttf"),
    ),
    ("cjk", False): (
        _Wanted("Noto Sans CJK SC", "NotoSansCJK-Regular.ttc", 2),
        _Wanted("WenQuanYi Micro Hei", "wqy-microhei.ttc"),
        _Wanted("Microsoft YaHei", "msyh.ttc"),
    ),
    ("cjk", True): (
        _Wanted("Noto Sans CJK SC", "NotoSansCJK-Bold.ttc", 2),
        _Wanted("WenQuanYi Micro Hei", "wqy-microhei.ttc"),
        _Wanted("Microsoft YaHei", "msyhbd.ttc"),
    ),
    ("arabic", False): (
        _Wanted("Noto Sans Arabic", "NotoSansArabic-Regular.ttf"),
        _Wanted("DejaVu Sans", "DejaVuSans.ttf"),
        _Wanted("Tahoma", "tahoma.ttf"),
    ),
    ("arabic", True): (
        _Wanted("Noto Sans Arabic", "NotoSansArabic-Bold.ttf"),
        _Wanted("DejaVu Sans", "DejaVuSans-Bold.ttf"),
        _Wanted("Tahoma", "tahomabd.ttf"),
    ),
}
_OF_FAMILY: dict[tuple[Family, Script, bool], tuple[_Wanted, ...]] = {
    ("serif", "latin", False): (
        _Wanted("Noto Serif", "NotoSerif-Regular.ttf"),
        _Wanted("DejaVu Serif", "DejaVuSerif.ttf"),
        _Wanted("Times New Roman", "times.ttf"),
    ),
    ("serif", "latin", True): (
        _Wanted("Noto Serif", "NotoSerif-Bold.ttf"),
        _Wanted("DejaVu Serif", "DejaVuSerif-Bold.ttf"),
        _Wanted("Times New Roman", "timesbd.ttf"),
    ),
    ("serif", "cjk", False): (
        _Wanted("Noto Serif CJK SC", "NotoSerifCJK-Regular.ttc", 2),
        _Wanted("SimSun", "simsun.ttc"),
    ),
    ("serif", "cjk", True): (
        _Wanted("Noto Serif CJK SC", "NotoSerifCJK-Bold.ttc", 2),
        _Wanted("SimSun", "simsunb.ttf"),
    ),
    ("serif", "arabic", False): (
        _Wanted("Noto Naskh Arabic", "NotoNaskhArabic-Regular.ttf"),
        _Wanted("Times New Roman", "times.ttf"),
    ),
    ("serif", "arabic", True): (
        _Wanted("Noto Naskh Arabic", "NotoNaskhArabic-Bold.ttf"),
        _Wanted("Times New Roman", "timesbd.ttf"),
    ),
    ("mono", "latin", False): (
        _Wanted("Noto Sans Mono", "NotoSansMono-Regular.ttf"),
        _Wanted("DejaVu Sans Mono", "DejaVuSansMono.ttf"),
        _Wanted("Consolas", "consola.ttf"),
    ),
    ("mono", "latin", True): (
        _Wanted("Noto Sans Mono", "NotoSansMono-Bold.ttf"),
        _Wanted("DejaVu Sans Mono", "DejaVuSansMono-Bold.ttf"),
        _Wanted("Consolas", "consolab.ttf"),
    ),
}
_PACKAGES = {"latin": "fonts-noto-core", "cjk": "fonts-noto-cjk", "arabic": "fonts-noto-core"}


def font_folders() -> list[Path]:
    """Where fonts lie on this system, a folder of our own (`OPENHALL_FONTS`) first."""
    own = [Path(os.environ["OPENHALL_FONTS"])] if os.environ.get("OPENHALL_FONTS") else []
    if sys.platform == "win32":
        local = Path(os.environ.get("LOCALAPPDATA", "")) / "Microsoft" / "Windows" / "Fonts"
        return [*own, Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts", local]
    home = Path(os.path.expanduser("~"))
    return [
        *own,
        Path("/usr/share/fonts"),
        Path("/usr/local/share/fonts"),
        home / ".local/share/fonts",
        home / ".fonts",
    ]


@lru_cache(maxsize=1)
def _installed() -> dict[str, Path]:
    files: dict[str, Path] = {}
    for folder in font_folders():
        for path in sorted(folder.rglob("*.tt[fc]")) if folder.is_dir() else ():
            files.setdefault(path.name.lower(), path)
    return files


def _ask_fontconfig(wanted: _Wanted, bold: bool) -> tuple[Path, int] | None:
    """What fontconfig gives for the family, if it is that family and not a stand-in."""
    pattern = f"{wanted.family}:{'bold' if bold else 'regular'}"
    command = ["fc-match", "-f", "%{family}\n%{file}\n%{index}", pattern]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=5, check=True).stdout.split("\n")
    except (OSError, subprocess.SubprocessError):
        return None
    if len(answer) < 3 or wanted.family not in answer[0].split(","):
        return None
    return Path(answer[1]), int(answer[2] or 0) & 0xFFFF


@lru_cache(maxsize=16)
def font_file(script: Script, bold: bool) -> tuple[Path, int]:
    """File and face of the best installed font for a script; raises `FontMissing`."""
    files = _installed()
    for wanted in _WANTED[(script, bold)]:
        if wanted.file.lower() in files:
            return files[wanted.file.lower()], wanted.index
    for wanted in _WANTED[(script, bold)]:
        found = _ask_fontconfig(wanted, bold) if sys.platform != "win32" else None
        if found:
            return found
    names = ", ".join(wanted.family for wanted in _WANTED[(script, bold)])
    sentence = _("No font for {script} is installed. Install one of {names} (Debian: {package}).")
    raise FontMissing(sentence.format(script=script, names=names, package=_PACKAGES[script]))


# PDF files embed TrueType outlines only, which Noto CJK has not (reportlab refuses it).
_ON_PAPER: dict[Script, tuple[_Wanted, ...]] = {
    "latin": (_Wanted("DejaVu Sans", "DejaVuSans.ttf"), _Wanted("Segoe UI", "segoeui.ttf")),
    "cjk": (_Wanted("WenQuanYi Micro Hei", "wqy-microhei.ttc"), _Wanted("Microsoft YaHei", "msyh.ttc")),
    "arabic": (_Wanted("DejaVu Sans", "DejaVuSans.ttf"), _Wanted("Tahoma", "tahoma.ttf")),
}


@lru_cache(maxsize=4)
def paper_font_file(script: Script) -> tuple[Path, int]:
    """File and face of a font that a PDF can embed; raises `FontMissing`."""
    files = _installed()
    for wanted in _ON_PAPER[script]:
        if wanted.file.lower() in files:
            return files[wanted.file.lower()], wanted.index
    names = ", ".join(wanted.family for wanted in _ON_PAPER[script])
    package = "fonts-wqy-microhei" if script == "cjk" else "fonts-dejavu-core"
    sentence = _("No font for {script} is installed. Install one of {names} (Debian: {package}).")
    raise FontMissing(sentence.format(script=script, names=names, package=package))


def _family_file(family: Family, script: Script, bold: bool) -> tuple[Path, int]:
    """File and face of a family's font, or of the script's sans where none is installed."""
    for wanted in _OF_FAMILY.get((family, script, bold), ()):
        if wanted.file.lower() in _installed():
            return _installed()[wanted.file.lower()], wanted.index
    return font_file(script, bold)


@lru_cache(maxsize=128)
def font(script: Script, bold: bool, size: int, family: Family = "sans") -> ImageFont.FreeTypeFont:
    """The font in dots; raises `FontMissing`. It places letter by letter: the text comes joined and ordered."""
    path, index = _family_file(family, script, bold)
    return ImageFont.truetype(str(path), size, index=index, layout_engine=ImageFont.Layout.BASIC)


def script_of(letter: str) -> Script:
    """Which font draws a letter."""
    code = ord(letter)
    if 0x0600 <= code <= 0x08FF or 0xFB50 <= code <= 0xFDFF or 0xFE70 <= code <= 0xFEFF:
        return "arabic"
    if 0x2E80 <= code <= 0x9FFF or 0xAC00 <= code <= 0xD7AF or 0xF900 <= code <= 0xFAFF or code >= 0x20000:
        return "cjk"
    return "cjk" if 0xFE30 <= code <= 0xFE4F or 0xFF00 <= code <= 0xFFEF else "latin"
