"""Asks sources, and stores what they show before anybody sees it: so every id goes on working."""

import logging
from collections.abc import Iterable, Sequence
from typing import NoReturn

from msgspec.json import Decoder
from msgspec.structs import replace

from hydrophone.domain.library import Library
from hydrophone.domain.music import Track
from hydrophone.domain.remote import RemoteAlbum, RemoteArtist, RemoteFolder, RemoteTrack
from hydrophone.domain.units import Seconds
from hydrophone.errors import NotFoundError, UnavailableError
from hydrophone.host.guard import Answer, Fault, Outcome
from hydrophone.host.registry import Provider
from hydrophone.plugin.capabilities.source import (
    BrowseRequest,
    LookupRequest,
    MatchRequest,
    SearchRequest,
    Source,
)
from hydrophone.services.answers import AnswerKind, Answers, Question
from hydrophone.services.clock import Clock
from hydrophone.services.matcher import Matcher
from hydrophone.services.reading import steps
from hydrophone.services.remote_music import Conversion, credited, folder_id, wanted_ids
from hydrophone.storage.database import Database
from hydrophone.storage.folding import fold
from hydrophone.storage.queries import remote, remote_writing
from hydrophone.storage.queries.answers import Shown
from hydrophone.storage.queries.remote import Found, FoundAlbum, FoundTrack

logger = logging.getLogger(__name__)

MOST_HITS = 100
"""Of each kind, of one source, for one query: what pages of a search can show of it."""
_decode = Decoder(Shown | None).decode
_MOST_PAGES = 20
"""Of one place in the tree of a source."""
_MOST_CANDIDATES = 10
_PATIENCE = Seconds(12.0)
"""For what somebody has opened; the guard ends such a call sooner."""


class Inquiries:
    """Puts questions to sources through the cache of answers."""

    def __init__(
        self, *, database: Database, answers: Answers, matcher: Matcher, clock: Clock
    ) -> None:
        self._database = database
        self._matcher = matcher
        self._answers = answers
        self._clock = clock

    async def search(
        self, library: Library, provider: Provider[Source], text: str, patience: Seconds
    ) -> Outcome[Shown]:
        """Search a source by words; what comes later than `patience` is found next time."""

        async def fetch() -> Outcome[Shown]:
            request = SearchRequest(
                text=text,
                artists=MOST_HITS,
                albums=MOST_HITS,
                tracks=MOST_HITS,
                deadline=patience,
            )
            outcome = await provider.call(provider.it.search, request)
            if not isinstance(outcome, Answer):
                return outcome
            hits = outcome.value
            return await self._store(
                library,
                artists=hits.artists[:MOST_HITS],
                albums=by_work(hits.albums[:MOST_HITS]),
                tracks=hits.tracks[:MOST_HITS],
            )

        question = Question(source=library.source, kind=AnswerKind.SEARCH, key=fold(text))
        return await self._answers.ask(question, _decode, fetch, patience=patience)

    async def artist(
        self, library: Library, provider: Provider[Source], native_id: str, *, waits: bool
    ) -> Outcome[Shown]:
        """Ask a source for an artist with the albums, those of one work by rank.

        Unless it `waits`, only what is known is returned; it is asked all the same.
        """

        async def fetch() -> Outcome[Shown]:
            request = LookupRequest(native_id=native_id)
            outcome = await provider.call(provider.it.artist, request)
            if not isinstance(outcome, Answer):
                return outcome
            details = outcome.value
            stored = await self._store(
                library, artists=(details.artist,), albums=by_work(details.albums)
            )
            return Answer(replace(stored.value, biography=details.biography))

        question = Question(source=library.source, kind=AnswerKind.ARTIST, key=native_id)
        patience = _PATIENCE if waits else Seconds(0)
        return await self._answers.ask(question, _decode, fetch, patience=patience)

    async def album(
        self, library: Library, provider: Provider[Source], native_id: str
    ) -> Outcome[Shown]:
        """Ask a source for an album with its tracks; the first of the albums shown is itself.

        Of one that the source withholds, nothing but its sentence about it is shown.
        """

        async def fetch() -> Outcome[Shown]:
            request = LookupRequest(native_id=native_id)
            outcome = await provider.call(provider.it.album, request)
            if not isinstance(outcome, Answer):
                return outcome
            details = outcome.value
            if details.unavailable_because and not details.tracks:
                # What was shown of it before says more than what is left of it.
                return Answer(Shown(refusal=details.unavailable_because))
            versions = tuple(one for one in details.versions if one.native_id != native_id)
            return await self._store(
                library, albums=versions, tracks=details.tracks, opened=details.album
            )

        question = Question(source=library.source, kind=AnswerKind.ALBUM, key=native_id)
        return await self._answers.ask(question, _decode, fetch, patience=_PATIENCE)

    async def match(
        self, library: Library, provider: Provider[Source], track: Track, patience: Seconds
    ) -> Outcome[Shown]:
        """Ask a source for a recording; what it has of it is stored, and linked to the track."""

        async def fetch() -> Outcome[Shown]:
            request = MatchRequest(
                title=track.title,
                artists=tuple(credit.name for credit in track.artists),
                album=track.album_name,
                duration=track.duration,
                isrcs=track.isrcs,
                musicbrainz_id=track.musicbrainz_id,
            )
            outcome = await provider.call(provider.it.match, request)
            if not isinstance(outcome, Answer):
                return outcome
            candidates = tuple(one.track for one in outcome.value)[:_MOST_CANDIDATES]
            return await self._store(library, tracks=candidates, sought=track)

        question = Question(source=library.source, kind=AnswerKind.MATCH, key=track.id)
        return await self._answers.ask(question, _decode, fetch, patience=patience)

    async def browse(
        self, library: Library, provider: Provider[Source], native_id: str
    ) -> Outcome[Shown]:
        """Ask a source what lies at a place of its tree, page by page."""

        async def fetch() -> Outcome[Shown]:
            folders: list[RemoteFolder] = []
            albums: list[RemoteAlbum] = []
            tracks: list[RemoteTrack] = []
            cursor = ""
            for _ in range(_MOST_PAGES):
                request = BrowseRequest(folder_id=native_id, cursor=cursor)
                outcome = await provider.call(provider.it.browse, request)
                if not isinstance(outcome, Answer):
                    return outcome
                page = outcome.value
                folders += page.folders
                albums += page.albums
                tracks += page.tracks
                cursor = page.next_cursor
                if not cursor:
                    break
            else:
                logger.warning("%s: more pages of %r are not shown", library.source, native_id)
            return await self._store(
                library,
                albums=by_work(albums),
                tracks=tracks,
                folders=folders,
                place=native_id,
            )

        question = Question(source=library.source, kind=AnswerKind.BROWSE, key=native_id)
        return await self._answers.ask(question, _decode, fetch, patience=_PATIENCE)

    async def _store(
        self,
        library: Library,
        *,
        artists: Sequence[RemoteArtist] = (),
        albums: Sequence[RemoteAlbum] = (),
        tracks: Sequence[RemoteTrack] = (),
        folders: Sequence[RemoteFolder] = (),
        opened: RemoteAlbum | None = None,
        place: str = "",
        sought: Track | None = None,
    ) -> Answer[Shown]:
        """Store an answer in steps; an album that was opened comes first, with its tracks.

        What is the recording of the track that was `sought` is linked to it.
        """
        if opened is not None and tracks:
            # Some sources tell neither, and lists are written from what is told of the album.
            duration = Seconds(sum(track.duration for track in tracks))
            opened = replace(opened, track_count=len(tracks), duration=duration)
        every_album = (*((opened,) if opened else ()), *albums)
        people = list(credited(artists, every_album, tracks))
        ids = await self._database.read(remote.artist_ids, wanted_ids(people))
        conversion = Conversion(library, ids)
        shown_albums = [conversion.album(one, is_opened=one is opened) for one in every_album]
        shown_tracks, passing = _on_albums(conversion, tracks, shown_albums[0] if opened else None)
        found = Found(
            artists=tuple(conversion.artist(one) for one in _named_once(people, artists)),
            # In passing first: what is told of an album by itself is more.
            albums=(*passing, *shown_albums),
            tracks=tuple(shown_tracks),
            folders=tuple(
                conversion.folder(one, folder_id(library.source, place)) for one in folders
            ),
        )
        await self._put(library, found)
        await self._matcher.link([one.track for one in found.tracks], sought)
        return Answer(
            Shown(
                artists=_once(conversion.artist(one).artist.id for one in artists),
                albums=_once(one.album.id for one in shown_albums),
                tracks=_once(one.track.id for one in shown_tracks),
                folders=_once(one.id for one in found.folders),
            )
        )

    async def _put(self, library: Library, found: Found) -> None:
        now = self._clock.now()
        parts = [
            *(Found(artists=tuple(step)) for step in steps(found.artists)),
            *(Found(albums=tuple(step)) for step in steps(found.albums)),
            *(Found(tracks=tuple(step)) for step in steps(found.tracks)),
            *(Found(folders=tuple(step)) for step in steps(found.folders)),
        ]
        for part in parts:
            await self._database.write_soon(remote_writing.put, library.id, part, now)


