"""Lists, searches and stars, as far as a user may see."""

import asyncio

import msgspec
import pytest
from sqlalchemy import func, select

from hydrophone.config import Config
from hydrophone.domain.ids import LibraryId
from hydrophone.domain.library import AlbumListKind, AlbumListQuery, Page, RandomTracksQuery
from hydrophone.domain.music import Track
from hydrophone.domain.search import SearchQuery
from hydrophone.domain.user import User
from hydrophone.errors import InvalidInputError, NotFoundError
from hydrophone.server.wiring import Server
from hydrophone.services.folders import newest_stars
from hydrophone.services.reading import by_rows
from hydrophone.storage.connection import connect
from hydrophone.storage.data_folder import DATABASE
from hydrophone.storage.queries.albums import ALBUMS
from hydrophone.storage.tables.annotation import annotation
from hydrophone.storage.tables.library import folder
from hydrophone.storage.tables.music import track
from hydrophone.testing.factories import fill_library, make_track

pytestmark = pytest.mark.anyio


async def names(server: Server, user: User, kind: AlbumListKind, **query: object) -> list[str]:
    asked = msgspec.structs.replace(AlbumListQuery(kind=kind), **query)
    page = await server.services.albums.page(user, asked)
    return [
        album.name for album in (await by_rows(server.database, ALBUMS, user, page.rows)).values()
    ]


async def test_album_lists(server: Server, anna: User, berta: User) -> None:
    by_name = AlbumListKind.BY_NAME
    assert await names(server, anna, by_name) == ["Album", "Else", "Lossy"]
    assert await names(server, berta, by_name) == ["Album", "Else", "Hers", "Lossy"]
    assert await names(server, berta, by_name, library_id=2) == ["Hers"]
    assert await names(server, anna, by_name, library_id=2) == []
    assert await names(server, anna, by_name, library_id=99) == []
    assert await names(server, anna, by_name, page=Page(offset=1, size=1)) == ["Else"]
    assert await names(server, anna, by_name, page=Page(offset=10**12, size=5)) == []
    assert sorted(await names(server, anna, AlbumListKind.RANDOM)) == ["Album", "Else", "Lossy"]
    assert await names(server, anna, AlbumListKind.BY_GENRE, genre="POP") == ["Album", "Else"]
    assert await names(server, anna, AlbumListKind.BY_GENRE, genre="None") == []


async def test_years_may_come_backwards(server: Server, anna: User) -> None:
    """DSub sends fromYear > toYear for newest first."""
    by_year = AlbumListKind.BY_YEAR
    assert await names(server, anna, by_year, from_year=1990, to_year=2020) == ["Album", "Else"]
    assert await names(server, anna, by_year, from_year=2020, to_year=1990) == ["Else", "Album"]
    assert await names(server, anna, by_year, from_year=2000, to_year=2010) == []


async def test_starred_folders_at_the_top(server: Server, anna: User, berta: User) -> None:
    services = server.services
    parent = select(folder.c.parent_id).where(folder.c.id == track.c.folder_id).scalar_subquery()
    moved = track.update().values(folder_id=func.coalesce(parent, track.c.folder_id))
    await server.database.write(lambda connection: connection.execute(moved))
    await services.folders._read_model.refresh()

    async def albums_at_the_top(user: User) -> set[str]:
        letters = await services.folders.letters(user.libraries)
        return {
            key
            for letter in letters
            for key, row in zip(letter.keys, letter.albums, strict=True)
            if row
        }

    folders = await albums_at_the_top(berta)
    await services.annotations.star(berta, sorted(folders))

    async def starred(user: User, count: int = 20) -> list[str]:
        letters = await services.folders.letters(user.libraries)
        marked = await services.folders.marked(user, letters)
        return [one.id for one in newest_stars(marked, count)]

    everything = await starred(berta)
    assert len(everything) == 1
    assert set(everything) == folders
    assert await starred(berta, 0) == []
    assert await starred(anna) == []
    root = await services.folders.folder(berta, "1")
    assert [
        (one.id, one.album.name, one.album.annotation.starred is not None)
        for one in root.folders
        if one.album is not None
    ] == [(everything[0], "Album", True)]
    assert [one.album for one in root.folders if one.id not in folders] == [None]
    # What lies in a library that she may not see any more is not shown.
    assert await starred(msgspec.structs.replace(berta, libraries=(LibraryId(2),))) == []


