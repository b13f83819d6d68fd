"""The catalogue that core searches and streams."""

from contextlib import AbstractAsyncContextManager

from hydrophone.domain.remote import RemoteTrack
from hydrophone.domain.units import Seconds
from hydrophone.errors import NotAuthorizedError
from hydrophone.plugin import Clock, HttpClient, http_stream
from hydrophone.plugin.capabilities.source import (
    AlbumDetails,
    ArtistDetails,
    BrowsePage,
    BrowseRequest,
    Checksum,
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
    SourceArtworkRequest,
    SourceInfo,
    StreamHandle,
)
from hydrophone_internet_archive import queries
from hydrophone_internet_archive.answers import Answers, bit_rate
from hydrophone_internet_archive.archive import HOUR, Archive, Opened
from hydrophone_internet_archive.browsing import Browsing
from hydrophone_internet_archive.choosing import RESTRICTED, choose, missing, withheld
from hydrophone_internet_archive.config import Config
from hydrophone_internet_archive.formats import wanted
from hydrophone_internet_archive.searching import Searching
from hydrophone_internet_archive.shapes import key
from hydrophone_internet_archive.tracks import Copy, Track

_MOST_ALBUMS = 500
_MOST_REFUSALS = 1000
_NEW = Seconds(0.0)


class ArchiveSource:
    """Implements `Source`: recordings are albums, their nights are groups of versions."""

    def __init__(self, config: Config, archive: Archive, http: HttpClient, clock: Clock) -> None:
        """Asks nothing yet."""
        self._archive = archive
        self._http = http
        self._formats = wanted(config.formats)
        self._answers = Answers(archive.client, self._formats)
        self._browsing = Browsing(archive, self._answers, clock)
        self._searching = Searching(archive, self._answers)
        self._lossy_only: set[str] = set()
        """Items of which a file was refused; see `resolve`."""

    @property
    def info(self) -> SourceInfo:
        """Say what this is."""
        return SourceInfo(
            title="Internet Archive",
            is_browsable=True,
            downloads_at_once=3,
            notice="Concerts are shared with the artists' permission, for listening and trading "
            "without money. Other items have their own licences, which their notes name.",
        )

    async def search(self, request: SearchRequest) -> SearchHits:
        """Find artists, recordings and tracks by words."""
        return await self._searching.search(request)

    async def browse(self, request: BrowseRequest) -> BrowsePage | None:
        """Show collections, artists, years and nights."""
        return await self._browsing.page(request)

    async def artist(self, request: LookupRequest) -> ArtistDetails | None:
        """Return the five hundred most heard recordings of an artist, the newest nights first."""
        query = queries.of_creator(self._archive.collections, request.native_id)
        found = await self._archive.whole(query)
        if found is None:
            found = await self._archive.search(query, rows=_MOST_ALBUMS, sort="downloads desc")
        same = key(request.native_id)
        # A search by name finds those as well whose names contain it.
        own = [one for one in found if same in map(key, one.creators)]
        if not own:
            return None
        own = sorted(own, key=lambda one: -one.downloads)[:_MOST_ALBUMS]
        nights = sorted(
            self._archive.grouped(own), key=lambda one: (one.best.day, one.key), reverse=True
        )
        known = {key(one.name): one for one in self._answers.artists(own)}
        return ArtistDetails(
            artist=known[same],
            albums=tuple(album for one in nights for album in self._answers.versions(one)),
        )

    async def album(self, request: LookupRequest) -> AlbumDetails | None:
        """Return a recording with its tracks, and the other recordings of its night."""
        opened = await self._archive.open(request.native_id)
        if opened is None:
            return None
        night = await self._archive.night_of(opened.item.recording)
        album = self._answers.album(request.native_id, night, opened)
        versions = tuple(
            album if one.native_id == album.native_id else one
            for one in self._answers.versions(night)
        )
        refusal = missing(opened.item, opened.tracks)
        return AlbumDetails(
            album=album,
            tracks=self._answers.tracks(opened),
            versions=versions if len(versions) > 1 else (),
            unavailable_because=refusal.sentence if refusal is not None else "",
        )

    async def track(self, request: LookupRequest) -> RemoteTrack | None:
        """Return a track with its recording."""
        opened = await self._open(request.native_id)
        track = _track(opened, request.native_id) if opened is not None else None
        if opened is None or track is None:
            return None
        recording = opened.item.recording
        night = await self._archive.night_of(recording)
        album = self._answers.album(recording.identifier, night, opened)
        return self._answers.track(opened, track, album)

    async def resolve(self, request: ResolveRequest) -> StreamHandle | Refusal | None:
        """Say which file is to be fetched, by its lasting address.

        After a refusal each copy is tried, since of some bands the lossless files are listed and
        not given to everybody; and so are lossless ones of that item from then on.
        """
        opened = await self._open(request.native_id, age=_NEW if request.is_refused else HOUR)
        if opened is None:
            return None
        if refusal := withheld(opened.item):
            return refusal
        track = _track(opened, request.native_id)
        if track is None:
            return None
        chosen = choose(opened.item, track, formats=self._formats, quality=request.quality)
        if isinstance(chosen, Refusal):
            return chosen
        identifier = opened.item.recording.identifier
        for copy in chosen:
            handle = self._handle(opened, track, copy)
            is_doubtful = copy.format.is_lossless and identifier in self._lossy_only
            if not (request.is_refused or is_doubtful) or await self._is_given(handle):
                return handle
            self._remember_refusal(identifier)
        return RESTRICTED

    def open_stream(self, request: OpenRequest) -> AbstractAsyncContextManager[OpenedStream]:
        """Open a file, from the data node that it lies on today."""
        return http_stream(self._http, request)

    async def artwork(self, request: SourceArtworkRequest) -> Picture | None:
        """Return the address of a picture."""
        if request.kind == "artist":
            details = await self.artist(LookupRequest(native_id=request.native_id))
            url = details.artist.artwork_url if details is not None else ""
            return Picture(url=url) if url else None
        opened = await self._open(request.native_id)
        return Picture(url=self._answers.picture(opened.item)) if opened is not None else None

    async def match(self, request: MatchRequest) -> tuple[MatchCandidate, ...]:
        """Return what may be this recording."""
        return await self._searching.match(request)

    async def _open(self, native_id: str, *, age: Seconds = HOUR) -> Opened | None:
        return await self._archive.open(native_id.partition("/")[0], age=age)

    def _handle(self, opened: Opened, track: Track, copy: Copy) -> StreamHandle:
        file, form = copy.file, copy.format
        checksum = None
        if file.sha1 or file.md5:
            checksum = Checksum(
                algorithm="sha1" if file.sha1 else "md5", digest=file.sha1 or file.md5
            )
        bytes_are = file.sha1 or file.md5 or f"{file.size}-{file.changed}"
        return StreamHandle(
            representation=f"{form.name} {bytes_are}",
            url=self._archive.client.download_address(opened.item.recording.identifier, file.name),
            suffix=form.suffix,
            content_type=form.content_type,
            codec=form.codec,
            bit_rate=bit_rate(file.bit_rate, file.size, track.length),
            bit_depth=form.bit_depth,
            size=file.size or None,
            duration=file.length or track.length,
            checksum=checksum,
        )

    def _remember_refusal(self, identifier: str) -> None:
        if len(self._lossy_only) >= _MOST_REFUSALS:
            self._lossy_only.clear()
        self._lossy_only.add(identifier)

    async def _is_given(self, handle: StreamHandle) -> bool:
        try:
            async with self.open_stream(OpenRequest(handle=handle)):
                return True
        except NotAuthorizedError:
            return False


def _track(opened: Opened, native_id: str) -> Track | None:
    return next((one for one in opened.tracks if one.native_id == native_id), None)
