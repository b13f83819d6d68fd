"""What endpoints ask of the services and make of the answers: searches."""

from typing import Any

import pytest
from tests.unit.subsonic_api.asking import Ask

from hydrophone.domain.library import (
    Page,
)
from hydrophone.domain.search import SearchQuery, SearchResult

pytestmark = pytest.mark.anyio

EMPTY = SearchResult(artists=(), albums=(), tracks=())


@pytest.mark.parametrize("name", ["search2", "search3"])
@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("query=abba", "abba"),
        ("query=abba*", "abba"),
        ("query=+abba+gold*+", "abba gold"),
        ("query=", ""),
        ('query=""', ""),
        ("query=%22%22", ""),
        ("query=*", ""),
        ("", ""),
        ('query="abba"', '"abba"'),
    ],
)
async def test_queries(ask: Ask, fakes: Any, name: str, query: str, text: str) -> None:
    fakes.search.answers["search"] = EMPTY
    result = await ask(f"{name}?{query}&songCount=500&songOffset=5000&artistCount=0")
    assert result["searchResult" + name[-1]] == {"artist": [], "album": [], "song": []}
    assert fakes.search.calls[-1][2:] == (
        SearchQuery(
            text=text,
            artists=Page(offset=0, size=0),
            albums=Page(offset=0, size=20),
            tracks=Page(offset=5000, size=500),
        ),
        None,
    )
