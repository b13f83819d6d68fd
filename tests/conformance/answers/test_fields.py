"""Each field that OpenSubsonic's OpenAPI knows is one of ours, or there is a reason why not."""

import json
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from msgspec.structs import fields

from hydrophone_subsonic import responses
from hydrophone_subsonic.responses.wire import Wire

OPENAPI = Path(__file__).parents[2] / "data" / "spec" / "openapi.json"

ALIASES = {
    "SubsonicError": "Error",
    "Starred": "ThreeLists",
    "Starred2": "ThreeListsID3",
    "SearchResult2": "ThreeLists",
    "SearchResult3": "ThreeListsID3",
    "SimilarSongs": "Songs",
    "SimilarSongs2": "Songs",
    "TopSongs": "Songs",
}
"""Schemas whose Struct has another name, for it serves several."""

_PICTURES = "apps would load it without a login; coverArt names the same picture"
_NOT_FREE = "only servers that are sold have it"
NEVER_SENT = {
    "Artist": {"artistImageUrl": _PICTURES},
    "ArtistID3": {"artistImageUrl": _PICTURES, "disambiguation": "no tag has it"},
    "AlbumID3": {"song": "a slip of OpenAPI: only AlbumID3WithSongs has songs"},
    "ArtistInfo": dict.fromkeys(("smallImageUrl", "mediumImageUrl", "largeImageUrl"), _PICTURES),
    "Child": {
        "transcodedContentType": "getTranscodeDecision says for each app what it will get",
        "transcodedSuffix": "getTranscodeDecision says for each app what it will get",
    },
    "JukeboxStatus": {"volume": "a slip of OpenAPI: apps and the XSD have gain"},
    "License": dict.fromkeys(("email", "licenseExpires", "trialExpires"), _NOT_FREE),
    "Playlist": {
        "allowedUser": "a playlist is its owner's alone, or everybody's",
    },
    "ReplayGain": {"fallbackGain": "no file has it; an app may choose one"},
}
NEVER_SENT |= {
    "AlbumInfo": NEVER_SENT["ArtistInfo"],
    "ArtistInfo2": NEVER_SENT["ArtistInfo"],
    "ArtistWithAlbumsID3": NEVER_SENT["ArtistID3"],
    "JukeboxPlaylist": NEVER_SENT["JukeboxStatus"],
    "PodcastEpisode": NEVER_SENT["Child"],
    "NowPlayingEntry": NEVER_SENT["Child"],
    "PlaylistWithSongs": NEVER_SENT["Playlist"],
}


def our_fields() -> dict[str, set[str]]:
    """Return the names on the wire of all Structs of answers."""
    found = {}
    for module in iter_modules(responses.__path__, f"{responses.__name__}."):
        for name, kind in vars(import_module(module.name)).items():
            if isinstance(kind, type) and issubclass(kind, Wire):
                found[name] = {field.encode_name for field in fields(kind)}
    return found


def known_fields(schema: dict[str, Any], schemas: dict[str, Any]) -> set[str]:
    """Return the names that a schema has by itself and by those that it is made of."""
    if "$ref" in schema:
        return known_fields(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    inherited = (known_fields(part, schemas) for part in schema.get("allOf", ()))
    return set(schema.get("properties", ())).union(*inherited)


def test_each_field_is_sent_or_has_a_reason() -> None:
    schemas = json.loads(OPENAPI.read_text())["components"]["schemas"]
    ours = our_fields()
    missing = {}
    for name, schema in schemas.items():
        struct = ALIASES.get(name, name)
        if struct in ours and (left := known_fields(schema, schemas) - ours[struct]):
            missing[name] = left
    assert missing == {name: set(reasons) for name, reasons in NEVER_SENT.items()}
