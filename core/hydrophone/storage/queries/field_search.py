"""The search of Subsonic 1.0: tracks by words in single fields."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Connection, Integer, column, select, table, text

from hydrophone.domain.search import FieldQuery
from hydrophone.storage.queries.json_document import as_list, numbers
from hydrophone.storage.queries.rule_texts import normal, text_matches
from hydrophone.storage.queries.tracks import is_there
from hydrophone.storage.search_index import query_match
from hydrophone.storage.tables.music import track

_MOST = 5000
"""Tracks that are looked at: some 30 ms."""
_LONGEST_FIELD = 500
_MOST_WORDS = 10
"""Of a field; whoever looks for more will not miss the rest."""

_FIELDS = ("artist", "album", "title")
_SEARCH = table("search_track", column("rowid", Integer))


def rows(connection: Connection, libraries: Collection[int], query: FieldQuery) -> Sequence[int]:
    """Return rows of the tracks that have all words of a query in its fields, by title.

    The search index says which tracks have words that begin with them at all, and of more than
    5,000 only those that came last are looked at: to look into each track of a library for a part
    of a word takes a second.
    """
    words = {field: _words(getattr(query, field)) for field in (*_FIELDS, "any")}
    everywhere = [word for those in words.values() for word in those]
    candidates = select(_SEARCH.c.rowid.label("row"))
    if everywhere:
        match = query_match(" ".join(everywhere))
        if not match:
            return ()
        candidates = candidates.where(text("search_track MATCH :match").bindparams(match=match))
    newest = candidates.order_by(_SEARCH.c.rowid.desc()).limit(_MOST).subquery()
    statement = (
        select(track.c.row)
        .join_from(newest, track, track.c.row == newest.c.row)
        .where(
            is_there(libraries),
            *(_has(field, word) for field in _FIELDS for word in words[field]),
        )
        .order_by(track.c.name_key, track.c.row)
    )
    if query.newer_than is not None:
        statement = statement.where(track.c.created > query.newer_than)
    return numbers(connection, as_list(statement))


def _has(field: str, word: str) -> ColumnElement[bool]:
    part = normal(field, word)
    return text_matches(field, lambda tested: tested.contains(part, autoescape=True))


def _words(searched: str) -> list[str]:
    return searched[:_LONGEST_FIELD].split()[:_MOST_WORDS]
