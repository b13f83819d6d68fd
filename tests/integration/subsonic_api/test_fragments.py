"""Lists that were written before are, to the byte, what they would be if written now."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, cast

import httpx
import msgspec
import pytest

from hydrophone.config import Config, LibraryConfig, ScanConfig, ServerConfig
from hydrophone.domain.collation import IGNORED_ARTICLES, index_letter, sort_key
from hydrophone.domain.ids import LibraryId
from hydrophone.domain.library import AlbumListKind, AlbumListQuery, ArtistLetter, Page
from hydrophone.domain.music import Album, Artist
from hydrophone.domain.units import ByteCount, Seconds, Timestamp
from hydrophone.domain.user import AccountChanges, User
from hydrophone.scanner.identity import folder_id
from hydrophone.server.data_folder import make_data_dir, prepare
from hydrophone.server.files import send_file, send_growing, send_stream
from hydrophone.server.pictures import send_picture
from hydrophone.server.protocols import ProtocolTools
from hydrophone.server.wiring import Server, open_server
from hydrophone.storage.connection import connect, transaction
from hydrophone.storage.data_folder import DATABASE
from hydrophone.storage.queries import annotations, catalogue, counters
from hydrophone.testing.factories import fill_library, make_track
from hydrophone_subsonic.encoding.envelope import Encoding
from hydrophone_subsonic.encoding.json import JsonEncoding
from hydrophone_subsonic.encoding.jsonp import JsonpEncoding
from hydrophone_subsonic.encoding.xml import XmlEncoding
from hydrophone_subsonic.fragments import LIMIT, AlbumFragments
from hydrophone_subsonic.layer import SubsonicLayer
from hydrophone_subsonic.letter_lists import LetterLists, listed_artists
from hydrophone_subsonic.mapping.album import album_id3
from hydrophone_subsonic.mapping.artist import artist_id3
from hydrophone_subsonic.responses.artist import ArtistID3
from hydrophone_subsonic.responses.browsing import ArtistsID3, IndexID3
from hydrophone_subsonic.responses.lists import AlbumList2

pytestmark = pytest.mark.anyio

VERSION = "1.2.3"
JSON = JsonEncoding(VERSION)
ENCODINGS: dict[str, Encoding] = {
    "xml": XmlEncoding(VERSION),
    "json": JSON,
    "jsonp": JsonpEncoding(JSON, "f"),
}
BOTH = (LibraryId(1), LibraryId(2))
SHELF = [
    *(
        make_track(
            "One",
            artist=f"{'!1ÀBÑZ봄'[n % 7]} & B {n % 7}",
            album=f"Nr. <{n}>\u2028",
            year=1970 + n,
        )
        for n in range(120)
    ),
    make_track("Two", artist="Berta", album="Hers", year=1990, library_id=2),
]
KINDS = [kind for kind in AlbumListKind if kind is not AlbumListKind.RANDOM]


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(
        server=ServerConfig(data_dir=tmp_path / "data"),
        libraries=(
            LibraryConfig(name="Music 1", path=tmp_path / "one"),
            LibraryConfig(name="Music 2", path=tmp_path / "two", users=("berta",)),
        ),
        scan=ScanConfig(on_start=False, interval_minutes=0, watch=False),
    )


@asynccontextmanager
async def elsewhere(config: Config) -> AsyncIterator[Any]:
    """Write as other processes do: on a connection of their own."""
    with ExitStack() as stack:
        path = config.server.data_dir / DATABASE
        connection = stack.enter_context(connect(path, durable=False))
        # Not on the loop: the server may be in the middle of a transaction.
        await asyncio.to_thread(stack.enter_context, transaction(connection))
        yield connection


@pytest.fixture
async def server(config: Config, empty_database: Path) -> AsyncIterator[Server]:
    shutil.copy(empty_database, make_data_dir(config) / DATABASE)
    prepare(config)
    async with elsewhere(config) as connection:
        fill_library(connection, SHELF)
    async with open_server(config) as opened:
        yield opened


class Household:
    """Two users, each with own libraries and marks, and the layer that they ask."""

    def __init__(self, server: Server, users: dict[str, tuple[User, str]]) -> None:
        self.server = server
        self.users = {name: user for name, (user, _) in users.items()}
        self._passwords = {name: password for name, (_, password) in users.items()}
        layer = SubsonicLayer(
            server.services,
            ProtocolTools(
                version=VERSION,
                address=lambda scope: "http://localhost",
                help_path="/help",
                send_file=send_file,
                send_growing=send_growing,
                send_stream=send_stream,
                send_picture=send_picture,
                on_library_change=server.on_library_change,
                background=server.background,
                note=lambda *, user="", client="", error="": None,
            ),
        )
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(cast(Any, layer)), base_url="http://localhost/rest"
        )

    async def get(self, name: str, endpoint: str, form: str, **asked: str) -> bytes:
        login = {"u": name, "p": self._passwords[name], "v": "1.16.1", "c": "test"}
        answer = await self.client.get(
            endpoint, params={**login, **asked, "f": form, "callback": "f"}
        )
        return answer.content

    async def ask(self, name: str, form: str, kind: AlbumListKind) -> bytes:
        query = {"type": kind, "size": "500", "fromYear": "1975", "toYear": "2050", "genre": "x"}
        return await self.get(name, "/getAlbumList2", form, **query)

    async def anew(self, name: str, form: str, kind: AlbumListKind) -> bytes:
        """Write what is to be answered without anything that was kept."""
        albums, user = self.server.services.albums, self.users[name]
        page = await albums.page(
            user,
            AlbumListQuery(kind=kind, page=Page(size=500), from_year=1975, to_year=2050, genre="x"),
        )
        found = (await albums.by_rows(user, page.rows)).values()
        answer = AlbumList2(album=tuple(map(album_id3, found)))
        return b"".join(ENCODINGS[form].parts("ok", "albumList2", answer))

    async def artists_anew(self, name: str, form: str, library: int | None = None) -> bytes:
        """Write all artists that are to be answered, each read and written by itself."""
        user = self.users[name]
        if library is not None:
            user = msgspec.structs.replace(user, libraries=(LibraryId(library),))
        ids = {track.album_artists[0].id for track in SHELF if track.library_id in user.libraries}
        found = [(await self.server.services.artists.artist(user, one)).artist for one in ids]
        letters: dict[str, list[ArtistID3]] = {}
        for one in sorted(found, key=lambda artist: sort_key(artist.name, artist.sort_name)):
            letter = index_letter(one.name, one.sort_name)
            letters.setdefault(letter, []).append(artist_id3(one))
        answer = ArtistsID3(
            ignored_articles=IGNORED_ARTICLES,
            index=tuple(
                IndexID3(name=letter, artist=tuple(those)) for letter, those in letters.items()
            ),
        )
        return b"".join(ENCODINGS[form].parts("ok", "artists", answer))


@pytest.fixture
async def household(server: Server) -> AsyncIterator[Household]:
    services = server.services
    users = {}
    for name in ("anna", "berta"):
        password = (await services.accounts.add(name)).password
        users[name] = (await services.logins.verify_password(name, password), password)
    household = Household(server, users)
    async with household.client:
        yield household


async def test_answers_are_the_same_to_the_byte(household: Household) -> None:
    services, anna, berta = household.server.services, *household.users.values()
    marks = services.annotations
    await marks.star(anna, [track.album_id for track in SHELF[:10]])
    await marks.rate(anna, SHELF[20].album_id, 4)
    await services.plays.scrobble(anna, [(SHELF[30].id, Timestamp(1_700_000_000_000))], "Phone")
    await marks.star(berta, [SHELF[5].album_id, SHELF[-1].album_id])
    # A star that was taken back leaves nothing to see, though it is still on record.
    await marks.star(berta, [SHELF[7].album_id])
    await marks.unstar(berta, [SHELF[7].album_id])
    for _ in range(2):
        for form in ENCODINGS:
            for kind in KINDS:
                for name in household.users:
                    asked = await household.ask(name, form, kind)
                    assert asked == await household.anew(name, form, kind)
        # By now it is written ahead, too.
        await asyncio.sleep(0.1)


@pytest.mark.parametrize("form", ENCODINGS)
async def test_a_star_shows_at_once_to_its_user_alone(
    household: Household, config: Config, form: str
) -> None:
    by_name = AlbumListKind.BY_NAME
    before = {name: await household.ask(name, form, by_name) for name in household.users}
    assert b"starred" not in before["anna"]
    await household.server.services.annotations.star(household.users["anna"], [SHELF[3].album_id])
    assert (await household.ask("anna", form, by_name)).count(b"starred") == 1
    async with elsewhere(config) as connection:
        others = [SHELF[4].album_id]
        annotations.star(connection, household.users["anna"].id, others, Timestamp(1))
    assert (await household.ask("anna", form, by_name)).count(b"starred") == 2
    assert await household.ask("berta", form, by_name) == before["berta"]
    await household.server.services.annotations.unstar(
        household.users["anna"], [SHELF[3].album_id, SHELF[4].album_id]
    )
    assert await household.ask("anna", form, by_name) == before["anna"]


@pytest.mark.parametrize("form", ENCODINGS)
async def test_a_retag_by_another_process_shows_at_once(
    household: Household, config: Config, form: str
) -> None:
    for _ in range(2):
        assert b"Retagged" not in await household.ask("anna", form, AlbumListKind.BY_NAME)
        await asyncio.sleep(0.05)
    async with elsewhere(config) as connection:
        old = catalogue.album_by_id(connection, SHELF[3].album_id)
        assert old is not None
        retagged = msgspec.structs.replace(old, name="Retagged")
        catalogue.put_album(connection, f"factory {old.id}", retagged)
        counters.bump(connection, counters.LIBRARY, Timestamp(1))
    for name in household.users:
        assert b"Retagged" in await household.ask(name, form, AlbumListKind.BY_NAME)


@pytest.mark.parametrize("form", ENCODINGS)
async def test_what_a_scan_has_found_shows_within_seconds(
    household: Household, config: Config, form: str
) -> None:
    newest = AlbumListKind.NEWEST
    assert b"Brand new" not in await household.ask("anna", form, newest)
    async with elsewhere(config) as connection:
        fill_library(connection, [make_track("New", artist="N", album="Brand new")])
        counters.bump(connection, counters.LIBRARY, Timestamp(1))
    async with asyncio.timeout(10):
        while b"Brand new" not in await household.ask("anna", form, newest):  # noqa: ASYNC110 - nothing else tells
            await asyncio.sleep(0.05)
    assert await household.ask("berta", form, newest) == await household.anew("berta", form, newest)


class Writer:
    """Writes albums as JSON, and remembers which."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def __call__(self, album: Album) -> bytes:
        self.names.append(album.name)
        return JSON.item("album", album_id3(album))


