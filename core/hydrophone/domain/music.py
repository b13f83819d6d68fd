"""Artist, Album, Track, Genre: what people star, rate, list and play.

`gc=False`: they are trees of immutable values, so no cycle can run through them, and a list of
thousands sets nobody looking for garbage.
"""

from msgspec import Struct

from hydrophone.domain.annotation import UNTOUCHED, Annotation
from hydrophone.domain.ids import AlbumId, ArtistId, ArtworkId, FolderId, LibraryId, TrackId
from hydrophone.domain.units import ByteCount, Hertz, Kbps, Seconds, Timestamp


class ArtistRef(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """An artist as credited on one album or track."""

    id: ArtistId
    name: str
    """As written on this very record, which may differ from the artist's usual name."""


class Contributor(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Somebody who is neither the main nor the album artist, with what he did."""

    role: str
    """Lower case: composer, lyricist, conductor, performer, producer, remixer, ..."""
    sub_role: str = ""
    """The instrument of a performer; empty if unknown."""
    artist: ArtistRef


class PartialDate(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A date of which the month, or the month and the day, may be unknown (0)."""

    year: int
    month: int = 0
    day: int = 0


class ReplayGain(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Loudness correction (ReplayGain 2.0; R128 gains are converted to its reference)."""

    track_gain: float | None = None
    """Decibels."""
    album_gain: float | None = None
    """Decibels."""
    track_peak: float | None = None
    """Largest sample, 1.0 being full scale."""
    album_peak: float | None = None
    base_gain: float | None = None
    """Decibels that every decoder applies anyway: the gain in the header of an Opus file."""


class Disc(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A disc of an album that has a title or a picture of its own."""

    number: int
    title: str = ""
    artwork_id: ArtworkId | None = None
    """Where it is not the album's."""


class Genre(Struct, frozen=True, kw_only=True):
    """A genre by its name, with what the asking user can see of it."""

    name: str
    track_count: int
    album_count: int


class Artist(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Somebody who made music, by MusicBrainz id or else by name."""

    id: ArtistId
    name: str
    sort_name: str = ""
    """As in the tags (`Beatles, The`); empty if the tags have none."""
    musicbrainz_id: str = ""
    album_count: int = 0
    """Albums of which this is an album artist, as far as the asking user sees them."""
    roles: tuple[str, ...] = ()
    """`albumartist`, `artist`, `composer`, ...; in alphabetical order."""
    artwork_id: ArtworkId | None = None
    annotation: Annotation = UNTOUCHED
    average_rating: float = 0
    """As in `Track`."""


class Album(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A release: all discs of one edition."""

    id: AlbumId
    name: str
    sort_name: str = ""
    edition: str = ""
    """What tells this release from others of the same title (`Deluxe Edition`)."""
    artists: tuple[ArtistRef, ...] = ()
    """Album artists in the order of the credit; one Various Artists for compilations."""
    display_artist: str = ""
    """The credit as printed (`A feat. B`)."""
    year: int = 0
    """Year of the original release, else of this one; 0 if unknown."""
    original_date: PartialDate | None = None
    release_date: PartialDate | None = None
    genres: tuple[str, ...] = ()
    moods: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    release_types: tuple[str, ...] = ()
    """album, single, ep, compilation, live, soundtrack, ... as in the tags."""
    is_compilation: bool = False
    explicit_status: str = ""
    """`explicit`, `clean` or empty."""
    discs: tuple[Disc, ...] = ()
    """By number, only those that have something of their own."""
    musicbrainz_id: str = ""
    """MusicBrainz release id."""
    library_id: LibraryId
    folder_id: FolderId | None = None
    """The folder of the first track."""
    artwork_id: ArtworkId | None = None
    track_count: int
    duration: Seconds
    created: Timestamp
    """When its first file came into the library."""
    annotation: Annotation = UNTOUCHED
    average_rating: float = 0
    """As in `Track`."""


class Track(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A recording on an album, with what is known of its best origin's bytes."""

    id: TrackId
    title: str
    sort_title: str = ""
    album_id: AlbumId
    album_name: str
    artists: tuple[ArtistRef, ...] = ()
    display_artist: str = ""
    album_artists: tuple[ArtistRef, ...] = ()
    display_album_artist: str = ""
    contributors: tuple[Contributor, ...] = ()
    display_composer: str = ""
    disc_number: int = 0
    """0 if unknown."""
    disc_total: int = 0
    """0 if unknown."""
    track_number: int = 0
    """0 if unknown."""
    track_total: int = 0
    """Tracks of the disc; 0 if unknown."""
    year: int = 0
    genres: tuple[str, ...] = ()
    moods: tuple[str, ...] = ()
    groupings: tuple[str, ...] = ()
    works: tuple[str, ...] = ()
    movements: tuple[str, ...] = ()
    movement_number: int = 0
    """0 if unknown."""
    languages: tuple[str, ...] = ()
    """What is sung, as in the tags."""
    isrcs: tuple[str, ...] = ()
    bpm: int = 0
    comment: str = ""
    explicit_status: str = ""
    musicbrainz_id: str = ""
    """MusicBrainz recording id."""
    acoustid: str = ""
    replay_gain: ReplayGain | None = None
    duration: Seconds
    size: ByteCount
    """0 if unknown: of a track that a sheet cuts out of a file, or of a source that tells none."""
    suffix: str
    """Lower case, without the dot."""
    content_type: str
    codec: str = ""
    """mp3, aac, alac, flac, opus, vorbis, pcm, ...; empty for files not read again since."""
    codec_profile: str = ""
    """Which variety of the codec (of AAC: LC, HE-AAC, ...); empty if unknown."""
    bit_rate: Kbps
    bit_depth: int = 0
    """0 for lossy formats."""
    sampling_rate: Hertz = Hertz(0)
    channel_count: int = 0
    sample_count: int = 0
    """Samples of each channel that a gapless player plays; 0 if unknown."""
    encoder_delay: int = 0
    """Samples before the music, as the file says; in MP3 without the decoder's own 529."""
    encoder_padding: int = 0
    """Samples after the music, as the file says."""
    path: str
    """Relative to the library's root, for people to read; may have been made printable."""
    library_id: LibraryId
    folder_id: FolderId
    artwork_id: ArtworkId | None = None
    """The file's own picture, else the disc's, else the album's."""
    created: Timestamp
    annotation: Annotation = UNTOUCHED
    average_rating: float = 0
    """As all users have rated it, 1 to 5; 0 if nobody has."""
