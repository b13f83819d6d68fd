"""Finds out which tracks are one recording; what a person says is final.

Tracks of sources are compared with those of the library and of other sources. In this order:
MusicBrainz recording id, ISRC, then artist, title and length. The artist is a hard condition of the
last: a cover version with the same title is another recording. So is what was played on another
night, by what the albums say.
"""

from collections.abc import Iterable, Mapping, Sequence

from hydrophone.domain.ids import AlbumId, TrackId
from hydrophone.domain.music import Album, Track
from hydrophone.domain.performance import may_share_performances
from hydrophone.domain.recording import LinkedTrack, LinkKind, RecordingLink
from hydrophone.domain.user import User
from hydrophone.errors import InvalidInputError, NotFoundError
from hydrophone.services.clock import Clock
from hydrophone.services.reading import steps
from hydrophone.storage.database import Database
from hydrophone.storage.folding import name_key
from hydrophone.storage.queries import links, remote, shown_recordings

_SECONDS = 3.0


class Matcher:
    """Links tracks that sources show to those of the library, and of other sources."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def link(self, shown: Sequence[Track], sought: Track | None = None) -> None:
        """Link tracks to those that are the same recordings; their rows are there already.

        `sought` is one more to be compared with them.

        One library, or one source, that has two tracks tells them apart: two recordings of one
        night are as long, and have the same titles.
        """
        for step in steps(shown):
            known = {
                other.id: other
                for other in (
                    *((sought,) if sought else ()),
                    *await self._database.read(shown_recordings.alike, step),
                    *await self._database.read(
                        links.candidates,
                        {credit.id for track in step for credit in track.artists},
                        {name_key(track.title) for track in step},
                        {track.musicbrainz_id for track in step if track.musicbrainz_id},
                        {code for track in step for code in track.isrcs},
                    ),
                )
            }
            alike = {
                (track.id, other.id): (kind, track, other)
                for track in step
                for other in known.values()
                if other.library_id != track.library_id
                and (kind := same_recording(track, other)) is not None
            }
            albums = await self._albums(
                one.album_id
                for kind, *two in alike.values()
                if kind is LinkKind.FUZZY
                for one in two
            )
            found = {
                pair: kind
                for pair, (kind, one, other) in alike.items()
                if kind is not LinkKind.FUZZY
                or may_share_performances(albums.get(one.album_id), albums.get(other.album_id))
            }
            if found:
                await self._database.write_soon(links.put, found, self._clock.now())

    async def links(self, viewer: User, track_id: str) -> tuple[RecordingLink, ...]:
        """Return the links of a track, the latest first. Raises NotFoundError."""
        await self._check(viewer, track_id)
        return await self._database.read(links.of, [track_id])

    async def linked(self, viewer: User, track_id: str) -> tuple[LinkedTrack, ...]:
        """Return the other ends of a track's links as far as a user may see them, latest first.

        Those that a person has told apart are among them. Raises NotFoundError.
        """
        found = {link.other(track_id): link for link in await self.links(viewer, track_id)}
        others: dict[str, Track] = {}
        for step in steps(tuple(found)):
            others |= await self._database.read(remote.known_tracks, viewer.id, step)
        return tuple(
            LinkedTrack(track=others[one], link=link)
            for one, link in found.items()
            if one in others and others[one].library_id in viewer.libraries
        )

    async def decide(self, viewer: User, one: str, other: str, *, same: bool) -> None:
        """Keep a person's word on whether two tracks are one recording.

        Raises NotFoundError, and InvalidInputError for a track and itself.
        """
        if one == other:
            raise InvalidInputError("These are one track already.")
        for identifier in (one, other):
            await self._check(viewer, identifier)
        kind = LinkKind.MANUAL if same else LinkKind.DIFFERENT
        pair = (TrackId(one), TrackId(other))
        await self._database.write(links.put, {pair: kind}, self._clock.now())

    async def forget(self, viewer: User, one: str, other: str) -> None:
        """Forget what is known, or what a person has said, of two tracks.

        What is found by codes or names is found again when a source shows the track. Raises
        NotFoundError, also if they are not linked.
        """
        for identifier in (one, other):
            await self._check(viewer, identifier)
        if not await self._database.write(links.remove, one, other):
            raise NotFoundError("These two tracks are not linked.")

    async def _albums(self, identifiers: Iterable[AlbumId]) -> Mapping[str, Album]:
        """Return albums that are in a library or were shown by a source."""
        found: dict[str, Album] = {}
        for step in steps(sorted(set(identifiers))):
            found |= await self._database.read(links.albums, step)
        return found

    async def _check(self, viewer: User, track_id: str) -> None:
        known = await self._database.read(remote.known_tracks, viewer.id, [track_id])
        track = known.get(track_id)
        if track is None or track.library_id not in viewer.libraries:
            raise NotFoundError("There is no such track.")


def same_recording(one: Track, other: Track) -> LinkKind | None:
    """Say by what two tracks are the same recording; `None` if nothing says so.

    Where it is by names, albums may tell them apart: see `domain.performance`.
    """
    if one.musicbrainz_id and other.musicbrainz_id:
        # Who knows both and gives them two ids has told them apart.
        return LinkKind.MUSICBRAINZ if one.musicbrainz_id == other.musicbrainz_id else None
    if {*one.isrcs} & {*other.isrcs}:
        return LinkKind.ISRC
    has_artist = {credit.id for credit in one.artists} & {credit.id for credit in other.artists}
    is_as_long = (
        one.duration > 0 and other.duration > 0 and abs(one.duration - other.duration) <= _SECONDS
    )
    if has_artist and is_as_long and name_key(one.title) == name_key(other.title):
        return LinkKind.FUZZY
    return None
