"""Lists of shares, whose things are read together: the same as when each is read alone."""

from collections.abc import Sequence

import pytest
from sqlalchemy import Connection, update

from hydrophone.config import SharingConfig
from hydrophone.domain.ids import ALBUM, SHARE, TRACK, LibraryId, ShareId, make_id
from hydrophone.domain.library import Library
from hydrophone.domain.music import Track
from hydrophone.domain.remote import RemoteAlbum, RemoteArtist, RemoteTrack
from hydrophone.domain.share import Share, ShareWithTracks
from hydrophone.domain.units import Seconds, Timestamp
from hydrophone.domain.user import User
from hydrophone.server.wiring import Server
from hydrophone.services.clock import SystemClock
from hydrophone.services.remote_music import Conversion
from hydrophone.services.share_contents import MAX_TRACKS, Parts, ShareContents
from hydrophone.services.shares import Shares
from hydrophone.storage.queries import libraries, remote_writing, shares
from hydrophone.storage.queries.annotated import MAX_ROWS
from hydrophone.storage.queries.remote import Found
from hydrophone.storage.tables.music import track
from hydrophone.testing.factories import fill_library, make_album, make_track

pytestmark = pytest.mark.anyio

NOTHING = make_id(ALBUM, "nothing")


class Alone(ShareContents):
    """Reads each thing alone."""

    async def at_once(self, owner: User, item_ids: Sequence[str]) -> Parts:
        return {}


def contents(server: Server, kind: type[ShareContents] = ShareContents) -> ShareContents:
    services = server.services
    return kind(
        artists=services.artists,
        albums=services.albums,
        tracks=services.tracks,
        folders=services.folders,
        playlists=services.playlists,
        catalogue=server.elsewhere.catalogue,
    )


async def listed(server: Server, viewer: User) -> list[ShareWithTracks]:
    """Return what a user is shown, which has to be what he is shown if each is read alone."""
    alone = Shares(
        database=server.database,
        clock=SystemClock(),
        membership=server.people.membership,
        contents=contents(server, Alone),
        config=SharingConfig(),
    )
    found = [one async for one in server.services.shares.all(viewer)]
    assert found == [one async for one in alone.all(viewer)]
    return found


async def add(server: Server, owner: User, number: int, *item_ids: str) -> None:
    """Share things as they were shared when they were still there."""
    share = Share(
        id=ShareId(make_id(SHARE, str(number))),
        owner=owner.name,
        description=str(number),
        item_ids=item_ids,
        created=Timestamp(number),
    )
    await server.database.write(shares.add, owner.id, share)


def titles(found: Sequence[ShareWithTracks]) -> dict[str, list[str]]:
    return {one.share.description: [track.title for track in one.tracks] for one in found}


@pytest.fixture
async def berta(server: Server) -> User:
    """An admin with a library of her own."""
    made = await server.services.accounts.add("Berta", admin=True)
    return await server.services.logins.verify_password("berta", made.password)


@pytest.fixture
async def source(server: Server) -> Library:
    """A source that ran once, which everybody sees from the next login on."""
    library = await server.database.write(libraries.register_source, "archive", "Archive")
    await server.elsewhere.sources.refresh()
    return library


@pytest.fixture
async def shown(server: Server, source: Library) -> list[Track]:
    """An album of two tracks that the source has just shown."""
    conversion = Conversion(source, {})
    artists = (RemoteArtist(name="Artist"),)
    night = RemoteAlbum(native_id="night", title="Night", artists=artists)
    album = conversion.album(night, is_opened=True)
    songs = tuple(
        conversion.track(
            RemoteTrack(native_id=title, title=title, artists=artists, duration=Seconds(180.0)),
            album,
            position,
        )
        for position, title in enumerate(("Kept", "Not kept"), 1)
    )
    found = Found(artists=tuple(map(conversion.artist, artists)), albums=(album,), tracks=songs)
    await server.database.write(remote_writing.put, source.id, found, Timestamp(1))
    return [one.track for one in songs]