@asynccontextmanager
async def running(
    server: Server, write: Callable[[Album], bytes], limit: ByteCount = LIMIT
) -> AsyncIterator[AlbumFragments]:
    fragments = AlbumFragments(server.services.albums, write, limit=limit, quiet=Seconds(0.5))
    task = asyncio.create_task(fragments.ahead.run())
    yield fragments
    task.cancel()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - nothing else tells
            await asyncio.sleep(0.01)


async def test_who_is_no_longer_a_member_gets_none_of_its_albums(household: Household) -> None:
    server, berta = household.server, household.users["berta"]
    query = AlbumListQuery(kind=AlbumListKind.BY_NAME, page=Page(size=500))
    rows = (await server.services.albums.page(berta, query)).rows
    async with running(server, Writer()) as fragments:
        assert len(await fragments.of(berta, rows)) == len(SHELF)
        # Asked for by rows that were right a moment ago, with and without a mark on the album.
        out = msgspec.structs.replace(berta, libraries=BOTH[:1])
        assert len(await fragments.of(out, rows)) == len(SHELF) - 1
        await server.services.annotations.star(berta, [SHELF[-1].album_id])
        assert len(await fragments.of(out, rows)) == len(SHELF) - 1
        assert len(await fragments.of(berta, rows)) == len(SHELF)


