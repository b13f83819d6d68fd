"""The order in which people look for names: without articles, accents and letter case."""

import re
import unicodedata

IGNORED_ARTICLES = "The El La Los Las Le Les Os As O A"
"""Subsonic's default list; apps get it as `ignoredArticles` and sort by it themselves."""

_ARTICLE = re.compile(rf"(?:{'|'.join(IGNORED_ARTICLES.split())})\s+(?=\S)", re.IGNORECASE)
_DIGITS = re.compile(r"\d{1,9}(?!\d)")
_NUMBER_WIDTH = 9
_QUOTES = re.compile(r"[\s\"'`´“”„‘’‚«»‹›()\[\]{}.…¡¿]+(?=\w)")  # noqa: RUF001 - quotation marks
"""What may stand before a name that is looked for by its first letter: `"Weird Al"`, `¡Forward`."""
_BASES = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ł": "l", "þ": "th"}
    # Katakana stand beside the hiragana of the same sound.
    | {chr(code): chr(code - 0x60) for code in range(0x30A1, 0x30F7)}
)
"""Letters in lower case that Unicode does not take apart, but people look for under another."""


def sort_key(name: str, sort_name: str = "") -> str:
    """Return a text whose code point order is the order for people.

    A sort name from the tags (`Beatles, The`) wins over the name without its article. Quotation
    marks, brackets and dots in front do not count. Numbers sort by value (`Part 2` before
    `Part 10`), accents and case only break ties upstream. Digits come first, then Latin letters,
    then other scripts.
    """
    text = sort_name
    if not text:
        quotes = _QUOTES.match(name)
        text = name[quotes.end() :] if quotes else name
        article = _ARTICLE.match(text)
        text = text[article.end() :] if article else text
    quotes = _QUOTES.match(text)
    text = text[quotes.end() :] if quotes else text
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in text if not unicodedata.combining(c)).casefold()
        text = text.translate(_BASES)
    return _DIGITS.sub(_padded, text.lower().strip())


def _padded(number: re.Match[str]) -> str:
    """Write a number of any script so that code points order it by value."""
    return str(int(number[0])).zfill(_NUMBER_WIDTH)


def index_letter(name: str, sort_name: str = "") -> str:
    """Return the heading under which a name stands in an index.

    `A` to `Z` for Latin names, the first letter itself in other scripts, `#` for the rest
    (digits, punctuation, nothing at all).
    """
    return key_letter(sort_key(name, sort_name))


def key_letter(key: str) -> str:
    """Return the heading for a text that `sort_key` has made."""
    first = key[:1].upper()[:1]
    return first if first.isalpha() else "#"
