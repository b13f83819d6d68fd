"""The words of the search index, in memory, for those that somebody mistyped.

SQLite can list the words of an index, but not those that are near to another. They are kept in
sorted blocks, each one text: 100,000 tracks may have 150,000 words, which take 2 MB this way
and 10 MB as a list. What is near to a word is made and looked up: comparing a word with all
others takes ten times as long, even in C.

Near is one letter wrong, missing, too many, or swapped with its neighbour.
"""

import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from hydrophone.storage.connection import connect

MIN_LENGTH = 4
"""Letters of a word that can be a mistyped one of five: of shorter ones, too many are near."""
_MAX_LENGTH = 32
"""Letters of the longest word to which others are looked for."""
_MAX_NEAR = 40
_MAX_LETTERS = 100
"""Letters of one script that are tried in place of another, the most frequent ones."""
_BLOCK = 64
_WORDS = (
    "SELECT term FROM temp.words_artist UNION SELECT term FROM temp.words_album "
    "UNION SELECT term FROM temp.words_track ORDER BY term"
)


class Vocabulary:
    """All words of four letters and more, but for numbers; does not change once made."""

    def __init__(self, words: Iterable[str]) -> None:
        """`words` come sorted and without duplicates; short ones and numbers are left out."""
        wanted = (word for word in words if len(word) >= MIN_LENGTH and not word.isdecimal())
        self._firsts: list[str] = []
        self._blocks: list[str] = []
        letters: Counter[str] = Counter()
        while block := list(islice(wanted, _BLOCK)):
            self._firsts.append(block[0])
            self._blocks.append("\n".join(("", *block, "")))
            letters.update("".join(block))
        self._letters: dict[str, list[str]] = {}
        for letter, _ in letters.most_common():
            script = self._letters.setdefault(_script(letter), [])
            if len(script) < _MAX_LETTERS:
                script.append(letter)

    def knows(self, beginning: str) -> bool:
        """Whether a word begins with this."""
        after = bisect_right(self._firsts, beginning)
        if after and f"\n{beginning}" in self._blocks[after - 1]:
            return True
        # All that begin with it may stand behind it, in the blocks that follow.
        return after < len(self._firsts) and self._firsts[after].startswith(beginning)

    def near(self, word: str) -> tuple[list[str], list[str]]:
        """Return the words near to this one, and what else is near and words begin with it.

        The likeliest come first; there are at most forty of each, and none to a word that is
        too short or far too long.
        """
        if not MIN_LENGTH <= len(word) <= _MAX_LENGTH:
            return [], []
        beginnings = [near for near in dict.fromkeys(self._variants(word)) if self.knows(near)]
        # Those longer than the word at its end are found by the word itself.
        beginnings = [near for near in beginnings if not near.startswith(word)]
        beginnings.sort(key=lambda near: (near[0] != word[0], abs(len(near) - len(word)), near))
        words = [near for near in beginnings if self._has(near)]
        others = [near for near in beginnings if near not in words]
        return words[:_MAX_NEAR], others[:_MAX_NEAR]

    def _has(self, word: str) -> bool:
        after = bisect_right(self._firsts, word)
        return after > 0 and f"\n{word}\n" in self._blocks[after - 1]

    def _variants(self, word: str) -> Iterator[str]:
        """Yield all that is near, as far as its beginning is one of a word."""
        scripts = {_script(letter) for letter in word}
        letters = [letter for script in scripts for letter in self._letters.get(script, ())]
        for at in range(len(word)):
            before, letter, rest = word[:at], word[at], word[at + 1 :]
            if not self.knows(before):
                return
            yield before + rest
            if rest:
                yield before + rest[0] + letter + rest[1:]
            for other in letters:
                yield before + other + rest
                yield before + other + letter + rest


def load_vocabulary(database: Path) -> Vocabulary:
    """Read the words of the index; blocking, about 0.4 s per 100,000 tracks."""
    with connect(database, durable=False) as connection:
        for kind in ("artist", "album", "track"):
            connection.exec_driver_sql(
                f"CREATE VIRTUAL TABLE temp.words_{kind} USING fts5vocab(main, search_{kind}, row)"
            )
        return Vocabulary(row[0] for row in connection.exec_driver_sql(_WORDS))


def _script(letter: str) -> str:
    """Return the name of a letter's script, as it stands in the name of the letter."""
    return unicodedata.name(letter, "").partition(" ")[0]
