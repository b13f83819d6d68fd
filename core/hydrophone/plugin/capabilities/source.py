"""A catalogue that can be searched and streamed."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from enum import StrEnum
from typing import Annotated, Protocol, runtime_checkable

from msgspec import Meta, Struct

from hydrophone.domain.remote import (
    NativeId,
    Quality,
    RemoteAlbum,
    RemoteArtist,
    RemoteFolder,
    RemoteTrack,
    Text,
)
from hydrophone.domain.units import ByteCount, Hertz, Kbps, Seconds, Timestamp

LARGEST_FILE = ByteCount(4 * 1024 * 1024 * 1024)
"""No track has more bytes; a stream that goes on behind them does not end at all."""
NO_HEADERS: Mapping[str, str] = {}


class SourceInfo(Struct, frozen=True, kw_only=True):
    """What core has to know of a source before it asks anything."""

    title: Annotated[Text, Meta(min_length=1)]
    """What apps show as the name of its music folder."""
    is_browsable: bool
    """Whether `browse` has something to show; such a source is a music folder of its own."""
    downloads_at_once: Annotated[int, Meta(ge=1, le=8)] = 2
    """How many streams of it may be open together."""
    notice: Text = ""
    """Terms or licence that an admin should know."""


class SearchRequest(Struct, frozen=True, kw_only=True):
    """What a listener has typed. A source never sees who asks."""

    text: str
    """Never empty."""
    artists: int
    """How many of each kind are wanted at most; 0 for none of this kind."""
    albums: int
    tracks: int
    offset: int = 0
    """Hits of each kind to be left out at the beginning."""
    deadline: Seconds
    """After so long nobody waits any more; better return what is there by then."""


class SearchHits(Struct, frozen=True, kw_only=True):
    """What was found of each kind, the best first; no more than was asked for."""

    artists: tuple[RemoteArtist, ...] = ()
    albums: tuple[RemoteAlbum, ...] = ()
    tracks: tuple[RemoteTrack, ...] = ()


class BrowseRequest(Struct, frozen=True, kw_only=True):
    """A place in the tree of a source."""

    folder_id: str = ""
    """Native id of a RemoteFolder; empty for the top."""
    cursor: str = ""
    """Empty for the first page, else the `next_cursor` of the page before."""
    limit: int = 500


class BrowsePage(Struct, frozen=True, kw_only=True):
    """What lies there, each kind in the order in which it is to be shown."""

    title: Text = ""
    """Of the place itself."""
    folders: tuple[RemoteFolder, ...] = ()
    albums: tuple[RemoteAlbum, ...] = ()
    tracks: tuple[RemoteTrack, ...] = ()
    next_cursor: str = ""
    """Empty if this was the last page."""


class LookupRequest(Struct, frozen=True, kw_only=True):
    """One thing by its native id."""

    native_id: NativeId


class ArtistDetails(Struct, frozen=True, kw_only=True):
    """An artist with what there is of him."""

    artist: RemoteArtist
    albums: tuple[RemoteAlbum, ...] = ()
    """The newest first, versions of one work by rank."""
    biography: Annotated[str, Meta(max_length=100_000)] = ""
    """Plain text; shown if no metadata provider has one."""


class AlbumDetails(Struct, frozen=True, kw_only=True):
    """An album with its tracks."""

    album: RemoteAlbum
    tracks: tuple[RemoteTrack, ...]
    """In the order in which they are played; `album` of each may be left out."""
    versions: tuple[RemoteAlbum, ...] = ()
    """All versions of the work, this one among them, by rank; empty if there is but one."""
    unavailable_because: Text = ""
    """One sentence for a listener, where there are no tracks because the source withholds them."""


class ResolveRequest(Struct, frozen=True, kw_only=True):
    """Asks how a track can be had."""

    native_id: NativeId
    quality: Quality = Quality.LOSSLESS
    is_refused: bool = False
    """The last handle was refused or has expired: a new one, not one out of a memory."""


class Checksum(Struct, frozen=True, kw_only=True):
    """What the whole file must add up to."""

    algorithm: str
    """`md5`, `sha1` or `sha256`."""
    digest: str
    """Hexadecimal."""


class StreamHandle(Struct, frozen=True, kw_only=True, tag="handle"):
    """How the bytes of a track can be had, for as long as it holds."""

    representation: Annotated[str, Meta(min_length=1, max_length=500)]
    """Names these very bytes: a download goes on only where this is the same as before."""
    url: str = ""
    """Empty if the source opens it in a way of its own, by `token`."""
    headers: Mapping[str, str] = NO_HEADERS
    token: str = ""
    """Means something to the source's own `open_stream` only."""
    suffix: Annotated[str, Meta(pattern=r"^[a-z0-9]{1,10}\Z")]
    """Of the file's name, without a dot: core makes paths of it."""
    content_type: Annotated[str, Meta(max_length=100, pattern=r"^[!-~]+/[!-~][ -~]*\Z")]
    codec: str = ""
    bit_rate: Kbps = Kbps(0)
    bit_depth: int = 0
    sampling_rate: Hertz = Hertz(0)
    size: Annotated[ByteCount, Meta(ge=1, le=LARGEST_FILE)] | None = None
    """Exact, or `None`: nobody is told a length that is a guess."""
    duration: Seconds = Seconds(0)
    """0 if unknown. What is downloaded must be as long, within 2 seconds or 1 %, unless it has a
    right checksum."""
    checksum: Checksum | None = None
    takes_ranges: bool = True
    """Whether a stream may begin in the middle."""
    expires: Timestamp | None = None
    is_preview: bool = False
    """Core refuses previews: they are never played or kept in place of the whole."""


