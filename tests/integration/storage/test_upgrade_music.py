"""The schema 0001 with music and ratings: both stay, and newer tables and indexes serve them."""

import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select

from hydrophone.domain.ids import ArtworkId, UserId
from hydrophone.domain.music import PartialDate, ReplayGain
from hydrophone.domain.units import Hertz
from hydrophone.storage.connection import connect
from hydrophone.storage.queries import artist_order, catalogue
from hydrophone.storage.queries.track_facts import facts_of
from hydrophone.storage.queries.tracks import TRACKS
from hydrophone.storage.tables.music import album, track
from hydrophone.storage.upgrade import upgrade
from hydrophone.testing.factories import make_album, make_track

TRACK = make_track(
    "Jóga",
    artist="Björk",
    codec="mp3",
    bpm=120,
    bit_depth=16,
    channel_count=1,
    sampling_rate=Hertz(44_100),
    sample_count=44_100,
    moods=("Calm", "Grand"),
    groupings=("Best",),
    sort_title="Joga",
    display_album_artist="Björk",
    genres=("Trip Hop", "Art Pop", "TRIP HOP"),
    artwork_id=ArtworkId("aw-1"),
    track_total=11,
    disc_total=1,
    movement_number=2,
    replay_gain=ReplayGain(track_gain=-8.5, track_peak=0.98, album_gain=-7, album_peak=1),
    explicit_status="clean",
    musicbrainz_id="0e869308-2d7e-4b69-8e86-93082d7e3b69",
    isrcs=("GBAAN9700001",),
    works=("Homogenic",),
    movements=("Allegro",),
    languages=("eng",),
    comment="off the tape",
)

ALBUM = make_album(
    "Homogenic",
    id=TRACK.album_id,
    original_date=PartialDate(year=0),
    release_date=PartialDate(year=1997, month=9, day=22),
    edition="Édition DELUXE",
)


@pytest.fixture
def upgraded(old_path: Path, tmp_path: Path) -> Path:
    """Upgrade a track that two users have rated, and a third has only starred."""
    with closing(sqlite3.connect(old_path)) as connection, connection:
        connection.execute("INSERT INTO library (id, name, path) VALUES (1, 'Music', '/music')")
        connection.execute(
            "INSERT INTO album (id, library_id, key, name_key, sort_key, artist_sort_key, year,"
            " created, track_count, document) VALUES (?, 1, 'k', '', '', '', 0, 1, 1, ?)",
            (TRACK.album_id, msgspec.json.encode(ALBUM).decode()),
        )
        connection.execute(
            "INSERT INTO track (id, album_id, library_id, folder_id, fingerprint, name_key,"
            " disc_number, track_number, year, duration, created, document)"
            " VALUES (?, ?, 1, ?, 'f', '', 0, 0, 1997, 1.0, 1, ?)",
            (
                TRACK.id,
                TRACK.album_id,
                TRACK.folder_id,
                msgspec.json.encode(TRACK).decode(),
            ),
        )
        connection.execute(
            "INSERT INTO origin (row, source, native_id, track_id, size, mtime_ns, ctime_ns)"
            " VALUES (1, 'local', '1/1.mp3', ?, 1, 1, 1)",
            (TRACK.id,),
        )
        connection.execute(
            "INSERT INTO artist (id, name, name_key, sort_key, document)"
            " VALUES (?, 'Björk', 'bjork', '', '{\"name\": \"Björk\"}')",
            (TRACK.artists[0].id,),
        )
        connection.execute(
            "INSERT INTO track_artist (track_id, role, position, artist_id)"
            " VALUES (?, 'artist', 0, ?)",
            (TRACK.id, TRACK.artists[0].id),
        )
        connection.execute(
            "INSERT INTO artist (id, name, name_key, sort_key, document)"
            " VALUES ('ar-2', 'Ana', 'ana', '', '{\"name\": \"Ana\"}')"
        )
        for position, artist_id in ((1, "ar-2"), (0, TRACK.artists[0].id)):
            connection.execute(
                "INSERT INTO album_artist (album_id, position, artist_id) VALUES (?, ?, ?)",
                (TRACK.album_id, position, artist_id),
            )
        for key, name in (("trip hop", "Trip Hop"), ("art pop", "Art Pop")):
            connection.execute("INSERT INTO genre VALUES (?, ?)", (key, name))
            connection.execute("INSERT INTO track_genre VALUES (?, ?)", (TRACK.id, key))
        for user, rating, starred in ((1, 5, None), (2, 2, 8), (3, 0, 7)):
            connection.execute(
                "INSERT INTO user (id, name, name_key, password_hash, roles, created)"
                " VALUES (?, ?, ?, '', '{}', 1)",
                (user, f"Anna {user}", f"anna {user}"),
            )
            connection.execute(
                "INSERT INTO annotation (user_id, item_id, starred, rating) VALUES (?, ?, ?, ?)",
                (user, TRACK.id, starred, rating),
            )
    upgrade(old_path, back_up=lambda revision: tmp_path / revision)
    return old_path


