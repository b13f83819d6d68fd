"""Ids for life: opaque, deterministic, at most 16 characters of `[a-z0-9-]`.

An id is a kind of two letters, a hyphen and 64 bits in base32. It is computed once from
what identifies the thing (docs/explanation/ids-and-origins.md) and stored; nothing is ever read
back out of it but the kind.
"""

import re
from typing import NewType

import xxhash

ArtistId = NewType("ArtistId", str)
AlbumId = NewType("AlbumId", str)
TrackId = NewType("TrackId", str)
FolderId = NewType("FolderId", str)
PlaylistId = NewType("PlaylistId", str)
ArtworkId = NewType("ArtworkId", str)
"""A picture by its content: another picture has another id, so clients may cache for ever."""
ShareId = NewType("ShareId", str)
"""Random, unlike the others: who knows it may listen."""
ChannelId = NewType("ChannelId", str)
EpisodeId = NewType("EpisodeId", str)
StationId = NewType("StationId", str)
VideoId = NewType("VideoId", str)
CaptionId = NewType("CaptionId", str)
LibraryId = NewType("LibraryId", int)
"""A library root. An integer, because OpenSubsonic's music folders have integer ids."""
UserId = NewType("UserId", int)

ARTIST = "ar"
ALBUM = "al"
TRACK = "tr"
FOLDER = "fo"
PLAYLIST = "pl"
ARTWORK = "im"
SHARE = "sh"
CHANNEL = "pc"
EPISODE = "pe"
STATION = "rs"
VIDEO = "vi"
CAPTIONS = "ca"
MOSAIC = "mo"
"""The picture of a playlist as it was left by one change."""

_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
"""Of base32 (RFC 4648, section 6), in lower case."""
_PAIRS = [first + second for first in _LETTERS for second in _LETTERS]
_ID = re.compile(r"[a-z]{2}-[a-z2-7]{13}")
_SEPARATOR = "\x1f"
"""Stands between the parts of a key; it cannot occur in them (tag readers drop it)."""


def digest(data: bytes) -> int:
    """Return the 64 bits (xxh3) from which an id is made."""
    return xxhash.xxh3_64_intdigest(data)


def encode_id(kind: str, bits: int) -> str:
    """Write 64 bits as an id of this kind."""
    # A scan makes three ids for each file: by `base64` they would cost a hundredth of its time.
    return (
        f"{kind}-{_LETTERS[bits >> 59]}{_PAIRS[bits >> 49 & 1023]}{_PAIRS[bits >> 39 & 1023]}"
        f"{_PAIRS[bits >> 29 & 1023]}{_PAIRS[bits >> 19 & 1023]}{_PAIRS[bits >> 9 & 1023]}"
        f"{_PAIRS[bits << 1 & 1023]}"
    )


def make_id(kind: str, *parts: str) -> str:
    """Compute the id of the thing that these parts identify; their order matters."""
    return encode_id(kind, digest(_SEPARATOR.join(parts).encode("utf-8", "surrogateescape")))


def kind_of(identifier: str) -> str:
    """Return the kind of a well-formed id, else `""`: hostile strings have no kind."""
    return identifier[:2] if _ID.fullmatch(identifier) else ""
