"""Each field and operator of smart playlists chooses what it says."""

import json

import msgspec
import pytest
from sqlalchemy import Connection, insert

from hydrophone.domain.ids import ArtworkId, LibraryId, PlaylistId, UserId
from hydrophone.domain.music import ArtistRef, Contributor, Track
from hydrophone.domain.nsp import read_rules
from hydrophone.domain.rules import FIELDS
from hydrophone.domain.units import Kbps, Seconds, Timestamp
from hydrophone.domain.user import Roles
from hydrophone.scanner.identity import artist_id
from hydrophone.scanner.parsed import Credit
from hydrophone.storage.connection import transaction
from hydrophone.storage.queries import playlists, rules, users
from hydrophone.storage.queries.rules import Viewpoint
from hydrophone.storage.queries.tracks import TRACKS
from hydrophone.storage.tables.annotation import annotation
from hydrophone.testing.factories import fill_library, make_album, make_track

NOW = Timestamp(1_800_000_000_000)
DAY = 24 * 3600 * 1000
MINE = PlaylistId("pl-aaaaaaaaaaaaa")
OTHER = PlaylistId("pl-bbbbbbbbbbbbb")

COMPOSER = ArtistRef(id=artist_id(Credit(name="Satie")), name="Satie")
RED = make_track(
    "Red",
    artist="Björk",
    album="Colours",
    genres=("Rock", "Art Rock"),
    year=1995,
    bpm=120,
    moods=("Calm",),
    comment="50% OFF_",
    contributors=(Contributor(role="composer", artist=COMPOSER),),
    created=Timestamp(NOW - 5 * DAY),
)
BLUE = make_track(
    "Blue",
    artist="Björk",
    album="Colours",
    genres=("Pop",),
    year=2001,
    bit_rate=Kbps(320),
    suffix="mp3",
    created=Timestamp(NOW - 50 * DAY),
)
GREY = make_track(
    "Grey Étude",
    artist="Other",
    album="Shades",
    duration=Seconds(30.0),
    artwork_id=ArtworkId("im-aaaaaaaaaaaaa"),
    created=Timestamp(NOW - 500 * DAY),
)
SECRET = make_track("Secret", artist="Other", album="Hers", library_id=LibraryId(2))
TRACKS_ = (RED, BLUE, GREY, SECRET)


@pytest.fixture
def viewer(connection: Connection) -> UserId:
    """Somebody who loves and played RED, played BLUE long ago, and has two playlists."""
    album = make_album(
        "Colours",
        artist="Björk",
        id=RED.album_id,
        track_count=2,
        labels=("One Little Indian",),
        release_types=("album", "live"),
        is_compilation=True,
    )
    with transaction(connection):
        fill_library(connection, TRACKS_, albums=[album])
        anna = users.add(connection, "rula", "x", Roles(), NOW)
        berta = users.add(connection, "rulo", "x", Roles(), NOW)
        rows = [
            (anna, RED.id, NOW, 5, 9, NOW - DAY),
            (anna, BLUE.id, None, 2, 1, NOW - 100 * DAY),
            (anna, RED.album_id, NOW, 4, 10, NOW),
            (anna, RED.artists[0].id, NOW, 3, 10, NOW),
            (berta, GREY.id, NOW, 5, 99, NOW),
        ]
        names = ("user_id", "item_id", "starred", "rating", "play_count", "last_played")
        connection.execute(insert(annotation), [dict(zip(names, r, strict=True)) for r in rows])
        for identifier, owner, chosen in ((MINE, anna, BLUE.id), (OTHER, berta, RED.id)):
            playlists.put(
                connection,
                identifier,
                owner,
                name="x",
                comment="",
                is_public=False,
                tracks=[chosen],
                now=NOW,
            )
    return anna


