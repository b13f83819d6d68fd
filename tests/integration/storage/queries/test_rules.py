"""Each field and operator of smart playlists chooses what it says."""

import json

import msgspec
import pytest
from sqlalchemy import Connection, insert, update
from tests.integration.storage.queries.rule_cases import CASES, MINE, OTHER

from hydrophone.domain.ids import ArtworkId, LibraryId, UserId
from hydrophone.domain.music import (
    ArtistRef,
    Contributor,
    Disc,
    PartialDate,
    ReplayGain,
    Track,
)
from hydrophone.domain.nsp import read_rules
from hydrophone.domain.rules import FIELDS, OTHER_NAMES, ROLES
from hydrophone.domain.units import Kbps, Seconds, Timestamp
from hydrophone.domain.user import Roles
from hydrophone.scanner.identity import artist_id
from hydrophone.scanner.parsed import Credit
from hydrophone.storage.connection import transaction
from hydrophone.storage.queries import catalogue, playlists, rules, users
from hydrophone.storage.queries.rules import Viewpoint
from hydrophone.storage.queries.tracks import TRACKS
from hydrophone.storage.tables.annotation import annotation
from hydrophone.storage.tables.music import lyrics
from hydrophone.storage.tables.playlist import playlist
from hydrophone.testing.factories import fill_library, make_album, make_artist, make_track

NOW = Timestamp(1_800_000_000_000)
DAY = 24 * 3600 * 1000

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
    sort_title="Crimson",
    codec="alac",
    musicbrainz_id="a-recording",
    movements=("Largo",),
    movement_number=2,
    track_total=9,
    disc_number=1,
    disc_total=3,
    replay_gain=ReplayGain(track_gain=0.0, album_gain=-7.5, track_peak=0.9),
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
    disc_number=1,
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
        sort_name="Hues",
        edition="Deluxe",
        musicbrainz_id="a-release",
        discs=(Disc(number=1, title="Warm"), Disc(number=2, title="Cold")),
        original_date=PartialDate(year=1995, month=6),
        release_date=PartialDate(year=2026, month=12, day=31),
    )
    shades = make_album(
        "Shades", artist="Other", id=GREY.album_id, release_date=PartialDate(year=1999)
    )
    bjork = make_artist("Björk", sort_name="Gudmundsdottir, Björk", musicbrainz_id="an-artist")
    with transaction(connection):
        fill_library(connection, TRACKS_, albums=[album, shades])
        catalogue.put_artists(connection, [bjork])
        connection.execute(insert(lyrics), {"track_id": RED.id, "position": 0, "text": "La la"})
        anna = users.add(connection, "rula", "x", Roles(), NOW)
        berta = users.add(connection, "rulo", "x", Roles(), NOW)
        rows = [
            (anna, RED.id, NOW, 5, NOW, 9, NOW - DAY),
            (anna, BLUE.id, None, 2, None, 1, NOW - 100 * DAY),
            (anna, RED.album_id, NOW, 4, None, 10, NOW),
            (anna, RED.artists[0].id, NOW, 3, NOW, 10, NOW),
            (berta, GREY.id, NOW, 5, NOW, 99, NOW),
        ]
        names = ("user_id", "item_id", "starred", "rating", "rated", "play_count", "last_played")
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


def test_each_field_and_operator(connection: Connection, viewer: UserId) -> None:
    for operator, field, value, titles in CASES:
        answer = found(connection, viewer, {"all": [{operator: {field: value}}]})
        assert answer == titles.split(), (operator, field, value)


def test_every_field_has_a_case() -> None:
    from_cases = {field.lower() for _, field, _, _ in CASES}
    from_cases = {OTHER_NAMES.get(field, field) for field in from_cases}
    assert from_cases | set(ROLES) - {"composer"} == set(FIELDS)


