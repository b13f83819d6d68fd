"""Playlists keep order and duplicates, and belong to somebody."""

import msgspec
import pytest
from sqlalchemy import Connection

from hydrophone.domain.ids import LibraryId
from hydrophone.domain.music import Track
from hydrophone.domain.playlist import PlaylistEdit
from hydrophone.domain.user import User
from hydrophone.errors import InvalidInputError, NotFoundError, NotPermittedError
from hydrophone.server.wiring import Server
from hydrophone.storage.tables.music import track

pytestmark = pytest.mark.anyio


def hide(connection: Connection, track_id: str, hidden: bool) -> None:
    connection.execute(track.update().where(track.c.id == track_id).values(hidden=hidden))


async def test_a_playlist_keeps_order_and_duplicates(
    server: Server, anna: User, tracks: list[Track]
) -> None:
    playlists = server.services.playlists
    ids = [tracks[2].id, tracks[0].id, tracks[2].id]
    made = await playlists.create(anna, " Mine ", ids)
    assert made.playlist.name == "Mine"
    assert [track.id for track in made.tracks] == ids
    assert (made.playlist.track_count, made.playlist.duration) == (3, 540.0)
    (listed,) = await playlists.all(anna)
    assert (listed.track_count, listed.duration) == (3, 540.0)


async def test_an_edit_removes_old_positions_and_then_appends(
    server: Server, anna: User, tracks: list[Track]
) -> None:
    """DSub replaces a whole playlist by one call with all old positions and all new ids."""
    playlists = server.services.playlists
    made = await playlists.create(anna, "Mine", [tracks[0].id, tracks[1].id, tracks[0].id])
    edit = PlaylistEdit(remove=(0, 1, 2, 2), append=(tracks[3].id, tracks[0].id))
    await playlists.edit(anna, made.playlist.id, edit)
    after = await playlists.get(anna, made.playlist.id)
    assert [track.id for track in after.tracks] == [tracks[3].id, tracks[0].id]
    await playlists.edit(
        anna, made.playlist.id, PlaylistEdit(name="New", comment="Why", is_public=True)
    )
    changed = (await playlists.get(anna, made.playlist.id)).playlist
    assert (changed.name, changed.comment, changed.is_public) == ("New", "Why", True)
    assert changed.track_count == 2


async def test_a_bad_edit_changes_nothing(server: Server, anna: User, tracks: list[Track]) -> None:
    playlists = server.services.playlists
    made = await playlists.create(anna, "Mine", [tracks[0].id])
    for edit, error in (
        (PlaylistEdit(name="X", remove=(1,)), InvalidInputError),
        (PlaylistEdit(name="X", remove=(-1,)), InvalidInputError),
        (PlaylistEdit(name="X", append=("tr-aaaaaaaaaaaaa",)), NotFoundError),
        (PlaylistEdit(name="X", append=(tracks[5].id,)), NotFoundError),
        (PlaylistEdit(name="X", append=("../../etc",)), NotFoundError),
        (PlaylistEdit(name="  "), InvalidInputError),
    ):
        with pytest.raises(error):
            await playlists.edit(anna, made.playlist.id, edit)
    after = await playlists.get(anna, made.playlist.id)
    assert after.playlist.name == "Mine"
    assert [track.id for track in after.tracks] == [tracks[0].id]


async def test_others_may_read_public_ones_and_change_none(
    server: Server, anna: User, berta: User, admin: User, tracks: list[Track]
) -> None:
    playlists = server.services.playlists
    made = (await playlists.create(berta, "Hers", [tracks[5].id, tracks[0].id])).playlist
    # Nobody learns that a private one is there.
    for attempt in (playlists.get(anna, made.id), playlists.delete(anna, made.id)):
        with pytest.raises(NotFoundError):
            await attempt
    await playlists.edit(berta, made.id, PlaylistEdit(is_public=True))
    seen = await playlists.get(anna, made.id)
    assert [track.id for track in seen.tracks] == [tracks[0].id]
    assert seen.playlist.track_count == 1
    assert [p.name for p in await playlists.all(anna)] == ["Hers"]
    for change in (
        playlists.edit(anna, made.id, PlaylistEdit(name="Mine now")),
        playlists.replace(anna, made.id, None, []),
        playlists.delete(anna, made.id),
        playlists.all(anna, "berta"),
    ):
        with pytest.raises(NotPermittedError):
            await change
    assert [p.name for p in await playlists.all(admin, "BERTA")] == ["Hers"]
    await playlists.delete(admin, made.id)
    with pytest.raises(NotFoundError):
        await playlists.get(berta, made.id)


async def test_an_edit_counts_as_its_editor_sees_the_list(
    server: Server, berta: User, admin: User, tracks: list[Track]
) -> None:
    """Hidden tracks, and those of libraries that the editor does not see, keep their places."""
    playlists = server.services.playlists
    one, two, far, mp3, _, secret = [track.id for track in tracks]
    made = (await playlists.create(berta, "Hers", [two, secret, one, far, mp3])).playlist
    await server.database.write(hide, two, True)
    stranger = msgspec.structs.replace(admin, libraries=(LibraryId(1),))
    with pytest.raises(InvalidInputError):
        await playlists.edit(stranger, made.id, PlaylistEdit(remove=(3,)))
    await playlists.edit(stranger, made.id, PlaylistEdit(remove=(1,)))
    seen = await playlists.get(berta, made.id)
    assert [track.id for track in seen.tracks] == [secret, one, mp3]
    assert await playlists.all(berta) == (seen.playlist,)
    await playlists.edit(berta, made.id, PlaylistEdit(remove=(0,), is_public=True))
    await server.database.write(hide, two, False)
    seen = await playlists.get(stranger, made.id)
    assert [track.id for track in seen.tracks] == [two, one, mp3]


async def test_hundreds_of_playlists(server: Server, anna: User) -> None:
    for number in range(501):
        await server.services.playlists.create(anna, f"{number:03}", [])
    names = [playlist.name for playlist in await server.services.playlists.all(anna)]
    assert names == [f"{number:03}" for number in range(501)]


async def test_thousands_of_tracks(server: Server, anna: User, tracks: list[Track]) -> None:
    ids = [tracks[n % 5].id for n in range(3000)]
    made = await server.services.playlists.create(anna, "Long", ids)
    assert [track.id for track in made.tracks] == ids
