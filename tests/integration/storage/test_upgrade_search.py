"""The schema 0001 with what it had indexed: all of it is found after the upgrade."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from hydrophone.storage.connection import connect, transaction
from hydrophone.storage.search_index import Kind, find
from hydrophone.storage.upgrade import upgrade

TRACKS = 1_001
"""More than one step of the migration."""
_LIBRARY = "INSERT INTO library (id, name, path) VALUES (1, 'Music', '/music')"
_ARTIST = (
    "INSERT INTO artist (id, name, name_key, sort_key, document) "
    "VALUES ('ar-1', 'P!nk', 'p!nk', 'p', ?)"
)
_ALBUM = (
    "INSERT INTO album (id, library_id, key, name_key, sort_key, artist_sort_key, year, created, "
    "track_count, document) VALUES ('al-1', 1, 'k', '2012群青', 'a', 'p', 2012, 1, 1001, ?)"
)
_TRACK = (
    "INSERT INTO track (row, id, album_id, library_id, folder_id, fingerprint, name_key, "
    "disc_number, track_number, year, duration, created, document) "
    "VALUES (?, ?, 'al-1', 1, 'fo-1', ?, ?, 1, 1, 2012, 1.0, 1, ?)"
)
_CREDITS = (
    "INSERT INTO album_artist (album_id, position, artist_id) VALUES ('al-1', 0, 'ar-1')",
    "INSERT INTO search_artist (rowid, text) VALUES (1, 'p nk pnk')",
    "INSERT INTO search_album (rowid, text) VALUES (1, '2012 群 青 p nk pnk')",
)


def fill(connection: Connection) -> None:
    """Write as version 0001 did, with documents as they were."""
    artists = [{"id": "ar-1", "name": "P!nk"}]
    album = {"name": "2012群青", "artists": artists, "display_artist": "P!nk", "track_count": 1001}
    track = {"album_name": "2012群青", "artists": artists, "display_artist": "P!nk"}
    connection.exec_driver_sql(_LIBRARY)
    connection.exec_driver_sql(_ARTIST, (json.dumps({**artists[0], "sort_name": "Moore"}),))
    connection.exec_driver_sql(_ALBUM, (json.dumps(album),))
    for statement in _CREDITS:
        connection.exec_driver_sql(statement)
    titles = [(row, f"Song {row}") for row in range(1, TRACKS + 1)]
    connection.exec_driver_sql(
        _TRACK,
        [
            (row, f"tr-{row}", f"{row}", title.lower(), json.dumps({"title": title, **track}))
            for row, title in titles
        ],
    )
    connection.exec_driver_sql(
        "INSERT INTO search_track (rowid, text) VALUES (?, ?)",
        [(row, f"song {row} p nk pnk 2012 群 青") for row, _ in titles],
    )


@pytest.fixture(scope="module")
def upgraded(first_schema: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    folder = tmp_path_factory.mktemp("upgraded")
    path = Path(shutil.copy(first_schema, folder))
    with connect(path, durable=False) as connection, transaction(connection):
        fill(connection)
    upgrade(path, back_up=lambda revision: folder / revision)
    with connect(path, durable=False) as connection:
        yield connection


@pytest.mark.parametrize(
    ("query", "artists", "albums", "tracks"),
    [
        ("pink", 1, 1, TRACKS),
        ("moore", 1, 0, 0),
        ("群青", 0, 1, TRACKS),
        ("青群", 0, 0, 0),
        ("song 1001", 0, 0, 1),
    ],
)
def test_what_was_indexed_before_is_found_as_what_comes_now(
    upgraded: Connection, query: str, artists: int, albums: int, tracks: int
) -> None:
    def count(kind: Kind) -> int:
        return len(find(upgraded, kind, query, libraries=[1], offset=0, limit=2 * TRACKS))

    assert (count("artist"), count("album"), count("track")) == (artists, albums, tracks)


def test_scripts_within_a_word_are_found_by_their_transliteration(
    schema_of: Callable[[str], Path], tmp_path: Path
) -> None:
    path = schema_of("0029")
    before = "宇多 多田 田ヒ ヒカ カル ル yuduotianhikaru"
    with connect(path, durable=False) as connection, transaction(connection):
        for row, name, indexed in ((1, "宇多田ヒカル", before), (2, "Björk", "björk bjork")):
            connection.exec_driver_sql(
                "INSERT INTO artist (row, id, name, name_key, sort_key, document) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (row, f"ar-{row}", name, name, name, json.dumps({"id": f"ar-{row}", "name": name})),
            )
            connection.exec_driver_sql(
                "INSERT INTO search_artist (rowid, text) VALUES (?, ?)", (row, indexed)
            )
    upgrade(path, back_up=lambda revision: tmp_path / revision)
    with connect(path, durable=False) as connection:
        match = "SELECT rowid FROM search_artist WHERE search_artist MATCH ?"
        for query, row in (("hikaru", 1), ("yuduotian*", 1), ("bjork", 2)):
            assert connection.exec_driver_sql(match, (query,)).all() == [(row,)]


def test_arabic_is_found_as_people_type_it_and_invisible_signs_are_in_no_key(
    schema_of: Callable[[str], Path], tmp_path: Path
) -> None:
    path = schema_of("0032")
    names = {1: ("مُحَمَّد", "مُحَمَّد muhamad"), 2: ("\ufeffBom", "bom"), 3: ("Björk", "as before")}
    with connect(path, durable=False) as connection, transaction(connection):
        for row, (name, indexed) in names.items():
            document = json.dumps({"id": f"ar-{row}", "name": name}, ensure_ascii=False)
            connection.exec_driver_sql(
                "INSERT INTO artist (row, id, name, name_key, sort_key, document) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (row, f"ar-{row}", name, name.casefold(), name, document),
            )
            connection.exec_driver_sql(
                "INSERT INTO search_artist (rowid, text) VALUES (?, ?)", (row, indexed)
            )
    upgrade(path, back_up=lambda revision: tmp_path / revision)
    with connect(path, durable=False) as connection:
        match = "SELECT rowid FROM search_artist WHERE search_artist MATCH ?"
        for query, row in (("محمد", 1), ("muhamad", 1), ("bom", 2), ("bjork", 3)):
            assert connection.exec_driver_sql(match, (query,)).all() == [(row,)]
        keys = connection.exec_driver_sql("SELECT name_key FROM artist ORDER BY row").scalars()
        assert keys.all() == ["مُحَمَّد", "bom", "bjork"]
