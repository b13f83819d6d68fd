"""search3 by words, by mistyped ones, and by nothing at all, as apps fetch the whole library."""

import json
import random
from collections.abc import Iterator, Sequence

from contrib.bench.bare_database import BARE, bare_database
from contrib.bench.library import synthetic_library
from contrib.bench.report import Row
from contrib.bench.serving import Client, serving_library

from hydrophone.storage.data_folder import DATABASE

_LIMITS = (20, 20, 100)
_WORDS = ("ban", "banmor", "banmor du")
"""The first letters of many words, of few, and two words."""
_PAGE = 500
_TYPOS = 200
_FOUND_TARGET = 95
_MORE_TARGET_MS = 3
_COUNTS = dict(zip(("artistCount", "albumCount", "songCount"), _LIMITS, strict=True))


def measure(tracks: int) -> Iterator[Row]:
    """Measure searches of the usual size, and pages of everything."""
    library = synthetic_library(tracks)
    with (
        serving_library(library) as (_, client),
        bare_database(library.data / DATABASE) as bare,
    ):
        for words in _WORDS:
            yield Row(
                name=f"search3 20/20/100, {words!r}, JSON",
                value=client.cost("search3", query=words, f="json", **_COUNTS) * 1000,
                unit="ms CPU",
                bound=bare.find(words.replace(" ", '"* "'), _LIMITS) * 1000,
                bound_name=BARE,
            )
        yield from _mistyped(client, tracks)
        for offset in (0, tracks * 8 // 10):
            bound = bare.page("track", order="row", offset=offset, limit=_PAGE)
            page = {"songCount": _PAGE, "songOffset": offset, "artistCount": 0, "albumCount": 0}
            for form in ("json", "xml"):
                yield Row(
                    name=f"search3 of everything, 500 at offset {offset:,}, {form.upper()}",
                    value=client.cost("search3", query="", f=form, **page) * 1000,
                    unit="ms CPU",
                    bound=bound * 1000,
                    bound_name=BARE,
                )


def _mistyped(client: Client, tracks: int) -> Iterator[Row]:
    """Look for titles with one error in one word, and for the same titles without it."""
    chosen = random.Random(1)
    titles = [
        str(song["title"])
        for offset in chosen.sample(range(tracks), _TYPOS)
        for song in _songs(client, "", songCount=1, songOffset=offset)
    ]
    typos = [_mistype(title, chosen) for title in titles]
    hits = 0
    for title, typo in zip(titles, typos, strict=True):
        hits += title in [song["title"] for song in _songs(client, typo, **_COUNTS)]
    yield Row(
        name=f"{_TYPOS} mistyped titles, found",
        value=hits / _TYPOS * 100,
        unit="%",
        target=_FOUND_TARGET,
        more_is_better=True,
    )
    for nonsense in ("q" * 60, " ".join(f"word{n}" for n in range(200))):
        yield Row(
            name=f"search3 20/20/100, nonsense of {len(nonsense)} letters, JSON",
            value=client.cost("search3", query=nonsense, f="json", **_COUNTS) * 1000,
            unit="ms CPU",
        )
    right, wrong = (_mean_milliseconds(client, queries) for queries in (titles, typos))
    yield Row(name="search3 20/20/100, titles, JSON", value=right, unit="ms CPU")
    yield Row(
        name="search3 20/20/100, mistyped titles, more than that",
        value=wrong - right,
        unit="ms CPU",
        target=_MORE_TARGET_MS,
    )


def _songs(client: Client, query: str, **counts: int) -> list[dict[str, object]]:
    answer = json.loads(client.get("search3", query=query, f="json", **counts))
    songs: list[dict[str, object]] = answer["subsonic-response"]["searchResult3"]["song"]
    return songs


def _mean_milliseconds(client: Client, queries: Sequence[str]) -> float:
    before = client.clock()
    for query in queries:
        client.get("search3", query=query, f="json", **_COUNTS)
    return (client.clock() - before) / len(queries) * 1000


def _mistype(title: str, chosen: random.Random) -> str:
    """Make one error in the longest word: a letter wrong, missing, doubled or swapped."""
    word = max(title.split(), key=len)
    at = chosen.randrange(len(word) - 1)
    wrong = chosen.choice([letter for letter in "bdfgklmnprst" if letter != word[at].lower()])
    return title.replace(
        word,
        chosen.choice(
            [
                word[:at] + wrong + word[at + 1 :],
                word[:at] + word[at + 1 :],
                word[:at] + word[at] + word[at:],
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            ]
        ),
    )