def test_ratings_of_before_make_the_average(upgraded: Path) -> None:
    with connect(upgraded, durable=False) as connection:
        found = [TRACKS.one(connection, UserId(user), TRACK.id) for user in (1, 2, 3)]
    assert [one.annotation.rating for one in found if one] == [5, 2, 0]
    assert [one.average_rating for one in found if one] == [3.5] * 3


def test_what_is_known_of_its_sound_stays(upgraded: Path) -> None:
    with connect(upgraded, durable=False) as connection:
        found = TRACKS.one(connection, UserId(1), TRACK.id)
    assert found is not None
    assert (found.channel_count, found.sampling_rate, found.sample_count) == (1, 44_100, 44_100)


def test_what_smart_playlists_ask_stands_beside_the_document(upgraded: Path) -> None:
    facts = facts_of(TRACK)
    assert all(facts.values())
    with connect(upgraded, durable=False) as connection:
        found = connection.execute(select(*(track.c[name] for name in facts))).one()
    assert dict(found._mapping) == facts | {"duration": 1.0}


def test_the_days_of_albums_stand_beside_the_document(upgraded: Path) -> None:
    days = (album.c.original_day, album.c.release_day, album.c.day)
    with connect(upgraded, durable=False) as connection:
        found = connection.execute(select(*days)).one()
        catalogue.put_album(connection, "k", ALBUM)
        assert connection.execute(select(*days)).one() == found
    assert tuple(found) == (None, 19970922, 19970922)


def test_editions_and_ids_of_albums_stand_beside_the_document(upgraded: Path) -> None:
    keys = (album.c.edition_key, album.c.musicbrainz_key)
    with connect(upgraded, durable=False) as connection:
        found = connection.execute(select(*keys)).one()
        catalogue.put_album(connection, "k", ALBUM)
        assert connection.execute(select(*keys)).one() == found
    assert tuple(found) == ("Édition deluxe", None)


def test_indexes_have_what_was_there(upgraded: Path) -> None:
    with closing(sqlite3.connect(upgraded)) as connection:
        for question, answer in (
            ("year FROM track INDEXED BY ix_track_found WHERE", 1997),
            ("sum(rating) FROM annotation INDEXED BY ix_annotation_rated WHERE rating > 0 AND", 7),
        ):
            id_ = "id" if "track" in question else "item_id"
            found = connection.execute(f"SELECT {question} {id_} = ?", (TRACK.id,)).fetchall()
            assert found == [(answer,)]
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_what_newer_tables_say_of_a_track_of_before_goes_with_it(upgraded: Path) -> None:
    rows = {
        "cached_file": "(1, :id, 'archive', 'r', 'e', 'audio/flac', 1, 1)",
        "keep": "(1, :id, 1)",
        "deleted_copy": "(:id)",
        "analysis": "(:id, 'a', '1', '{}', '{}', x'', 1)",
        "former_album": "(:id, :album, 1, 1)",
        "former_file": "(:id, :id, '1/a.flac', 1, 1, 'f', 1)",
    }
    with closing(sqlite3.connect(upgraded)) as connection, connection:
        connection.execute("PRAGMA foreign_keys = ON")
        for table, values in rows.items():
            connection.execute(
                f"INSERT INTO {table} VALUES {values}", {"id": TRACK.id, "album": TRACK.album_id}
            )
        connection.execute("DELETE FROM track")
        left = {table: connection.execute(f"SELECT * FROM {table}").fetchall() for table in rows}
    assert left == {table: [] for table in rows}


def test_albums_stand_where_their_artists_do(upgraded: Path) -> None:
    place = select(album.c.artist_sort_key)
    with connect(upgraded, durable=False) as connection:
        found = connection.execute(place).scalar_one()
        connection.execute(album.update().values(artist_sort_key=""))
        artist_order.move_albums(connection, [TRACK.album_id])
        assert connection.execute(place).scalar_one() == found
    assert found == "bjork\x1fana"