async def test_things_of_all_kinds(
    server: Server, shown: list[Track], tracks: list[Track], anna: User, berta: User, admin: User
) -> None:
    one, two, far, mp3, _, secret = tracks
    kept, other = shown
    services = server.services
    for user, starred in ((anna, one), (berta, two), (berta, secret), (admin, far)):
        await services.annotations.star(user, [starred.id, starred.album_id])
    # Of this album one track is here, and only the source knows the other.
    await services.annotations.star(anna, [kept.id])
    await services.annotations.rate(admin, one.id, 4)
    playlist = await services.playlists.create(anna, "Mine", [far.id, one.id])

    def lose(connection: Connection) -> None:
        lost = update(track).values(missing_since=1)
        connection.execute(lost.where(track.c.id == mp3.id))

    await server.database.write(lose)
    things: tuple[tuple[str, ...], ...] = (
        (one.album_id,),
        (far.id, two.id, far.id),
        (one.artists[0].id,),
        (one.folder_id or "", "1"),
        (playlist.playlist.id, one.album_id),
        (one.id, NOTHING, make_id(TRACK, "nothing"), "nothing", two.album_id),
        (NOTHING,),
        (secret.album_id, secret.id),
        (secret.album_id, far.id),
        (mp3.album_id, mp3.id),
        (kept.album_id, kept.id, other.id),
        (one.album_id, one.album_id),
    )
    for number, item_ids in enumerate(things):
        await add(server, anna, 2 * number, *item_ids)
        await add(server, berta, 2 * number + 1, *item_ids)
    annas = await listed(server, anna)
    assert [one.share.created for one in annas] == list(range(22, -1, -2))
    assert titles(annas) == {
        "0": ["One", "Two"],
        "2": ["Far", "Two", "Far"],
        "4": ["Kept", "Not kept", "One", "Two"],
        "6": ["One", "Two", "One", "Two", "Far", "Short"],
        "8": ["Far", "One", "One", "Two"],
        "10": ["One", "One", "Two"],
        "12": [],
        "14": [],
        "16": ["Far"],
        "18": ["Short", "Mp3"],
        "20": ["Kept", "Not kept", "Kept", "Not kept"],
        "22": ["One", "Two", "One", "Two"],
    }
    bertas = await listed(server, berta)
    # What Anna does not see is not in her shares, whoever looks at them.
    assert (titles(bertas)["14"], titles(bertas)["15"]) == ([], ["Secret", "Secret"])
    everybodys = await listed(server, admin)
    assert [one.share.created for one in everybodys] == list(range(23, -1, -1))
    # Berta's library is not the admin's; and the stars are his own.
    assert (titles(everybodys)["15"], titles(everybodys)["17"]) == ([], ["Far"])
    for found, hers in ((annas, {"One", "Kept"}), (bertas, {"Two", "Secret"})):
        assert stars(found) == hers
    assert stars(everybodys) == {"Far"}
    plain = {one.album_id, far.album_id, mp3.album_id, one.id, two.id, far.id, mp3.id}
    asked = [identifier for item_ids in things for identifier in item_ids]
    together = await contents(server).at_once(anna, asked)
    # The one track of the source that is in the library is like any other.
    assert set(together) == (plain | {kept.id}) & set(asked)


def stars(found: Sequence[ShareWithTracks]) -> set[str]:
    tracks = [track for one in found for track in one.tracks]
    return {track.title for track in tracks if track.annotation.starred is not None}


async def test_more_than_one_read_has_room_for(server: Server, anna: User) -> None:
    full = MAX_ROWS - 150
    long = [
        make_track(f"{album} {number}", album=album, track_number=full - number)
        for album, count in (("A", full), ("B", full), ("C", 149), ("False", MAX_ROWS))
        for number in range(count)
    ]
    a, b, c, false = dict.fromkeys(track.album_id for track in long)
    told = make_album("False", id=false, track_count=1, library_id=LibraryId(1))
    await server.database.write(fill_library, long, albums=[told])
    together = await contents(server).at_once(anna, [c, c, a, b])
    assert set(together) == {a, c}
    assert await contents(server).at_once(anna, [c, c, false]) == {}
    assert await contents(server).at_once(anna, [a, c]) == {}
    await add(server, anna, 1, a, b, c)
    await add(server, anna, 2, *[a] * 3, c)
    await add(server, anna, 3, false)
    await add(server, anna, 4, *[one.id for one in long][: MAX_TRACKS + 1])
    for number in range(5, 50):
        await add(server, anna, number, *[c, a, NOTHING][: number % 4])
    found = {one.share.description: one.tracks for one in await listed(server, anna)}
    assert [len(found[number]) for number in "1234"] == [849, MAX_TRACKS, MAX_ROWS, MAX_TRACKS]
    assert found["1"][0].title == f"A {full - 1}"
