"""Playlists that the server makes for each user: to be listened to, and changed by nobody."""

from enum import StrEnum

from hydrophone.domain.ids import PLAYLIST, PlaylistId, UserId, make_id


class MadeKind(StrEnum):
    """What is in one; the value is its name."""

    MOST_PLAYED = "Most played this week"
    """What the user has played in the last seven days, by how often."""
    RECENTLY_KEPT = "Recently kept"
    """Music of sources that stays on the server as the user wants it, the latest first."""
    NEW_FROM_SOURCES = "New from sources"
    """Albums that a source has shown for the first time, the latest first."""


COMMENTS = {
    MadeKind.MOST_PLAYED: "What you played in the last seven days. The server makes this list.",
    MadeKind.RECENTLY_KEPT: "Music of sources that stays for you. The server makes this list.",
    MadeKind.NEW_FROM_SOURCES: "What sources showed here last. The server makes this list.",
}


def made_id(kind: MadeKind, user_id: UserId) -> PlaylistId:
    """Compute the id of a user's playlist: the same for ever."""
    return PlaylistId(make_id(PLAYLIST, "made", kind.name, str(user_id)))


def made_kind(identifier: str, user_id: UserId) -> MadeKind | None:
    """Say which of a user's playlists has this id; `None` for any other."""
    return next((kind for kind in MadeKind if made_id(kind, user_id) == identifier), None)
