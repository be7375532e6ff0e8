"""Text for print, in letters that our own faces hold.

A PDF that claims to be accessible may not show a box for a missing letter, and a face borrowed
from the machine would make the same report look different elsewhere. So what neither of our faces
can draw is said in words: an emoji by its name, another script as “[Hebrew text]”.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from itertools import groupby
from typing import Any

from django.conf import settings
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

# Close enough in plain signs; the latin cuts of our faces lack these.
STAND_INS = {
    "≥": ">=", "≤": "<=", "≠": "=/=", "→": "->", "←": "<-", "●": "•", "✓": "[yes]", "✔": "[yes]",
    "✗": "[no]", "✘": "[no]", "\u2011": "-", "\u202f": "\u00a0", "\t": " ",
}  # fmt: skip
SKIN_TONES = range(0x1F3FB, 0x1F400)


@cache
def held() -> frozenset[str]:
    """The characters that both families hold, whether in their latin or their latin-ext cut."""
    families: dict[str, set[int]] = {}
    for file in sorted((settings.BASE_DIR / "static" / "pdf" / "fonts").glob("*.woff2")):
        family = file.name.partition("-latin")[0]
        with TTFont(file, lazy=True) as font:
            families.setdefault(family, set()).update(font.getBestCmap())
    return frozenset(map(chr, set.intersection(*families.values()))) | {"\n"}


def legible(text: str) -> str:
    """The same text with everything our faces cannot draw said in words. Doing it twice is safe."""
    plain = "".join(STAND_INS.get(sign, sign) for sign in unicodedata.normalize("NFC", text))
    if held().issuperset(plain):
        return plain
    pieces = ["".join(run) if name is None else name for name, run in groupby(plain, key=name_for)]
    return "".join(pieces).replace("][", "] [")


def name_for(sign: str) -> str | None:
    """What stands for a character: None, itself; nothing, if it shows nothing; or words."""
    if sign in held():
        return None
    kind = unicodedata.category(sign)
    if kind in {"Cf", "Cc", "Cn", "Co", "Mn", "Me"} or ord(sign) in SKIN_TONES:
        return ""
    plainer = "".join(part for part in unicodedata.normalize("NFKD", sign) if part in held())
    if plainer:
        return plainer
    name = unicodedata.name(sign, "sign without a name")
    if kind.startswith(("L", "M", "N")):
        return f"[{name.partition(' ')[0].capitalize()} text]"
    return f"[{name.lower()}]"


def all_legible(data: Any) -> Any:
    """Every text in data made of dicts and lists, made legible."""
    match data:
        case str():
            return legible(data)
        case dict():
            return {key: all_legible(value) for key, value in data.items()}
        case list():
            return [all_legible(value) for value in data]
        case _:
            return data
