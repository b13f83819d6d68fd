"""Rewrites a query that finds next to nothing by the words that are near to its own.

A word that begins no word of the library is what was mistyped, so it alone is replaced; where
each word is known, any of them may be the wrong one. In scripts without spaces there are no
words to compare with: some neighbouring letters may be anything instead.
"""

from msgspec import Struct

from hydrophone.storage.folding import is_unspaced, query_words, word_tokens
from hydrophone.storage.vocabulary import MIN_LENGTH, Vocabulary

Choice = tuple[tuple[str, ...], ...]
"""Alternatives: a document is to have all tokens of one of them, each as a word's beginning."""

_MAX_WORDS = 8
"""Whoever types more words than that has not just mistyped one."""
_MAX_CORRECTED = 3
_MAX_UNLIKELY = 64
"""Tokens to look for what is less likely meant: each takes SQLite some 20 microseconds."""
_MAX_PAIRS = 10
"""Pairs of letters that are looked at in a word of a script without spaces."""


class Correction(Struct, frozen=True, kw_only=True):
    """What was probably meant."""

    names: tuple[str, ...]
    """Names (by `folding.name_key`) that are the query but for one word."""
    attempts: tuple[tuple[Choice, ...], ...]
    """What a document is to match one of each of; the nearest to what was typed come first."""


def correct(vocabulary: Vocabulary, query: str) -> Correction | None:
    """Return what to look for instead of a query; None if nothing is near.

    Only computes, for up to a millisecond for each of three words.
    """
    words = query_words(query)
    if len(words) > _MAX_WORDS:
        return None
    long = [word for word in dict.fromkeys(words) if len(word) >= MIN_LENGTH]
    unknown = [word for word in long if not is_unspaced(word) and not vocabulary.knows(word)]
    doubtful = unknown or [word for word in long if len(word) > MIN_LENGTH]
    near = {
        word: choices
        for word in doubtful[:_MAX_CORRECTED]
        if any(choices := _near(vocabulary, word, is_known=not unknown))
    }
    if not near or len(near) < len(unknown):
        return None
    likely, unlikely = (
        tuple(near[word][at] if word in near else (_tokens(word),) for word in words)
        for at in (0, 1)
    )
    attempts = [likely] if all(likely) else []
    if unlikely != likely and _count(unlikely) <= _MAX_UNLIKELY:
        attempts.append(unlikely)
    return Correction(names=_names(words, near), attempts=tuple(attempts))


def _near(vocabulary: Vocabulary, word: str, *, is_known: bool) -> tuple[Choice, Choice]:
    """Return what may be meant by a word: what is likely, and that with all that may be."""
    if is_unspaced(word):
        # One letter wrong, missing or doubled spoils two pairs at most, two swapped spoil three.
        likely = _without(word, 2)
        return likely, _without(word, 3) or likely
    words, beginnings = vocabulary.near(word)
    if not words and not beginnings:
        return (), ()
    own = [word] if is_known else []
    return (
        tuple((one,) for one in own + words),
        tuple((one,) for one in own + words + beginnings),
    )


def _without(word: str, spoilt: int) -> Choice:
    """Return the pairs of a word without some neighbours, for each place of those."""
    pairs = _tokens(word)
    if len(pairs) <= spoilt:
        return ()
    return tuple((*pairs[:at], *pairs[at + spoilt :]) for at in range(len(pairs) - spoilt + 1))


def _tokens(word: str) -> tuple[str, ...]:
    return tuple(word_tokens(word)[:_MAX_PAIRS])


def _count(choices: tuple[Choice, ...]) -> int:
    return sum(len(tokens) for choice in choices for tokens in choice)


def _names(words: list[str], near: dict[str, tuple[Choice, Choice]]) -> tuple[str, ...]:
    return tuple(
        " ".join(other if one == word else one for one in words)
        for word, (likely, _) in near.items()
        if not is_unspaced(word)
        for (other,) in likely
    )
