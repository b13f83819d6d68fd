"""What sources have shown: how long it is remembered, and which recordings are one."""

import pytest
from msgspec.structs import replace
from sqlalchemy import Connection

from hydrophone.domain.ids import LibraryId
from hydrophone.domain.library import Library
from hydrophone.domain.music import PartialDate, Track
from hydrophone.domain.recording import LinkKind
from hydrophone.domain.remote import RemoteAlbum, RemoteArtist, RemoteTrack
from hydrophone.domain.units import Seconds, Timestamp
from hydrophone.domain.user import User
from hydrophone.errors import InvalidInputError, NotFoundError
from hydrophone.server.wiring import Server
from hydrophone.services.matcher import same_recording
from hydrophone.services.remote_music import Conversion
from hydrophone.storage.queries import libraries, links, remote_origins, remote_writing
from hydrophone.storage.queries.remote import Found
from hydrophone.testing.factories import make_track

pytestmark = pytest.mark.anyio

DAY = 24 * 60 * 60 * 1000


@pytest.fixture
async def source(server: Server) -> Library:
    """A source that ran once, which everybody sees from the next login on."""
    library = await server.database.write(libraries.register_source, "archive", "Archive")
    await server.elsewhere.sources.refresh()
    return library


async def show(
    server: Server,
    library: Library,
    titles: list[str],
    now: int,
    concert: RemoteAlbum | None = None,
) -> list[Track]:
    """Store an opened album of these tracks, as if its source had just shown it."""
    conversion = Conversion(library, {})
    artists = (RemoteArtist(name="Artist"),)
    album = conversion.album(
        concert or RemoteAlbum(native_id="concert", title="Concert", artists=artists),
        is_opened=True,
    )
    tracks = tuple(
        conversion.track(
            RemoteTrack(native_id=title, title=title, artists=artists, duration=Seconds(180.0)),
            album,
            position,
        )
        for position, title in enumerate(titles, 1)
    )
    found = Found(artists=tuple(map(conversion.artist, artists)), albums=(album,), tracks=tracks)
    await server.database.write(remote_writing.put, library.id, found, Timestamp(now))
    return [one.track for one in tracks]


async def test_what_is_shown_was_made_when_it_first_was(
    server: Server, source: Library, admin: User
) -> None:
    start = 1_800_000_000_000
    concert = RemoteAlbum(native_id="night", title="Night", date=PartialDate(year=1977, month=5))
    for now in (start, start + DAY):
        [track] = await show(server, source, ["Song"], now, concert)
        found = await server.elsewhere.catalogue.track(admin, track.id)
        album = await server.elsewhere.catalogue.album(admin, track.album_id)
        assert found is not None
        assert album is not None
        assert (found.created, album.album.created) == (start, start)
        assert album.album.year == 1977


async def test_what_nobody_wanted_is_forgotten_and_comes_back_under_the_same_ids(
    server: Server, source: Library, admin: User
) -> None:
    catalogue, database = server.elsewhere.catalogue, server.database
    start = 1_800_000_000_000
    kept, lost = await show(server, source, ["Kept", "Lost"], start)
    await server.services.annotations.star(admin, [kept.id])

    def forget(connection: Connection) -> int:
        return remote_writing.forget(connection, Timestamp(start + DAY))

    assert await database.write(forget) == 1
    assert await catalogue.track(admin, lost.id) is None
    assert (await server.services.tracks.track(admin, kept.id)).title == "Kept"
    assert await database.read(remote_origins.album_origin, kept.album_id) is not None
    shown = await show(server, source, ["Kept", "Lost"], start + 2 * DAY)
    assert [track.id for track in shown] == [kept.id, lost.id]
    assert await catalogue.track(admin, lost.id) is not None


async def test_a_persons_word_on_two_tracks_is_final(
    server: Server, source: Library, admin: User, tracks: list[Track]
) -> None:
    matcher, database = server.services.matcher, server.database
    (shown,) = await show(server, source, ["One"], 1_800_000_000_000)
    own = tracks[0]

    async def is_hidden() -> bool:
        return bool(await database.read(links.with_better, [shown.id], admin.libraries))

    await matcher.link([shown])
    assert [link.kind for link in await matcher.links(admin, shown.id)] == [LinkKind.FUZZY]
    assert await is_hidden()
    await matcher.decide(admin, own.id, shown.id, same=False)
    await matcher.link([shown])
    assert [link.kind for link in await matcher.links(admin, own.id)] == [LinkKind.DIFFERENT]
    assert not await is_hidden()
    await matcher.decide(admin, shown.id, own.id, same=True)
    assert [link.kind for link in await matcher.links(admin, own.id)] == [LinkKind.MANUAL]
    assert await is_hidden()
    with pytest.raises(InvalidInputError):
        await matcher.decide(admin, own.id, own.id, same=True)
    with pytest.raises(NotFoundError):
        await matcher.decide(admin, own.id, "tr-aaaaaaaaaaaaa", same=True)


