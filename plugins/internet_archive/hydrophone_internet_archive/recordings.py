"""A recording: one item of the Archive, as its search and its metadata describe it alike."""

import re

from msgspec import Struct

from hydrophone.domain.music import PartialDate
from hydrophone.domain.units import ByteCount
from hydrophone_internet_archive.client import Document
from hydrophone_internet_archive.config import Kind
from hydrophone_internet_archive.dates import find_date, written
from hydrophone_internet_archive.shapes import key, number, sentence, text, texts

_LIVE = "etree"
_STREAM_ONLY = "stream_only"
_NO_BANDS = frozenset(
    {_LIVE, _STREAM_ONLY, "audio", "live_music_archive", "additional_collections"}
)
_LONGEST_CREATOR = 200
_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,150}")
_KINDS = (
    (Kind.MATRIX, re.compile(r"matrix|(?<![a-z])mtx(?![a-z])")),
    (Kind.SOUNDBOARD, re.compile(r"(?<![a-z])sbds?(?![a-z])|sound ?board")),
    (Kind.BROADCAST, re.compile(r"(?<![a-z])fm(?![a-z])|broadcast|simulcast|webcast")),
    (
        Kind.AUDIENCE,
        re.compile(
            r"(?<![a-z])aud(?![a-z])|audience|schoeps|akg|(?<![a-z])nak|neumann|sennheiser|"
            r"microtech|dpa ?\d|beyer|(?<![a-z])fob(?![a-z])"
        ),
    ),
)
_SHOW = re.compile(r"(?<![a-z])(early|late)(?:[ ._-]?(?:show|set))?(?![a-z])")
_SHNID = re.compile(r"\.(\d{3,7})(?=\.|$)")


class Recording(Struct, frozen=True, kw_only=True):
    """What somebody taped, or a release of a collection that is not of concerts."""

    identifier: str
    title: str
    creators: tuple[str, ...]
    date: PartialDate | None
    venue: str
    place: str
    """City and state, mostly."""
    source: str
    """Microphones, or the way from the soundboard."""
    lineage: str
    taper: str
    transferer: str
    kind: Kind
    show: str
    """`early` or `late` where a band played twice; else empty."""
    rating: float
    """Of the reviewers, 0 to 5; 0 if there are none."""
    reviews: int
    downloads: int
    formats: tuple[str, ...]
    size: ByteCount
    """Of all its files together; 0 if it is not known."""
    collection: str
    """The band's own; empty if it has none."""
    is_concert: bool
    is_stream_only: bool
    """Lossless files are listed and not given."""

    @property
    def band(self) -> str:
        """Return what tells whose night it was; the same for all spellings."""
        return key(self.collection or next(iter(self.creators), "")) or "unknown"

    @property
    def is_dated(self) -> bool:
        """Say whether the very day is known."""
        return self.date is not None and self.date.day > 0

    @property
    def day(self) -> str:
        """Return the date as traders write it; empty if even the year is unknown."""
        return written(self.date)

    @property
    def edition(self) -> str:
        """Say what tells it from other recordings of the night."""
        parts = [_LABELS[self.kind]] if self.kind is not Kind.UNKNOWN else []
        if "24bit Flac" in self.formats:
            parts.append("24 bit")
        if "remaster" in f"{self.identifier} {self.title} {self.source}".casefold():
            parts.append("remastered")
        if self.is_stream_only:
            parts.append("stream only")
        parts.append(self.taper or self.transferer)
        shnid = _SHNID.search(self.identifier)
        parts.append(f"#{shnid[1]}" if shnid else "")
        return ", ".join(filter(None, parts)) or self.identifier


_LABELS = {
    Kind.SOUNDBOARD: "Soundboard",
    Kind.MATRIX: "Matrix",
    Kind.BROADCAST: "FM",
    Kind.AUDIENCE: "Audience",
}


def is_identifier(text: str) -> bool:
    """Say whether the Archive may have an item of this name: it is safe in queries and paths."""
    return _IDENTIFIER.fullmatch(text) is not None


def recording(fields: Document, *, own: tuple[str, ...]) -> Recording | None:
    """Read a recording from a document of the search or an item's metadata.

    `own` are the collections of the configuration, none of which is a band's. Returns `None` for
    what has no identifier that could be asked for.
    """
    identifier = text(fields.get("identifier"))
    if not is_identifier(identifier):
        return None
    title = text(fields.get("title")) or identifier
    source, lineage = sentence(fields.get("source")), sentence(fields.get("lineage"))
    venue = sentence(fields.get("venue"))
    collections = texts(fields.get("collection"))
    is_concert = text(fields.get("mediatype")) == _LIVE or _LIVE in collections or bool(venue)
    return Recording(
        identifier=identifier,
        title=title,
        creators=_creators(fields),
        date=find_date(
            text(fields.get("date")),
            identifier=identifier,
            title=title,
            year=text(fields.get("year")),
        ),
        venue=venue,
        place=sentence(fields.get("coverage")),
        source=source,
        lineage=lineage,
        taper=sentence(fields.get("taper")),
        transferer=sentence(fields.get("transferer")),
        kind=_kind(f"{identifier} {title} {source}") or _kind(lineage) or Kind.UNKNOWN,
        show=_show(identifier, title),
        rating=min(number(fields.get("avg_rating")), 5.0),
        reviews=int(number(fields.get("num_reviews"))),
        downloads=int(number(fields.get("downloads"))),
        formats=texts(fields.get("format")),
        size=ByteCount(int(number(fields.get("item_size")))),
        collection=_band(collections, own) if is_concert else "",
        is_concert=is_concert,
        is_stream_only=_STREAM_ONLY in collections,
    )


def _creators(fields: Document) -> tuple[str, ...]:
    names = (name for name in texts(fields.get("creator")) if len(name) <= _LONGEST_CREATOR)
    return tuple(dict.fromkeys(names))


def _band(collections: tuple[str, ...], own: tuple[str, ...]) -> str:
    for one in collections:
        if one not in _NO_BANDS and one not in own and not one.startswith(("fav-", "deemphasize")):
            return one if is_identifier(one) else ""
    return ""


def _kind(words: str) -> Kind | None:
    folded = words.casefold()
    return next((kind for kind, pattern in _KINDS if pattern.search(folded)), None)


def _show(identifier: str, title: str) -> str:
    match = _SHOW.search(f"{title} {identifier}".casefold())
    return match[1] if match else ""
