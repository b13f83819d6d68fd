"""What one audio file says of itself: the answer of a parse worker to the scan process."""

from msgspec import Struct

from hydrophone.domain.music import Disc, PartialDate, ReplayGain
from hydrophone.domain.units import Hertz, Kbps, Seconds


class Credit(Struct, frozen=True, kw_only=True):
    """A name in a tag, with what stands beside it."""

    name: str
    sort_name: str = ""
    musicbrainz_id: str = ""


class RoleCredit(Struct, frozen=True, kw_only=True):
    """A name with the part it had: composer, conductor, performer (violin), ..."""

    role: str
    sub_role: str = ""
    credit: Credit


class StreamInfo(Struct, frozen=True, kw_only=True):
    """What the decoder would find."""

    content_type: str
    suffix: str
    """That of the file, unless it is usually another's: a FLAC named `.mp3` is a `flac`."""
    codec: str = ""
    """mp3, aac, alac, flac, vorbis, ...; empty if unknown."""
    codec_profile: str = ""
    """Which variety of the codec (of AAC: LC, HE-AAC, ...); empty if unknown."""
    duration: Seconds
    bit_rate: Kbps
    """Of the whole stream; the mean if it varies."""
    bit_depth: int = 0
    """0 for lossy formats."""
    sampling_rate: Hertz = Hertz(0)
    channel_count: int = 0
    sample_count: int = 0
    """Samples of each channel that are music; 0 if unknown."""
    encoder_delay: int = 0
    """Samples before the music, as the file says; in MP3 without the decoder's own delay."""
    encoder_padding: int = 0
    """Samples after the music, as the file says."""


class ParsedFile(Struct, frozen=True, kw_only=True):
    """Tags as written, cleaned but not interpreted: fallbacks and ids are the scan's business.

    Strings are stripped, NFC, without control characters; absent is `""`, `0`, `()` or `None`.
    """

    stream: StreamInfo
    fingerprint: str
    """Sample of the audio payload (head, middle, tail, length) as 16 hexadecimal digits."""
    length_remark: str = ""
    """Why there may be less sound in it than it says, for a person; empty if all is well."""
    start: Seconds | None = None
    """Where in the file the track begins, if a CUE sheet cuts the file."""
    sheet: str = ""
    """The CUE sheet in the tags; empty if there is none."""
    title: str = ""
    sort_title: str = ""
    album: str = ""
    sort_album: str = ""
    edition: str = ""
    """What tells this release of the album from others (`ALBUMVERSION`, `EDITION`)."""
    artists: tuple[Credit, ...] = ()
    display_artist: str = ""
    """The credit as printed, when the tags have one besides the list of artists."""
    album_artists: tuple[Credit, ...] = ()
    display_album_artist: str = ""
    unpaired_artist_ids: tuple[str, ...] = ()
    """MusicBrainz ids of artists, if there are not as many as names."""
    unpaired_album_artist_ids: tuple[str, ...] = ()
    contributors: tuple[RoleCredit, ...] = ()
    track_number: int = 0
    track_total: int = 0
    """Tracks of the disc."""
    disc_number: int = 0
    """Of a record without discs the side, if the track number names it (`B2`)."""
    disc_total: int = 0
    disc_title: Disc | None = None
    release_date: PartialDate | None = None
    original_date: PartialDate | None = None
    genres: tuple[str, ...] = ()
    moods: tuple[str, ...] = ()
    groupings: tuple[str, ...] = ()
    works: tuple[str, ...] = ()
    movements: tuple[str, ...] = ()
    movement_number: int = 0
    languages: tuple[str, ...] = ()
    """What is sung, as written; ISO 639-2 where taggers follow their standard."""
    isrcs: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    catalog_numbers: tuple[str, ...] = ()
    release_types: tuple[str, ...] = ()
    is_compilation: bool = False
    bpm: int = 0
    comment: str = ""
    explicit_status: str = ""
    """`explicit`, `clean` or empty."""
    lyrics: tuple[str, ...] = ()
    """Embedded, plain or in LRC form; a language stands at the head (`[la:eng]`)."""
    replay_gain: ReplayGain | None = None
    acoustid: str = ""
    recording_id: str = ""
    release_id: str = ""
    release_group_id: str = ""
    picture: str = ""
    """Digest (16 hexadecimal digits) of the front cover's bytes, else of the first picture."""
    picture_remark: str = ""
    """Why the picture in it is not shown, for a person; empty if it is, or there is none."""
