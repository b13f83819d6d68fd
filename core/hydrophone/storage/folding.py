"""One folding of text for the search index and for queries, so that every script is found.

The index's tokenizer only cuts at spaces; what a token is, is decided here (traps 6):

- letter case goes everywhere; accents go after Latin, Greek and Cyrillic letters only, for in
  Devanagari or kana the "accents" are other sounds;
- what hardly anybody types goes from Arabic and Hebrew: points of vowels, the hamza above or below
  another letter, the dots of teh marbuta and yeh at the end of words;
- Han, kana, hangul, Thai and their kin are written without spaces: each pair of neighbours is a
  token, so that a part is found inside of a word, and the same letters elsewhere are not;
- punctuation separates, but the word without it is a token too: `AC/DC` is `ac dc acdc`, and
  `P!nk`, where it stands for a letter, is `pink` as well;
- the Latin transliteration is added to the index: `bjork`, `kino` and `bomnal` find Björk,
  Кино and 봄날, and `hikaru`, where the script changes within a word, finds 宇多田ヒカル;
- a name without any letter (`!!!`) is turned into private-use letters, so it is found as well.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from anyascii import anyascii

from hydrophone.domain.invisible import INVISIBLE

MAX_LENGTH = 1000
"""Characters of a text that are looked at; longer titles are spam or accidents."""

_UNSEEN = dict.fromkeys(map(ord, INVISIBLE))
_STRIPPED_BASES = ("LATIN", "GREEK", "CYRILLIC")
_UNSPACED = re.compile(
    "["
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f\u1780-\u17ff"  # Myanmar, Khmer
    "\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\uac00-\ud7ff"  # hangul, kana
    "\u3005-\u3007"  # as in 佐々木
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
    "]+"
)
_RUN = re.compile(
    "[\u3041-\u309f\u30fc]+"  # hiragana, with the mark of long vowels that katakana has, too
    "|[\u30a0-\u30ff]+"  # katakana
    "|[\u1100-\u11ff\u3130-\u318f\uac00-\ud7ff]+"  # hangul
    "|[\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"  # Han
)
"""What is of one script, where a reader would begin a new word."""
_LOOKALIKES = str.maketrans({"!": "i", "$": "s", "@": "a"})
"""`P!nk`, `Ke$ha`, `M@d`: what people type is the letter."""
_POINTED = re.compile("[\u0591-\u06ff\u08ca-\u08ff]")
_POINTS = {
    code: None
    for block in (range(0x0591, 0x05C8), range(0x0610, 0x06EE), range(0x08CA, 0x0900))
    for code in block
    if unicodedata.category(chr(code)) == "Mn"
}
"""Of Hebrew (niqqud, cantillation) and of Arabic (harakat, hamza above or below, Quranic signs)."""
_AS_TYPED = _POINTS | {
    0x0640: None,  # tatweel, which makes words longer
    0x0671: 0x0627,  # alef wasla: alef
    0x0629: 0x0647,  # teh marbuta: heh
    0x0649: 0x064A,  # alef maqsura: yeh
    0x06CC: 0x064A,  # yeh as Persian keyboards have it
    0x06A9: 0x0643,  # kaf as Persian keyboards have it
}
_PRIVATE_USE_START = 0xE000
_PRIVATE_USE_SIZE = 0x1900
_ASCII_WORD = re.compile(r"[a-z0-9]+")
_PLAIN = re.compile(r"[a-z0-9 ]*")
"""Most names: their tokens are what stands between the spaces."""


def fold(text: str) -> str:
    """Return a text without case, invisible signs and (if mere ornaments) accents, same words.

    Two titles are "the same" for an exact match when they fold to the same text. Lone
    surrogates, which no database takes, become question marks.
    """
    text = text[:MAX_LENGTH]
    if text.isascii():
        return text.casefold()
    text = text.encode("utf-8", "replace").decode()
    seen = text.translate(_UNSEEN)
    # A text of nothing else stays what it is, to be told from others.
    text = seen if seen.strip() else text
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


def lower_ascii(text: str) -> str:
    """Return a text in lower case where it is ASCII, as SQLite understands case."""
    return text.encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass")


@lru_cache(maxsize=1024)
def name_key(name: str) -> str:
    """Return what two spellings of one name have in common; never empty.

    Unlike a search text it keeps punctuation and the marks of kana (ガ is not カ), and is used
    to tell artists and genres apart (traps 10).
    """
    return " ".join(fold(name).split()) or name


def query_words(text: str) -> list[str]:
    """Cut what somebody typed into words, to be cut further by `word_tokens`."""
    return _words(_as_typed(fold(text)))


def word_tokens(word: str) -> list[str]:
    """Return a word's tokens; each is to be found as the beginning of one of the index.

    A word of a script without spaces (see `is_unspaced`) gives its pairs of neighbours, any
    other is a token as it is.
    """
    if len(word) == 1 or not is_unspaced(word):
        return [word]
    return [word[start : start + 2] for start in range(len(word) - 1)]


def is_unspaced(word: str) -> bool:
    """Whether a word (of `query_words`) is of a script that puts no spaces between words."""
    return _UNSPACED.match(word) is not None


def index_text(*texts: str) -> str:
    """Return all tokens by which these texts are to be found, as one text for the index."""
    tokens: dict[str, None] = {}
    for text in texts:
        folded = fold(text)
        if _PLAIN.fullmatch(folded):
            tokens.update(dict.fromkeys(folded.split()))
            continue
        typed = _as_typed(folded)
        for word in _words(typed):
            tokens.update(dict.fromkeys(word_tokens(word)))
            if is_unspaced(word):
                # The last letter begins no pair, but may be what is looked for.
                tokens[word[-1]] = None
        tokens.update(dict.fromkeys(_joined(typed)))
        if not folded.isascii():
            for spelling in dict.fromkeys((folded, typed)):
                transliterated = anyascii(spelling).casefold()
                tokens.update(dict.fromkeys(_ASCII_WORD.findall(transliterated)))
                tokens.update(dict.fromkeys(_joined(transliterated)))
            tokens.update(dict.fromkeys(_runs_inside(folded)))
    return " ".join(tokens)


def _as_typed(folded: str) -> str:
    """Write Arabic and Hebrew without what may be left out; names (`name_key`) keep it."""
    if not _POINTED.search(folded):
        return folded
    bare = unicodedata.normalize("NFD", folded).translate(_AS_TYPED)
    return unicodedata.normalize("NFC", bare) if bare.strip() else folded


def _is_part(character: str) -> bool:
    """Whether a character belongs into a token: letters, marks and numbers (any script)."""
    return unicodedata.category(character)[0] in "LMN"


def _words(folded: str) -> list[str]:
    if folded.isascii():
        words = _ASCII_WORD.findall(folded)
    else:
        spaced = "".join(c if _is_part(c) else " " for c in folded)
        words = _UNSPACED.sub(r" \g<0> ", spaced).split()
    return words or _private_letters(folded)


def _private_letters(folded: str) -> list[str]:
    """Write a name that has no letter (`+/-`) in letters that no name has."""
    return [
        "".join(chr(_PRIVATE_USE_START + ord(c) % _PRIVATE_USE_SIZE) for c in word)
        for word in folded.split()
    ]


def _runs_inside(folded: str) -> Iterator[str]:
    """Transliterate what begins within a word; its first run begins the word's own token."""
    for run in _RUN.finditer(folded):
        if run.start() > 0 and not folded[run.start() - 1].isspace():
            yield from _ASCII_WORD.findall(anyascii(run[0]).casefold())


def _joined(folded: str) -> Iterator[str]:
    """Yield words with punctuation inside, without it: `don't` is also `dont`."""
    for word in folded.split():
        for spelling in (word, word.strip("!").translate(_LOOKALIKES)):
            joined = "".join(c for c in spelling if _is_part(c))
            if joined and joined != word:
                yield joined
