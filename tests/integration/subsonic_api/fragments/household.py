"""Two users with libraries and marks of their own, who ask for lists."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import ExitStack, asynccontextmanager
from typing import Any, cast

import httpx
import msgspec
from lxml import etree

from hydrophone.config import Config
from hydrophone.domain.collation import IGNORED_ARTICLES, index_letter, sort_key
from hydrophone.domain.ids import LibraryId
from hydrophone.domain.library import AlbumListKind, AlbumListQuery, Page
from hydrophone.domain.music import Album
from hydrophone.domain.user import User
from hydrophone.server.files import send_file, send_growing, send_stream
from hydrophone.server.pictures import send_picture
from hydrophone.server.protocols import ProtocolTools
from hydrophone.server.wiring import Server
from hydrophone.services.reading import by_rows
from hydrophone.storage.connection import connect, transaction
from hydrophone.storage.data_folder import DATABASE
from hydrophone.storage.queries.albums import ALBUMS
from hydrophone.testing.factories import make_track
from hydrophone_subsonic.encoding.envelope import Encoding, ItemEncoding
from hydrophone_subsonic.encoding.json import JsonEncoding
from hydrophone_subsonic.encoding.jsonp import JsonpEncoding
from hydrophone_subsonic.encoding.xml import XmlEncoding
from hydrophone_subsonic.layer import SubsonicLayer
from hydrophone_subsonic.mapping.album import album_id3
from hydrophone_subsonic.mapping.artist import artist_id3
from hydrophone_subsonic.mapping.child import album_directory
from hydrophone_subsonic.responses.artist import ArtistID3
from hydrophone_subsonic.responses.browsing import ArtistsID3, IndexID3
from hydrophone_subsonic.responses.lists import AlbumList, AlbumList2
from hydrophone_subsonic.responses.wire import Wire

VERSION = "1.2.3"
JSON = JsonEncoding(VERSION)

ENCODINGS: dict[str, Encoding] = {
    "xml": XmlEncoding(VERSION),
    "json": JSON,
    "jsonp": JsonpEncoding(JSON, "f"),
}

ITEMS: dict[str, ItemEncoding] = {"xml": XmlEncoding(VERSION), "json": JSON, "jsonp": JSON}
"""What writes their items."""

LISTS: dict[str, Callable[[Iterable[Album]], Wire]] = {
    "albumList": lambda albums: AlbumList(album=tuple(map(album_directory, albums))),
    "albumList2": lambda albums: AlbumList2(album=tuple(map(album_id3, albums))),
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

_VALID_UNTIL = re.compile(rb'(validUntil"?[=:]")[^"]*')
KINDS = [kind for kind in AlbumListKind if kind is not AlbumListKind.RANDOM]


@asynccontextmanager
async def elsewhere(config: Config) -> AsyncIterator[Any]:
    """Write as other processes do: on a connection of their own."""
    with ExitStack() as stack:
        path = config.server.data_dir / DATABASE
        connection = stack.enter_context(connect(path, durable=False))
        # Not on the loop: the server may be in the middle of a transaction.
        await asyncio.to_thread(stack.enter_context, transaction(connection))
        yield connection


class Household:
    """Two users, each with own libraries and marks, and the layer that they ask."""

    def __init__(self, server: Server, users: dict[str, tuple[User, str]]) -> None:
        self.server = server
        self.users = {name: user for name, (user, _) in users.items()}
        self._passwords = {name: password for name, (_, password) in users.items()}
        self.layer = SubsonicLayer(
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
                on_podcast_change=server.on_podcast_change,
                on_choice_change=server.on_choice_change,
                background=server.background,
                note=lambda *, user="", client="", error="": None,
            ),
        )
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(cast(Any, self.layer)), base_url="http://localhost/rest"
        )

    async def get(self, name: str, endpoint: str, form: str, **asked: str) -> bytes:
        login = {"u": name, "p": self._passwords[name], "v": "1.16.1", "c": "test"}
        answer = await self.client.get(
            endpoint, params={**login, **asked, "f": form, "callback": "f"}
        )
        return answer.content

    async def ask(
        self, name: str, form: str, kind: AlbumListKind, answer: str = "albumList2"
    ) -> bytes:
        query = {"type": kind, "size": "500", "fromYear": "1975", "toYear": "2050", "genre": "x"}
        return await self.get(name, f"/get{answer[0].upper()}{answer[1:]}", form, **query)

    async def anew(
        self, name: str, form: str, kind: AlbumListKind, answer: str = "albumList2"
    ) -> bytes:
        """Write what is to be answered without anything that was kept."""
        albums, user = self.server.services.albums, self.users[name]
        page = await albums.page(
            user,
            AlbumListQuery(kind=kind, page=Page(size=500), from_year=1975, to_year=2050, genre="x"),
        )
        found = (await by_rows(self.server.database, ALBUMS, user, page.rows)).values()
        return b"".join(ENCODINGS[form].parts("ok", answer, LISTS[answer](found)))

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


def read(form: str, document: bytes) -> object:
    """Read a document, so that neither the order of fields counts nor when it was asked for."""
    document = _VALID_UNTIL.sub(rb"\1", document)
    if form == "xml":
        return etree.tostring(etree.fromstring(document), method="c14n")
    return msgspec.json.decode(document.removeprefix(b"f(").removesuffix(b");"))


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110 - nothing else tells
            await asyncio.sleep(0.01)
