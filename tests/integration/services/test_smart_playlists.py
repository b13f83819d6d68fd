"""Smart playlists beside ordinary ones: who sees what, what may be changed."""

from typing import Protocol

import pytest

from hydrophone.domain.ids import kind_of
from hydrophone.domain.music import Track
from hydrophone.domain.nsp import read_smart_playlist
from hydrophone.domain.playlist import PlaylistEdit
from hydrophone.domain.user import User
from hydrophone.errors import NotFoundError, NotPermittedError
from hydrophone.server.wiring import Server


class MovedClock(Protocol):
    time: int


pytestmark = pytest.mark.anyio

LOVED = read_smart_playlist('{"name": "Loved", "all": [{"is": {"loved": true}}]}')
EVERYTHING = read_smart_playlist('{"public": true, "all": [{"gt": {"duration": 0}}]}')


async def test_it_has_what_its_viewer_loves(
    server: Server, anna: User, berta: User, tracks: list[Track]
) -> None:
    services = server.services
    made = await services.playlists.create_smart(anna, LOVED, name="file")
    identifier = made.playlist.id
    assert (made.playlist.name, made.tracks) == ("Loved", ())
    with pytest.raises(NotFoundError):
        await services.playlists.get(berta, identifier)
    await services.playlists.edit(anna, identifier, PlaylistEdit(is_public=True, comment="c"))
    await services.annotations.star(anna, [tracks[0].id, tracks[2].id])
    await services.annotations.star(berta, [tracks[5].id])
    own = await services.playlists.get(anna, identifier)
    assert {track.title for track in own.tracks} == {"One", "Far"}
    assert (own.playlist.track_count, own.playlist.duration) == (2, 360.0)
    assert (own.playlist.comment, own.playlist.is_public) == ("c", True)
    assert [track.title for track in (await services.playlists.get(berta, identifier)).tracks] == [
        "Secret"
    ]


async def test_a_public_one_shows_nobody_what_he_may_not_see(
    server: Server, anna: User, berta: User
) -> None:
    playlists = server.services.playlists
    made = await playlists.create_smart(berta, EVERYTHING, name="All")
    assert made.playlist.track_count == 6
    assert (await playlists.get(anna, made.playlist.id)).playlist.track_count == 5


async def test_lists_count_it_anew_after_a_minute(
    server: Server, anna: User, tracks: list[Track], clock: MovedClock
) -> None:
    services = server.services
    await services.playlists.create_smart(anna, LOVED, name="x")
    assert [one.track_count for one in await services.playlists.all(anna)] == [0]
    await services.annotations.star(anna, [tracks[0].id])
    assert [one.track_count for one in await services.playlists.all(anna)] == [0]
    clock.time += 60_000
    (listed,) = await services.playlists.all(anna)
    assert (listed.track_count, listed.duration) == (1, 180.0)
    until = listed.valid_until
    assert until == clock.time + 60_000
    clock.time += 10_000
    (listed,) = await services.playlists.all(anna)
    assert listed.valid_until == until
    got = await services.playlists.get(anna, listed.id)
    assert got.playlist.valid_until == clock.time + 60_000
    (listed,) = await services.playlists.all(anna, "anna")
    assert listed.track_count == 1


async def test_its_tracks_cannot_be_changed_one_by_one(
    server: Server, anna: User, admin: User, tracks: list[Track]
) -> None:
    playlists = server.services.playlists
    made = await playlists.create_smart(anna, EVERYTHING, name="All")
    identifier = made.playlist.id
    for user in (anna, admin):
        with pytest.raises(NotPermittedError, match="chosen by its rules"):
            await playlists.edit(user, identifier, PlaylistEdit(append=(tracks[0].id,)))
        with pytest.raises(NotPermittedError, match="chosen by its rules"):
            await playlists.edit(user, identifier, PlaylistEdit(remove=(0,)))
        with pytest.raises(NotPermittedError, match="chosen by its rules"):
            await playlists.replace(user, identifier, None, [tracks[0].id])
    await playlists.edit(anna, identifier, PlaylistEdit(name="Renamed"))
    after = await playlists.get(anna, identifier)
    assert (after.playlist.name, after.playlist.track_count) == ("Renamed", 5)
    await playlists.delete(anna, identifier)
    assert await playlists.all(anna) == ()


async def test_it_has_a_picture(server: Server, anna: User) -> None:
    made = await server.services.playlists.create_smart(anna, EVERYTHING, name="All")
    assert kind_of(made.playlist.picture_id) == "mo"
    picture = await server.services.artwork.picture(anna, made.playlist.picture_id, 64)
    assert picture.content_type.startswith("image/")
