"""Words near to one that was mistyped: in every script, and wherever the block ends."""

from itertools import pairwise

import pytest

from hydrophone.storage.vocabulary import Vocabulary


def vocabulary(*words: str) -> Vocabulary:
    return Vocabulary(sorted(set(words)))


@pytest.mark.parametrize(
    "typed",
    [
        "motorhaed",
        "omtorhead",
        "motorheda",
        "xotorhead",
        "motorheax",
        "motoxhead",
        "otorhead",
        "motrhead",
        "mmotorhead",
        "motorheadd",
        "mottorhead",
    ],
)
def test_one_mistake_anywhere(typed: str) -> None:
    words, _ = vocabulary("motorhead", "motor", "head", "mother").near(typed)
    assert words == ["motorhead"]


@pytest.mark.parametrize(
    ("word", "typed"),
    [
        ("группа", "грыппа"),
        ("αθηνα", "αθινα"),
        ("فيروز", "فيرور"),
        ("कहानी", "कहाली"),
        ("ירושלים", "ירושילם"),
        ("თბილისი", "თბლისი"),
        ("blink182", "blink132"),
        ("smørrebrød", "smorrebrød"),
    ],
)
def test_every_script_has_its_letters(word: str, typed: str) -> None:
    others = ("other", "другое", "ωραια", "نور", "दुनिया", "שלום", "მთვარე", "track3", "alone")
    assert vocabulary(word, *others).near(typed)[0] == [word]


def test_two_mistakes_are_too_many() -> None:
    assert vocabulary("motorhead").near("mutorhaed") == ([], [])


def test_the_beginning_of_a_word_may_be_mistyped_too() -> None:
    words = vocabulary("motorhead", "motorcycle", "motor")
    assert words.near("mtoor") == (["motor"], [])
    assert words.near("motrohe") == ([], ["motorhe"])
    assert words.near("motorch") == ([], ["motorcy", "motorc", "motorh"])


def test_the_likeliest_come_first() -> None:
    words, _ = vocabulary("bored", "lored", "bore", "boredx", "bured").near("bored")
    assert words == ["bured", "bore", "lored"]


def test_a_word_is_not_near_to_itself_nor_to_what_it_begins() -> None:
    assert vocabulary("river", "rivers").near("river")[0] == []


def test_words_that_are_too_short_are_left_alone() -> None:
    words = vocabulary("one", "ones", "2112", "99luft")
    assert not words.knows("2112")
    assert not words.knows("one x")
    assert words.near("onse")[0] == ["ones"]
    assert words.near("ons") == words.near("2113") == words.near("") == ([], [])


def test_no_word_is_lost_between_blocks() -> None:
    everything = [f"{a}{b}{c}word" for a in "abcdefgh" for b in "klmnop" for c in "rstuvw"]
    words = vocabulary(*everything)
    for before, after in pairwise(everything):
        assert words.knows(before)
        assert words.knows(before[:2])
        assert before in words.near(before.replace("word", "wrod"))[0], after
    assert not words.knows("akq")
    assert not words.knows("zzz")
    assert not words.knows("aaa")


def test_there_may_be_no_words() -> None:
    assert vocabulary().near("anything") == ([], [])
    assert not vocabulary().knows("a")


def test_never_more_than_forty_are_near() -> None:
    letters = [chr(code) for code in range(ord("a"), ord("z") + 1)]
    words, beginnings = vocabulary(
        *(f"{letter}bcde" for letter in letters),
        *(f"a{letter}cde" for letter in letters),
        *(f"ab{letter}dexyz" for letter in letters),
        *(f"abc{letter}exyz" for letter in letters),
    ).near("abcde")
    assert (len(words), len(beginnings)) == (40, 40)


def test_nonsense_is_near_to_nothing() -> None:
    words = vocabulary("aaaaaaaaaa", "motorhead")
    for nonsense in ("a" * 1_000, "\ue000" * 10, "motorhead" * 7, "\n\n\n\n\n", "🎵🎵🎵🎵🎵"):
        assert words.near(nonsense) == ([], [])
