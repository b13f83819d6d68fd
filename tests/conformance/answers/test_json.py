"""JSON is valid by OpenSubsonic's OpenAPI, with nothing in it that no specification knows."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from jsonschema import Draft4Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

from hydrophone_subsonic.responses.child import Child

OPENAPI = Path(__file__).parents[2] / "data" / "spec" / "openapi.json"
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
"""Milliseconds and Z: DSub reads the first 19 characters, Ultrasonic's Jackson all of them."""

ADDED_PROPERTIES = {
    # A whole number called `volume` in OpenAPI; the XSD, the documentation and apps have `gain`.
    "JukeboxStatus": {"gain": {"type": "number", "minimum": 0, "maximum": 1}},
    # In the XSD, forgotten in OpenAPI.
    "User": {"email": {"type": "string"}},
    # An empty TODO in OpenAPI; this is what the XSD has.
    "SearchResult": {
        "offset": {"type": "integer"},
        "totalHits": {"type": "integer"},
        "match": {"type": "array", "items": {"$ref": "#/components/schemas/Child"}},
    },
    # Empty TODOs too.
    "Videos": {"video": {"type": "array", "items": {"$ref": "#/components/schemas/Child"}}},
    "VideoInfo": {
        "id": {"type": "string"},
        **{
            name: {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {key: {"type": "string"} for key in known},
                    "required": ["id"],
                },
            }
            for name, known in (
                ("captions", ("id", "name")),
                ("audioTrack", ("id", "name", "languageCode")),
            )
        },
        "conversion": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "id": {"type": "string"},
                    "bitRate": {"type": "integer"},
                    "audioTrackId": {"type": "integer"},
                },
                "required": ["id"],
            },
        },
    },
    # In no specification: py-opensonic demands them of albums in getAlbumList.
    "Child": {"name": {"type": "string"}, "songCount": {"type": "integer"}},
}
NOT_REQUIRED = {
    # DSub and the original: a user without a queue gets an empty envelope.
    ("GetPlayQueueSuccessResponse", "playQueue"),
}
MAIN_LISTS = {
    "musicFolders": ["musicFolder"],
    "indexes": ["index", "child"],
    "directory": ["child"],
    "genres": ["genre"],
    "artists": ["index"],
    "artist": ["album"],
    "album": ["song"],
    "albumList": ["album"],
    "albumList2": ["album"],
    "randomSongs": ["song"],
    "songsByGenre": ["song"],
    "similarSongs": ["song"],
    "similarSongs2": ["song"],
    "topSongs": ["song"],
    "nowPlaying": ["entry"],
    "starred": ["artist", "album", "song"],
    "starred2": ["artist", "album", "song"],
    "searchResult2": ["artist", "album", "song"],
    "searchResult3": ["artist", "album", "song"],
    "playlists": ["playlist"],
    "playlist": ["entry"],
    "playQueue": ["entry"],
    "jukeboxPlaylist": ["entry"],
    "lyricsList": ["structuredLyrics"],
    "user": ["folder"],
    "podcasts": ["channel"],
    "newestPodcasts": ["episode"],
    "internetRadioStations": ["internetRadioStation"],
    "users": ["user"],
    "shares": ["share"],
    "share": ["entry"],
    "videos": ["video"],
    "videoInfo": ["captions", "audioTrack", "conversion"],
    "chatMessages": ["chatMessage"],
}
"""Present even if empty: Feishin, aonsoku and airsonic-refix read them without looking."""

ADDED_TO_SONGS = {
    "albumArtists", "artists", "bitDepth", "bpm", "channelCount", "comment", "contributors",
    "displayAlbumArtist", "displayArtist", "displayComposer", "explicitStatus", "genres",
    "groupings", "isrc", "mediaType", "moods", "movements", "musicBrainzId", "replayGain",
    "samplingRate", "sortName", "works",
}  # fmt: skip
"""What OpenSubsonic adds to songs is there even if empty: it tells clients what we support."""


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """Read the document, and put right what is known to be wrong in it."""
    found: dict[str, Any] = json.loads(OPENAPI.read_text())
    schemas = found["components"]["schemas"]
    for name, properties in ADDED_PROPERTIES.items():
        schemas[name].setdefault("properties", {}).update(properties)
    # OpenAPI has this answer without the envelope, and for POST only.
    details = (
        schemas["GetSongSuccessResponse"]["allOf"][0],
        {
            "type": "object",
            "properties": {"transcodeDecision": {"$ref": "#/components/schemas/TranscodeDecision"}},
            "required": ["transcodeDecision"],
        },
    )
    schemas["DecisionSuccess"] = {"allOf": [*details]}
    schemas["Decision"] = {
        "type": "object",
        "properties": {
            "subsonic-response": {
                "oneOf": [
                    {"$ref": "#/components/schemas/DecisionSuccess"},
                    {"$ref": "#/components/schemas/SubsonicFailureResponse"},
                ]
            }
        },
    }
    schemas["JukeboxStatus"]["required"] = ["currentIndex", "playing", "gain"]
    for name, required in NOT_REQUIRED:
        schemas[name]["allOf"][1]["required"].remove(required)
    return found


