"""An item with its files, as the metadata interface gives it."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from hydrophone.domain.units import ByteCount, Seconds
from hydrophone_internet_archive.client import Document
from hydrophone_internet_archive.recordings import Recording, recording
from hydrophone_internet_archive.shapes import (
    clipped,
    is_true,
    lines,
    number,
    seconds,
    sentence,
    text,
    texts,
)

_MOST_FILES = 20_000
_MOST_LINES = 400
_LONGEST_LINE = 500


class File(Struct, frozen=True, kw_only=True):
    """A file of an item."""

    name: str
    """With its folders, exactly as it is; not in NFC."""
    is_original: bool
    """Uploaded, and not made from another file by the Archive."""
    originals: tuple[str, ...]
    """Names of those that it was made from."""
    format: str
    title: str
    track: str
    creator: str
    length: Seconds
    """0 if it does not say."""
    bit_rate: float
    """In kbps; 0 if it does not say."""
    size: ByteCount
    """0 if it does not say."""
    changed: str
    md5: str
    sha1: str
    is_private: bool
    """Listed and not given."""


class Item(Struct, frozen=True, kw_only=True):
    """A recording with all there is to it."""

    recording: Recording
    files: tuple[File, ...]
    is_dark: bool
    """Taken down."""
    is_restricted: bool
    """Lent out, or for members only."""
    licence: str
    description: tuple[str, ...]
    """Lines, without markup: often the set list."""
    notes: tuple[str, ...]


def read_item(document: Document, identifier: str, *, own: tuple[str, ...]) -> Item | None:
    """Read the answer of the metadata interface; `None` for `{}`, which it gives for unknown ids.

    `own` are the collections of the configuration.
    """
    if not document:
        return None
    metadata = document.get("metadata")
    fields: dict[str, Any] = dict(metadata) if isinstance(metadata, dict) else {}
    # As it was asked for: a dark item may not even say its identifier any more.
    fields["identifier"] = identifier
    listed = document.get("files")
    files = [_file(one) for one in _dictionaries(listed)[:_MOST_FILES]]
    fields.setdefault("format", sorted({file.format for file in files if file and file.format}))
    fields = _with_reviews(fields, _dictionaries(document.get("reviews")))
    found = recording(fields, own=own)
    if found is None:
        return None
    return Item(
        recording=found,
        files=tuple(file for file in files if file is not None),
        is_dark=is_true(document.get("is_dark")),
        is_restricted=is_true(fields.get("access-restricted-item"))
        or is_true(fields.get("access-restricted")),
        licence=sentence(fields.get("licenseurl")),
        description=_shortened(fields.get("description")),
        notes=_shortened(fields.get("notes")),
    )


def _dictionaries(value: Any) -> list[Mapping[str, Any]]:  # noqa: ANN401 - whatever JSON may hold
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _file(one: Mapping[str, Any]) -> File | None:
    name = one.get("name")
    if not isinstance(name, str) or not name:
        return None
    originals = one.get("original")
    return File(
        name=name,
        is_original=text(one.get("source")).casefold() == "original",
        # Exact names, so not by `texts`.
        originals=tuple(
            it
            for it in (originals if isinstance(originals, list) else [originals])
            if isinstance(it, str)
        ),
        format=text(one.get("format")),
        title=text(one.get("title")),
        track=text(one.get("track")),
        creator=text(one.get("creator")) or text(one.get("artist")),
        length=seconds(one.get("length")),
        bit_rate=number(one.get("bitrate")),
        size=ByteCount(int(number(one.get("size")))),
        changed=text(one.get("mtime")),
        md5=text(one.get("md5")).lower(),
        sha1=text(one.get("sha1")).lower(),
        is_private=is_true(one.get("private")),
    )


def _with_reviews(fields: dict[str, Any], reviews: list[Mapping[str, Any]]) -> dict[str, Any]:
    """Add what only the search says: the average of the reviews."""
    stars = [number(one.get("stars")) for one in reviews if texts(one.get("stars"))]
    if not stars or "avg_rating" in fields:
        return fields
    return {**fields, "avg_rating": sum(stars) / len(stars), "num_reviews": len(stars)}


def _shortened(value: Any) -> tuple[str, ...]:  # noqa: ANN401 - whatever JSON may hold
    return tuple(clipped(line, _LONGEST_LINE) for line in lines(value)[:_MOST_LINES])
