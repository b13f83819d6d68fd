"""One folding of text for the search index and for queries, so that every script is found.

The index's tokenizer only cuts at spaces; what a token is, is decided here (traps 6):

- letter case goes everywhere; accents go after Latin, Greek and Cyrillic letters only, for in
  Devanagari or Arabic the "accents" are the vowels;
- Han, kana, hangul, Thai and their kin are written without spaces: each character is a token,
  so that a part is found inside of a word;
- punctuation separates, but the word without it is a token too: `AC/DC` is `ac dc acdc`;
- the Latin transliteration is added to the index: `bjork`, `kino` and `bomnal` find Björk,
  Кино and 봄날;
- a name without any letter (`!!!`) is turned into private-use letters, so it is found as well.
"""

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

MAX_LENGTH = 1000
"""Characters of a text that are looked at; longer titles are spam or accidents."""

_STRIPPED_BASES = ("LATIN", "GREEK", "CYRILLIC")
_UNSPACED = re.compile(
    "["
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f\u1780-\u17ff"  # Myanmar, Khmer
    "\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\uac00-\ud7ff"  # hangul, kana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
    "]"
)
_PRIVATE_USE_START = 0xE000
_PRIVATE_USE_SIZE = 0x1900
_ASCII_WORD = re.compile(r"[a-z0-9]+")
_PLAIN = re.compile(r"[a-z0-9 ]*")
"""Most names: their tokens are what stands between the spaces."""


def fold(text: str) -> str:
    """Return a text without case and (where they are ornaments) accents, same words.

    Two titles are "the same" for an exact match when they fold to the same text. Lone
    surrogates, which no database takes, become question marks.
    """
    text = text[:MAX_LENGTH]
    if text.isascii():
        return text.casefold()
    text = text.encode("utf-8", "replace").decode()
    letters: list[str] = []
    strip = False
    for character in unicodedata.normalize("NFKD", text).casefold():
        if unicodedata.combining(character):
            if not strip:
                letters.append(character)
        else:
            strip = unicodedata.name(character, "").startswith(_STRIPPED_BASES)
            letters.append(character)
    return unicodedata.normalize("NFC", "".join(letters))


@lru_cache(maxsize=1024)
def name_key(name: str) -> str:
    """Return what two spellings of one name have in common; never empty.

    Unlike a search text it keeps punctuation and the marks of kana (ガ is not カ), and is used
    to tell artists and genres apart (traps 10).
    """
    return " ".join(fold(name).split()) or name


def query_tokens(text: str) -> list[str]:
    """Cut what somebody typed into tokens; each is to be found as a prefix of a word."""
    return _tokens(fold(text))


def index_text(*texts: str) -> str:
    """Return all tokens by which these texts are to be found, as one text for the index."""
    tokens: dict[str, None] = {}
    for text in texts:
        folded = fold(text)
        if _PLAIN.fullmatch(folded):
            tokens.update(dict.fromkeys(folded.split()))
            continue
        tokens.update(dict.fromkeys(_tokens(folded)))
        tokens.update(dict.fromkeys(_joined(folded)))
        if not folded.isascii():
            transliterated = anyascii(folded).casefold()
            tokens.update(dict.fromkeys(_ASCII_WORD.findall(transliterated)))
            tokens.update(dict.fromkeys(_joined(transliterated)))
    return " ".join(tokens)


def _is_part(character: str) -> bool:
    """Whether a character belongs into a token: letters, marks and numbers (any script)."""
    return unicodedata.category(character)[0] in "LMN"


def _tokens(folded: str) -> list[str]:
    if folded.isascii():
        words = _ASCII_WORD.findall(folded)
    else:
        spaced = "".join(c if _is_part(c) else " " for c in folded)
        words = _UNSPACED.sub(lambda match: f" {match[0]} ", spaced).split()
    return words or _private_letters(folded)


def _private_letters(folded: str) -> list[str]:
    """Write a name that has no letter (`+/-`) in letters that no name has."""
    return [
        "".join(chr(_PRIVATE_USE_START + ord(c) % _PRIVATE_USE_SIZE) for c in word)
        for word in folded.split()
    ]


def _joined(folded: str) -> list[str]:
    """Words with punctuation inside, without it: `don't` is also `dont`."""
    return [
        joined
        for word in folded.split()
        if (joined := "".join(c for c in word if _is_part(c))) != word and joined
    ]
