"""Genres by the numbers of ID3v1, which all later tag systems have copied."""

import re
from collections.abc import Iterable

from mutagen.id3 import TCON

_WORDS = {"RX": "Remix", "CR": "Cover"}
_CODE = r"\d{1,3}|RX|CR"
_BARE = re.compile(_CODE, re.ASCII)
_BRACKETED = re.compile(rf"(?:\((?:{_CODE})\))+", re.ASCII)
_BEGINS = frozenset("(0123456789RC")


def named_genres(texts: Iterable[str]) -> tuple[str, ...]:
    """Write out `17`, `(17)`, `(RX)` and `(4)Eurodisco`, each genre once; no text is empty."""
    named: list[str] = []
    for text in texts:
        found = _BRACKETED.match(text) if text[0] in _BEGINS else None
        if found:
            named += map(_name, found[0][1:-1].split(")("))
            named.append(text[found.end() :].strip())
        elif text[0] in _BEGINS and _BARE.fullmatch(text):
            named.append(_name(text))
        else:
            named.append(text)
    return tuple(dict.fromkeys(filter(None, named)))


def _name(code: str) -> str:
    """Return the name that a code stands for; a number that nobody has given one stays."""
    if code in _WORDS:
        return _WORDS[code]
    number = int(code)
    return str(TCON.GENRES[number]) if number < len(TCON.GENRES) else code
