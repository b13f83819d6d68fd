"""The order of names is the one in which people look for them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hydrophone.domain.collation import IGNORED_ARTICLES, index_letter, sort_key


def in_order(*names: str) -> list[str]:
    return sorted(names, key=sort_key)


def test_articles_accents_and_case_do_not_count() -> None:
    shelf = ["ABBA", "The Beatles", "beirut", "Björk", "bonobo", "Los Lobos", "Élan", "La Femme"]
    expected = ["ABBA", "The Beatles", "beirut", "Björk", "bonobo", "Élan", "La Femme", "Los Lobos"]
    assert in_order(*reversed(shelf)) == expected


@pytest.mark.parametrize("name", [*IGNORED_ARTICLES.split(), "The", "the ", "Them", "Lasse"])
def test_an_article_alone_is_a_name(name: str) -> None:
    assert sort_key(name) == name.casefold().strip()


def test_only_the_first_article_goes() -> None:
    assert sort_key("The The") == "the"
    assert sort_key("A The Name") == "the name"


def test_the_sort_name_of_the_tags_wins() -> None:
    assert sort_key("The Beatles", "Zebras") == "zebras"
    assert sort_key("David Bowie", "Bowie, David") == "bowie, david"
    assert sort_key("Name", "The Sort Name") == "the sort name"


def test_numbers_sort_by_value() -> None:
    parts = ["Part 2", "Part 10", "Part 10b", "Part 100"]
    assert in_order(*reversed(parts)) == parts
    assert in_order("1989", "99 Luftballons", "2 Unlimited") == [
        "2 Unlimited",
        "99 Luftballons",
        "1989",
    ]
    assert sort_key("\N{FULLWIDTH DIGIT TWO}") == sort_key("2")


def test_digits_come_first_and_other_scripts_last() -> None:
    shelf = ["2 Unlimited", "10cc", "99", "Äa", "Ab", "Øa", "Ob", "Zed", "Ελλάς", "Кино", "東京"]
    assert in_order(*reversed(shelf)) == shelf
    assert sort_key("\N{ARABIC-INDIC DIGIT TWO}") == sort_key("2")


def test_letters_with_strokes_and_ligatures_are_beside_their_bases() -> None:
    shelf = ["Aerosmith", "Ærzte", "Daft", "Đorđe", "Łona", "Low", "Þeyr"]
    assert in_order(*reversed(shelf)) == shelf
    assert in_order("ヒ", "ひ", "ハ", "は", "フ") == ["ハ", "は", "ヒ", "ひ", "フ"]


def test_what_stands_before_a_name_does_not_count() -> None:
    assert sort_key('"Weird Al" Yankovic').startswith("weird")
    assert sort_key("(The) Beatles").startswith("the)")
    assert sort_key("“The Beatles”").startswith("beatles")
    assert sort_key("...And Justice") == "and justice"
    assert sort_key("...") == "..."
    assert sort_key("!!!") == "!!!"


def test_numbers_of_any_length_have_a_place() -> None:
    assert sort_key("9" * 10_000).startswith("9")


@pytest.mark.parametrize(
    ("name", "letter"),
    [
        ("ABBA", "A"),
        ("the beatles", "B"),
        ("Élan", "E"),
        ("ßtrange", "S"),
        ("Ⅳ", "I"),
        ("99 Luftballons", "#"),
        ("Øyvind", "O"),
        ("Æther", "A"),
        ("(G)I-DLE", "G"),
        ("²", "#"),
        ("!!!", "#"),
        ("+/-", "#"),
        ("", "#"),
        (" ", "#"),
        ("\u0301", "#"),
        ("Кино", "К"),  # noqa: RUF001 - the Cyrillic letter
        ("東京事変", "東"),
        ("فيروز", "ف"),
        ("कहानी", "क"),
        ("The 1975", "#"),
    ],
)
def test_headings(name: str, letter: str) -> None:
    assert index_letter(name) == letter


def test_a_heading_follows_the_sort_name() -> None:
    assert index_letter("David Bowie", "Bowie, David") == "B"


@given(st.text(st.characters(), max_size=40), st.text(st.characters(), max_size=10))
def test_any_name_has_a_place(name: str, sort_name: str) -> None:
    sort_key(name, sort_name)
    assert len(index_letter(name, sort_name)) == 1
