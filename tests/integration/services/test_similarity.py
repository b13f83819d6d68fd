"""Near is what shares rare genres, albums, playlists and listeners; nobody's secrets are told."""

import pytest

from hydrophone.domain.ids import LibraryId
from hydrophone.domain.music import Artist, Track
from hydrophone.domain.playlist import PlaylistEdit
from hydrophone.domain.units import Timestamp
from hydrophone.domain.user import User
from hydrophone.server.wiring import Server
from hydrophone.testing.factories import make_track

pytestmark = pytest.mark.anyio


@pytest.fixture
def tracks() -> list[Track]:
    """Zeno shares a rare genre with Anna, Berta and fifteen others a common one, Carl none."""
    common = [
        make_track("C", artist=name, album=name, genres=("Rock",))
        for name in ("Berta", *(f"Crowd {n:02}" for n in range(15)))
    ]
    return [
        make_track("A", artist="Anna", album="Anna", genres=("Rock", "Dub")),
        make_track("Z", artist="Zeno", album="Zeno", genres=("Dub",)),
        make_track("K", artist="Carl", album="Carl", genres=("Folk",)),
        make_track("S", artist="Secret", album="Hers", genres=("Dub",), library_id=LibraryId(2)),
        *common,
        make_track("Z2", artist="Zeno", album="Zeno", genres=("Dub",)),
    ]


async def near(server: Server, viewer: User, tracks: list[Track]) -> list[str]:
    found: tuple[Artist, ...] = await server.services.similarity.similar_artists(
        viewer, tracks[0].artists[0].id, 20
    )
    return [artist.name for artist in found]


async def test_a_rare_genre_says_more(server: Server, anna: User, tracks: list[Track]) -> None:
    found = await near(server, anna, tracks)
    assert found[0] == "Zeno"
    assert len(found) == 17
    assert not {"Carl", "Secret", "Anna"} & set(found)
    assert found == await near(server, anna, tracks)


async def test_playlists_count_for_who_may_see_them(
    server: Server, anna: User, berta: User, tracks: list[Track]
) -> None:
    playlists = server.services.playlists
    made = await playlists.create(berta, "x", [tracks[0].id, tracks[2].id, tracks[3].id])
    assert "Carl" in await near(server, berta, tracks)
    assert "Carl" not in await near(server, anna, tracks)
    await playlists.edit(berta, made.playlist.id, PlaylistEdit(is_public=True))
    found = await near(server, anna, tracks)
    assert "Carl" in found
    assert "Secret" not in found
    similar = await server.services.similarity.similar_tracks(anna, tracks[0].id, 50)
    assert "K" in [track.title for track in similar]
    assert "S" not in [track.title for track in similar]


async def test_only_near_places_count_in_a_long_playlist(
    server: Server, anna: User, tracks: list[Track]
) -> None:
    berta_s = tracks[4].id
    one, other = tracks[0].id, tracks[2].id
    for songs, is_near in (
        ([other, *[berta_s] * 99, one], True),
        ([other, *[berta_s] * 100, one], False),
        ([one, *[berta_s] * 99, other], True),
        # Where it stands first is what counts.
        ([one, *[berta_s] * 100, one, other], False),
    ):
        made = (await server.services.playlists.create(anna, "Long", songs)).playlist
        assert ("Carl" in await near(server, anna, tracks)) is is_near
        similar = await server.services.similarity.similar_tracks(anna, tracks[0].id, 50)
        assert ("K" in [track.title for track in similar]) is is_near
        await server.services.playlists.delete(anna, made.id)


async def listen(server: Server, listener: User, *heard: Track) -> None:
    listens = [(track.id, Timestamp(when)) for track in heard for when in (1000, 2000)]
    await server.services.plays.scrobble(listener, listens, "x")


async def test_what_few_others_play_is_not_told(
    server: Server, anna: User, berta: User, tracks: list[Track]
) -> None:
    services = server.services
    listeners = [berta]
    for name in ("dora", "emil"):
        made = await services.accounts.add(name)
        listeners.append(await services.logins.verify_password(name, made.password))
    for listener in listeners:
        assert "Carl" not in await near(server, anna, tracks)
        await listen(server, listener, tracks[0], tracks[2])
    # One's own plays count from the first on.
    assert "Carl" in await near(server, berta, tracks)
    # Others do from the third listener on.
    assert "Carl" in await near(server, anna, tracks)


async def test_top_songs_are_what_all_play(
    server: Server, anna: User, berta: User, tracks: list[Track]
) -> None:
    async def top() -> list[str]:
        found = await server.services.similarity.top_tracks(anna, "zeno", 5)
        return [track.title for track in found]

    assert await top() == ["Z", "Z2"]
    await listen(server, berta, tracks[-1])
    assert await top() == ["Z2", "Z"]
    # Her own two plays count as much as four of others.
    await listen(server, anna, tracks[1])
    assert await top() == ["Z", "Z2"]


async def test_a_radio_plays_other_songs_than_the_one_it_began_with(
    server: Server, anna: User, tracks: list[Track]
) -> None:
    similar = await server.services.similarity.similar_tracks(anna, tracks[1].id, 10)
    assert similar
    assert tracks[1].id not in {track.id for track in similar}
    assert "Z2" in {track.title for track in similar}
