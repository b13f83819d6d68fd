"""The protocol as tables: all endpoints, and the types of what they answer.

The tables are drawn out of OpenSubsonic's OpenAPI and Subsonic's XSD by
`contrib/dev/conformance_data.py`, and put right by `corrections`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from hydrophone_subsonic.conformance.corrections import corrected_openapi, corrected_xsd

Schema = dict[str, Any]
"""A JSON schema, of the few keywords that OpenAPI's file uses."""

_BINARY = frozenset(
    {"stream", "download", "hls.m3u8", "getCaptions", "getCoverArt", "getAvatar",
     "getTranscodeStream"}
)  # fmt: skip
_OF_EXTENSIONS = {
    "tokenInfo": "apiKeyAuthentication",
    "getSonicSimilarTracks": "sonicSimilarity",
    "findSonicPath": "sonicSimilarity",
    "getLyricsBySongId": "songLyrics",
    "getTranscodeDecision": "transcoding",
    "getTranscodeStream": "transcoding",
    "reportPlayback": "playbackReport",
    "getPodcastEpisode": "getPodcastEpisode",
    "getPlayQueueByIndex": "indexBasedQueue",
    "savePlayQueueByIndex": "indexBasedQueue",
}
_OPTIONAL = frozenset(
    {
        "getVideos", "getVideoInfo", "search", "hls.m3u8", "getCaptions", "getAvatar",
        "getShares", "createShare", "updateShare", "deleteShare",
        "getPodcasts", "getNewestPodcasts", "refreshPodcasts", "createPodcastChannel",
        "deletePodcastChannel", "deletePodcastEpisode", "downloadPodcastEpisode",
        "jukeboxControl",
        "getInternetRadioStations", "createInternetRadioStation", "updateInternetRadioStation",
        "deleteInternetRadioStation",
        "getChatMessages", "addChatMessage",
        "getUsers", "createUser", "updateUser", "deleteUser", "changePassword",
        "getBookmarks", "createBookmark", "deleteBookmark", "getPlayQueue", "savePlayQueue",
        "getScanStatus", "startScan",
        "getAlbumInfo", "getAlbumInfo2", "getArtistInfo", "getArtistInfo2",
        "getSimilarSongs", "getSimilarSongs2", "getTopSongs", "getLyrics",
    }
)  # fmt: skip
"""What many good servers lack: whole features, and what needs knowledge from elsewhere."""


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """One of the 87 endpoints."""

    name: str
    required: tuple[str, ...]
    answer: Schema
    """What a success adds to the envelope; empty if nothing."""
    extension: str
    """The extension of OpenSubsonic that it belongs to, or empty."""
    sends_bytes: bool
    may_be_missing: bool

    @property
    def is_new(self) -> bool:
        """Tell whether only OpenSubsonic has it."""
        return bool(self.extension) or self.name == "getOpenSubsonicExtensions"

    @property
    def element(self) -> str:
        """Return the name of the element that it answers, or empty."""
        return next(iter(self.answer.get("properties", {})), "")


def _read(name: str) -> dict[str, Any]:
    text = files(__package__).joinpath("data", name).read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


_OPENAPI = corrected_openapi(_read("openapi.json"))

SCHEMAS: Mapping[str, Schema] = _OPENAPI["schemas"]
"""OpenSubsonic's types in JSON."""

ELEMENTS: Mapping[str, dict[str, Any]] = corrected_xsd(_read("xsd.json"))["types"]
"""Subsonic's types in XML, with what OpenSubsonic adds."""

ENDPOINTS: Mapping[str, Endpoint] = {
    name: Endpoint(
        name=name,
        required=tuple(entry["required"]),
        answer=entry["answer"],
        extension=_OF_EXTENSIONS.get(name, ""),
        sends_bytes=name in _BINARY,
        may_be_missing=name in _OPTIONAL or name in _OF_EXTENSIONS,
    )
    for name, entry in _OPENAPI["endpoints"].items()
}
"""All endpoints by name."""
