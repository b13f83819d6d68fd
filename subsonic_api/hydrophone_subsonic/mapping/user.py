"""Users."""

from msgspec import UNSET

from hydrophone.domain import user
from hydrophone_subsonic.mapping.values import optional_date
from hydrophone_subsonic.responses.user import User


def user_with_roles(user: user.User, *, has_jukebox: bool = True) -> User:
    """Describe a user; without a jukebox that role says nothing."""
    roles = user.roles
    return User(
        username=user.name,
        email=user.email or UNSET,
        max_bit_rate=user.max_bit_rate or UNSET,
        avatar_last_changed=optional_date(user.avatar_changed),
        admin_role=roles.admin,
        settings_role=roles.settings,
        download_role=roles.download,
        upload_role=roles.upload,
        playlist_role=roles.playlist,
        cover_art_role=roles.cover_art,
        comment_role=roles.comment,
        podcast_role=roles.podcast,
        stream_role=roles.stream,
        jukebox_role=roles.jukebox and has_jukebox,
        share_role=roles.share,
        video_conversion_role=roles.video_conversion,
        folder=user.libraries,
    )
