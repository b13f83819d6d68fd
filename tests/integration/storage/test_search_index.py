"""Search over real rows: what is found, in which order, by whom."""

import pytest
from sqlalchemy import Connection, select
from tests.integration.storage.searching import find, row_of

from hydrophone.domain.ids import LibraryId
from hydrophone.domain.units import Timestamp
from hydrophone.storage.connection import transaction
from hydrophone.storage.queries import catalogue, inventory
from hydrophone.storage.search_index import Kind
from hydrophone.storage.tables.music import track
from hydrophone.testing.factories import fill_library, make_album, make_track


def test_each_word_must_be_found(connection: Connection) -> None:
    with transaction(connection):
        fill_library(connection, [make_track("Jóga", artist="Björk"), make_track("Yoga")])
    assert find(connection, "joga bjork") == find(connection, "joga") != []
    assert find(connection, "joga bach") == []


@pytest.fixture
def ones(connection: Connection) -> Connection:
    with transaction(connection):
        fill_library(connection, [make_track(f"Onerous {n}") for n in range(200)])
        fill_library(connection, [make_track("One", artist=f"Artist {n}") for n in range(5)])
        fill_library(connection, [make_track("one", artist="Last")])
    return connection


def test_exact_titles_come_first(ones: Connection) -> None:
    exact = list(
        ones.execute(
            select(track.c.row).where(track.c.name_key == "one").order_by(track.c.row)
        ).scalars()
    )
    assert len(exact) == 6
    for query in ("one", "One", " ONE  "):
        assert find(ones, query)[:6] == exact


def test_names_that_begin_with_the_query_come_before_those_with_it_inside(
    connection: Connection,
) -> None:
    titles = ["The One", "Onerous", "One More", "One", "Alone", "Song of One"]
    with transaction(connection):
        fill_library(connection, [make_track(title) for title in titles])
    ranked = ["One", "One More", "Onerous", "The One", "Song of One"]
    assert find(connection, "one") == [row_of(connection, "track", title) for title in ranked]


@pytest.mark.parametrize("size", [1, 4, 6, 7, 50, 500])
def test_no_page_repeats_another(ones: Connection, size: int) -> None:
    """Windows that begin within, just behind and beyond the exact titles."""
    paged = [
        row
        for offset in range(0, 300, size)
        for row in find(ones, "one", offset=offset, limit=size)
    ]
    assert paged == find(ones, "one", limit=1_000)
    assert len(set(paged)) == 206
    assert find(ones, "one", offset=206) == []


def test_an_empty_window_is_empty(ones: Connection) -> None:
    assert find(ones, "one", limit=0) == []
    assert find(ones, "one", limit=-1) == []


def test_only_visible_libraries_are_searched(connection: Connection) -> None:
    with transaction(connection):
        fill_library(connection, [make_track("Duo", artist="First", album="Duo One")])
        second = make_track("Duo", artist="Second", album="Duo Two", library_id=LibraryId(2))
        fill_library(connection, [second])
    kinds: tuple[Kind, ...] = ("track", "album")
    for kind in kinds:
        assert [len(find(connection, "duo", kind=kind, libraries=[n])) for n in (1, 2, 3)] == [
            1,
            1,
            0,
        ]
        assert len(find(connection, "duo", kind=kind, libraries=[1, 2])) == 2
        assert find(connection, "duo", kind=kind, libraries=[]) == []
    assert len(find(connection, "first", kind="artist", libraries=[1])) == 1
    assert find(connection, "first", kind="artist", libraries=[2]) == []


def test_what_is_missing_is_not_found(connection: Connection) -> None:
    gone = make_track("Gone", artist="Nobody", album="Nowhere")
    with transaction(connection):
        fill_library(connection, [gone])
    assert len(find(connection, "gone")) == 1
    with transaction(connection):
        inventory.forget_origins(connection, [f"1/{gone.path}"])
        inventory.mark_missing(connection, [gone.id], Timestamp(1))
        catalogue.put_album(
            connection, "nowhere", make_album("Nowhere", artist="Nobody", track_count=0)
        )
    assert find(connection, "gone") == []
    assert find(connection, "nowhere", kind="album") == []
    assert find(connection, "nobody", kind="artist") == []


def test_a_new_name_replaces_the_old_one(connection: Connection) -> None:
    song = make_track("Before")
    with transaction(connection):
        fill_library(connection, [song])
        fill_library(connection, [make_track("After", id=song.id)])
    assert find(connection, "before") == []
    assert len(find(connection, "after")) == 1


def test_the_index_asks_for_nothing_that_our_oldest_sqlite_lacks(connection: Connection) -> None:
    """`contentless_delete` came with 3.43."""
    sql = "SELECT sql FROM sqlite_master WHERE name LIKE 'search_%' AND sql LIKE 'CREATE VIRTUAL%'"
    tables = connection.exec_driver_sql(sql).scalars().all()
    assert len(tables) == 3
    assert not any("content" in table for table in tables)
