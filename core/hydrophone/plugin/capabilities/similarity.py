"""What is like what: by taste of many (SimilarityProvider), by sound (SonicSimilarity)."""

from typing import Annotated, Protocol, runtime_checkable

from msgspec import Meta, Struct

from hydrophone.domain.units import Seconds

Likeness = Annotated[float, Meta(ge=0, le=1)]


class KnownArtist(Struct, frozen=True, kw_only=True):
    """An artist, as he is known everywhere."""

    name: str
    musicbrainz_id: str = ""


class KnownTrack(Struct, frozen=True, kw_only=True):
    """A recording, as it is known everywhere; `track_id` is set if it is one of ours."""

    title: str
    artists: tuple[str, ...] = ()
    album: str = ""
    duration: Seconds = Seconds(0)
    isrcs: tuple[str, ...] = ()
    musicbrainz_id: str = ""
    track_id: str = ""


class SimilarArtist(Struct, frozen=True, kw_only=True):
    """An artist with how alike he is."""

    artist: KnownArtist
    likeness: Likeness


class SimilarTrack(Struct, frozen=True, kw_only=True):
    """A recording with how alike it is."""

    track: KnownTrack
    likeness: Likeness


class SimilarArtistsRequest(Struct, frozen=True, kw_only=True):
    """Who is like this artist?"""

    artist: KnownArtist
    count: int


class SimilarTracksRequest(Struct, frozen=True, kw_only=True):
    """What is like this recording?"""

    track: KnownTrack
    count: int


class TopTracksRequest(Struct, frozen=True, kw_only=True):
    """What of this artist is heard most?"""

    artist: KnownArtist
    count: int


@runtime_checkable
class SimilarityProvider(Protocol):
    """Knows what people who hear one thing hear as well. Empty: asked, and knows nothing."""

    async def similar_artists(self, request: SimilarArtistsRequest) -> tuple[SimilarArtist, ...]:
        """Return artists, the most alike first."""
        ...

    async def similar_tracks(self, request: SimilarTracksRequest) -> tuple[SimilarTrack, ...]:
        """Return recordings, the most alike first; core looks which of them are here."""
        ...

    async def top_tracks(self, request: TopTracksRequest) -> tuple[KnownTrack, ...]:
        """Return recordings, the most heard first."""
        ...


class SonicNeighboursRequest(Struct, frozen=True, kw_only=True):
    """Which of our tracks sound like this one of ours?"""

    track_id: str
    count: int


class SonicPathRequest(Struct, frozen=True, kw_only=True):
    """A way from one of our tracks to another in small steps of sound."""

    start_id: str
    end_id: str
    count: int
    """Length of the way at most, both ends included."""


class SonicMatch(Struct, frozen=True, kw_only=True):
    """One of our tracks, with how alike it is to the one that was asked about."""

    track_id: str
    likeness: Likeness


@runtime_checkable
class SonicSimilarity(Protocol):
    """Compares the sound of our tracks (OpenSubsonic, extension sonicSimilarity)."""

    async def neighbours(self, request: SonicNeighboursRequest) -> tuple[SonicMatch, ...]:
        """Return tracks, the most alike first, without the one asked about."""
        ...

    async def path(self, request: SonicPathRequest) -> tuple[SonicMatch, ...]:
        """Return a way, both ends in it; empty if there is none."""
        ...
