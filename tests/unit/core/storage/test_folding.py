"""Folding: what people take for the same text becomes the same, what they do not stays apart."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hydrophone.storage.folding import (
    MAX_LENGTH,
    fold,
    index_text,
    is_unspaced,
    name_key,
    query_words,
    word_tokens,
)

ANY_TEXT = st.text(st.characters(), max_size=60)


def query_tokens(text: str) -> list[str]:
    return [token for word in query_words(text) for token in word_tokens(word)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Björk", "BJORK"),
        ("Björk", unicodedata.normalize("NFD", "björk")),
        ("Сергей", "СЕРГЕЙ"),
        ("Άλκηστις", "αλκηστισ"),
        ("Straße", "STRASSE"),
        ("İstanbul", "istanbul"),
        ("ＡＢＢＡ", "abba"),  # noqa: RUF001 - full width on purpose
        ("ﾋｶﾙ", "ヒカル"),
        ("Ⅳ", "iv"),
        ("\ufeffBom", "Bom"),
        ("Bo\u200bm\u200e", "Bom"),
        ("\u202aBom\u202c", "\u2067bom\u2069"),
    ],
)
def test_spellings_of_one_name(one: str, other: str) -> None:
    assert fold(one) == fold(other)
    assert name_key(f" {one}  x ") == name_key(f"{other} x")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ガ", "カ"),
        ("バス", "パス"),
        ("の", "ノ"),  # noqa: RUF001 - the letter is meant
        ("कि", "की"),
        ("שָׁלוֹם", "שלום"),
        ("!!!", "!!"),
        ("+/-", "-/+"),
        ("∆", "∇"),
        ("AC/DC", "AC DC"),
        ("\u200b", "\u2060"),
        ("👩\u200d🎤", "👩🎤"),
    ],
)
def test_different_names_stay_different(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


def test_a_name_is_never_empty() -> None:
    for name in ("!!!", "+/-", "∆", "...", " ", "\u0301", "\u200b", "\x00", "\ud800", "🎵"):
        assert name_key(name), repr(name)


def test_words_are_cut_where_the_script_has_words() -> None:
    assert query_words("AC/DC, don't!") == ["ac", "dc", "don", "t"]
    assert query_words("東京2020 YOASOBI群青") == ["東京", "2020", "yoasobi", "群青"]
    assert query_words("कहानी") == ["कहानी"]
    assert query_words("") == query_words("  \n") == []


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("مُحَمَّد", "محمد"),
        ("محـــمد", "محمد"),
        ("أم كلثوم", "ام كلثوم"),
        ("إلى الآن", "الي الان"),
        ("مؤتمر هيئة", "موتمر هييه"),
        ("ٱلرحمٰن", "الرحمن"),
        ("شیرین کامکار", "شيرين كامكار"),
        ("שָׁלוֹם", "שלום"),
        ("בְּרֵאשִׁ֖ית", "בראשית"),
        ("ﻣﺤﻤﺪ", "محمد"),
    ],
)
def test_what_arabic_and_hebrew_may_leave_out_is_not_looked_for(written: str, typed: str) -> None:
    assert query_words(written) == typed.split()
    assert set(typed.split()) <= set(index_text(written).split())
    assert name_key(written) != name_key(typed) or written == "ﻣﺤﻤﺪ"


def test_arabic_is_found_by_each_transliteration_of_it() -> None:
    assert {"fyrwz"} <= set(index_text("فيروز").split())
    assert {"mhmd", "muhamad"} <= set(index_text("مُحَمَّد").split())


@pytest.mark.parametrize(("one", "other"), [("कि", "की"), ("ガ", "カ"), ("ลู", "ลุ"), ("ܒܳ", "ܒ")])
def test_marks_of_other_scripts_are_looked_for(one: str, other: str) -> None:
    assert query_words(one) != query_words(other)


def test_a_name_of_nothing_but_points_can_be_looked_for() -> None:
    assert query_words("ـ") == ["ـ"]


@pytest.mark.parametrize(
    ("word", "tokens"),
    [
        ("東京事変", ["東京", "京事", "事変"]),
        ("佐々木", ["佐々", "々木"]),
        ("봄날", ["봄날"]),
        ("ลูก", ["ลู", "ูก"]),
        ("ガ", ["ガ"]),
        ("कहानी", ["कहानी"]),
        ("bjork", ["bjork"]),
    ],
)
def test_where_the_script_has_no_words_pairs_are_tokens(word: str, tokens: list[str]) -> None:
    assert query_words(word) == [word]
    assert word_tokens(word) == tokens
    assert is_unspaced(word) == (word not in {"कहानी", "bjork"})


def test_the_last_letter_of_a_word_without_spaces_can_be_looked_for() -> None:
    assert index_text("東京").split()[:2] == ["東京", "京"]


def test_a_name_without_letters_is_written_in_letters_of_its_own() -> None:
    (bangs,) = query_tokens("!!!")
    (more,) = query_tokens("!!!!")
    assert more.startswith(bangs)
    assert all(unicodedata.category(letter) == "Co" for letter in bangs)
    assert query_tokens("?!") != query_tokens("!?")


def test_the_index_has_more_than_the_words() -> None:
    assert index_text("AC/DC").split() == ["ac", "dc", "acdc"]
    assert "bjork" in index_text("Björk").split()
    assert "kino" in index_text("Кино").split()
    assert "bomnal" in index_text("봄날").split()
    assert index_text("One", "one", "ONE") == "one"
    assert index_text("P!nk").split() == ["p", "nk", "pnk", "pink"]
    assert index_text("Wow! !!").split() == ["wow"]
    assert {"kesha", "asap"} <= set(index_text("Ke$ha", "A$AP").split())
    assert index_text() == index_text("") == ""


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("宇多田ヒカル", ["yuduotianhikaru", "hikaru"]),
        ("涙のライブ", ["leinoraibu", "no", "raibu"]),
        ("らーメン", ["ramen", "men"]),
        ("YOASOBI群青", ["yoasobi", "yoasobiqunqing", "qunqing"]),
        ("2NE1내가", ["2ne1", "2ne1naega", "naega"]),
        ("宇多田 ヒカル", ["yuduotian", "hikaru"]),
        ("봄날", ["bomnal"]),
    ],
)
def test_each_script_within_a_word_is_transliterated(text: str, tokens: list[str]) -> None:
    """The first one too, as the beginning of the whole."""
    latin = [token for token in index_text(text).split() if token.isascii()]
    assert sorted(latin) == sorted(tokens)


@given(ANY_TEXT)
@example("\u0345")
@example("ΐ")
@example("\u200b \ufeff")
def test_folding_twice_is_folding_once(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded[:MAX_LENGTH]
    assert name_key(name_key(text)) == name_key(text)


@given(ANY_TEXT)
def test_any_text_can_be_folded(text: str) -> None:
    assert bool(name_key(text)) == bool(text)
    assert query_tokens(text) or not text.strip()
    for written in (name_key(text), index_text(text), *query_tokens(text)):
        written.encode()


@given(ANY_TEXT)
def test_what_is_asked_for_is_in_the_index(text: str) -> None:
    assert set(query_tokens(text)) <= set(index_text(text).split())


@given(ANY_TEXT)
def test_tokens_hold_nothing_that_means_something_to_the_search(text: str) -> None:
    for token in query_tokens(text):
        assert all(unicodedata.category(c)[0] in "LMN" or "\ue000" <= c <= "\uf8ff" for c in token)


def test_spam_is_looked_at_only_in_part() -> None:
    assert len(fold("x" * 1_000_000)) == MAX_LENGTH
    assert len(name_key("é" * 1_000_000)) == MAX_LENGTH
