"""What a user pays for having listened for years: lists of what was left on music."""

import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from contrib.bench.library import synthetic_library
from contrib.bench.report import Least, Row
from contrib.bench.serving import STARTS, USER, Client, serving_library

from hydrophone.storage.data_folder import DATABASE

_TARGET_MS = 50.0
_PLAYS = 100_000
_DAY_MS = 24 * 60 * 60 * 1000
_YEARS = 5
_LISTS = ("recent", "frequent", "starred", "highest")
_OF_ALL = ("getIndexes", "getArtists", "getStarred2", "getBookmarks", "getPlaylists")
_OF_ARTIST = ("getArtistInfo2", "getSimilarSongs2", "getTopSongs")


def measure(tracks: int) -> Iterator[Row]:
    """Ask as a user who has heard a fifth of all tracks, and marked one in twenty of these."""
    library = synthetic_library(tracks)
    least = Least()
    for _ in range(STARTS):
        with serving_library(library) as (server, client):
            artist = _listen(server.log.parent / DATABASE)
            client.wait_for_rest()
            if least.note(_rows(client, artist)):
                break
    yield from least.rows()


def _rows(client: Client, artist: str) -> Iterator[Row]:
    for kind in _LISTS:
        yield _row(client, "getAlbumList2", type=kind, size=500)
    for name in _OF_ALL:
        yield _row(client, name)
    for name in _OF_ARTIST:
        yield _row(client, name, id=artist)


def _row(client: Client, name: str, **parameters: object) -> Row:
    shown = f"{name} {parameters.get('type', '')}".strip()
    return Row(
        name=f"{shown}, after years, JSON",
        value=client.cost(name, f="json", **parameters) * 1000,
        unit="ms CPU",
        target=_TARGET_MS,
    )


def _listen(database: Path) -> str:
    """Write what the user has heard and marked; return the artist who was heard last."""
    chance = random.Random(1)
    now = int(time.time() * 1000)
    with closing(sqlite3.connect(database, timeout=30)) as connection, connection:
        (user,) = connection.execute("SELECT id FROM user WHERE name = ?", (USER,)).fetchone()
        tracks = connection.execute(
            "SELECT track.id, album_id, min(artist_id) FROM track"
            " JOIN track_artist ON track_id = track.id AND role = 'artist'"
            " GROUP BY track.row ORDER BY track.row"
        ).fetchall()
        heard = chance.sample(tracks, len(tracks) // 5)
        plays = {
            (chance.choice(heard), now - chance.randrange(_YEARS * 365 * _DAY_MS))
            for _ in range(_PLAYS)
        }
        marks: dict[str, tuple[int, int]] = {}
        for things, played in plays:
            for thing in things:
                count, last = marks.get(thing, (0, 0))
                marks[thing] = (count + 1, max(last, played))
        connection.executemany(
            "INSERT INTO play (user_id, track_id, played, client) VALUES (?, ?, ?, '')",
            [(user, things[0], played) for things, played in plays],
        )
        connection.executemany(
            "INSERT INTO annotation (user_id, item_id, play_count, last_played, starred, rating)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [
                (user, thing, count, last, *chance.choice([(None, 0)] * 19 + [(last, 4)]))
                for thing, (count, last) in marks.items()
            ],
        )
    return str(max(plays, key=lambda play: play[1])[0][2])
