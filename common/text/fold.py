"""The search shadow of a text: what somebody types and what is stored meet, whichever letters and digits were used."""

from __future__ import annotations

import re
import unicodedata

_LETTERS = str.maketrans(
    {
        "ё": "е",
        "ي": "ی",  # Arabic yeh
        "ى": "ی",  # alef maksura
        "ئ": "ی",
        "ك": "ک",  # Arabic kaf
        "ة": "ه",
        "ۀ": "ه",
        "ؤ": "و",
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ٱ": "ا",
        "ـ": None,  # kashida
    }
)
_INVISIBLE = dict.fromkeys((173, 8203, 8204, 8205, 8206, 8207, 8288, 65279))
_INVISIBLE |= dict.fromkeys((*range(8234, 8239), *range(8294, 8298)))
_SPACES = re.compile(r"\s+")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_WORD = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+|[^\W_]+")


def digits(text: str) -> str:
    """Digits of any script as 0 to 9 (people type a phone number with the keys they have)."""
    return "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in text)


def fold(text: str) -> str:
    """Casefolded, compatible forms unified, ё as е, Arabic letters as Persian, marks and joiners removed, digits 0 to 9.

    Folding twice changes nothing more. й keeps its breve: in Russian it is another letter, not an accent.
    """
    text = unicodedata.normalize("NFKC", text).casefold().translate(_INVISIBLE)
    text = unicodedata.normalize("NFC", text).translate(_LETTERS)
    kept: list[str] = []
    for letter in unicodedata.normalize("NFD", text):
        if not unicodedata.combining(letter):
            kept.append(letter)
        elif letter == "\u0306" and kept and kept[-1] == "и":
            kept[-1] = "й"
    folded = unicodedata.normalize("NFKC", "".join(kept)).translate(_LETTERS)
    return _SPACES.sub(" ", digits(folded)).strip()


def initials(text: str) -> str:
    """First letters of the Mandarin reading (`身份证` gives `sfz`), other words as they stand; empty without Chinese.

    The first call loads the dictionary of readings (a quarter of a second), so call it off the window's thread.
    """
    if not _HAN.search(text):
        return ""
    from pypinyin import Style, lazy_pinyin  # slow to import, and most programs never search by initials

    parts: list[str] = []
    for word in _WORD.findall(unicodedata.normalize("NFKC", text)):
        if _HAN.match(word):
            parts += [syllable[:1] for syllable in lazy_pinyin(word, style=Style.FIRST_LETTER, errors="ignore")]
        else:
            parts.append(word)
    return fold("".join(parts))


def shadow(text: str) -> str:
    """What a search column holds: the folded text, and its initials after a space where there are any."""
    short = initials(text)
    return f"{fold(text)} {short}" if short else fold(text)