def by_work(albums: Sequence[RemoteAlbum]) -> tuple[RemoteAlbum, ...]:
    """Put versions of one work side by side where the first of them stands, by rank."""
    works: dict[str, list[RemoteAlbum]] = {}
    for album in albums:
        works.setdefault(album.group_id or f"\x1f{album.native_id}", []).append(album)
    return tuple(
        album for those in works.values() for album in sorted(those, key=lambda one: one.rank)
    )


def _on_albums(
    conversion: Conversion, tracks: Sequence[RemoteTrack], opened: FoundAlbum | None
) -> tuple[list[FoundTrack], tuple[FoundAlbum, ...]]:
    """Put tracks on the album that was opened, or on those that they name themselves."""
    if opened is not None:
        return [conversion.track(one, opened, n) for n, one in enumerate(tracks, 1)], ()
    found = []
    albums: dict[str, FoundAlbum] = {}
    for one in tracks:
        album = conversion.album(one.album) if one.album else conversion.alone(one)
        albums.setdefault(album.album.id, album)
        found.append(conversion.track(one, album, position=1 if one.album is None else 0))
    return found, tuple(albums.values())


def _named_once(
    people: Sequence[RemoteArtist], artists: Sequence[RemoteArtist]
) -> tuple[RemoteArtist, ...]:
    """Leave each artist out but once; one whom the source can be asked for counts more."""
    known: dict[tuple[str, str], RemoteArtist] = {}
    for one in (*people, *artists):
        key = (one.musicbrainz_id, one.name)
        if key not in known or one.native_id:
            known[key] = one
    return tuple(known.values())


def _once(identifiers: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(identifiers))


def raise_fault(outcome: Outcome[Shown]) -> NoReturn:
    """Raise UnavailableError for a source that failed or refuses, else NotFoundError."""
    if isinstance(outcome, Fault):
        raise UnavailableError(str(outcome.error)) from outcome.error
    if isinstance(outcome, Answer) and outcome.value.refusal:
        raise UnavailableError(outcome.value.refusal)
    raise NotFoundError("The source has nothing by this id any more.")
