"""Songs that lie directly in the roots of libraries."""

import pytest

from hydrophone.domain.ids import LibraryId
from hydrophone.domain.music import Track
from hydrophone.domain.user import User
from hydrophone.scanner.identity import folder_id
from hydrophone.server.wiring import Server
from hydrophone.testing.factories import make_track

pytestmark = pytest.mark.anyio


@pytest.fixture
def tracks() -> list[Track]:
    return [
        make_track(
            title,
            album=title,
            library_id=library,
            path=f"{title}.flac",
            folder_id=folder_id(f"Music {library}", ""),
        )
        for title, library in (("One", LibraryId(1)), ("Two", LibraryId(2)))
    ]


async def test_come_in_the_order_of_the_libraries(server: Server, berta: User) -> None:
    """That of the configuration, which need not be that of their numbers."""
    for libraries, titles in (
        ((2, 1), ["Two", "One"]),
        ((1, 2), ["One", "Two"]),
        ((2,), ["Two"]),
        ((3, 1), ["One"]),
        ((), []),
    ):
        asked = tuple(map(LibraryId, libraries))
        found = await server.services.folders.root_tracks(berta, asked)
        assert [track.title for track in found] == titles
