"""Full-text search by SQLite's FTS5; the one module that another engine would replace.

A document is found when each token of the query begins one of its tokens. Names that begin with
the query come first, shortest of all the exact ones, in front of a list in the index's own
order: ranking 100,000 tracks by bm25 would cost thirty times as much, and without the exact ones
an `one*` hides the title "One" behind 200 "Onerous" (traps 6).
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Literal, get_args

from sqlalchemy import Connection, text

from hydrophone.storage.correction import Choice, Correction
from hydrophone.storage.folding import name_key, query_words, word_tokens
from hydrophone.storage.queries.json_list import as_json

Kind = Literal["artist", "album", "track"]
KINDS: tuple[Kind, ...] = get_args(Kind)

MAX_TOKENS = 16
"""More words than that do not make a query more precise, only slower."""
_MAX_NAMES = 500
_BEHIND_ALL = "\U0010ffff"


def put(connection: Connection, kind: Kind, texts: Mapping[str, str]) -> None:
    """Index things {id: text of `folding.index_text`}, replacing what they had."""
    if texts:
        # Not by SQLAlchemy, whose care for each row takes as long as SQLite's work on it.
        connection.exec_driver_sql(
            f"INSERT OR REPLACE INTO search_{kind} (rowid, text) "  # noqa: S608 - kind is a Literal
            f"SELECT row, ? FROM {kind} WHERE id = ?",
            [(document, identifier) for identifier, document in texts.items()],
        )


def remove(connection: Connection, kind: Kind, rows: Iterable[int]) -> None:
    """Take documents out of the index."""
    values = [{"row": row} for row in rows]
    if values:
        connection.execute(text(f"DELETE FROM search_{kind} WHERE rowid = :row"), values)  # noqa: S608 - kind is a Literal


def optimize(connection: Connection, kind: Kind) -> None:
    """Join the parts of an index that many transactions have left; searches take a third less.

    Writes the whole index, in 0.2 s for 100,000 tracks.
    """
    connection.exec_driver_sql(
        f"INSERT INTO search_{kind} (search_{kind}) VALUES ('optimize')"  # noqa: S608 - kind is a Literal
    )


def query_match(query: str) -> str:
    """Return what the index is asked for all words of a query; empty if there is none in it."""
    tokens = [token for word in query_words(query) for token in word_tokens(word)][:MAX_TOKENS]
    return _all(f'"{token}"*' for token in tokens) if tokens else ""


def find(
    connection: Connection,
    kind: Kind,
    query: str,
    *,
    libraries: Collection[int],
    offset: int,
    limit: int,
) -> list[int]:
    """Return rows of things that match, a window of a stable order.

    Only what lies in one of `libraries` and is not missing is found. A query without a single
    letter, number or symbol finds nothing.
    """
    match = query_match(query)
    if not match or not libraries or limit <= 0:
        return []
    scope = _scope(kind, libraries)
    name = name_key(query)
    names = _rows(
        connection,
        f"SELECT {kind}.row FROM {kind} WHERE {kind}.name_key >= :name "  # noqa: S608 - constants and integers
        f"AND {kind}.name_key < :behind AND {scope} "
        f"ORDER BY {kind}.name_key, {kind}.row LIMIT :limit",
        {
            "name": name,
            "behind": name + _BEHIND_ALL,
            "limit": min(offset + limit, _MAX_NAMES),
        },
    )
    window = names[offset : offset + limit]
    if len(window) == limit:
        return window
    return window + _matching(
        connection,
        kind,
        match,
        scope,
        besides=names,
        offset=max(0, offset - len(names)),
        limit=limit - len(window),
    )


def found_among(
    connection: Connection,
    kind: Kind,
    query: str,
    identifiers: Collection[str],
    *,
    libraries: Collection[int],
) -> set[str]:
    """Return which of these ids `find` would find, on whichever page."""
    tokens = [token for word in query_words(query) for token in word_tokens(word)][:MAX_TOKENS]
    if not tokens or not libraries:
        return set()
    name = name_key(query)
    rows = connection.execute(
        text(
            f"SELECT {kind}.id FROM {kind} "  # noqa: S608 - constants and integers
            f"WHERE {kind}.id IN (SELECT value FROM json_each(:ids)) "
            f"AND {_scope(kind, libraries)} "
            f"AND ({kind}.name_key >= :name AND {kind}.name_key < :behind OR {kind}.row IN "
            f"(SELECT rowid FROM search_{kind} WHERE search_{kind} MATCH :match))"
        ),
        {
            "ids": as_json(identifiers),
            "name": name,
            "behind": name + _BEHIND_ALL,
            "match": _all(f'"{token}"*' for token in tokens),
        },
    )
    return {row[0] for row in rows}


def find_corrected(
    connection: Connection,
    kind: Kind,
    correction: Correction,
    *,
    libraries: Collection[int],
    limit: int,
) -> list[int]:
    """Return rows of what matches a corrected query, what is nearest to it first.

    Names that are the corrected query come before the rest; what is found, and in which order,
    does not depend on `limit`.
    """
    if not libraries or limit <= 0:
        return []
    scope = _scope(kind, libraries)
    found = _rows(
        connection,
        f"SELECT {kind}.row FROM {kind} WHERE {kind}.name_key IN "  # noqa: S608 - constants and integers
        f"(SELECT value FROM json_each(:names)) AND {scope} "
        f"ORDER BY {kind}.name_key, {kind}.row LIMIT :limit",
        {"names": as_json(correction.names), "limit": limit},
    )
    for choices in correction.attempts:
        if len(found) < limit:
            found += _matching(
                connection,
                kind,
                _all(map(_any, choices)),
                scope,
                besides=found,
                offset=0,
                limit=limit - len(found),
            )
    return found


def _matching(
    connection: Connection,
    kind: Kind,
    match: str,
    scope: str,
    *,
    besides: Collection[int],
    offset: int,
    limit: int,
) -> list[int]:
    # Empty is right: SQLite takes `NOT IN ()`, and nothing at all is not in a list with NULL.
    taken = ",".join(map(str, besides))
    return _rows(
        connection,
        f"SELECT {kind}.row FROM search_{kind} JOIN {kind} ON {kind}.row = search_{kind}.rowid "  # noqa: S608 - constants and integers
        f"WHERE search_{kind} MATCH :match AND {scope} AND {kind}.row NOT IN ({taken}) "
        f"ORDER BY search_{kind}.rowid LIMIT :limit OFFSET :offset",
        {"match": match, "limit": limit, "offset": offset},
    )


def _any(choice: Choice) -> str:
    alternatives = (_all(f'"{token}"*' for token in tokens) for tokens in choice)
    return f"({' OR '.join(alternatives)})"


def _all(matches: Iterable[str]) -> str:
    return f"({' AND '.join(matches)})"


def _rows(connection: Connection, statement: str, values: dict[str, object]) -> list[int]:
    # Not by `text`: reading a statement takes SQLAlchemy as long as running it takes SQLite.
    return [row[0] for row in connection.exec_driver_sql(statement, values)]


def _scope(kind: Kind, libraries: Collection[int]) -> str:
    return _SCOPE[kind].format(libraries=",".join(str(int(library)) for library in libraries))


_SCOPE = {
    "artist": (
        "(EXISTS (SELECT 1 FROM album_artist JOIN album ON album.id = album_artist.album_id "
        "WHERE album_artist.artist_id = artist.id AND album.track_count > 0 "
        "AND album.library_id IN ({libraries})) "
        "OR EXISTS (SELECT 1 FROM track_artist JOIN track ON track.id = track_artist.track_id "
        "WHERE track_artist.artist_id = artist.id AND track.missing_since IS NULL "
        "AND track.library_id IN ({libraries})) "
        "OR EXISTS (SELECT 1 FROM remote_artist WHERE remote_artist.id = artist.id "
        "AND remote_artist.library_id IN ({libraries})))"
    ),
    "album": "album.track_count > 0 AND album.library_id IN ({libraries})",
    "track": "track.missing_since IS NULL AND track.library_id IN ({libraries})",
}
