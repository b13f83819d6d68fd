"""Search over real rows: every script is found, and no query can break it."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select
from sqlalchemy.exc import OperationalError

from hydrophone.domain.ids import LibraryId
from hydrophone.domain.units import Timestamp
from hydrophone.storage import search_index
from hydrophone.storage.connection import connect, transaction
from hydrophone.storage.correction import Correction, correct
from hydrophone.storage.queries import catalogue, inventory
from hydrophone.storage.search_index import Kind
from hydrophone.storage.tables.music import album, artist, track
from hydrophone.storage.vocabulary import Vocabulary, load_vocabulary
from hydrophone.testing.factories import fill_library, make_album, make_artist, make_track

FOUND_BY = [
    ("कहानी", "कहानी"),
    ("कहानी", "कहा"),
    ("Björk", "bjork"),
    ("Jóga", "joga"),
    ("AC/DC", "ac dc"),
    ("AC/DC", "ac/dc"),
    ("AC/DC", "AC/DC"),
    ("AC/DC", "acdc"),
    ("Don't Stop", "don't"),
    ("Don\N{RIGHT SINGLE QUOTATION MARK}t Stop", "don't"),
    ("Don't Stop", "don\N{RIGHT SINGLE QUOTATION MARK}t"),
    ("Don't Stop", "dont"),
    ("Don\N{RIGHT SINGLE QUOTATION MARK}t Stop", "dont"),
    ("R.E.M.", "R.E.M."),
    ("R.E.M.", "rem"),
    ("Sigur Rós", "sigur ros"),
    ("東京事変", "東京"),
    ("群青", "群青"),
    ("YOASOBI 群青", "群青"),
    ("宇多田ヒカル", "ヒカル"),
    ("Кино", "kino"),
    ("Кино", "кино"),
    ("فيروز", "fyrwz"),
    ("فيروز", "فيروز"),
    ("봄날", "봄날"),
    ("봄날", "bomnal"),
    ("ลูกทุ่ง", "ลูก"),
    ("ลูกทุ่ง", "ทุ่ง"),
    ("P!nk", "P!nk"),
    ("P!nk", "pink"),
    ("Motörhead", "motorhead"),
    ("99 Luftballons", "99 luft"),
    ("!!!", "!!!"),
    ("+/-", "+/-"),
    ("∆", "∆"),
    ("Straße", "strasse"),
    ("Ἀθήνα", "αθηνα"),
    ("ﬁnale", "finale"),
]
NOISE = ["Other", "Something Else", "Ганг", "夜", "여름", "हम", "--", "?", "Abba", "Zz Top 12"]


def row_of(connection: Connection, kind: Kind, name: str) -> int:
    """Return the row of what the factories make of a name."""
    table, identifier = {
        "artist": (artist, make_artist(name).id),
        "album": (album, make_album(name).id),
        "track": (track, make_track(name).id),
    }[kind]
    statement = select(table.c.row).where(table.c.id == identifier)
    return int(connection.execute(statement).scalar_one())


def find(
    connection: Connection,
    query: str,
    *,
    kind: Kind = "track",
    libraries: Iterable[int] = (1,),
    offset: int = 0,
    limit: int = 200,
) -> list[int]:
    return search_index.find(
        connection, kind, query, libraries=tuple(libraries), offset=offset, limit=limit
    )


@pytest.fixture(scope="module")
def every_script(migrated: Path) -> Iterable[Connection]:
    """A library with each of the names as title, as album and as artist, among others."""
    path = migrated.with_name("every-script.db")
    path.write_bytes(migrated.read_bytes())
    names = dict.fromkeys([*(name for name, _ in FOUND_BY), *NOISE])
    with connect(path, durable=False) as connection:
        with transaction(connection):
            fill_library(connection, [make_track(name) for name in names])
            fill_library(connection, [make_track("Song", album=name) for name in names])
            fill_library(connection, [make_track("Song", artist=name) for name in names])
        yield connection


@pytest.fixture(scope="module")
def vocabulary(every_script: Connection, migrated: Path) -> Vocabulary:
    return load_vocabulary(migrated.with_name("every-script.db"))


def find_corrected(connection: Connection, correction: Correction, limit: int = 200) -> list[int]:
    return search_index.find_corrected(connection, "track", correction, libraries=(1,), limit=limit)


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


HOSTILE = [
    '"',
    '""',
    "'",
    '" OR "',
    'one" OR "two',
    "NEAR(one two)",
    "one AND",
    "AND",
    "OR NOT",
    "*",
    "one*",
    "^one",
    "text:one",
    "rowid:1",
    "-one",
    "{one two}:three",
    "(",
    ")))",
    "\\",
    ";DROP TABLE track;--",
    "%",
    "_",
    "\0",
    "one\0two",
    "\0\0",
    "\ud800",
    "one \udcff two",
    "\U0001f3b5",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 family",
    "\ufeff\u200b\u202e",
    "\ue000\uf8ff",
    "\u0301\u0301\u0301",
    "e" + "\u0301" * 500,
    "\ufdfa" * 1_000,
    "x" * 10_000,
    "x " * 5_000,
    "群" * 10_000,
    "a/" * 5_000,
    "\n\t\r",
]


@pytest.mark.parametrize("query", HOSTILE, ids=range(len(HOSTILE)))
def test_no_query_breaks_the_search(
    every_script: Connection, vocabulary: Vocabulary, query: str
) -> None:
    kinds: tuple[Kind, ...] = ("artist", "album", "track")
    for kind in kinds:
        assert isinstance(find(every_script, query, kind=kind), list)
    if (correction := correct(vocabulary, query)) is not None:
        assert isinstance(find_corrected(every_script, correction), list)


@settings(deadline=None, max_examples=300)
@given(query=st.text(st.characters(), max_size=40))
def test_no_text_breaks_the_search(
    every_script: Connection, vocabulary: Vocabulary, query: str
) -> None:
    assert isinstance(find(every_script, query), list)
    if (correction := correct(vocabulary, query)) is not None:
        assert isinstance(find_corrected(every_script, correction), list)


def test_the_largest_correction_is_no_larger_than_sqlite_takes(every_script: Connection) -> None:
    word = tuple((f"word{n}",) for n in range(80))
    pairs = tuple(tuple(f"{n}{at}" for at in range(8)) for n in range(9))
    correction = Correction(
        names=tuple(f"name {n}" for n in range(120)), attempts=((word, word, word, pairs, pairs),)
    )
    assert find_corrected(every_script, correction) == []


def test_what_is_nearest_comes_first_whatever_the_page(
    every_script: Connection, vocabulary: Vocabulary
) -> None:
    correction = correct(vocabulary, "sogn")
    assert correction is not None
    everything = find_corrected(every_script, correction)
    assert len(everything) == len(set(everything)) > 50
    for limit in (0, 1, 2, 30, len(everything)):
        assert find_corrected(every_script, correction, limit) == everything[:limit]


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


def test_the_index_asks_for_nothing_that_our_oldest_sqlite_lacks(connection: Connection) -> None:
    """`contentless_delete` came with 3.43."""
    sql = "SELECT sql FROM sqlite_master WHERE name LIKE 'search_%' AND sql LIKE 'CREATE VIRTUAL%'"
    tables = connection.exec_driver_sql(sql).scalars().all()
    assert len(tables) == 3
    assert not any("content" in table for table in tables)


@settings(
    deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(title=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20))
def test_any_title_finds_itself(connection: Connection, title: str) -> None:
    with transaction(connection):
        fill_library(connection, [make_track(title)])
    if title.strip():
        assert row_of(connection, "track", title) in find(connection, title, limit=1_000)
