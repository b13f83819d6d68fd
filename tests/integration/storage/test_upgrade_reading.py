"""The sixth and seventh schema: lyrics are kept, files to be read once, names sorted anew."""

import sqlite3
from contextlib import closing
from pathlib import Path

from hydrophone.storage.upgrade import upgrade

TRACK = (
    '{"id":"tr","title":"T","album_id":"al","album_name":"A","duration":1.0,"size":1,'
    '"suffix":"mp3","content_type":"audio/mpeg","bit_rate":1,"path":"a.mp3","library_id":1,'
    '"folder_id":"fo","created":1}'
)


def test_lyrics_are_kept_and_files_count_as_read_by_an_old_program(
    old_path: Path, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(old_path)) as connection, connection:
        connection.execute("INSERT INTO library (id, name, path) VALUES (1, 'Music', '/music')")
        connection.execute(
            "INSERT INTO album (row, id, library_id, key, name_key, sort_key, artist_sort_key,"
            " year, created, track_count, document)"
            " VALUES (1, 'al', 1, 'k', '', '', '', 0, 1, 1, ?)",
            [
                '{"id":"al","name":"Ænd","display_artist":"(X)","library_id":1,"track_count":1,"duration":1.0,"created":1}'
            ],
        )
        connection.execute(
            "INSERT INTO track (row, id, album_id, library_id, folder_id, fingerprint, name_key,"
            " disc_number, track_number, year, duration, created, document)"
            " VALUES (1, 'tr', 'al', 1, 'fo', 'f', 't', 0, 0, 0, 1.0, 1, ?)",
            [TRACK],
        )
        connection.execute(
            "INSERT INTO origin (source, native_id, track_id, size, mtime_ns, ctime_ns)"
            " VALUES ('local', '1/a.mp3', 'tr', 1, 1, 1)"
        )
        connection.execute("INSERT INTO lyrics VALUES ('tr', 'La la')")
    upgrade(old_path, back_up=lambda revision: tmp_path / revision)
    with closing(sqlite3.connect(old_path)) as connection, connection:
        connection.execute("PRAGMA foreign_keys = ON")
        assert connection.execute("SELECT * FROM lyrics").fetchall() == [("tr", 0, "La la")]
        keys = connection.execute("SELECT sort_key, artist_sort_key FROM album").fetchall()
        assert keys == [("aend", "x)")]
        assert connection.execute("SELECT reading FROM origin").fetchall() == [(0,)]
        connection.execute("INSERT INTO lyrics VALUES ('tr', 1, 'Lo lo')")
        connection.execute("DELETE FROM track")
        assert connection.execute("SELECT * FROM lyrics").fetchall() == []
