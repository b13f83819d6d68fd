"""Users."""

from msgspec import UNSET, UnsetType

from hydrophone_subsonic.responses.wire import Wire


class User(Wire, frozen=True, kw_only=True):
    """A user with the roles, by which DSub shows or hides its functions."""

    username: str
    email: str | UnsetType = UNSET
    scrobbling_enabled: bool = True
    max_bit_rate: int | UnsetType = UNSET
    """Kbit/s; absent if there is no limit."""
    admin_role: bool
    settings_role: bool
    download_role: bool
    upload_role: bool
    playlist_role: bool
    cover_art_role: bool
    comment_role: bool
    podcast_role: bool
    stream_role: bool
    jukebox_role: bool
    share_role: bool
    video_conversion_role: bool
    avatar_last_changed: str | UnsetType = UNSET
    """Absent if there never was a picture."""
    folder: tuple[int, ...]


class Users(Wire, frozen=True, kw_only=True):
    """All of them."""

    user: tuple[User, ...]
