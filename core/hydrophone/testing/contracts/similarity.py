"""What everybody who knows what is alike must do: by taste, and by sound."""

from collections.abc import Sequence
from typing import Any, ClassVar

from hydrophone.host.capabilities import SIMILARITY, SONIC_SIMILARITY
from hydrophone.host.guard import Outcome
from hydrophone.host.registry import Provider
from hydrophone.plugin.capabilities.similarity import (
    KnownArtist,
    KnownTrack,
    SimilarArtist,
    SimilarArtistsRequest,
    SimilarityProvider,
    SimilarTrack,
    SimilarTracksRequest,
    SonicMatch,
    SonicNeighboursRequest,
    SonicPathRequest,
    SonicSimilarity,
    TopTracksRequest,
)
from hydrophone.testing.contracts.contract import Contract, asked

_NOBODY = "Qxzvwk Jjqqzx"
_UNKNOWN = "no-such-thing"


class SimilarityContract(Contract[SimilarityProvider]):
    """Asks for what is like a known artist and track, and like what nobody knows."""

    capability = SIMILARITY
    known_artist: ClassVar[KnownArtist]
    """He has similar artists and top tracks, two of each at least."""
    known_track: ClassVar[KnownTrack]
    """It has similar tracks, two at least; a provider that never has any gives its title `""`."""

    async def ask(self, guarded: Provider[SimilarityProvider]) -> Outcome[Any]:
        """Ask for similar artists."""
        request = SimilarArtistsRequest(artist=self.known_artist, count=5)
        return await guarded.call(guarded.it.similar_artists, request)

    async def test_similar_artists_stand_by_likeness(
        self, guarded: Provider[SimilarityProvider]
    ) -> None:
        """No more than were asked for, and not the artist himself."""
        for count in (1, 20):
            request = SimilarArtistsRequest(artist=self.known_artist, count=count)
            found = await asked(guarded, guarded.it.similar_artists, request)
            assert found
            assert len(found) <= count
            assert _is_ordered(found)
            assert self.known_artist.name not in [one.artist.name for one in found]

    async def test_similar_tracks_stand_by_likeness(
        self, guarded: Provider[SimilarityProvider]
    ) -> None:
        """No more than were asked for."""
        for count in (1, 20):
            request = SimilarTracksRequest(track=self.known_track, count=count)
            found = await asked(guarded, guarded.it.similar_tracks, request)
            assert found is not None
            assert len(found) <= count
            assert bool(found) == bool(self.known_track.title)
            assert _is_ordered(found)

    async def test_top_tracks_are_no_more_than_asked_for(
        self, guarded: Provider[SimilarityProvider]
    ) -> None:
        """The same ones first, however many are wanted."""
        several, one = [
            await asked(
                guarded,
                guarded.it.top_tracks,
                TopTracksRequest(artist=self.known_artist, count=count),
            )
            for count in (20, 1)
        ]
        assert several
        assert several[:1] == one

    async def test_what_nobody_knows_is_empty(self, guarded: Provider[SimilarityProvider]) -> None:
        """Not an error."""
        it, nobody = guarded.it, KnownArtist(name=_NOBODY)
        nothing = KnownTrack(title=_NOBODY, artists=(_NOBODY,))
        artists = SimilarArtistsRequest(artist=nobody, count=5)
        assert await asked(guarded, it.similar_artists, artists) == ()
        tracks = SimilarTracksRequest(track=nothing, count=5)
        assert await asked(guarded, it.similar_tracks, tracks) == ()
        top = TopTracksRequest(artist=nobody, count=5)
        assert await asked(guarded, it.top_tracks, top) == ()


class SonicSimilarityContract(Contract[SonicSimilarity]):
    """Asks for neighbours of a track, and for a way between two."""

    capability = SONIC_SIMILARITY
    start_id: ClassVar[str]
    """One of our tracks that has neighbours."""
    end_id: ClassVar[str]
    """Another one, to which there is a way."""

    async def ask(self, guarded: Provider[SonicSimilarity]) -> Outcome[Any]:
        """Ask for neighbours."""
        request = SonicNeighboursRequest(track_id=self.start_id, count=5)
        return await guarded.call(guarded.it.neighbours, request)

    async def test_neighbours_stand_by_likeness(self, guarded: Provider[SonicSimilarity]) -> None:
        """No more than were asked for, each once, and not the track itself."""
        for count in (1, 20):
            request = SonicNeighboursRequest(track_id=self.start_id, count=count)
            found = await asked(guarded, guarded.it.neighbours, request)
            assert found
            assert len(found) <= count
            assert _is_ordered(found)
            ids = [one.track_id for one in found]
            assert self.start_id not in ids
            assert len(ids) == len(set(ids))

    async def test_a_way_has_both_ends(self, guarded: Provider[SonicSimilarity]) -> None:
        """And is no longer than was asked for."""
        for count in (2, 10):
            request = SonicPathRequest(start_id=self.start_id, end_id=self.end_id, count=count)
            way = await asked(guarded, guarded.it.path, request)
            assert way
            assert len(way) <= count
            assert (way[0].track_id, way[-1].track_id) == (self.start_id, self.end_id)

    async def test_what_nobody_knows_is_empty(self, guarded: Provider[SonicSimilarity]) -> None:
        """Not an error: a track may not have been analyzed yet."""
        alone = SonicNeighboursRequest(track_id=_UNKNOWN, count=5)
        assert await asked(guarded, guarded.it.neighbours, alone) == ()
        nowhere = SonicPathRequest(start_id=self.start_id, end_id=_UNKNOWN, count=5)
        assert await asked(guarded, guarded.it.path, nowhere) == ()


def _is_ordered(found: Sequence[SimilarArtist | SimilarTrack | SonicMatch]) -> bool:
    likeness = [one.likeness for one in found]
    return likeness == sorted(likeness, reverse=True)
