"""Child: a song, or in the folder view also a folder or an album."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from hydrophone_subsonic.responses.wire import (
    JSON_ONLY,
    Id,
    Moment,
    UsualId,
    UsualMoment,
    UsualNumber,
    UsualText,
    Wire,
)


class ItemGenre(Wire, frozen=True, kw_only=True):
    """One of several genres."""

    name: str


class ArtistReference(Wire, frozen=True, kw_only=True):
    """An artist as credited: only what ArtistID3 requires, as the specification asks."""

    id: Id
    name: str


class Contributor(Wire, frozen=True, kw_only=True):
    """Somebody with another role than artist or album artist."""

    role: str
    sub_role: str | UnsetType = UNSET
    artist: ArtistReference


class Work(Wire, frozen=True, kw_only=True):
    """A work of which the song is a part."""

    name: str


class Movement(Wire, frozen=True, kw_only=True):
    """A movement of a work."""

    name: str


class ReplayGain(Wire, frozen=True, kw_only=True):
    """Loudness correction; what is unknown is left out, the object itself never."""

    track_gain: float | UnsetType = UNSET
    album_gain: float | UnsetType = UNSET
    track_peak: float | UnsetType = UNSET
    album_peak: float | UnsetType = UNSET
    base_gain: float | UnsetType = UNSET


class Child(Wire, frozen=True):
    """An entry of a folder, a list or a queue (Child).

    What songs have comes first, so that they can be made by position (`mapping.child.song`).
    """

    id: Id
    is_dir: bool
    title: str
    cover_art: Id
    parent: UsualId = UNSET
    album: UsualText = UNSET
    artist: UsualText = UNSET
    track: int | UnsetType = UNSET
    year: int | UnsetType = UNSET
    genre: str | UnsetType = UNSET
    """The first one."""
    size: UsualNumber = UNSET
    content_type: UsualText = UNSET
    suffix: UsualText = UNSET
    duration: UsualNumber = UNSET
    """Seconds."""
    bookmark_position: int | UnsetType = UNSET
    """Milliseconds, as the XSD and DSub have it."""
    bit_rate: UsualNumber = UNSET
    path: UsualText = UNSET
    user_rating: int | UnsetType = UNSET
    """1 to 5; 0 would be invalid."""
    average_rating: float | UnsetType = UNSET
    """Of all users, 1 to 5."""
    play_count: UsualNumber = UNSET
    disc_number: int | UnsetType = UNSET
    created: UsualMoment = UNSET
    starred: Moment | UnsetType = UNSET
    album_id: UsualId = UNSET
    artist_id: UsualId = UNSET
    media_type: UsualText = UNSET
    """`song` or `album`; says what `music_brainz_id` refers to. A mere folder is neither."""
    played: Moment | UnsetType = UNSET
    bpm: int = 0
    comment: str = ""
    sort_name: str = ""
    music_brainz_id: str = ""
    display_artist: str = ""
    display_album_artist: str = ""
    display_composer: str = ""
    explicit_status: str = ""
    bit_depth: int = 0
    sampling_rate: int = 0
    channel_count: int = 0
    isrc: tuple[str, ...] = ()
    genres: tuple[ItemGenre, ...] = ()
    artists: tuple[ArtistReference, ...] = ()
    album_artists: tuple[ArtistReference, ...] = ()
    contributors: tuple[Contributor, ...] = ()
    moods: tuple[str, ...] = ()
    groupings: tuple[str, ...] = ()
    works: tuple[Work, ...] = ()
    movements: tuple[Movement, ...] = ()
    replay_gain: ReplayGain = ReplayGain()
    is_video: bool = False
    type: str = "music"
    name: Annotated[str | UnsetType, Meta(extra={JSON_ONLY: True})] = UNSET
    """Of albums, beside `title`: py-opensonic demands it."""
    song_count: Annotated[int | UnsetType, Meta(extra={JSON_ONLY: True})] = UNSET
    """Of albums: py-opensonic demands it."""
    original_width: int | UnsetType = UNSET
    """Pixels, of a video; so the next one."""
    original_height: int | UnsetType = UNSET


class FolderChild(Wire, frozen=True, kw_only=True):
    """A real folder in another one (Child), with what is known of the album in it.

    It is neither a song nor an album, so it has none of the fields that OpenSubsonic added to these
    and that are there even if empty: an app that finds an empty list of genres shows none, though
    the genre is known. There may be ten thousand, for which that would be half of the answer.
    """

    id: Id
    is_dir: bool = True
    title: str
    cover_art: Id
    parent: UsualId
    album: str | UnsetType = UNSET
    artist: str | UnsetType = UNSET
    year: int | UnsetType = UNSET
    genre: str | UnsetType = UNSET
    user_rating: int | UnsetType = UNSET
    average_rating: float | UnsetType = UNSET
    play_count: int | UnsetType = UNSET
    created: Moment | UnsetType = UNSET
    starred: Moment | UnsetType = UNSET
    album_id: Id | UnsetType = UNSET
    artist_id: Id | UnsetType = UNSET
    is_video: bool = False
    type: str = "music"


class Marks(Wire, frozen=True, kw_only=True):
    """What a song, album or folder has of its viewer, and of all that have rated it.

    As in `Child` and `AlbumID3`.
    """

    bookmark_position: int | UnsetType = UNSET
    user_rating: int | UnsetType = UNSET
    average_rating: float | UnsetType = UNSET
    play_count: int | UnsetType = UNSET
    starred: Moment | UnsetType = UNSET
    played: Moment | UnsetType = UNSET


class NowPlayingEntry(Child, frozen=True, kw_only=True):
    """A song with who is listening to it (getNowPlaying)."""

    username: str
    minutes_ago: int
    """Since the player last said something."""
    player_id: int
    player_name: str
    state: str
    """`starting`, `playing` or `paused` (extension playbackReport, with the next two)."""
    position_ms: int
    playback_rate: float
