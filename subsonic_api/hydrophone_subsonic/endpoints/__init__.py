"""The endpoints, by chapters of the protocol."""

from hydrophone_subsonic.endpoint import Endpoint
from hydrophone_subsonic.endpoints import (
    bookmarks,
    browsing,
    chat,
    hls,
    information,
    jukebox,
    lists,
    media_annotation,
    media_retrieval,
    playlists,
    podcasts,
    radio,
    scanning,
    searching,
    sharing,
    sonic,
    system,
    transcoding,
    users,
    videos,
)

_CHAPTERS = (
    system,
    browsing,
    information,
    sonic,
    lists,
    searching,
    playlists,
    media_retrieval,
    transcoding,
    videos,
    hls,
    media_annotation,
    bookmarks,
    sharing,
    jukebox,
    chat,
    podcasts,
    radio,
    users,
    scanning,
)

ENDPOINTS: tuple[Endpoint, ...] = tuple(
    declared
    for chapter in _CHAPTERS
    for declared in vars(chapter).values()
    if isinstance(declared, Endpoint)
)
"""All that is declared in the chapters."""