def found(connection: Connection, viewer: UserId, text: object) -> list[str]:
    view = Viewpoint(viewer=viewer, libraries=(LibraryId(1),), playlist_id=MINE, now=NOW)
    chosen = read_rules(json.dumps(text))
    rows = rules.rows(connection, chosen, view)
    tracks = TRACKS.by_rows(connection, viewer, rows)
    extent = rules.extent(connection, chosen, view)
    assert extent.track_count == len(rows)
    assert extent.duration == sum(track.duration for track in tracks.values())
    return [track.title.split()[0].lower() for track in tracks.values()]


CASES: list[tuple[str, str, object, str]] = [
    ("is", "title", "red", "red"),
    ("isNot", "title", "red", "blue grey"),
    ("contains", "title", "ETUDE", "grey"),
    ("startsWith", "title", "gr", "grey"),
    ("endsWith", "title", "tude", "grey"),
    ("is", "album", "colours", "blue red"),
    ("is", "artist", "BJORK", "blue red"),
    ("notContains", "artist", "jor", "grey"),
    ("is", "albumartist", "Björk", "blue red"),
    ("contains", "genre", "rock", "red"),
    ("notContains", "genre", "rock", "blue grey"),
    ("is", "genre", "", ""),
    ("is", "composer", "satie", "red"),
    ("is", "mood", "CALM", "red"),
    ("isNot", "mood", "calm", "blue grey"),
    ("contains", "comment", "0% off_", "red"),
    ("contains", "comment", "0_", ""),
    ("is", "comment", "", "blue grey"),
    ("is", "fileType", "MP3", "blue"),
    ("startsWith", "filePath", "Björk/", "blue red"),
    ("is", "recordLabel", "one little indian", "blue red"),
    ("is", "albumType", "live", "blue red"),
    ("is", "releaseType", "live", "blue red"),
    ("is", "explicitStatus", "", "blue grey red"),
    ("is", "isrc", "x", ""),
    ("is", "language", "x", ""),
    ("is", "work", "x", ""),
    ("is", "grouping", "x", ""),
    ("is", "year", 1995, "red"),
    ("isNot", "year", 1995, "blue grey"),
    ("gt", "year", 1995, "blue"),
    ("lt", "year", 1995, "grey"),
    ("inTheRange", "year", [1995, 2001], "blue red"),
    ("is", "bpm", 120, "red"),
    ("is", "bpm", 0, "blue grey"),
    ("lt", "bitRate", 400, "blue"),
    ("lt", "duration", 60, "grey"),
    ("is", "trackNumber", 0, "blue grey red"),
    ("is", "discNumber", 0, "blue grey red"),
    ("gt", "size", 1000, "blue grey red"),
    ("is", "channels", 0, "blue grey red"),
    ("is", "sampleRate", 0, "blue grey red"),
    ("is", "bitDepth", 0, "blue grey red"),
    ("is", "library_id", 1, "blue grey red"),
    ("gt", "rating", 3, "red"),
    ("is", "rating", 0, "grey"),
    ("is", "playCount", 9, "red"),
    ("is", "loved", True, "red"),
    ("is", "loved", False, "blue grey"),
    ("isNot", "loved", True, "blue grey"),
    ("is", "albumRating", 4, "blue red"),
    ("is", "albumPlayCount", 0, "grey"),
    ("is", "artistRating", 3, "blue red"),
    ("is", "artistPlayCount", 10, "blue red"),
    ("is", "albumLoved", True, "blue red"),
    ("is", "albumLoved", False, "grey"),
    ("is", "artistLoved", True, "blue red"),
    ("is", "compilation", True, "blue red"),
    ("is", "hasCoverArt", True, "grey"),
    ("is", "hasCoverArt", False, "blue red"),
    ("inTheLast", "lastPlayed", 30, "red"),
    ("notInTheLast", "lastPlayed", 30, "blue grey"),
    ("inTheLast", "dateAdded", 60, "blue red"),
    ("before", "dateAdded", "2026-06-01", "grey"),
    ("after", "dateAdded", "2026-06-01", "blue red"),
    ("inTheRange", "dateAdded", ["2026-11-26", "2026-11-26"], "blue"),
    ("is", "dateAdded", "2026-11-26", "blue"),
    ("before", "lastPlayed", "2027-01-01", "blue"),
    ("inTheLast", "dateLoved", 1, "red"),
    ("inTheLast", "albumLastPlayed", 1, "blue red"),
    ("before", "dateModified", "1970-01-02", "blue grey red"),
    ("inPlaylist", "id", MINE, "blue"),
    ("notInPlaylist", "id", MINE, "grey red"),
    ("inPlaylist", "id", OTHER, ""),
    ("inPlaylist", "id", "nothing", ""),
]


