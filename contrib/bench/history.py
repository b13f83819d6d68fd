"""What a user pays for having listened for years: lists of what was left on music."""

import random
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

from contrib.bench import smart_playlists
from contrib.bench.asking import Asked, least_of, rows
from contrib.bench.library import SyntheticLibrary, synthetic_library
from contrib.bench.report import Row
from contrib.bench.serving import USER, Client, serving_library

from hydrophone.storage.data_folder import DATABASE
from hydrophone_subsonic.ahead import QUIET

_PLAYS = 100_000
_DAY_MS = 24 * 60 * 60 * 1000
_YEARS = 5
_ALL = {"all": [{"gt": {"duration": -1}}], "limit": 500}
_RULES = {
    "heard_last": _ALL | {"sort": "-lastplayed"},
    "heard_least": _ALL | {"sort": "playcount"},
    "best_artists": _ALL | {"sort": "-artistrating, -artistplaycount"},
    "by_title": _ALL | {"sort": "-sorttitle"},
    "unknown_artists": {"all": [{"isMissing": {"mbz_artist_id": True}}], "limit": 500},
    "few_are_loved": _ALL | {"sort": "-dateloved"},
    "best_jazz": {
        "all": [{"is": {"genre": "jazz"}}],
        "sort": "-artistrating, -artistplaycount",
        "limit": 500,
    },
    "new_by_the_best": {
        "all": [{"gt": {"year": 2019}}],
        "sort": "-artistplaycount",
        "limit": 100,
    },
    "forgotten_artists": {
        "all": [{"lt": {"artistplaycount": 12}}, {"isNot": {"artistloved": True}}],
        "limit": 500,
    },
}
"""What smart playlists of these names ask for: the dearest kinds, over all tracks or most."""
_ASKED = [
    *(
        ("getAlbumList2", f"type={kind}&size=500")
        for kind in ("recent", "frequent", "starred", "highest")
    ),
    ("getIndexes", ""),
    ("getArtists", ""),
    ("getMusicDirectory", "id=1"),
    ("getStarred", ""),
    ("getStarred2", ""),
    ("getBookmarks", ""),
    ("getPlaylists", ""),
    ("getArtistInfo2", "id={artist}"),
    ("getSimilarSongs2", "id={artist}"),
    ("getTopSongs", "id={artist}"),
    *(("getPlaylist", f"id={{{name}}}") for name in _RULES),
]


def measure(tracks: int) -> Iterator[Row]:
    """Ask as a user who has heard a fifth of all tracks, and marked one in twenty of these."""
    yield from least_of(_ASKED, partial(_measured, synthetic_library(tracks)))


def _measured(
    library: SyntheticLibrary, asked: Sequence[Asked]
) -> Iterator[tuple[Asked, Iterator[Row]]]:
    with serving_library(library) as (server, client):
        data = server.log.parent
        artist = _listen(data / DATABASE)
        known = {"artist": artist} | smart_playlists.make(client, data, _RULES)
        # Long lists are written when the library has been at rest for so long.
        time.sleep(QUIET)
        client.wait_for_rest()
        for name, query in asked:
            filled = query.format(**known)
            shown = f"{name} {query}, after years".replace(" ,", ",")
            prepare = partial(_prepare, client, name, filled)
            yield (name, query), rows(client, shown, prepare)


def _prepare(client: Client, name: str, query: str, form: str) -> Callable[[], object]:
    return partial(client.ask, name, f"{query}&f={form}")


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
