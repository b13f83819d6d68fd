"""What is known to be wrong in the two descriptions of the protocol, each with the reason.

This is the only place where the checker departs from them.
"""

from typing import Any, NamedTuple

_Table = dict[str, Any]


class OpenApiCorrection(NamedTuple):
    """A change of a schema: what is named is added or put in the place of what is there."""

    schema: str
    properties: dict[str, Any]
    reason: str
    required: tuple[str, ...] | None = None
    """All required properties, where these are wrong."""
    removed: tuple[str, ...] = ()
    """Properties that do not exist."""


class EndpointCorrection(NamedTuple):
    """A change of what an endpoint demands or answers."""

    endpoint: str
    reason: str
    required: tuple[str, ...] | None = None
    added: tuple[str, ...] = ()
    """Optional parameters that OpenAPI forgets."""
    answer_is_optional: bool = False


class XsdAddition(NamedTuple):
    """Names that OpenSubsonic adds to a type of 1.16.1, as attributes or as children."""

    types: tuple[str, ...]
    names: str
    reason: str = "OpenSubsonic adds them; nobody has published an XSD that has them."


_CHILDREN = {"type": "array", "items": {"$ref": "Child"}}
_GAIN = {
    "currentIndex": {"type": "integer"},
    "playing": {"type": "boolean"},
    "gain": {"type": "number", "minimum": 0, "maximum": 1},
    "position": {"type": "integer"},
}

OPENAPI: tuple[OpenApiCorrection, ...] = (
    OpenApiCorrection(
        "JukeboxStatus",
        _GAIN,
        "Says `volume`, an integer; the documentation, the XSD and all clients have `gain`.",
        required=("currentIndex", "playing", "gain"),
        removed=("volume",),
    ),
    OpenApiCorrection(
        "SearchResult",
        {"offset": {"type": "integer"}, "totalHits": {"type": "integer"}, "match": _CHILDREN},
        "Is empty, marked as to be done; this is what the XSD has.",
        required=("offset", "totalHits"),
    ),
    OpenApiCorrection(
        "Videos", {"video": _CHILDREN}, "Is empty, marked as to be done; so it is in the XSD."
    ),
    OpenApiCorrection(
        "VideoInfo",
        {
            "id": {"type": "string"},
            "captions": {"type": "array", "items": {"type": "object"}},
            "audioTrack": {"type": "array", "items": {"type": "object"}},
            "conversion": {"type": "array", "items": {"type": "object"}},
        },
        "Is empty, marked as to be done; so it is in the XSD.",
        required=("id",),
    ),
    OpenApiCorrection("User", {"email": {"type": "string"}}, "Forgotten; the XSD has it."),
    OpenApiCorrection(
        "Child",
        {"name": {"type": "string"}, "songCount": {"type": "integer"}},
        "In no specification, but py-opensonic demands them of albums in getAlbumList, and so"
        " most servers send them.",
    ),
    OpenApiCorrection(
        "Artist",
        {"coverArt": {"type": "string"}, "albumCount": {"type": "integer"}},
        "In no specification; most servers send them in getIndexes, and apps show them.",
    ),
    OpenApiCorrection(
        "ArtistsID3",
        {"lastModified": {"type": "integer"}},
        "In no specification; Navidrome sends it, and DSub reads it.",
    ),
)

ENDPOINTS: tuple[EndpointCorrection, ...] = (
    EndpointCorrection(
        "updateUser", "`password` is optional in the documentation.", required=("username",)
    ),
    EndpointCorrection("getChatMessages", "`since` is forgotten.", added=("since",)),
    EndpointCorrection(
        "getPlayQueue",
        "Who has saved no queue gets an empty envelope from the original server and most others.",
        answer_is_optional=True,
    ),
    EndpointCorrection(
        "getPlayQueueByIndex", "As getPlayQueue: there may be no queue.", answer_is_optional=True
    ),
)

_SONG = (
    "bitDepth bpm channelCount comment displayAlbumArtist displayArtist displayComposer"
    " explicitStatus mediaType musicBrainzId played samplingRate sortName albumArtists artists"
    " contributors genres groupings isrc moods movements replayGain works name songCount"
)
_ALBUM = (
    "displayArtist explicitStatus isCompilation musicBrainzId played sortName userRating version"
    " artists discTitles genres moods originalReleaseDate recordLabels releaseDate releaseTypes"
)

XSD: tuple[XsdAddition, ...] = (
    XsdAddition(
        ("Response",),
        "type serverVersion openSubsonic openSubsonicExtensions lyricsList playQueueByIndex"
        " podcastEpisode sonicMatch tokenInfo transcodeDecision",
    ),
    XsdAddition(("Error",), "helpUrl"),
    XsdAddition(("Child", "NowPlayingEntry", "PodcastEpisode"), _SONG),
    XsdAddition(("NowPlayingEntry",), "state positionMs playbackRate"),
    XsdAddition(("AlbumID3", "AlbumWithSongsID3"), _ALBUM),
    XsdAddition(
        ("ArtistID3", "ArtistWithAlbumsID3"),
        "disambiguation musicBrainzId sortName roles userRating averageRating",
    ),
    XsdAddition(("Artist",), "coverArt albumCount", "Most servers send them in getIndexes."),
    XsdAddition(("ArtistsID3",), "lastModified", "Navidrome sends it, and DSub reads it."),
    XsdAddition(("Playlist", "PlaylistWithSongs"), "readonly validUntil"),
    XsdAddition(("InternetRadioStation",), "coverArt"),
)

SINCE: dict[str, tuple[int, ...]] = {
    "user.videoConversionRole": (1, 15, 0),
    "playlist.changed": (1, 13, 0),
    "episode.channelId": (1, 13, 0),
    "genre.songCount": (1, 10, 2),
    "genre.albumCount": (1, 10, 2),
    "indexes.ignoredArticles": (1, 10, 0),
    "artists.ignoredArticles": (1, 10, 0),
}
"""Names, with what has them, that are required since a version later than the first with it.

The XSD says so in comments; many classic servers speak an older version.
"""

XSD_TYPES: dict[tuple[str, str], tuple[str, str]] = {
    ("PlayQueue", "current"): ("string", "An xs:int, but ids are texts everywhere else."),
}
"""From type and attribute to the kind that it really has, and the reason."""


def corrected_openapi(tables: _Table) -> _Table:
    """Put the tables of OpenAPI right, in place."""
    for change in OPENAPI:
        schema = tables["schemas"][change.schema]
        properties = schema.setdefault("properties", {})
        for name in change.removed:
            del properties[name]
        properties.update(change.properties)
        if change.required is not None:
            schema["required"] = list(change.required)
    for correction in ENDPOINTS:
        endpoint = tables["endpoints"][correction.endpoint]
        if correction.required is not None:
            gone = set(endpoint["required"]) - set(correction.required)
            endpoint["optional"] += sorted(gone)
            endpoint["required"] = list(correction.required)
        endpoint["optional"] += correction.added
        if correction.answer_is_optional:
            endpoint["answer"]["required"] = []
    return tables


def corrected_xsd(tables: _Table) -> _Table:
    """Put the tables of the XSD right, in place; additions go into `added` of their types."""
    for addition in XSD:
        for name in addition.types:
            tables["types"][name].setdefault("added", []).extend(addition.names.split())
    for (name, attribute), (kind, _) in XSD_TYPES.items():
        tables["types"][name]["attributes"][attribute]["kind"] = kind
    return tables
