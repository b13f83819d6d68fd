"""Albums as OpenSubsonic's tag view has them."""

from msgspec import UNSET, UnsetType

from hydrophone_subsonic.responses.child import ArtistReference, Child, ItemGenre
from hydrophone_subsonic.responses.wire import Moment, UsualNumber, Wire


class ItemDate(Wire, frozen=True, kw_only=True):
    """A date of which parts may be unknown; `{}` if all of it is."""

    year: int | UnsetType = UNSET
    month: int | UnsetType = UNSET
    day: int | UnsetType = UNSET


class RecordLabel(Wire, frozen=True, kw_only=True):
    """A label that published the album."""

    name: str


class DiscTitle(Wire, frozen=True, kw_only=True):
    """A disc with a title or a picture of its own (DiscTitle)."""

    disc: int
    title: str
    cover_art: str | UnsetType = UNSET


class AlbumID3(Wire, frozen=True, kw_only=True):
    """An album without its songs (AlbumID3)."""

    id: str
    name: str
    version: str
    """The edition."""
    artist: str
    artist_id: str | UnsetType = UNSET
    cover_art: str
    song_count: int
    duration: int
    """Seconds."""
    play_count: UsualNumber = UNSET
    """Always there; left out only where it is added later, with all that is a user's."""
    created: str
    starred: Moment | UnsetType = UNSET
    year: int | UnsetType = UNSET
    genre: str | UnsetType = UNSET
    """The first one."""
    played: Moment | UnsetType = UNSET
    user_rating: int | UnsetType = UNSET
    """1 to 5; 0 would be invalid."""
    record_labels: tuple[RecordLabel, ...] = ()
    music_brainz_id: str = ""
    genres: tuple[ItemGenre, ...] = ()
    artists: tuple[ArtistReference, ...] = ()
    display_artist: str = ""
    release_types: tuple[str, ...] = ()
    moods: tuple[str, ...] = ()
    sort_name: str = ""
    original_release_date: ItemDate = ItemDate()
    release_date: ItemDate = ItemDate()
    is_compilation: bool = False
    explicit_status: str = ""
    disc_titles: tuple[DiscTitle, ...] = ()


class AlbumID3WithSongs(AlbumID3, frozen=True, kw_only=True):
    """An album with its songs by disc and number (getAlbum)."""

    song: tuple[Child, ...]