async def test_what_two_sources_have_is_linked_and_what_one_has_twice_is_not(
    server: Server, source: Library, admin: User
) -> None:
    matcher = server.services.matcher
    other = await server.database.write(libraries.register_source, "radio", "Radio")
    await server.elsewhere.sources.refresh()
    viewer = replace(admin, libraries=(*admin.libraries, source.id, other.id))
    first, again = await show(server, source, ["Nowhere else", "Nowhere  Else"], DAY)
    (second,) = await show(server, other, ["Nowhere Else"], DAY)
    await matcher.link([second])
    found = await matcher.links(viewer, second.id)
    pairs = {frozenset((link.a, link.b)): link.kind for link in found}
    assert pairs == {frozenset((one.id, second.id)): LinkKind.FUZZY for one in (first, again)}
    assert len(await matcher.links(viewer, first.id)) == 1


async def test_what_was_played_on_another_night_is_another_recording(
    server: Server, source: Library, admin: User, tracks: list[Track]
) -> None:
    matcher = server.services.matcher
    other = await server.database.write(libraries.register_source, "radio", "Radio")
    await server.elsewhere.sources.refresh()
    viewer = replace(admin, libraries=(*admin.libraries, source.id, other.id))
    nights = [
        RemoteAlbum(native_id=name, title=name, release_types=("live",))
        for name in ("1977-05-08 Barton Hall", "1977-06-07 Winterland", "1977-06-07 Wonderland")
    ]
    (first,) = await show(server, source, ["One"], DAY, nights[0])
    (second,) = await show(server, other, ["One"], DAY, nights[1])
    await matcher.link([first])
    await matcher.link([second])
    # Nor is it what the library has of the studio.
    assert await matcher.links(viewer, first.id) == ()
    assert await matcher.links(viewer, tracks[0].id) == ()
    (same,) = await show(server, source, ["one"], DAY, nights[2])
    await matcher.link([same])
    [link] = await matcher.links(viewer, second.id)
    assert {link.a, link.b} == {same.id, second.id}


async def test_links_are_forgotten_with_their_tracks_but_not_what_a_person_says(
    server: Server, source: Library, admin: User, tracks: list[Track]
) -> None:
    matcher, database = server.services.matcher, server.database
    found, said = await show(server, source, ["One", "Another"], DAY)
    await matcher.link([found])
    await matcher.decide(admin, tracks[0].id, said.id, same=True)
    for before, left in ((DAY, {found.id, said.id}), (2 * DAY, {said.id})):
        await database.write(remote_writing.forget, Timestamp(before))
        linked = await database.read(links.of, [tracks[0].id])
        assert {link.other(tracks[0].id) for link in linked} == left


async def test_links_go_with_a_track_that_becomes_another(
    server: Server, source: Library, admin: User, tracks: list[Track]
) -> None:
    (shown,) = await show(server, source, ["One"], DAY)
    own, other = tracks[:2]
    await server.services.matcher.decide(admin, own.id, shown.id, same=True)
    await server.database.write(links.move, own.id, other.id)
    (link,) = await server.database.read(links.of, [shown.id])
    assert ({link.a, link.b}, link.kind) == ({other.id, shown.id}, LinkKind.MANUAL)
    # What was said of the other before counts more.
    await server.database.write(links.move, other.id, shown.id)
    assert await server.database.read(links.of, [shown.id]) == ()


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({}, LinkKind.FUZZY),
        ({"title": "  oNE "}, LinkKind.FUZZY),
        ({"duration": Seconds(183.0)}, LinkKind.FUZZY),
        ({"duration": Seconds(183.1)}, None),
        ({"duration": Seconds(0.0)}, None),
        ({"title": "Other"}, None),
        ({"artists": make_track(artist="Cover Band").artists}, None),
        ({"isrcs": ("GBAYE0000001",), "title": "Other"}, LinkKind.ISRC),
        ({"musicbrainz_id": "a", "title": "Other"}, LinkKind.MUSICBRAINZ),
        ({"musicbrainz_id": "b"}, None),
        ({"musicbrainz_id": "b", "isrcs": ("GBAYE0000001",)}, None),
    ],
)
def test_same_recordings_are_told_by_codes_then_by_artist_title_and_length(
    changes: dict[str, object], kind: LinkKind | None
) -> None:
    known = make_track("One", musicbrainz_id="a", isrcs=("GBAYE0000001",))
    assert same_recording(replace(make_track("One"), **changes), known) is kind


async def test_a_source_keeps_its_number_and_makes_way_for_a_library(server: Server) -> None:
    database = server.database
    first = await database.write(libraries.register_source, "archive", "Archive")
    again = await database.write(libraries.register_source, "archive", "Archive")
    second = await database.write(libraries.register_source, "other", "Archive")
    assert first == again
    assert (second.name, second.id) == ("Archive (other)", LibraryId(first.id + 1))
    registered = await database.write(libraries.register, [("Archive", "/music")])
    assert registered[0].id not in (first.id, second.id)
    names = [library.name for library in await database.read(libraries.sources)]
    assert names == ["Archive (archive)", "Archive (other)"]
