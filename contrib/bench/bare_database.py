"""The bounds of lists and searches: SQLite, msgspec and nothing between them."""

import contextlib
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from time import process_time

import msgspec
from contrib.bench.processes import cost

from hydrophone.domain.music import Album, Artist, Track
from hydrophone.domain.podcast import Episode

BARE = "sqlite3 + Struct + JSON"
"""What the bound is called in a row."""

_PAGE = "SELECT row FROM {table} ORDER BY {order} LIMIT {limit} OFFSET {offset}"
_ROWS = "SELECT document FROM {table} WHERE row IN (SELECT value FROM json_each(?))"
_FIND = (
    "SELECT document FROM search_{table} JOIN {table} ON {table}.row = search_{table}.rowid"
    " WHERE search_{table} MATCH ? ORDER BY search_{table}.rowid LIMIT {limit}"
)
_OF_CHANNEL = {"channel_title": "channel.title", "artwork_id": "channel.artwork_id"}
_EPISODE = tuple(name for name in Episode.__struct_fields__ if name != "annotation")
_EPISODES = (
    f"SELECT {', '.join(_OF_CHANNEL.get(name, f'episode.{name}') for name in _EPISODE)}"
    " FROM podcast_episode AS episode"
    " JOIN podcast_channel AS channel ON channel.id = episode.channel_id"
)
_KINDS: Mapping[str, type[Artist | Album | Track]] = {
    "artist": Artist,
    "album": Album,
    "track": Track,
}


class BareDatabase:
    """Asks the database by hand-written SQL; each method gives CPU seconds of this process."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def page(self, table: str, *, order: str, offset: int, limit: int) -> float:
        """Read a page of a table into Structs and encode them as JSON; which rows is known."""
        page = self._rows(_PAGE.format(table=table, order=order, offset=offset, limit=limit))
        rows = msgspec.json.encode([row[0] for row in page]).decode()
        statement = _ROWS.format(table=table)
        decode = msgspec.json.Decoder(_KINDS[table]).decode
        return cost(
            lambda: msgspec.json.encode([decode(row[0]) for row in self._rows(statement, rows)]),
            process_time,
        )

    def find(self, word: str, limits: Sequence[int]) -> float:
        """Find artists, albums and tracks by the beginning of a word, as `page` does."""
        parts = [
            (_FIND.format(table=table, limit=limit), msgspec.json.Decoder(thing).decode)
            for (table, thing), limit in zip(_KINDS.items(), limits, strict=True)
        ]
        match = f'"{word}"*'
        return cost(
            lambda: [
                msgspec.json.encode([decode(row[0]) for row in self._rows(statement, match)])
                for statement, decode in parts
            ],
            process_time,
        )

    def episodes(self) -> float:
        """Read all episodes of podcasts, as `page` does."""
        return cost(
            lambda: msgspec.json.encode(
                [Episode(**dict(zip(_EPISODE, row, strict=True))) for row in self._rows(_EPISODES)]
            ),
            process_time,
        )

    def _rows(self, statement: str, *values: str) -> sqlite3.Cursor:
        return self._connection.execute(statement, values)


@contextlib.contextmanager
def bare_database(path: Path) -> Iterator[BareDatabase]:
    """Open a database of the server's for reading."""
    with contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        yield BareDatabase(connection)
