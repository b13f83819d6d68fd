"""A plugin whose source is a `SyntheticService`: to try core against a service's every whim.

Its entry point would be `synthetic = hydrophone.testing.synthetic_source:SyntheticPlugin`; see
`hydrophone.testing.installed`.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from hydrophone.domain.remote import RemoteTrack
from hydrophone.domain.units import Seconds
from hydrophone.errors import BadAnswerError, NotAuthorizedError
from hydrophone.plugin import (
    PLUGIN_API,
    Context,
    Manifest,
    Permission,
    PermissionKind,
    Plugin,
    hookimpl,
    http_stream,
)
from hydrophone.plugin.capabilities.source import (
    AlbumDetails,
    ArtistDetails,
    BrowsePage,
    BrowseRequest,
    LookupRequest,
    MatchCandidate,
    MatchRequest,
    OpenedStream,
    OpenRequest,
    Picture,
    Refusal,
    ResolveRequest,
    SearchHits,
    SearchRequest,
    Source,
    SourceArtworkRequest,
    SourceInfo,
    StreamHandle,
)
from hydrophone.testing.synthetic_service import Resolved

T = TypeVar("T")

TARGET = "hydrophone.testing.synthetic_source:SyntheticPlugin"
"""For `installed.install(site, "synthetic", TARGET)`."""


class SyntheticConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Its table in the configuration."""

    base_url: str
    """Of the SyntheticService."""
    title: str = "Synthetic"
    """Of its music folder."""


class _Token(Struct, frozen=True):
    token: str


class SyntheticSource:
    """Asks the service; implements `Source`."""

    info = SourceInfo(title="Synthetic", is_browsable=True, notice="For tests.")

    def __init__(self, base_url: str, context: Context) -> None:
        self._base_url = base_url
        self._context = context
        self._login = asyncio.Lock()

    async def search(self, request: SearchRequest) -> SearchHits:
        """Find by words in names and titles."""
        parameters = {
            "q": request.text,
            "artists": str(request.artists),
            "albums": str(request.albums),
            "tracks": str(request.tracks),
            "offset": str(request.offset),
        }
        return await self._get("/search", SearchHits, parameters) or SearchHits()

    async def browse(self, request: BrowseRequest) -> BrowsePage | None:
        """Show artists, and the albums of one."""
        parameters = {
            "folder": request.folder_id,
            "cursor": request.cursor,
            "limit": str(request.limit),
        }
        return await self._get("/browse", BrowsePage, parameters)

    async def artist(self, request: LookupRequest) -> ArtistDetails | None:
        """Return an artist with all albums."""
        return await self._get(f"/artist/{request.native_id}", ArtistDetails)

    async def album(self, request: LookupRequest) -> AlbumDetails | None:
        """Return an album with all its tracks."""
        return await self._get(f"/album/{request.native_id}", AlbumDetails)

    async def track(self, request: LookupRequest) -> RemoteTrack | None:
        """Return a track with its album."""
        return await self._get(f"/track/{request.native_id}", RemoteTrack)

    async def resolve(self, request: ResolveRequest) -> StreamHandle | Refusal | None:
        """Say where the audio is now."""
        parameters = {"id": request.native_id}
        resolved = await self._get("/resolve", Resolved, parameters)
        return None if resolved is None else resolved.found

    def open_stream(self, request: OpenRequest) -> AbstractAsyncContextManager[OpenedStream]:
        """Open the audio."""
        return http_stream(self._context.http, request)

    async def artwork(self, request: SourceArtworkRequest) -> Picture | None:
        """Return where the cover of an album is."""
        if request.kind != "album":
            return None
        found = await self.album(LookupRequest(native_id=request.native_id))
        return None if found is None else Picture(url=found.album.artwork_url)

    async def match(self, request: MatchRequest) -> tuple[MatchCandidate, ...]:
        """Search for the title, and leave the choice to core."""
        search = SearchRequest(
            text=request.title, artists=0, albums=0, tracks=10, deadline=Seconds(5)
        )
        hits = await self.search(search)
        return tuple(MatchCandidate(track=track) for track in hits.tracks[:10])

    async def ping(self) -> str:
        """Say how many artists the service has. Raises ProviderError."""
        page = await self._get("/browse", BrowsePage, {"folder": "", "limit": "500"})
        return f"It has {len(page.folders) if page else 0} artists."

    async def _get(
        self, path: str, of: type[T], parameters: Mapping[str, str | list[str]] | None = None
    ) -> T | None:
        """Get a document; `None` if there is none. A token that has expired is fetched anew."""
        token = await self._context.secrets.get("token") or await self._fetch_token("")
        try:
            return await self._ask(path, of, parameters or {}, token)
        except NotAuthorizedError:
            return await self._ask(path, of, parameters or {}, await self._fetch_token(token))

    async def _ask(
        self, path: str, of: type[T], parameters: Mapping[str, str | list[str]], token: str
    ) -> T | None:
        try:
            answer = await self._context.http.get(
                self._base_url + path,
                parameters=parameters,
                headers={"Authorization": f"Bearer {token}"},
            )
        except BadAnswerError as error:
            if error.status == 404:
                return None
            raise
        return answer.json(of=of)

    async def _fetch_token(self, refused: str) -> str:
        """Return a token that is another than this one; one caller fetches it for all."""
        async with self._login:
            token = await self._context.secrets.get("token") or ""
            if token == refused:
                answer = await self._context.http.get(f"{self._base_url}/token")
                token = answer.json(of=_Token).token
                await self._context.secrets.put("token", token)
            return token


class SyntheticPlugin(Plugin[SyntheticConfig]):
    """The plugin."""

    manifest = Manifest(
        name="synthetic",
        version="1.0",
        summary="Music that is made up for tests.",
        api=PLUGIN_API,
        config=SyntheticConfig,
        permissions=(
            Permission(
                kind=PermissionKind.NETWORK, target="base_url", reason="To ask the service."
            ),
        ),
    )

    def __init__(self, config: SyntheticConfig, context: Context) -> None:
        """Keep what is given."""
        super().__init__(config, context)
        self._source = SyntheticSource(config.base_url, context)
        self._source.info = replace(self._source.info, title=config.title)

    async def check(self) -> str:
        """Ask the service how much it has."""
        return await self._source.ping()

    @hookimpl
    def sources(self) -> Sequence[Source]:
        """Its one source."""
        return (self._source,)