def test_groups_lie_in_groups(connection: Connection, viewer: UserId) -> None:
    either = {"any": [{"is": {"year": 1995}}, {"all": [{"is": {"title": "blue"}}]}]}
    assert found(connection, viewer, either) == ["blue", "red"]
    both = {"all": [either, {"is": {"loved": True, "year": 1995}}]}
    assert found(connection, viewer, both) == ["red"]
    names = {"any": [{"is": {"artist": "other"}}, {"is": {"title": "red"}}, {"is": {"title": "x"}}]}
    assert found(connection, viewer, names) == ["grey", "red"]
    nobody = [{"isNot": {"artist": f"Artist {number}"}} for number in range(298)]
    assert found(connection, viewer, {"all": [*nobody, {"isNot": {"artist": "Björk"}}]}) == ["grey"]
    many = [{"isNot": {"year": number}} for number in range(299)]
    assert found(connection, viewer, {"all": [*many, {"is": {"title": "red"}}]}) == ["red"]


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
        ("sortTitle", "", "blue red grey"),
        ("-sortAlbum,title", "", "grey blue red"),
        ("sortArtist,-title", "", "red blue grey"),
        ("sortAlbumArtist,title", "", "blue red grey"),
        ("releaseDate,-title", "", "grey red blue"),
        ("recordingDate, + title", "", "blue red grey"),
        ("albumVersion,title", "", "blue red grey"),
        ("rgTrackGain,title", "", "red blue grey"),
        ("codec,title", "", "red blue grey"),
        ("-codec,title", "", "red blue grey"),
    ],
)
def test_sorting(
    connection: Connection, viewer: UserId, sort: str, order: str, titles: str
) -> None:
    everything = {"all": [{"gt": {"size": 0}}], "sort": sort, "order": order}
    assert found(connection, viewer, everything) == titles.split()
    assert found(connection, viewer, everything | {"limit": 2}) == titles.split()[:2]


@pytest.mark.parametrize(
    ("changes", "titles"),
    [
        ({"limitPercent": 70}, "blue grey"),
        ({"limitPercent": 1}, "blue"),
        ({"limitPercent": 1, "limit": 2}, "blue grey"),
        ({"limitPercent": 0}, "blue grey red"),
        ({"offset": 1}, "grey red"),
        ({"offset": 1, "limit": 1}, "grey"),
        ({"offset": 9}, ""),
    ],
)
def test_a_part_of_what_fits(
    connection: Connection, viewer: UserId, changes: dict[str, int], titles: str
) -> None:
    everything = {"all": [{"gt": {"size": 0}}]}
    assert found(connection, viewer, everything | changes) == titles.split()
    nothing = {"all": [{"lt": {"size": 0}}]}
    assert found(connection, viewer, nothing | changes) == []


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


def test_playlists_that_name_each_other_may_be_long(connection: Connection, viewer: UserId) -> None:
    many = [{"isNot": {"year": number}} for number in range(299)]
    text = json.dumps({"all": [*many, {"inPlaylist": {"id": MINE}}]})
    with transaction(connection):
        connection.execute(
            update(playlist).where(playlist.c.id == MINE), {"rules": text, "name": "x"}
        )
    assert found(connection, viewer, {"any": [*many, {"inPlaylist": {"id": MINE}}]})


def test_what_is_missing_is_left_out(connection: Connection, viewer: UserId) -> None:
    gone = msgspec.structs.replace(RED)
    assert isinstance(gone, Track)
    connection.exec_driver_sql("UPDATE track SET missing_since = 1 WHERE id = ?", (RED.id,))
    assert found(connection, viewer, {"all": [{"is": {"loved": True}}]}) == []


@pytest.mark.parametrize(
    "member",
    [
        {"is": {"artist": "x"}}, {"contains": {"albumartist": "x"}}, {"is": {"composer": "x"}},
        {"is": {"genre": "x"}}, {"contains": {"album": "x"}}, {"contains": {"lyrics": "x"}},
        {"is": {"mbz_album_id": "x"}}, {"is": {"compilation": True}},
        {"gt": {"originalyear": 1990}}, {"before": {"releasedate": "1990-01-01"}},
    ],
    ids=str,
)  # fmt: skip
def test_albums_and_artists_are_not_looked_through_for_each_track(
    connection: Connection, viewer: UserId, member: dict[str, object]
) -> None:
    """Of 100,000 tracks that took most of a second."""
    chosen = read_rules(json.dumps({"all": [member]}))
    view = Viewpoint(viewer=viewer, libraries=(LibraryId(1),), now=NOW)
    statement = rules.select_rows(connection, chosen, view)
    compiled = statement.compile(connection, compile_kwargs={"literal_binds": True})
    plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}")
    steps = [str(row.detail) for row in plan]
    assert any("LIST SUBQUERY" in step for step in steps)
    assert not any("CORRELATED" in step for step in steps)


@pytest.mark.parametrize("year", [0, -5, 10**15])
def test_an_album_of_an_impossible_year_has_no_day(connection: Connection, year: int) -> None:
    """A source can say that, and its other albums are to be written all the same."""
    with transaction(connection):
        fill_library(
            connection,
            [make_track("Song", album="Odd")],
            albums=[make_album("Odd", release_date=PartialDate(year=year))],
        )
    dated = Viewpoint(viewer=UserId(1), libraries=[1], now=NOW)
    chosen = read_rules(json.dumps({"all": [{"isMissing": {"date": True}}], "limit": 5}))
    assert len(rules.rows(connection, chosen, dated)) == 1
