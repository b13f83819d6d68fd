"""The order in which people look for names: without articles, accents and letter case."""

import re
import unicodedata

IGNORED_ARTICLES = "The El La Los Las Le Les Os As O A"
"""Subsonic's default list; apps get it as `ignoredArticles` and sort by it themselves."""

_ARTICLE = re.compile(rf"(?:{'|'.join(IGNORED_ARTICLES.split())})\s+(?=\S)", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_NUMBER_WIDTH = 9


def sort_key(name: str, sort_name: str = "") -> str:
    """Return a text whose code point order is the order for people.

    A sort name from the tags (`Beatles, The`) wins over the name without its article. Numbers
    sort by value (`Part 2` before `Part 10`), accents and case only break ties upstream.
    """
    article = _ARTICLE.match(name)
    text = sort_name or (name[article.end() :] if article else name)
    text = unicodedata.normalize("NFKD", text)
    text = "".join(c for c in text if not unicodedata.combining(c)).casefold().strip()
    return _DIGITS.sub(lambda number: number[0].zfill(_NUMBER_WIDTH), text)


def index_letter(name: str, sort_name: str = "") -> str:
    """Return the heading under which a name stands in an index.

    `A` to `Z` for Latin names, the first letter itself in other scripts, `#` for the rest
    (digits, punctuation, nothing at all).
    """
    first = sort_key(name, sort_name)[:1].upper()[:1]
    return first if first.isalpha() else "#"
