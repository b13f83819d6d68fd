"""The layer behind an in-process client, over small fake services that record what they got."""

from collections.abc import AsyncIterator, Awaitable, Callable
from hashlib import md5
from typing import Any, cast

import httpx
import pytest
from msgspec import structs

from hydrophone.domain.ids import AlbumId, ArtistId, FolderId, LibraryId, TrackId, UserId
from hydrophone.domain.music import Album, ArtistRef, Track
from hydrophone.domain.units import ByteCount, Kbps, Seconds, Timestamp
from hydrophone.domain.user import LoginMechanism, Roles, User
from hydrophone.errors import AuthenticationError, TokenLoginUnavailableError
from hydrophone.server.files import send_file, send_growing, send_stream
from hydrophone.server.pictures import send_picture
from hydrophone.server.protocols import ProtocolTools
from hydrophone.services.bundle import Services
from hydrophone_subsonic.layer import SubsonicLayer

ALICE = User(
    id=UserId(1),
    name="Alice",
    roles=Roles(admin=True),
    libraries=(LibraryId(1),),
    created=Timestamp(0),
)


class FakeService:
    """Answers each method with what it was told, or raises it; remembers the arguments."""

    def __init__(self) -> None:
        self.answers: dict[str, object] = {}
        self.calls: list[tuple[object, ...]] = []

    def __getattr__(self, name: str) -> Callable[..., Awaitable[object]]:
        async def method(*arguments: object, **named: object) -> object:
            self.calls.append((name, *arguments, named) if named else (name, *arguments))
            answer = self.answers.get(name)
            if isinstance(answer, Exception):
                raise answer
            return answer

        return method


class FakeLogins(FakeService):
    """Knows Alice: password sesame, its tokens, and the API key `key`."""

    def __init__(self) -> None:
        super().__init__()
        self.roles: dict[str, bool] = {}
        self.mechanisms = frozenset(LoginMechanism)
        self.refusal: Exception | None = None
        self.addresses: list[str] = []

    async def verify_password(self, name: str, password: str, *, address: str) -> User:
        self.addresses.append(address)
        return self._alice(name.lower() == "alice" and password == "sesame")

    async def verify_token(self, name: str, token: str, salt: str, *, address: str) -> User:
        self.addresses.append(address)
        if name == "hashed":
            raise TokenLoginUnavailableError("No secret.")
        expected = md5(f"sesame{salt}".encode(), usedforsecurity=False).hexdigest()
        return self._alice(name.lower() == "alice" and token == expected)

    async def verify_api_key(self, key: str) -> User:
        return self._alice(key == "key")

    def _alice(self, is_she: bool) -> User:
        if self.refusal is not None:
            raise self.refusal
        if not is_she:
            raise AuthenticationError("Wrong user name or password.")
        return structs.replace(ALICE, roles=structs.replace(ALICE.roles, **self.roles))


class Fakes:
    """All services, the tools, and what the layer has noted for the log."""

    def __init__(self) -> None:
        self.accounts = FakeService()
        self.logins = FakeLogins()
        self.libraries = FakeService()
        self.artists = FakeService()
        self.albums = FakeService()
        self.tracks = FakeService()
        self.genres = FakeService()
        self.folders = FakeService()
        self.search = FakeService()
        self.annotations = FakeService()
        self.playlists = FakeService()
        self.play_queue = FakeService()
        self.plays = FakeService()
        self.podcasts = FakeService()
        self.streaming = FakeService()
        self.downloads = FakeService()
        self.artwork = FakeService()
        self.lyrics = FakeService()
        self.metadata = FakeService()
        self.catalogue = FakeService()
        self.catalogue.answers["libraries"] = ()
        self.source_trees = FakeService()
        self.source_trees.answers["roots"] = ()
        self.similarity = FakeService()
        self.sonic = FakeService()
        self.scans = FakeService()
        self.noted: dict[str, str] = {}
        self.libraries.answers["modified"] = Timestamp(1_000)
        # What services answer without a coroutine.
        vars(self.sonic).update(is_available=False)
        vars(self.libraries).update(
            everything=(LibraryId(1),), folders=(LibraryId(1),), successors={}
        )
        vars(self.streaming).update(goes_on=lambda *asked: lambda tag, is_beginning: True)

    def note(self, *, user: str = "", client: str = "", error: str = "") -> None:
        noted = {"user": user, "client": client, "error": error}
        self.noted |= {name: value for name, value in noted.items() if value}

    def tools(self) -> ProtocolTools:
        return ProtocolTools(
            version="0.1.0",
            address=lambda scope: "http://localhost",
            help_path="/help",
            send_file=send_file,
            send_growing=send_growing,
            send_stream=send_stream,
            on_library_change=lambda tell: None,
            on_podcast_change=lambda tell: None,
            on_choice_change=lambda tell: None,
            background=lambda work: None,
            send_picture=send_picture,
            note=self.note,
        )


@pytest.fixture
def fakes() -> Fakes:
    return Fakes()


@pytest.fixture
def layer(fakes: Fakes) -> SubsonicLayer:
    return SubsonicLayer(cast(Services, fakes), fakes.tools())


@pytest.fixture
async def client(layer: SubsonicLayer) -> AsyncIterator[httpx.AsyncClient]:
    """Ask the layer; nobody is logged in."""
    transport = httpx.ASGITransport(cast(Any, layer))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost/rest") as client:
        yield client


@pytest.fixture
def ask(
    client: httpx.AsyncClient,
) -> Callable[[str], Awaitable[dict[str, Any]]]:
    """Ask as Alice for JSON; returns what is in the envelope."""

    async def ask(query: str) -> dict[str, Any]:
        name, _, parameters = query.partition("?")
        answer = await client.get(f"/{name}?u=alice&p=sesame&c=test&f=json&{parameters}")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/json"
        envelope: dict[str, Any] = answer.json()["subsonic-response"]
        return envelope

    return ask


@pytest.fixture
def make_track() -> Callable[..., Track]:
    """Make a track with the least that it can have, and what is given."""

    def make(**changes: Any) -> Track:
        values: dict[str, Any] = {
            "id": TrackId("tr-songsongsongs"),
            "title": "Song",
            "album_id": AlbumId("al-albumalbumal"),
            "album_name": "Album",
            "duration": Seconds(180.6),
            "size": ByteCount(1_000_000),
            "suffix": "flac",
            "content_type": "audio/flac",
            "bit_rate": Kbps(900),
            "path": "Naxos/Album/Song.flac",
            "library_id": LibraryId(1),
            "folder_id": FolderId("fo-folderfolder"),
            "created": Timestamp(1_769_860_800_123),
        }
        return Track(**(values | changes))

    return make


@pytest.fixture
def make_album() -> Callable[..., Album]:
    """Make an album with the least that it can have, and what is given."""

    def make(**changes: Any) -> Album:
        values: dict[str, Any] = {
            "id": AlbumId("al-albumalbumal"),
            "name": "Album",
            "artists": (ArtistRef(id=ArtistId("ar-naxosnaxosnax"), name="Naxos"),),
            "display_artist": "Naxos",
            "library_id": LibraryId(1),
            "track_count": 2,
            "duration": Seconds(361.2),
            "created": Timestamp(1_769_860_800_123),
        }
        return Album(**(values | changes))

    return make
