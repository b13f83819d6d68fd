"""Reads titles of tracks out of set lists that people have typed."""

import re
from collections.abc import Iterable

_NUMBERED = re.compile(
    r"(?:d\d{1,2})?[t#]?(?P<number>\d{1,3})\s*(?:[.):\]-]+|\s)\s*(?P<title>\S.*)", re.IGNORECASE
)
_TIME = re.compile(r"\s*[\[(]?(?:\d{1,2}:)?\d{1,3}:\d{2}(?:\.\d+)?[\])]?\s*$")
_TIME_FIRST = re.compile(r"^[\[(]?(?:\d{1,2}:)?\d{1,3}:\d{2}(?:\.\d+)?[\])]?\s*[-:]?\s*")
_MARKS = " \t>-*;,~"
_LONGEST_TITLE = 120


def titles(lines: Iterable[str], count: int) -> tuple[str, ...]:
    """Return the titles of so many tracks, from the lines of a description or an info file.

    Only lines with numbers are taken for tracks, and only if there are as many as there are
    tracks: a list that does not fit says nothing about which title is whose. Empty then.
    """
    found = []
    for line in lines:
        match = _NUMBERED.fullmatch(line.strip())
        if match is None:
            continue
        title = _TIME.sub("", _TIME_FIRST.sub("", match["title"])).strip(_MARKS)
        if title and len(title) <= _LONGEST_TITLE and any(c.isalpha() for c in title):
            found.append(title)
    return tuple(found) if len(found) == count else ()