@pytest.mark.parametrize("form", ENCODINGS)
async def test_a_library_that_is_taken_from_a_user_is_gone_at_once(
    household: Household, form: str
) -> None:
    by_name = AlbumListKind.BY_NAME
    assert b'"Hers"' in await household.ask("berta", form, by_name)
    changes = AccountChanges(libraries=(1,))
    await household.server.services.accounts.change("berta", changes)
    assert b'"Hers"' not in await household.ask("berta", form, by_name)


async def test_albums_are_written_ahead_once_somebody_asks(household: Household) -> None:
    server, anna = household.server, household.users["anna"]
    query = AlbumListQuery(kind=AlbumListKind.BY_NAME, page=Page(size=500))
    rows = (await server.services.albums.page(anna, query)).rows
    write = Writer()
    async with running(server, write) as fragments:
        fragments.ahead.library_changed()
        await asyncio.sleep(0.05)
        assert write.names == []
        first = await fragments.of(anna, rows[:1])
        await until(lambda: len(set(write.names)) == len(SHELF))
        count = len(write.names)
        again = await fragments.of(anna, rows)
        assert (len(again), again[0], len(write.names)) == (len(rows), first[0], count)


async def test_all_is_written_anew_when_the_library_has_come_to_rest(
    household: Household, config: Config
) -> None:
    server, anna = household.server, household.users["anna"]
    write = Writer()
    async with running(server, write) as fragments:
        await fragments.of(anna, [])
        await until(lambda: len(write.names) == len(SHELF))
        for _ in range(3):
            async with elsewhere(config) as connection:
                counters.bump(connection, counters.LIBRARY, Timestamp(1))
            fragments.ahead.library_changed()
            await asyncio.sleep(0.1)
            assert len(write.names) == len(SHELF)
        await until(lambda: len(write.names) == 2 * len(SHELF))


