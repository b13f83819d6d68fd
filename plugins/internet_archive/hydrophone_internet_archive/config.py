"""The table `[plugins.internet_archive]`."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from hydrophone_internet_archive.formats import wanted

Collection = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@-]{0,99}$")]


class Kind(StrEnum):
    """Where the sound of a recording was taken from."""

    SOUNDBOARD = "soundboard"
    MATRIX = "matrix"
    """Soundboard and audience, mixed."""
    BROADCAST = "fm"
    AUDIENCE = "audience"
    UNKNOWN = "unknown"


class Criterion(StrEnum):
    """What makes one recording of a night better than another."""

    WHOLE = "whole"
    """No fragment: at least half as many tracks as is usual for the night."""
    SOURCE = "source"
    """By `sources`."""
    RATING = "rating"
    """The reviewers' average, which counts the more the more they are."""
    COMPLETENESS = "completeness"
    """Tracks, against what is usual for the night."""
    DOWNLOADS = "downloads"
    LOSSLESS = "lossless"
    """FLAC in 16 bits, then in 24, then what else is lossless."""


class Config(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an admin can choose."""

    base_url: Annotated[
        str,
        Meta(
            pattern=r"^https?://[^\s/?#]+[^\s?#]*$",
            max_length=300,
            description="Address of the Archive, or of a mirror of its interfaces.",
        ),
    ] = "https://archive.org"
    collections: Annotated[
        tuple[Collection, ...],
        Meta(min_length=1, max_length=20, description="Audio collections that are searched."),
    ] = ("etree",)
    formats: Annotated[
        tuple[str, ...],
        Meta(
            min_length=1,
            description="Formats that are fetched, the preferred first: `lossless`, `flac`, `mp3`, "
            "`ogg`, or their names at the Archive, such as `24bit Flac`.",
        ),
    ] = ("lossless", "mp3", "ogg")
    ranking: Annotated[
        tuple[Criterion, ...],
        Meta(
            min_length=1,
            max_length=len(Criterion),
            description="What decides which recording of a night comes first, in this order.",
        ),
    ] = (
        Criterion.WHOLE,
        Criterion.SOURCE,
        Criterion.RATING,
        Criterion.COMPLETENESS,
        Criterion.DOWNLOADS,
        Criterion.LOSSLESS,
    )
    sources: Annotated[
        tuple[tuple[Kind, ...], ...],
        Meta(description="Kinds of recordings, the best first; those in one list are equals."),
    ] = ((Kind.SOUNDBOARD, Kind.MATRIX), (Kind.BROADCAST,), (Kind.AUDIENCE,))

    def __post_init__(self) -> None:
        """Refuse a format that nothing is known of."""
        wanted(self.formats)

    @property
    def address(self) -> str:
        """Return `base_url` without a slash at its end."""
        return self.base_url.rstrip("/")
