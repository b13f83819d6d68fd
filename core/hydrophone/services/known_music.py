"""Finds what plugins name among what a user has: by MusicBrainz id, ISRC, or artist and title."""

from collections.abc import Iterable, Sequence

from hydrophone.domain.ids import ArtistId
from hydrophone.domain.music import Artist, Track
from hydrophone.domain.user import User
from hydrophone.plugin.capabilities.similarity import KnownArtist, KnownTrack
from hydrophone.services.reading import by_ids, steps
from hydrophone.storage.database import Database
from hydrophone.storage.folding import name_key
from hydrophone.storage.queries import artists, links
from hydrophone.storage.queries.tracks import TRACKS


class KnownMusic:
    """Looks artists and tracks up; of each there is one at most, the order stays."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    async def artists(self, viewer: User, known: Sequence[KnownArtist]) -> tuple[Artist, ...]:
        """Return those artists of whom the viewer has an album."""
        ids = await self._artist_ids(known)
        wanted = list(dict.fromkeys(found for one in known for found in ids.of(one)))
        there: list[Artist] = []
        for step in steps(wanted):
            found = await self._database.read(artists.ARTISTS.by_ids, viewer.id, step)
            these = [found[one] for one in step if one in found]
            there += await self._database.read(artists.counted, viewer.libraries, these)
        return tuple(one for one in there if one.album_count)

    async def tracks(self, viewer: User, known: Sequence[KnownTrack]) -> tuple[Track, ...]:
        """Return those tracks that the viewer has; only those are found that name their artist.

        Without the artist every track of the library would have to be looked into.
        """
        names = {name for one in known for name in one.artists}
        ids = await self._artist_ids([KnownArtist(name=name) for name in names])
        found: list[str] = []
        for step in steps(known):
            theirs = {
                one
                for each in step
                for name in each.artists
                for one in ids.of(KnownArtist(name=name))
            }
            candidates = await self._database.read(
                links.candidates,
                theirs,
                {name_key(one.title) for one in step},
                {one.musicbrainz_id for one in step if one.musicbrainz_id},
                {code for one in step for code in one.isrcs},
            )
            for one in step:
                found += [one.track_id] if one.track_id else _matching(one, candidates)
        return await by_ids(self._database, TRACKS, viewer, list(dict.fromkeys(found)))

    async def _artist_ids(self, known: Sequence[KnownArtist]) -> "_ArtistIds":
        rows: list[tuple[ArtistId, str, str]] = []
        for step in steps(known):
            rows += await self._database.read(
                artists.named,
                {name_key(one.name) for one in step},
                {one.musicbrainz_id for one in step if one.musicbrainz_id},
            )
        return _ArtistIds(rows)


class _ArtistIds:
    def __init__(self, rows: Iterable[tuple[ArtistId, str, str]]) -> None:
        self._by_name: dict[str, list[ArtistId]] = {}
        self._by_musicbrainz_id: dict[str, list[ArtistId]] = {}
        for found, name, musicbrainz_id in rows:
            self._by_name.setdefault(name, []).append(found)
            self._by_musicbrainz_id.setdefault(musicbrainz_id, []).append(found)

    def of(self, known: KnownArtist) -> list[ArtistId]:
        """Return the ids of an artist, by the MusicBrainz id if that is here, else by the name."""
        by_id = self._by_musicbrainz_id.get(known.musicbrainz_id) if known.musicbrainz_id else None
        return by_id or self._by_name.get(name_key(known.name), [])


def _matching(known: KnownTrack, candidates: Iterable[Track]) -> list[str]:
    """Return the track that it is most surely, if there is one."""
    names = {name_key(name) for name in known.artists}
    title = name_key(known.title)
    best: tuple[int, str] | None = None
    for track in candidates:
        theirs = {name_key(artist.name) for artist in track.artists}
        if known.musicbrainz_id and track.musicbrainz_id == known.musicbrainz_id:
            rank = 0
        elif {*known.isrcs} & {*track.isrcs}:
            rank = 1
        elif names & theirs and name_key(track.title) == title:
            rank = 2
        else:
            continue
        if best is None or rank < best[0]:
            best = (rank, track.id)
    return [] if best is None else [best[1]]
