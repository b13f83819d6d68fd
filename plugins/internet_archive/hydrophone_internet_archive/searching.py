"""Finds recordings by words, and tracks in the likeliest of them."""

import asyncio
from collections.abc import Iterable, Sequence
from time import monotonic

from hydrophone.domain.remote import RemoteAlbum, RemoteArtist, RemoteTrack
from hydrophone.domain.units import Seconds
from hydrophone.errors import ProviderError
from hydrophone.plugin.capabilities.source import (
    MatchCandidate,
    MatchRequest,
    SearchHits,
    SearchRequest,
)
from hydrophone_internet_archive import queries
from hydrophone_internet_archive.answers import Answers
from hydrophone_internet_archive.archive import Archive, Opened
from hydrophone_internet_archive.concerts import Concert
from hydrophone_internet_archive.recordings import Recording
from hydrophone_internet_archive.shapes import key

_FEWEST_ROWS = 50
_MOST_ROWS = 500
_ROWS_FOR_ONE = 4
"""Recordings that are asked for where one night is wanted: many nights have several."""
_OPENED = 3
"""Items that are looked into for tracks: each costs a request."""
_SPARE = 0.15
"""Seconds kept to answer before the deadline."""
_LATE = 6.0
_MOMENT = Seconds(60.0)
"""In which people type the rest of a word, and the same items are likely again."""
_MOST_CANDIDATES = 10


class Searching:
    """Answers to what people type, and to what is known from elsewhere."""

    def __init__(self, archive: Archive, answers: Answers) -> None:
        """Asks nothing yet."""
        self._archive = archive
        self._answers = answers

    async def search(self, request: SearchRequest) -> SearchHits:
        """Find artists, recordings and tracks.

        The best recording of each night comes first, and the others fill what room is left.
        The Archive's search knows nothing of tracks but what set lists say, so they are looked
        for in a few of the recordings found.
        """
        end = monotonic() + request.deadline - _SPARE
        typed = queries.words(request.text)
        if not typed:
            return SearchHits()
        most = request.offset + max(request.artists, request.albums, 1)
        query = f"{queries.of_collections(self._archive.collections)} AND {queries.of_words(typed)}"
        found = await self._archive.search(
            query, rows=min(max(_ROWS_FOR_ONE * most, _FEWEST_ROWS), _MOST_ROWS)
        )
        nights = self._archive.grouped(found)
        tracks: list[RemoteTrack] = []
        known: dict[str, Opened] = {}
        if request.tracks:
            left = end - monotonic()
            # Once it is too late for whoever asks, it is for the next one, who wants it whole.
            opened = await self._opened(nights[:_OPENED], seconds=left if left > 0 else _LATE)
            known = {night.best.identifier: one for one, night in opened}
            tracks = [track for one, night in opened for track in self._tracks(one, night, typed)]
        first, last = request.offset, request.offset
        return SearchHits(
            artists=self._artists(found, typed)[first : last + request.artists],
            albums=tuple(
                self._answers.album(one.identifier, night, known.get(one.identifier))
                for one, night in _shown(nights, first, last + request.albums)
            ),
            tracks=tuple(tracks[first : last + request.tracks]),
        )

    async def match(self, request: MatchRequest) -> tuple[MatchCandidate, ...]:
        """Return tracks of this title by this artist, those nearest in length first."""
        titled = queries.words(request.title)
        name = next((one for one in request.artists if queries.words(one)), "")
        if not titled or not name:
            return ()
        query = (
            f"{queries.of_creator(self._archive.collections, name)} AND {queries.of_words(titled)}"
        )
        found = await self._archive.search(query, rows=_FEWEST_ROWS)
        opened = await self._opened(self._archive.grouped(found)[:_OPENED], seconds=_LATE)
        wanted = key(request.title)
        tracks = [
            self._answers.track(one, track, self._album(one, night))
            for one, night in opened
            for track in one.tracks
            if wanted in key(track.title)
        ]
        tracks.sort(key=lambda it: (key(it.title) != wanted, abs(it.duration - request.duration)))
        return tuple(MatchCandidate(track=one) for one in tracks[:_MOST_CANDIDATES])

    def _artists(self, found: Iterable[Recording], typed: list[str]) -> tuple[RemoteArtist, ...]:
        words = [key(word) for word in typed]
        return tuple(
            one
            for one in self._answers.artists(found)
            if any(word in key(one.name) for word in words)
        )

    async def _opened(
        self, nights: Sequence[Concert], *, seconds: float
    ) -> list[tuple[Opened, Concert]]:
        """Open the best recordings side by side; those that fail or are late are left out."""
        opened: dict[str, Opened] = {}

        async def look(identifier: str) -> None:
            try:
                found = await self._archive.open(identifier, age=_MOMENT)
            except ProviderError:
                # The search was answered: hits without tracks are better than none at all, and
                # the host's trouble is known to core's client.
                return
            if found is not None:
                opened[identifier] = found

        try:
            async with asyncio.timeout(max(seconds, 0.0)), asyncio.TaskGroup() as group:
                for night in nights:
                    group.create_task(look(night.best.identifier))
        except TimeoutError:
            pass  # the others are late
        pairs = ((opened.get(night.best.identifier), night) for night in nights)
        return [(one, night) for one, night in pairs if one is not None]

    def _album(self, opened: Opened, night: Concert) -> RemoteAlbum:
        return self._answers.album(night.best.identifier, night, opened)

    def _tracks(self, opened: Opened, night: Concert, typed: list[str]) -> list[RemoteTrack]:
        """Return the tracks that have each word in title, recording or artist."""
        recording, album = night.best, self._album(opened, night)
        about = f"{recording.title} {' '.join(recording.creators)} {recording.venue}"
        words = [key(word) for word in typed]
        return [
            self._answers.track(opened, one, album)
            for one in opened.tracks
            if all(word in key(f"{one.title} {about}") for word in words)
        ]


def _shown(nights: Sequence[Concert], first: int, last: int) -> list[tuple[Recording, Concert]]:
    """Return a page of recordings, those of one night beside each other.

    Pages are counted through the best of all nights and then through the others, so that no
    recording is on two of them.
    """
    best = [(one.recordings[0], one) for one in nights]
    others = [(it, one) for one in nights for it in one.recordings[1:]]
    page = (best + others)[first:last]
    places = {id(one): place for place, one in enumerate(nights)}
    return sorted(page, key=lambda pair: places[id(pair[1])])
