"""Which words of a query are taken for mistyped, and what is looked for instead."""

from hydrophone.storage.correction import Choice, Correction, correct
from hydrophone.storage.vocabulary import Vocabulary

WORDS = Vocabulary(sorted(["motorhead", "overkill", "motor", "stone", "stove", "queens"]))


def nearest(query: str) -> list[list[str]]:
    """Return the words of the first attempt, for each word of the query."""
    correction = correct(WORDS, query)
    assert correction is not None
    return [[" ".join(tokens) for tokens in choice] for choice in correction.attempts[0]]


def test_only_the_unknown_word_is_replaced() -> None:
    assert nearest("motorhaed overkill") == [["motorhead"], ["overkill"]]
    assert nearest("motorhaed overkil 99") == [["motorhead"], ["overkil"], ["99"]]
    assert nearest("motorhaed oevrkill") == [["motorhead"], ["overkill"]]


def test_any_of_known_words_may_be_the_wrong_one() -> None:
    assert nearest("queens stone") == [["queens"], ["stone", "stove"]]
    assert nearest("stone motor") == [["stone", "stove"], ["motor"]]


def test_a_short_word_that_is_known_is_meant() -> None:
    assert correct(WORDS, "stov") is None
    assert sorted(nearest("stoe")[0]) == ["stone", "stove"]


def test_names_are_the_query_but_for_a_word() -> None:
    correction = correct(WORDS, "The Stnoe!")
    assert isinstance(correction, Correction)
    assert correction.names == ("the stone",)


def test_what_begins_a_word_is_a_second_attempt() -> None:
    correction = correct(WORDS, "motrohe")
    assert correction is not None
    assert correction.attempts == (((("motorhe",),),),)
    correction = correct(WORDS, "motoe")
    assert correction is not None
    assert correction.attempts == (((("motor",),),), ((("motor",), ("moto",)),))


def test_a_word_near_to_nothing_spoils_the_query() -> None:
    for query in ("xyzzy", "motorhaed xyzzy", "stone xyzzy", "99 2112", "ab", "", "!!!"):
        assert correct(WORDS, query) is None, query


def test_scripts_without_spaces_may_lack_neighbours() -> None:
    def pairs(choice: Choice) -> set[str]:
        return {"".join(tokens) for tokens in choice}

    correction = correct(WORDS, "アジアンカ")
    assert correction is not None
    (likely,), (unlikely,) = correction.attempts
    assert pairs(likely) == {"アンンカ", "アジンカ", "アジジア"}
    assert pairs(unlikely) == {"ンカ", "アジ"}
    assert correction.names == ()
    assert correct(WORDS, "東京事") is None


def test_everything_is_bounded() -> None:
    assert correct(WORDS, "stnoe " * 9) is None
    assert correct(WORDS, "stnoe stnoes stonee oevrkill") is None
    correction = correct(WORDS, "東京事変の歌舞伎町の女王様" * 20)
    assert correction is not None
    tokens = [len(tokens) for (choice,) in correction.attempts for tokens in choice]
    assert sum(tokens) <= 200
    for nonsense in ("q" * 60, " ".join(f"word{n}" for n in range(200)), "🎵" * 60, "x" * 10_000):
        assert correct(WORDS, nonsense) is None
