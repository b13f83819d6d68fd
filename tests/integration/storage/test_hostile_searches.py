"""No query can break the search, nor what is made of it to correct it."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection
from tests.integration.storage.searching import find

from hydrophone.storage import search_index
from hydrophone.storage.correction import Correction, correct
from hydrophone.storage.search_index import Kind
from hydrophone.storage.vocabulary import Vocabulary, load_vocabulary


@pytest.fixture(scope="module")
def vocabulary(every_script: Connection, migrated: Path) -> Vocabulary:
    return load_vocabulary(migrated.with_name("every-script.db"))


def find_corrected(connection: Connection, correction: Correction, limit: int = 200) -> list[int]:
    return search_index.find_corrected(connection, "track", correction, libraries=(1,), limit=limit)


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