async def test_only_as_many_are_written_ahead_as_are_kept(
    household: Household, config: Config
) -> None:
    write = Writer()
    async with running(household.server, write, limit=ByteCount(20_000)) as fragments:
        await fragments.of(household.users["anna"], [])
        await until(lambda: bool(write.names))
        await asyncio.sleep(0.3)
        count = len(write.names)
        assert count < len(SHELF)
        async with elsewhere(config) as connection:
            counters.bump(connection, counters.LIBRARY, Timestamp(1))
        fragments.ahead.library_changed()
        await until(lambda: len(write.names) == 2 * count)


async def test_what_is_starred_meanwhile_is_not_kept_for_others(household: Household) -> None:
    """Between the look for marks and the reading of an album, its user may mark it."""
    server, anna, berta = household.server, *household.users.values()
    query = AlbumListQuery(kind=AlbumListKind.BY_NAME, page=Page(size=500))
    rows = (await server.services.albums.page(anna, query)).rows

    class Albums:
        """The real ones, in which a star comes at the worst of times."""

        touched = server.services.albums.touched

        async def by_rows(self, viewer: User, rows: list[int]) -> dict[int, Album]:
            await server.services.annotations.star(anna, [SHELF[0].album_id])
            return await server.services.albums.by_rows(viewer, rows)

    fragments = AlbumFragments(cast(Any, Albums()), Writer())
    assert b"starred" in b"".join(map(bytes, await fragments.of(anna, rows)))
    assert b"starred" not in b"".join(map(bytes, await fragments.of(berta, rows[:1])))
    starless = await fragments.of(msgspec.structs.replace(berta, id=99), rows)
    assert b"starred" not in b"".join(map(bytes, starless))


async def test_artists_are_the_same_to_the_byte(household: Household) -> None:
    marks, (anna, berta) = household.server.services.annotations, household.users.values()
    artists = list(dict.fromkeys(track.album_artists[0].id for track in SHELF))
    for _ in range(2):
        for form in ENCODINGS:
            for name in household.users:
                asked = await household.get(name, "/getArtists", form)
                assert asked == await household.artists_anew(name, form)
            for library in (1, 2):
                asked = await household.get(
                    "berta", "/getArtists", form, musicFolderId=str(library)
                )
                assert asked == await household.artists_anew("berta", form, library)
        await marks.star(anna, artists[:2])
        await marks.rate(anna, artists[3], 4)
        await marks.star(berta, [artists[-1], artists[5]])
        await marks.rate(berta, artists[5], 1)
    await marks.unstar(anna, artists[:2])
    await marks.rate(anna, artists[3], 0)
    for form in ENCODINGS:
        plain = await household.get("anna", "/getArtists", form)
        assert b"starred" not in plain
        assert b"userRating" not in plain
        assert plain == await household.artists_anew("anna", form)


