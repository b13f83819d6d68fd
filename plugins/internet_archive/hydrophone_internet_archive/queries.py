"""Writes queries in the language of the Archive's search, which is Lucene's."""

import re
from calendar import monthrange
from collections.abc import Iterable

_WORD = re.compile(r"\S+")
_MOST_WORDS = 20
MUSIC = "(mediatype:etree OR mediatype:audio)"


def quoted(text: str) -> str:
    """Write what somebody has typed so that nothing in it is an operator."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def words(text: str) -> list[str]:
    """Return the words that can be searched for: those with a letter or a digit in them."""
    found = [word for word in _WORD.findall(text) if any(c.isalnum() for c in word)]
    return found[:_MOST_WORDS]


def of_words(typed: Iterable[str]) -> str:
    """Find what has all these words somewhere."""
    return " AND ".join(map(quoted, typed))


def of_collections(collections: tuple[str, ...]) -> str:
    """Find all recordings of these collections.

    Those of the live-music collection have a type of their own, and a search by type keeps
    the bands out, which are collections themselves.
    """
    if collections == ("etree",):
        return "collection:etree AND mediatype:etree"
    if len(collections) == 1:
        return f"collection:{collections[0]} AND {MUSIC}"
    return f"({' OR '.join(f'collection:{one}' for one in collections)}) AND {MUSIC}"


def bands_of(collection: str) -> str:
    """Find the collections within a collection, which are bands."""
    return f"mediatype:collection AND collection:{collection}"


def of_band(collections: tuple[str, ...], band: str) -> str:
    """Find all recordings in a band's collection."""
    return f"collection:{band} AND {of_collections(collections)}"


def of_creator(collections: tuple[str, ...], name: str) -> str:
    """Find all recordings of an artist, and of those whose names contain his."""
    return f"{of_collections(collections)} AND creator:{quoted(name)}"


def between(query: str, first: str, last: str) -> str:
    """Find those of a query that are dated so, both days included."""
    return f"{query} AND date:[{first} TO {last}]"


def of_year(query: str, year: int) -> str:
    """Find those of a query that are dated in a year."""
    return between(query, f"{year:04}-01-01", f"{year:04}-12-31")


def of_month(query: str, year: int, month: int) -> str:
    """Find those of a query that are dated in a month."""
    start = f"{year:04}-{month:02}"
    return between(query, f"{start}-01", f"{start}-{monthrange(year, month)[1]}")


def undated(query: str) -> str:
    """Find those of a query that have no date, or none that the search understands."""
    return f"{query} AND NOT date:[1860-01-01 TO 2100-12-31]"
