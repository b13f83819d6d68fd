"""Reads values of the Archive's metadata, which have been typed by thousands of people.

Any field may be missing, a text, a number, or a list of them.
"""

import html
import re
import unicodedata
from typing import Any

from hydrophone.domain.units import Seconds

_TAG = re.compile(r"<[^<>]{0,1000}>")
_BREAK = re.compile(r"<\s*(?:br|/p|/div|/li)\b[^<>]{0,200}>", re.IGNORECASE)
_CLOCK = re.compile(r"(?:(?:(\d{1,4}):)?(\d{1,5}):)?(\d{1,7}(?:\.\d{0,9})?)")
_LONGEST = 1_000_000.0
_SET = re.compile(r"(?<![a-z])[ds](\d{1,2})(?:[ _.-]{0,2}t|[ _.-])(\d{1,3})(?!\d)", re.IGNORECASE)
_NUMBER = re.compile(r"t?(\d{1,4})(?:\s*(?:/|of)\s*\d{1,4})?", re.IGNORECASE)
_PAIR = re.compile(r"(\d{1,2})[-.](\d{1,3})")


def texts(value: Any) -> tuple[str, ...]:  # noqa: ANN401 - whatever JSON may hold
    """Return all texts of a field, each in one line and in NFC; without empty ones."""
    values = value if isinstance(value, list) else [value]
    lines = (_line(one) for one in values if isinstance(one, str | int | float))
    return tuple(line for line in lines if line)


def text(value: Any) -> str:  # noqa: ANN401 - as above
    """Return the first text of a field; empty if there is none."""
    return next(iter(texts(value)), "")


def sentence(value: Any) -> str:  # noqa: ANN401 - as above
    """Return all texts of a field in one, each once; for fields that describe."""
    return "; ".join(dict.fromkeys(texts(value)))


def lines(value: Any) -> list[str]:  # noqa: ANN401 - as above
    """Return the lines of a field that may be HTML, without its tags; without empty lines."""
    values = value if isinstance(value, list) else [value]
    whole = "\n".join(one for one in values if isinstance(one, str))
    plain = html.unescape(_TAG.sub("", _BREAK.sub("\n", whole)))
    return [line for line in map(_line, plain.splitlines()) if line]


def number(value: Any) -> float:  # noqa: ANN401 - as above
    """Return a number that is not negative; 0 if there is none."""
    try:
        found = float(text(value))
    except ValueError:
        return 0.0
    return found if 0.0 <= found < float("inf") else 0.0


def seconds(value: Any) -> Seconds:  # noqa: ANN401 - as above
    """Read a length: `273.21`, `4:33` or `00:04:33.21`; 0 if it is none of these."""
    match = _CLOCK.fullmatch(text(value))
    if match is None:
        return Seconds(0.0)
    hours, minutes, rest = (float(part or 0) for part in match.groups())
    total = hours * 3600 + minutes * 60 + rest
    return Seconds(total if total <= _LONGEST else 0.0)


def place_of_track(value: Any, file_name: str) -> tuple[int, int]:  # noqa: ANN401 - as above
    """Read disc and number from a track field and the file's name; 0 for what is not said.

    `7`, `07`, `7/20`, `t07` are numbers; `d1t07`, `s2t07` and `1-07` have a disc before. The number
    of the field counts, and the disc of the name where the field has none.
    """
    said = text(value)
    in_name = _SET.search(file_name.rpartition("/")[2].rpartition(".")[0])
    disc = int(in_name[1]) if in_name else 0
    pair = _SET.search(said) or _PAIR.fullmatch(said)
    if pair:
        return int(pair[1]), int(pair[2])
    single = _NUMBER.fullmatch(said)
    if single:
        return disc, int(single[1])
    return (disc, int(in_name[2])) if in_name else (0, 0)


def is_true(value: Any) -> bool:  # noqa: ANN401 - as above
    """Say whether a field says yes."""
    return value is True or text(value).casefold() in {"true", "1", "yes"}


def key(name: str) -> str:
    """Return what two spellings of a name have in common: `The Beatles` and `beatles`."""
    folded = unicodedata.normalize("NFKD", name.replace("&", " and ")).casefold().strip()
    folded = folded.removeprefix("the ")
    kept = "".join(c for c in folded if c.isalnum())
    return kept or folded


def clipped(value: str, most: int) -> str:
    """Return a text of so many characters at most."""
    return value if len(value) <= most else value[: most - 1] + "…"


def _line(value: str | float) -> str:
    return unicodedata.normalize("NFC", " ".join(str(value).replace("\0", "").split()))
