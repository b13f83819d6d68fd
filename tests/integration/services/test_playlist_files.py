"""Playlists of a user as files."""

import pytest

from hydrophone.domain.music import Track
from hydrophone.domain.user import User
from hydrophone.server.wiring import Server
from hydrophone.services.playlist_files import PlaylistFiles

pytestmark = pytest.mark.anyio


async def test_what_the_server_makes_is_written_with_its_songs(
    server: Server, anna: User, tracks: list[Track]
) -> None:
    heard = [tracks[1], tracks[0]]
    listens = [(heard[0].id, None), (heard[1].id, None)]
    await server.services.plays.scrobble(anna, listens, "test")
    mine = await server.services.playlists.create(anna, "Mine", [tracks[2].id, tracks[2].id])
    files = PlaylistFiles(database=server.database, playlists=server.services.playlists)
    written = {name: content.decode().splitlines() async for name, content in files.files(anna)}
    assert set(written) == {"Mine.m3u8", "Most played this week.m3u8"}
    titles = {
        name: [line.rpartition(" - ")[2] for line in lines if line.startswith("#EXTINF:")]
        for name, lines in written.items()
    }
    assert titles["Mine.m3u8"] == [tracks[2].title] * mine.playlist.track_count
    made = titles["Most played this week.m3u8"]
    assert sorted(made) == sorted(track.title for track in heard)