async def test_stars(server: Server, anna: User, berta: User, tracks: list[Track]) -> None:
    services = server.services
    folder = tracks[0].folder_id
    await services.annotations.star(anna, [tracks[1].id, folder, tracks[2].artists[0].id])
    starred = await services.annotations.starred(anna)
    assert [track.whole().title for track in starred.tracks] == ["Two"]
    albums = await by_rows(server.database, ALBUMS, anna, starred.albums)
    assert [album.name for album in albums.values()] == ["Album"]
    assert [artist.name for artist in starred.artists] == ["Other"]
    assert await names(server, anna, AlbumListKind.STARRED) == ["Album"]
    assert (await services.annotations.starred(berta)).tracks == ()
    await services.annotations.unstar(anna, [tracks[1].id, folder, tracks[2].artists[0].id])
    empty = await services.annotations.starred(anna)
    assert (empty.tracks, empty.albums, empty.artists) == ((), [], ())


async def test_all_that_is_starred_is_shown(server: Server, anna: User) -> None:
    """However much it is: no app asks for a second page."""
    many = [make_track(f"Song {n}", artist=f"Artist {n}", album=f"Album {n}") for n in range(1100)]
    await server.database.write(fill_library, many)
    artist_ids = [track.artists[0].id for track in many]
    await server.services.annotations.star(anna, [*artist_ids, *(one.album_id for one in many)])
    starred = await server.services.annotations.starred(anna)
    assert {artist.id for artist in starred.artists} == set(artist_ids)
    assert {artist.album_count for artist in starred.artists} == {1}
    assert len(starred.albums) == len(many)
    uncounted = await server.services.annotations.starred(anna, counts_albums=False)
    assert {artist.album_count for artist in uncounted.artists} == {0}


async def test_others_can_write_while_thousands_of_things_are_starred(
    server: Server, anna: User, berta: User, tracks: list[Track], config: Config
) -> None:
    many = [make_track(f"Song {n}", album=f"Album {n % 700}") for n in range(2000)]
    await server.database.write(fill_library, many)
    with connect(config.server.data_dir / DATABASE, durable=False) as connection:
        ids = [*(track.id for track in many), *{track.album_id for track in many}]
        count = select(func.count()).where(annotation.c.starred.is_not(None))
        starred = set()
        starring = asyncio.create_task(server.services.annotations.star(anna, ids))
        while not starring.done():
            await server.services.annotations.rate(berta, tracks[0].id, 3)
            starred.add(connection.execute(count).scalar_one())
        await starring
        assert starred - {0, 2700}, "nobody could write before all were starred"
        assert connection.execute(count).scalar_one() == 2700
    await server.services.annotations.unstar(anna, ids)
    found = await server.services.annotations.starred(anna)
    assert (found.tracks, found.albums) == ((), [])


async def test_a_star_needs_to_see_the_thing(
    server: Server, anna: User, berta: User, tracks: list[Track]
) -> None:
    secret = tracks[5]
    hers = [secret.id, secret.album_id, secret.artists[0].id, secret.folder_id]
    for identifier in hers:
        with pytest.raises(NotFoundError):
            await server.services.annotations.star(anna, [tracks[0].id, identifier])
    assert (await server.services.annotations.starred(anna)).tracks == ()
    await server.services.annotations.star(berta, hers)
    assert len((await server.services.annotations.starred(berta)).albums) == 1


async def test_one_unknown_id_stars_nothing(
    server: Server, anna: User, tracks: list[Track]
) -> None:
    for bad in ("tr-aaaaaaaaaaaaa", "../etc", "", "pl-aaaaaaaaaaaaa", tracks[5].id):
        with pytest.raises(NotFoundError):
            await server.services.annotations.star(anna, [tracks[0].id, bad])
    assert (await server.services.annotations.starred(anna)).tracks == ()