@pytest.mark.parametrize("form", ENCODINGS)
async def test_an_artist_whom_a_scan_has_found_shows_within_seconds(
    household: Household, config: Config, form: str
) -> None:
    assert b"Brand new" not in await household.get("anna", "/getArtists", form)
    async with elsewhere(config) as connection:
        fill_library(connection, [make_track("New", artist="Brand new", album="New")])
        counters.bump(connection, counters.LIBRARY, Timestamp(1))
    # At once, while the order of artists is still the old one, and then with the new one.
    assert b"Brand new" not in await household.get("anna", "/getArtists", form)
    async with asyncio.timeout(10):
        while b"Brand new" not in await household.get("anna", "/getArtists", form):  # noqa: ASYNC110 - nothing else tells
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("form", ENCODINGS)
async def test_folders_show_what_each_user_has_left_on_their_albums(
    household: Household, config: Config, form: str
) -> None:
    marks, anna = household.server.services.annotations, household.users["anna"]
    place = folder_id("Music 1", "Zoe's")
    new = make_track("New", artist="Zoe", album="Zoe's", path="Zoe's/1.mp3", folder_id=place)
    async with elsewhere(config) as connection:
        fill_library(connection, [new])
        counters.bump(connection, counters.LIBRARY, Timestamp(1))
    async with asyncio.timeout(10):
        while b"Zoe's" not in await household.get("berta", "/getIndexes", form):  # noqa: ASYNC110 - nothing else tells
            await asyncio.sleep(0.05)
        while b"Zoe's" not in (index := await household.get("anna", "/getIndexes", form)):  # noqa: ASYNC110 - nothing else tells
            await asyncio.sleep(0.05)
    await marks.star(anna, [new.album_id])
    await marks.rate(anna, new.album_id, 4)
    marked = await household.get("anna", "/getIndexes", form)
    # In its place, and as a shortcut.
    assert marked.count(b"starred") == marked.count(b"userRating") == 2
    assert marked.index(b"Zoe's") < marked.index(b"starred")
    assert marked.count(b"averageRating") == 2
    others = await household.get("berta", "/getIndexes", form)
    assert b"starred" not in others
    assert b"userRating" not in others
    assert others.count(b"averageRating") == 1
    await marks.unstar(anna, [new.album_id])
    await marks.rate(anna, new.album_id, 0)
    assert await household.get("anna", "/getIndexes", form) == index


class CountedArtists:
    """The real artists, which count how often they are read for all."""

    def __init__(self, server: Server) -> None:
        self.reads = 0
        self._real = server.services.artists
        self.letters = self._real.letters
        self.starred = self._real.starred

    async def plain(self, letter: ArtistLetter, offset: int, count: int) -> dict[int, Artist]:
        self.reads += 1
        return await self._real.plain(letter, offset, count)


async def test_artists_are_written_before_somebody_asks(
    household: Household, config: Config
) -> None:
    artists, anna = CountedArtists(household.server), household.users["anna"]
    lists = LetterLists(listed_artists(cast(Any, artists)), JSON, quiet=Seconds(0.1))
    household.server.on_library_change(lists.ahead.library_changed)
    task = asyncio.create_task(lists.ahead.run())
    lists.expect(anna.libraries)
    lists.expect(anna.libraries)
    await until(lambda: len(lists._kept[anna.libraries]) == 6)
    before = dict(lists._kept[anna.libraries])
    first = await lists.of(anna, anna.libraries)
    assert len(first) == 6
    assert artists.reads == 6
    async with elsewhere(config) as connection:
        fill_library(connection, [make_track("New", artist="Brand new", album="New")])
        counters.bump(connection, counters.LIBRARY, Timestamp(1))
    await until(lambda: lists._kept[anna.libraries]["B"] is not before["B"])
    task.cancel()
    after = lists._kept[anna.libraries]
    # Only the letter that has changed is written anew.
    assert [name for name in after if after[name] is not before.get(name)] == ["B"]
    assert artists.reads == 7


async def test_as_many_sets_of_artists_are_kept_as_fit(household: Household) -> None:
    artists, berta = CountedArtists(household.server), household.users["berta"]
    lists = LetterLists(listed_artists(cast(Any, artists)), JSON, limit=ByteCount(1))
    for libraries, reads in ((BOTH, 6), (BOTH, 6), (BOTH[:1], 12), (BOTH, 18)):
        await lists.of(berta, libraries)
        assert artists.reads == reads