class RefusalReason(StrEnum):
    """Why a track that exists cannot be had."""

    REGION = "region"
    REMOVED = "removed"
    RESTRICTED = "restricted"
    """Members only, stream only, not lent out."""
    PROTECTED = "protected"
    """By digital rights management, which is never circumvented."""
    NOT_AUTHORIZED = "not_authorized"
    """The account of the configuration may not."""


class Refusal(Struct, frozen=True, kw_only=True, tag="refusal"):
    """The track exists, and the source does not give it."""

    reason: RefusalReason
    sentence: Annotated[Text, Meta(min_length=1)]
    """For a listener."""


class OpenRequest(Struct, frozen=True, kw_only=True):
    """Asks for the bytes of a handle from an offset to the end."""

    handle: StreamHandle
    offset: ByteCount = ByteCount(0)
    """0 unless the handle takes ranges."""


class OpenedStream(Protocol):
    """Bytes on their way."""

    @property
    def offset(self) -> ByteCount:
        """Where they begin: what was asked for, or 0 if the range was ignored."""
        ...

    @property
    def size(self) -> ByteCount | None:
        """Of the whole file; `None` if the other side does not say."""
        ...

    @property
    def content_type(self) -> str:
        """As the other side says now; empty if it does not."""
        ...

    @property
    def validator(self) -> str:
        """What changes with the bytes (`ETag`, `Last-Modified`); empty if nothing tells.

        Parts of different ones are never put together, unless the handle has a checksum.
        """
        ...

    def chunks(self) -> AsyncIterator[bytes]:
        """Yield bytes until the end. Raises ProviderError if it breaks off."""
        ...


class SourceArtworkRequest(Struct, frozen=True, kw_only=True):
    """Asks for the picture of a thing whose `artwork_url` is empty or has died."""

    kind: str
    """`artist`, `album` or `track`."""
    native_id: NativeId


class Picture(Struct, frozen=True, kw_only=True):
    """The address or the bytes of a picture; one of both."""

    url: str = ""
    content: bytes = b""
    content_type: str = ""
    """Of the bytes; may be empty."""


class MatchRequest(Struct, frozen=True, kw_only=True):
    """A recording that is known from elsewhere, to be found at this source."""

    title: str
    artists: tuple[str, ...]
    album: str = ""
    duration: Seconds = Seconds(0)
    """0 if unknown."""
    isrcs: tuple[str, ...] = ()
    musicbrainz_id: str = ""


class MatchCandidate(Struct, frozen=True, kw_only=True):
    """A track that may be the recording; whether it is, core's matcher decides."""

    track: RemoteTrack


@runtime_checkable
class Source(Protocol):
    """A catalogue whose music can be found, browsed and played.

    `None` or an empty answer means *asked, and there is nothing*; whatever else goes wrong is a
    ProviderError (`RetryLaterError`, `NotAuthorizedError`, `ProviderUnavailableError`,
    `BadAnswerError`). Calls run side by side and may be cancelled at any moment.
    """

    @property
    def info(self) -> SourceInfo:
        """What core has to know before it asks; does not change while it runs."""
        ...

    async def search(self, request: SearchRequest) -> SearchHits:
        """Find artists, albums and tracks by words, the most relevant first."""
        ...

    async def browse(self, request: BrowseRequest) -> BrowsePage | None:
        """Show what lies at a place of the tree; `None` if there is no such place."""
        ...

    async def artist(self, request: LookupRequest) -> ArtistDetails | None:
        """Return an artist with all albums."""
        ...

    async def album(self, request: LookupRequest) -> AlbumDetails | None:
        """Return an album with all its tracks."""
        ...

    async def track(self, request: LookupRequest) -> RemoteTrack | None:
        """Return a track with its album."""
        ...

    async def resolve(self, request: ResolveRequest) -> StreamHandle | Refusal | None:
        """Say how the bytes of a track can be had now."""
        ...

    def open_stream(self, request: OpenRequest) -> AbstractAsyncContextManager[OpenedStream]:
        """Open the bytes; leaving the context ends the transfer.

        A source that streams by HTTP returns `hydrophone.plugin.http_stream(...)`.
        """
        ...

    async def artwork(self, request: SourceArtworkRequest) -> Picture | None:
        """Return the picture of a thing."""
        ...

    async def match(self, request: MatchRequest) -> tuple[MatchCandidate, ...]:
        """Return what may be this recording, the likeliest first; at most ten.

        Asked, for five seconds, when another source fails to play it or takes long, whoever has
        searched here before; there is no key that switches it off. What is wrong is worse than
        nothing: `()` is a good answer.
        """
        ...
