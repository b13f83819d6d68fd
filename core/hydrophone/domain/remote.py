"""What other catalogues have, in their own ids: found by a source, not yet given ids of ours.

A source names each thing by a *native id*: any text of at most 500 characters that stays the same
for as long as the thing exists there. Core makes our ids of it (domain/ids.py), so the same thing
has the same id in every database.
"""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from hydrophone.domain.music import PartialDate, ReplayGain
from hydrophone.domain.units import ByteCount, Hertz, Kbps, Seconds

NativeId = Annotated[str, Meta(min_length=1, max_length=500)]
"""The name of a thing at its source."""
Text = Annotated[str, Meta(max_length=4000)]
"""Titles, names, addresses: what is longer is refused."""
ShortTexts = Annotated[tuple[Text, ...], Meta(max_length=100)]


class RemoteArtist(Struct, frozen=True, kw_only=True):
    """An artist of a source, or as credited on something of it."""

    native_id: Annotated[str, Meta(max_length=500)] = ""
    """Empty if the source knows but the name."""
    name: Annotated[Text, Meta(min_length=1)]
    sort_name: Text = ""
    musicbrainz_id: Text = ""
    """MusicBrainz artist id."""
    artwork_url: Text = ""


Credits = Annotated[tuple[RemoteArtist, ...], Meta(max_length=200)]
"""In the order of the credit."""


class RemoteAlbum(Struct, frozen=True, kw_only=True):
    """A release, a concert or a list of a source that is listened to as one."""

    native_id: NativeId
    title: Annotated[Text, Meta(min_length=1)]
    artists: Credits = ()
    """Album artists; empty if the source does not say."""
    edition: Text = ""
    """What tells this version from others of the same work (`Soundboard, 24 bit`)."""
    group_id: Annotated[str, Meta(max_length=500)] = ""
    """The same for all versions of one work (all recordings of one night); empty if it has but
    one. Not an id of an album."""
    rank: int = 0
    """Among the versions of one work: the lowest is shown first."""
    date: PartialDate | None = None
    """Of the release, or of the recording if it was never released."""
    genres: ShortTexts = ()
    labels: ShortTexts = ()
    release_types: ShortTexts = ()
    """album, single, ep, compilation, live, ...; in lower case."""
    is_compilation: bool = False
    track_count: Annotated[int, Meta(ge=0)] = 0
    """0 if it is not known before the album is opened."""
    duration: Annotated[Seconds, Meta(ge=0)] = Seconds(0)
    """0 if it is not known."""
    musicbrainz_id: Text = ""
    """MusicBrainz release id."""
    artwork_url: Text = ""
    notes: Annotated[str, Meta(max_length=20_000)] = ""
    """For people to read: place, source, taper, lineage, licence; a line each."""


class RemoteTrack(Struct, frozen=True, kw_only=True):
    """A recording that a source can play."""

    native_id: NativeId
    title: Annotated[Text, Meta(min_length=1)]
    artists: Credits = ()
    album: RemoteAlbum | None = None
    """`None` for what belongs to no album: it is then an album of its own."""
    disc_number: Annotated[int, Meta(ge=0)] = 0
    """0 if unknown."""
    track_number: Annotated[int, Meta(ge=0)] = 0
    """0 if unknown."""
    duration: Annotated[Seconds, Meta(ge=0, le=1_000_000)] = Seconds(0)
    """0 if unknown; what is downloaded is held against it."""
    year: Annotated[int, Meta(ge=0, le=9999)] = 0
    genres: ShortTexts = ()
    isrcs: ShortTexts = ()
    musicbrainz_id: Text = ""
    """MusicBrainz recording id."""
    explicit_status: Text = ""
    """`explicit`, `clean` or empty."""
    comment: Text = ""
    artwork_url: Text = ""
    """Its own picture; empty for that of the album."""
    suffix: Annotated[str, Meta(max_length=10)] = ""
    """Of the file that is streamed at the best quality: lower case, without the dot."""
    content_type: Annotated[str, Meta(max_length=100)] = ""
    codec: Annotated[str, Meta(max_length=40)] = ""
    size: Annotated[ByteCount, Meta(ge=0)] = ByteCount(0)
    """0 if unknown."""
    bit_rate: Annotated[Kbps, Meta(ge=0)] = Kbps(0)
    bit_depth: Annotated[int, Meta(ge=0)] = 0
    sampling_rate: Annotated[Hertz, Meta(ge=0)] = Hertz(0)
    channel_count: Annotated[int, Meta(ge=0)] = 0
    replay_gain: ReplayGain | None = None
    is_available: bool = True
    """False for what the source lists and refuses to play."""
    unavailable_because: Text = ""
    """One sentence for a person, where it is not available."""


class RemoteFolder(Struct, frozen=True, kw_only=True):
    """A place in the tree of a source: an artist's years, a year's concerts."""

    native_id: NativeId
    title: Annotated[Text, Meta(min_length=1)]
    artwork_url: Text = ""


class Quality(StrEnum):
    """What an admin has chosen to be fetched."""

    LOSSLESS = "lossless"
    """The best there is, lossless if it exists."""
    LOSSY = "lossy"
    """The best of the lossy ones, if there is one."""
