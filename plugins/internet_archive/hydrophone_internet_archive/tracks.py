"""Makes tracks of the files of an item: what belongs together, in which order, by what name."""

import hashlib
import re
from pathlib import PurePosixPath

from msgspec import Struct

from hydrophone.domain.units import Seconds
from hydrophone_internet_archive.formats import FORMATS, Format, format_of
from hydrophone_internet_archive.items import File, Item
from hydrophone_internet_archive.setlists import titles
from hydrophone_internet_archive.shapes import place_of_track, text

_LONGEST_ID = 500
_PARTS = re.compile(r"(\d+)")
_NUMBER_IN_FRONT = re.compile(r"^(?:[a-z]{0,6}[\d._-]*[ds]\d{1,2})?[ _.-]*t?\d{1,3}[ _.-]+", re.I)
_OF_DERIVATIVES = re.compile(r"_(?:64kb|vbr|sample)$", re.IGNORECASE)
_MOST_HOPS = 4
_UNPLAYABLE = frozenset({"shorten"})
"""Formats of music that count as originals although nobody plays them."""


class Copy(Struct, frozen=True, kw_only=True):
    """A file that holds a track in some format."""

    file: File
    format: Format


class Track(Struct, frozen=True, kw_only=True):
    """A piece of a recording."""

    native_id: str
    """`<item>/<name of the original>`."""
    title: str
    disc: int
    """0 if nobody says."""
    number: int
    """0 if nobody says."""
    length: Seconds
    """0 if nobody says."""
    creator: str
    """Empty unless it is said for this track alone."""
    copies: tuple[Copy, ...]
    """All files that can be played, the best format first."""


def native_id(identifier: str, name: str) -> str:
    """Return the id of the track whose original has this name."""
    whole = f"{identifier}/{name}"
    if len(whole) <= _LONGEST_ID:
        return whole
    digest = hashlib.sha1(name.encode("utf-8", "surrogatepass"), usedforsecurity=False)
    return f"{identifier}/{digest.hexdigest()}"


def tracks_of(item: Item, *, info: tuple[str, ...] = ()) -> tuple[Track, ...]:
    """Return the tracks of an item in the order in which they are played.

    Each is an original with all that was made of it. `info` are the lines of the item's text
    file, for titles that stand nowhere else.
    """
    identifier = item.recording.identifier
    grouped = _grouped(item.files)
    placed = [(place_of_track(_said(those, "track"), those[0].name), those) for those in grouped]
    placed = _ordered(placed)
    named = _titles(item, [those for _, those in placed], info)
    return tuple(
        Track(
            native_id=native_id(identifier, those[0].name),
            title=title,
            disc=disc,
            number=number,
            length=next((one.length for one in those if one.length), Seconds(0.0)),
            creator=_said(those, "creator"),
            copies=_copies(those),
        )
        for ((disc, number), those), title in zip(placed, named, strict=True)
    )


def has_titles(item: Item) -> bool:
    """Say whether all tracks have titles without the help of a text file."""
    grouped = _grouped(item.files)
    described = titles(item.description, len(grouped)) or titles(item.notes, len(grouped))
    return bool(described) or all(_said(those, "title") for those in grouped)


def _grouped(files: tuple[File, ...]) -> list[list[File]]:
    """Put each original of a track and what was made of it together, the original first.

    Where a track was uploaded in several formats, their names differ by the suffix alone, and
    the best format gives the track its id, whatever the configuration prefers.
    """
    by_name = {file.name: file for file in files}
    families: dict[str, list[File]] = {}
    for file in files:
        if _is_music(file):
            families.setdefault(_stem(_root(file, by_name)), []).append(file)
    return [sorted(those, key=_precedence) for those in families.values()]


def _is_music(file: File) -> bool:
    return format_of(file.format, file.name) is not None or file.format.casefold() in _UNPLAYABLE


def _root(file: File, by_name: dict[str, File]) -> File:
    """Follow a derivative to what was uploaded; what is made of the unknown is its own root."""
    for _ in range(_MOST_HOPS):
        before = next(
            (by_name[name] for name in file.originals if name in by_name and name != file.name),
            None,
        )
        if file.is_original or before is None or not _is_music(before):
            return file
        file = before
    return file


def _stem(file: File) -> str:
    stem = file.name[: len(file.name) - len(PurePosixPath(file.name).suffix)]
    # Where the original is not named, or not listed any more.
    return stem if file.is_original else _OF_DERIVATIVES.sub("", stem)


def _precedence(file: File) -> tuple[bool, int, str]:
    return (not file.is_original, _quality(file), file.name)


def _quality(file: File) -> int:
    found = format_of(file.format, file.name)
    # Shorten is lossless: where it is all that was uploaded, it is the original.
    return FORMATS.index(found) if found is not None else 0


def _copies(those: list[File]) -> tuple[Copy, ...]:
    found = [(file, format_of(file.format, file.name)) for file in those]
    copies = [Copy(file=file, format=one) for file, one in found if one is not None]
    return tuple(sorted(copies, key=lambda copy: FORMATS.index(copy.format)))


def _said(those: list[File], field: str) -> str:
    return next((value for one in those if (value := text(getattr(one, field)))), "")


Placed = tuple[tuple[int, int], list[File]]


def _ordered(placed: list[Placed]) -> list[Placed]:
    """Sort by disc and number if all have one and no two the same; else by name.

    Those sorted by name get their place as their number.
    """
    places = [place for place, _ in placed]
    if len(set(places)) == len(places) and all(number for _, number in places):
        return sorted(placed, key=lambda one: one[0])
    by_name = sorted(placed, key=lambda one: _natural(one[1][0].name))
    return [((0, number), those) for number, (_, those) in enumerate(by_name, start=1)]


def _natural(name: str) -> list[tuple[int, int, str]]:
    parts = _PARTS.split(name.casefold())
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts if part]


def _titles(item: Item, grouped: list[list[File]], info: tuple[str, ...]) -> list[str]:
    said = [_said(those, "title") for those in grouped]
    if not all(said):
        count = len(grouped)
        listed = next(
            (
                found
                for lines in (item.description, item.notes, info)
                if (found := titles(lines, count))
            ),
            (),
        )
        said = [title or other for title, other in zip(said, listed or [""] * count, strict=True)]
    return [
        title or _from_name(those[0].name, item.recording.identifier)
        for title, those in zip(said, grouped, strict=True)
    ]


def _from_name(name: str, identifier: str) -> str:
    stem = PurePosixPath(name).stem
    rest = _NUMBER_IN_FRONT.sub("", stem).replace("_", " ").strip()
    return text(rest if any(c.isalpha() for c in rest) else stem) or identifier
