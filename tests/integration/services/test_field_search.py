"""The search of Subsonic 1.0: by single fields."""

from typing import Any

import pytest

from hydrophone.domain.library import Page
from hydrophone.domain.search import FieldQuery
from hydrophone.domain.units import Timestamp
from hydrophone.domain.user import User
from hydrophone.server.wiring import Server

pytestmark = pytest.mark.anyio

ALL = Page(size=20)


async def test_the_search_of_the_first_version(server: Server, anna: User) -> None:
    search = server.services.search

    async def titles(page: Page = ALL, **fields: Any) -> tuple[list[str], int]:
        hits = await search.by_fields(anna, FieldQuery(**fields), page)
        return [track.title for track in hits.tracks], hits.total

    everything = await titles()
    assert everything == (["Far", "Mp3", "One", "Short", "Two"], 5)
    assert await titles(artist="oth") == (["Far", "Mp3", "Short"], 3)
    assert await titles(artist="oth", title="SHORT") == (["Short"], 1)
    assert await titles(album="lossy", artist="artist") == ([], 0)
    assert await titles(any="lossy sho") == (["Short"], 1)
    assert await titles(any="lossy artist") == ([], 0)
    assert await titles(any="secret") == ([], 0)
    assert await titles(Page(offset=1, size=2)) == (["Mp3", "One"], 5)
    assert await titles(newer_than=Timestamp(1_700_000_000_000)) == ([], 0)
    assert await titles(newer_than=Timestamp(1_699_999_999_999)) == everything
