"""Numbers as they are spoken: a ticket's letters and digits one by one (QUE-916), and the sentence of a call.

The sentences stand here and not in the catalogues, because they are made for the ear: Cantonese is spoken but is no language
of the programs, and digits are words so that every voice reads them alike.
"""

from __future__ import annotations

from common.text.fold import digits

SPOKEN = ("en", "zh", "yue", "ru", "fa")
"""The languages in which calls can be spoken; `yue` is Cantonese."""

_DIGITS: dict[str, tuple[str, ...]] = {
    "en": ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
    "zh": ("零", "一", "二", "三", "四", "五", "六", "七", "八", "九"),
    "yue": ("零", "一", "二", "三", "四", "五", "六", "七", "八", "九"),
    "ru": ("ноль", "один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять"),
    "fa": ("صفر", "یک", "دو", "سه", "چهار", "پنج", "شش", "هفت", "هشت", "نه"),
}
_LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_RUSSIAN_LETTERS = dict(
    zip(
        _LATIN,
        [
            "А",
            "Бэ",
            "Цэ",
            "Дэ",
            "Е",
            "Эф",
            "Гэ",
            "Аш",
            "И",
            "Йот",
            "Ка",
            "Эль",
            "Эм",
            "Эн",
            "О",
            "Пэ",
            "Ку",
            "Эр",
            "Эс",
            "Тэ",
            "У",
            "Вэ",
            "Дубль-вэ",
            "Икс",
            "Игрек",
            "Зет",
        ],
        strict=True,
    )
)
_PERSIAN_LETTERS = dict(
    zip(
        _LATIN,
        [
            "اِی",
            "بی",
            "سی",
            "دی",
            "ایی",
            "اِف",
            "جی",
            "اِچ",
            "آی",
            "جِی",
            "کِی",
            "اِل",
            "اِم",
            "اِن",
            "اُ",
            "پی",
            "کیو",
            "آر",
            "اِس",
            "تی",
            "یو",
            "وی",
            "دابلیو",
            "ایکس",
            "وای",
            "زِد",
        ],
        strict=True,
    )
)
_LETTERS: dict[str, dict[str, str]] = {"ru": _RUSSIAN_LETTERS, "fa": _PERSIAN_LETTERS}

_CALL = {
    "en": "Ticket {number}, please go to window {window}.",
    "zh": "请{number}号，到{window}号窗口办理。",
    "yue": "請{number}號，到{window}號櫃位。",
    "ru": "Талон {number}, пройдите, пожалуйста, к окну номер {window}.",
    "fa": "شمارهٔ {number}، لطفاً به باجهٔ {window} مراجعه فرمایید.",
}
_CALL_IN_ZONE = {
    "en": "Ticket {number}, please go to window {window}, {zone}.",
    "zh": "请{number}号，到{zone}{window}号窗口办理。",
    "yue": "請{number}號，到{zone}{window}號櫃位。",
    "ru": "Талон {number}, пройдите, пожалуйста, к окну номер {window}, {zone}.",
    "fa": "شمارهٔ {number}، لطفاً به باجهٔ {window}، {zone} مراجعه فرمایید.",
}
_AGAIN = {"en": "Once more: ", "zh": "再次呼叫：", "yue": "再次呼叫：", "ru": "Повторяем: ", "fa": "بار دیگر: "}


def spoken(language: str) -> str:
    """The spoken language nearest to a code; English for an unknown one."""
    code = language.replace("_", "-").lower()
    if code in ("yue", "zh-hk", "zh-yue"):
        return "yue"
    return code.split("-")[0] if code.split("-")[0] in SPOKEN else "en"


def letters(number: str, language: str) -> list[str]:
    """The letters and digits of a number one by one, each as the word to say; signs between them are left out."""
    code = spoken(language)
    words: list[str] = []
    for sign in digits(number).upper():
        if "0" <= sign <= "9":
            words.append(_DIGITS[code][int(sign)])
        elif sign.isalnum():
            words.append(_LETTERS.get(code, {}).get(sign, sign))
    return words


def ticket(number: str, language: str) -> str:
    """A ticket number for the ear: `A012` gives `A 0 1 2`, in Russian `А ноль один два`."""
    return " ".join(letters(number, language))


def window(label: str, language: str) -> str:
    """A window's label for the ear: a plain number up to 999 as one number, anything else sign by sign."""
    plain = digits(label).strip()
    return str(int(plain)) if plain.isascii() and plain.isdigit() and len(plain) <= 3 else ticket(label, language)


def call(number: str, window_label: str, language: str, *, recall: bool = False, zone: str = "") -> str:
    """The sentence of a call; `recall` says that it is said again, `zone` names another zone (QUE-921)."""
    code = spoken(language)
    sentence = (_CALL_IN_ZONE if zone else _CALL)[code].format(
        number=ticket(number, code), window=window(window_label, code), zone=zone
    )
    if not recall:
        return sentence
    return _AGAIN[code] + (sentence[0].lower() + sentence[1:] if code in ("en", "ru") else sentence)