def response_schema(document: dict[str, Any], endpoint: str) -> str:
    """Return the name of the schema of an answer; that of an empty one where there is none."""
    if endpoint == "getTranscodeDecision":
        return "Decision"
    path = document["paths"].get(f"/rest/{endpoint}", {})
    content = path.get("get", {}).get("responses", {}).get("200", {}).get("content", {})
    reference = (
        content.get("application/json", {}).get("schema", {}).get("$ref", "SubsonicResponse")
    )
    return str(reference).rpartition("/")[2]


def properties_of(schema: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """Return all properties that a schema knows, through its references and unions."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return properties_of(document["components"]["schemas"][name], document)
    found = dict(schema.get("properties", {}))
    for part in (*schema.get("allOf", ()), *schema.get("oneOf", ()), *schema.get("anyOf", ())):
        found |= properties_of(part, document)
    return found


def resolved(schema: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def faults(
    value: object, schema: dict[str, Any], document: dict[str, Any], at: str
) -> Iterator[str]:
    """Yield what a lax schema lets pass: unknown keys, null, dates of another form."""
    schema = resolved(schema, document)
    match value:
        case None:
            yield f"{at} is null"
        case dict():
            known = properties_of(schema, document)
            for key, item in value.items():
                if key not in known:
                    yield f"{at}.{key} is in no specification"
                else:
                    yield from faults(item, known[key], document, f"{at}.{key}")
        case list():
            for number, item in enumerate(value):
                yield from faults(item, schema["items"], document, f"{at}[{number}]")
        case str() if schema.get("format") == "date-time" and not DATE.fullmatch(value):
            yield f"{at} is no date: {value}"


def missing(envelope: dict[str, Any]) -> Iterator[str]:
    """Yield what is optional in the specification, but not to clients."""
    for element, lists in MAIN_LISTS.items():
        for name in lists if element in envelope else ():
            if not isinstance(envelope[element].get(name), list):
                yield f"{element}.{name} is missing"
    for child in children_in(envelope):
        if not child["isDir"]:
            for name in ADDED_TO_SONGS - set(child):
                yield f"{name} is missing in {child['id']}"


def not_as_declared(envelope: dict[str, Any]) -> Iterator[str]:
    """Yield what our own type does not allow: XML escapes nothing where there is a pattern."""
    for child in children_in(envelope):
        try:
            msgspec.convert(child, Child)
        except msgspec.ValidationError as error:
            yield str(error)


def children_in(value: object) -> Iterator[dict[str, Any]]:
    """Yield all songs, and albums and folders as directories, anywhere in an answer."""
    if isinstance(value, dict):
        if "isDir" in value:
            yield value
        for item in value.values():
            yield from children_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from children_in(item)


def validator(document: dict[str, Any], name: str) -> Draft4Validator:
    resource = Resource.from_contents(document, default_specification=DRAFT4)
    registry: Registry[Any] = Registry().with_resource("urn:os", resource)
    schema = {"$ref": f"urn:os#/components/schemas/{name}"}
    return Draft4Validator(schema, registry=registry)


def all_faults(answer: dict[str, Any], document: dict[str, Any], endpoint: str) -> list[str]:
    name = response_schema(document, endpoint)
    found = [error.message for error in validator(document, name).iter_errors(answer)]
    schema = document["components"]["schemas"][name]
    envelope = answer["subsonic-response"]
    found += [*faults(answer, schema, document, ""), *missing(envelope)]
    return [*found, *not_as_declared(envelope)]


def test_it_is_valid_by_openapi(
    ask: Callable[..., httpx.Response],
    case: tuple[str, str, int | None],
    document: dict[str, Any],
    status: int,
) -> None:
    endpoint, _, code = case
    response = ask("json")
    assert response.status_code == status
    assert response.headers["content-type"] == "application/json"
    answer = response.json()
    assert list(answer) == ["subsonic-response"]
    envelope = answer["subsonic-response"]
    assert envelope["status"] == ("ok" if code is None else "failed")
    assert envelope.get("error", {}).get("code") == code
    assert all_faults(answer, document, endpoint) == []


@pytest.mark.parametrize(
    "change",
    [
        {"suprise": 1},
        {"song": {"id": 7}},
        {"song": {"id": "x", "isDir": True, "title": None}},
        {"song": {"id": "x", "isDir": True, "title": "x", "genres": {"name": "Pop"}}},
        {"song": {"id": "x", "isDir": True, "title": "x", "created": "2026-01-31"}},
        {"song": {"id": "x", "isDir": True, "title": "x", "userRating": 0}},
        {"song": {"id": "x", "isDir": False, "title": "x"}},
        {"song": {"id": "a&b", "isDir": True, "title": "x", "coverArt": "x"}},
        {"album": {"id": "x"}},
    ],
)
def test_the_checks_find_faults(document: dict[str, Any], change: dict[str, Any]) -> None:
    """See them fail."""
    right = {
        "status": "ok",
        "version": "1.16.1",
        "type": "hydrophone",
        "serverVersion": "0.1.0",
        "openSubsonic": True,
        "song": {
            "id": "x",
            "isDir": True,
            "title": "x",
            "coverArt": "x",
            "created": "2026-01-31T12:00:00.000Z",
        },
    }
    assert all_faults({"subsonic-response": right}, document, "getSong") == []
    assert all_faults({"subsonic-response": right | change}, document, "getSong")
