"""Search in every script, while it is typed."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError
from tests.integration.storage.searching import FOUND_BY, find, row_of

from hydrophone.storage.connection import transaction
from hydrophone.storage.search_index import Kind
from hydrophone.testing.factories import fill_library, make_track


def prefixes(query: str) -> list[str]:
    """All beginnings of a query that somebody may have typed so far."""
    return [query[:length] for length in range(1, len(query) + 1)]


@pytest.mark.parametrize(("title", "query"), FOUND_BY)
def test_a_title_is_found_while_it_is_typed(
    every_script: Connection, title: str, query: str
) -> None:
    row = row_of(every_script, "track", title)
    for typed in prefixes(query):
        assert row in find(every_script, typed), typed


@pytest.mark.parametrize(("name", "query"), FOUND_BY)
def test_albums_and_artists_are_found_too(every_script: Connection, name: str, query: str) -> None:
    kinds: tuple[Kind, ...] = ("album", "artist")
    for kind in kinds:
        row = row_of(every_script, kind, name)
        for typed in prefixes(query):
            assert row in find(every_script, typed, kind=kind), (kind, typed)


def test_what_does_not_match_is_not_found(every_script: Connection) -> None:
    for query in ("bjirk", "東南", "京東", "กลู", "ac zc", "!?!", "кина", "99 red", "ガ", "x" * 50):
        assert find(every_script, query) == [], query


def test_phrases_are_not_to_be_had_and_not_needed(every_script: Connection) -> None:
    """`detail=column` is half as large, and refuses what `AC/DC` would be to FTS5."""
    with pytest.raises(OperationalError, match="detail"):
        every_script.exec_driver_sql("SELECT rowid FROM search_track WHERE text MATCH '\"ac dc\"'")
    assert row_of(every_script, "track", "AC/DC") in find(every_script, '"ac dc"')


def test_words_with_vowel_signs_stay_whole(connection: Connection) -> None:
    """The tokenizer's own categories take the signs of Devanagari for punctuation."""

    def words(options: str) -> list[str]:
        connection.exec_driver_sql(f"CREATE VIRTUAL TABLE temp.texts USING fts5(text{options})")
        connection.exec_driver_sql("INSERT INTO temp.texts VALUES ('कहानी')")
        connection.exec_driver_sql(
            "CREATE VIRTUAL TABLE temp.words USING fts5vocab(temp, texts, row)"
        )
        found = connection.exec_driver_sql("SELECT term FROM temp.words").scalars().all()
        connection.exec_driver_sql("DROP TABLE temp.words")
        connection.exec_driver_sql("DROP TABLE temp.texts")
        return list(found)

    sql = "SELECT sql FROM sqlite_master WHERE name = 'search_track'"
    ours = str(connection.exec_driver_sql(sql).scalar_one())
    assert words("") == ["कह", "न"]
    assert words(ours[ours.index(", tokenize") : ours.rindex(")")]) == ["कहानी"]


@settings(
    deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(title=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20))
def test_any_title_finds_itself(connection: Connection, title: str) -> None:
    with transaction(connection):
        fill_library(connection, [make_track(title)])
    if title.strip():
        assert row_of(connection, "track", title) in find(connection, title, limit=1_000)
