"""One sentence by a voice of Windows: `python -m common.devices.sapi_voice`, the order as JSON on standard input."""

from __future__ import annotations

import json
import sys
from typing import Any

LOCALES = {"en": ("en", "0409", "0809"), "zh": ("zh-cn", "0804"), "yue": ("zh-hk", "0c04"), "ru": ("ru", "0419"),
           "fa": ("fa", "0429")}  # fmt: skip
"""How a voice of the language shows itself: its language tag, or the hexadecimal language id within its name."""


def voice_for(language: str, voices: list[Any]) -> str | None:
    """The id of the first installed voice of a language."""
    for voice in voices:
        tags = [tag.decode(errors="ignore") if isinstance(tag, bytes) else str(tag) for tag in voice.languages or ()]
        signs = " ".join([*tags, str(voice.id), str(voice.name)]).lower().replace("_", "-")
        if any(sign in signs for sign in LOCALES[language]):
            return str(voice.id)
    return None


def main() -> int:
    """Speak one order into its file; exit code 3 when there is no voice of the language."""
    import pyttsx3

    order = json.load(sys.stdin)
    engine = pyttsx3.init()
    voice = voice_for(order["language"], engine.getProperty("voices"))
    if voice is None:
        print(f"no voice for {order['language']} is installed", file=sys.stderr)
        return 3
    engine.setProperty("voice", voice)
    engine.setProperty("rate", order["rate"])
    engine.setProperty("volume", order["volume"])
    engine.save_to_file(order["text"], order["target"])
    engine.runAndWait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