async def test_ratings(server: Server, anna: User, tracks: list[Track]) -> None:
    annotations = server.services.annotations
    for rating in (-1, 6):
        with pytest.raises(InvalidInputError):
            await annotations.rate(anna, tracks[0].id, rating)
    await annotations.rate(anna, tracks[0].album_id, 4)
    assert await names(server, anna, AlbumListKind.HIGHEST) == ["Album"]
    await annotations.rate(anna, tracks[0].album_id, 0)
    assert await names(server, anna, AlbumListKind.HIGHEST) == []


async def test_search_pages_never_overlap(server: Server, anna: User, berta: User) -> None:
    async def titles(user: User, text: str, offset: int, size: int) -> list[str]:
        nothing = Page(size=0)
        query = SearchQuery(
            text=text, artists=nothing, albums=nothing, tracks=Page(offset=offset, size=size)
        )
        found = await server.services.search.search(user, query)
        return [track.title for track in found.tracks]

    everything = await titles(anna, "", 0, 100)
    assert everything == ["One", "Two", "Far", "Mp3", "Short"]
    assert [t for n in range(5) for t in await titles(anna, "", n, 1)] == everything
    assert await titles(anna, "other", 0, 10) == ["Far", "Mp3", "Short"]
    assert await titles(anna, "other", 1, 1) == ["Mp3"]
    assert await titles(anna, "secret", 0, 10) == []
    assert await titles(berta, "secret", 0, 10) == ["Secret"]


async def test_random_tracks_keep_to_genre_and_years(server: Server, anna: User) -> None:
    async def drawn(**query: object) -> set[str]:
        asked = msgspec.structs.replace(RandomTracksQuery(), **query)
        found = await server.services.tracks.draw(anna, asked)
        assert len({track.id for track in found}) == len(found)
        return {track.title for track in found}

    assert len(await drawn(size=3)) == 3
    assert await drawn(genre="rock") == {"One", "Two"}
    assert await drawn(from_year=1991) == {"Two", "Far"}
    assert await drawn(to_year=1990) == {"One"}
    assert await drawn(library_id=2) == set()


async def test_folders_and_their_album(server: Server, anna: User, tracks: list[Track]) -> None:
    folders = server.services.folders
    root = await folders.folder(anna, "1")
    assert [folder.name for folder in root.folders] == ["Artist", "Other"]
    other = await folders.folder(anna, root.folders[1].id)
    assert [f.name for f in other.folders] == ["Else", "Lossy"]
    assert [f.album.name for f in other.folders if f.album] == ["Else", "Lossy"]
    letters = await folders.letters(anna.libraries)
    assert [(letter.name, letter.names) for letter in letters] == [
        ("A", ("Artist",)),
        ("O", ("Other",)),
    ]
    assert [key for letter in letters for key in letter.keys] == [one.id for one in root.folders]
    assert await folders.root_tracks(anna, anna.libraries) == root.tracks
    for bad in ("2", "99", "-1", "x", tracks[5].folder_id, "²"):
        with pytest.raises(NotFoundError):
            await folders.folder(anna, bad)


async def test_similar_and_top(server: Server, anna: User, tracks: list[Track]) -> None:
    services = server.services
    await services.plays.scrobble(anna, [(tracks[3].id, None)], "x")
    top = await services.similarity.top_tracks(anna, "OTHER", 2)
    assert [track.title for track in top] == ["Mp3", "Far"]
    assert await services.similarity.top_tracks(anna, "Nobody", 5) == ()
    similar = await services.similarity.similar_tracks(anna, tracks[0].id, 5)
    assert {track.title for track in similar} == {"Two", "Far", "Mp3", "Short"}
    for identifier in (tracks[0].artists[0].id, tracks[0].album_id, tracks[0].id):
        near = await services.similarity.similar_artists(anna, identifier, 5)
        assert [artist.name for artist in near] == ["Other"]
    assert await services.similarity.similar_tracks(anna, "x", 5) == ()