def test_each_field_and_operator(connection: Connection, viewer: UserId) -> None:
    for operator, field, value, titles in CASES:
        answer = found(connection, viewer, {"all": [{operator: {field: value}}]})
        assert answer == titles.split(), (operator, field, value)


def test_every_field_has_a_case() -> None:
    from_cases = {field.lower() for _, field, _, _ in CASES}
    others = {"lyricist", "conductor", "performer", "arranger", "producer", "remixer"}
    assert from_cases | others == set(FIELDS)


def test_groups_lie_in_groups(connection: Connection, viewer: UserId) -> None:
    either = {"any": [{"is": {"year": 1995}}, {"all": [{"is": {"title": "blue"}}]}]}
    assert found(connection, viewer, either) == ["blue", "red"]
    both = {"all": [either, {"is": {"loved": True, "year": 1995}}]}
    assert found(connection, viewer, both) == ["red"]


@pytest.mark.parametrize(
    ("sort", "order", "titles"),
    [
        ("year", "", "grey red blue"),
        ("-year", "", "blue red grey"),
        ("year", "desc", "blue red grey"),
        ("artist,-title", "", "red blue grey"),
        ("lastPlayed", "", "blue red grey"),
        ("-lastPlayed", "", "red blue grey"),
        ("album,year", "", "red blue grey"),
        ("genre", "", "red blue grey"),
        ("albumartist,bpm", "", "blue red grey"),
        ("-rating", "", "red blue grey"),
    ],
)
def test_sorting(
    connection: Connection, viewer: UserId, sort: str, order: str, titles: str
) -> None:
    everything = {"all": [{"gt": {"size": 0}}], "sort": sort, "order": order}
    assert found(connection, viewer, everything) == titles.split()
    assert found(connection, viewer, everything | {"limit": 2}) == titles.split()[:2]


def test_random_is_another_order_each_time(connection: Connection, viewer: UserId) -> None:
    with transaction(connection):
        fill_library(connection, [make_track(f"Song {n}") for n in range(30)])
    text = {"all": [{"contains": {"title": "song"}}], "sort": "random"}
    view = Viewpoint(viewer=viewer, libraries=(LibraryId(1),), playlist_id=MINE, now=NOW)
    drawn = {tuple(rules.rows(connection, read_rules(json.dumps(text)), view)) for _ in range(3)}
    assert len(drawn) == 3


def test_smart_playlists_that_name_each_other_come_to_an_end(
    connection: Connection, viewer: UserId
) -> None:
    circle = json.dumps({"all": [{"inPlaylist": {"id": MINE}}, {"gt": {"size": 0}}]})
    named = json.dumps({"all": [{"is": {"loved": True}}]})
    view = Viewpoint(viewer=viewer, libraries=(LibraryId(1),), playlist_id=MINE, now=NOW)
    for text, titles in ((circle, []), (named, ["Red"])):
        with transaction(connection):
            playlists.put(
                connection,
                MINE,
                viewer,
                name="x",
                comment="",
                is_public=False,
                tracks=[],
                now=NOW,
                rules=text,
            )
        rows = rules.rows(connection, read_rules(circle), view)
        known = TRACKS.by_rows(connection, viewer, rows)
        assert [track.title for track in known.values()] == titles


def test_what_is_missing_is_left_out(connection: Connection, viewer: UserId) -> None:
    gone = msgspec.structs.replace(RED)
    assert isinstance(gone, Track)
    connection.exec_driver_sql("UPDATE track SET missing_since = 1 WHERE id = ?", (RED.id,))
    assert found(connection, viewer, {"all": [{"is": {"loved": True}}]}) == []
