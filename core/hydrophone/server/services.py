"""The part of the composition that protocol layers are given: all services, from what they need."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

from hydrophone.host.capabilities import ARTWORK, LYRICS
from hydrophone.host.registry import OWN
from hydrophone.media.disk_cache import DiskCache
from hydrophone.server.broadcasts import Broadcasts
from hydrophone.server.catalogue import Elsewhere
from hydrophone.server.fetching import Fetching
from hydrophone.server.foundation import Foundation
from hydrophone.server.people import People
from hydrophone.server.playback import Playback
from hydrophone.services.albums import Albums
from hydrophone.services.analyses import Analyses
from hydrophone.services.annotations import Annotations
from hydrophone.services.artists import Artists
from hydrophone.services.artwork import ArtworkService
from hydrophone.services.bookmarks import Bookmarks
from hydrophone.services.bundle import Services
from hydrophone.services.chat import Chat
from hydrophone.services.downloads import Downloads
from hydrophone.services.folders import Folders
from hydrophone.services.found_artwork import FoundArtwork
from hydrophone.services.genres import Genres
from hydrophone.services.keeps import Keeps
from hydrophone.services.libraries import Libraries
from hydrophone.services.lyrics import LyricsService
from hydrophone.services.metadata import Metadata
from hydrophone.services.own_artwork import OwnArtwork
from hydrophone.services.own_lyrics import OwnLyrics
from hydrophone.services.own_similarity import OwnSimilarity
from hydrophone.services.play_queue import PlayQueueService
from hydrophone.services.playlists import Playlists
from hydrophone.services.plays import Plays
from hydrophone.services.plugin_library import PluginLibrary
from hydrophone.services.recognition import Recognizing
from hydrophone.services.scan_reports import ScanReports
from hydrophone.services.scans import Scans, scan_request
from hydrophone.services.search import SearchService
from hydrophone.services.share_contents import ShareContents
from hydrophone.services.share_visits import ShareVisits
from hydrophone.services.shares import Shares
from hydrophone.services.similarity import Similarity
from hydrophone.services.sonic import Sonic
from hydrophone.services.storage_uses import StorageUses
from hydrophone.services.tracks import Tracks

_COVERS = "covers"
_FOUND = "found-covers"


@contextlib.asynccontextmanager
async def open_services(
    foundation: Foundation,
    *,
    people: People,
    broadcasts: Broadcasts,
    elsewhere: Elsewhere,
    fetching: Fetching,
    playback: Playback,
    scan_finished: Callable[[], Awaitable[None]],
) -> AsyncIterator[Services]:
    """Build what the other parts have not built yet, and gather all of it.

    `scan_finished` is called after each scan of this server's own. At the exit no more pictures
    are drawn.
    """
    config, clock, registry = foundation.config, foundation.clock, foundation.registry
    database, read_model = foundation.database, foundation.read_model
    locations, catalogue, events = foundation.locations, elsewhere.catalogue, foundation.events
    # What core itself knows goes through the same door as what plugins know.
    registry.add(OWN, LYRICS, OwnLyrics(database=database, locations=locations))
    artwork = _artwork(foundation, people, broadcasts, elsewhere, playback.ffmpeg)
    artists = Artists(database=database, read_model=read_model, catalogue=catalogue)
    albums = Albums(database=database, read_model=read_model, catalogue=catalogue)
    tracks = Tracks(database=database, read_model=read_model, catalogue=catalogue)
    folders = Folders(database=database, read_model=read_model, source_trees=elsewhere.trees)
    playlists = Playlists(database=database, clock=clock, catalogue=catalogue)
    downloads = Downloads(
        database=database,
        artists=artists,
        albums=albums,
        folders=folders,
        playlists=playlists,
        streaming=playback.streaming,
    )
    contents = ShareContents(
        artists=artists,
        albums=albums,
        tracks=tracks,
        folders=folders,
        playlists=playlists,
        catalogue=catalogue,
    )
    services = Services(
        accounts=people.accounts,
        avatars=people.avatars,
        logins=people.logins,
        libraries=Libraries(
            read_model=read_model, libraries=foundation.libraries, catalogue=catalogue
        ),
        artists=artists,
        albums=albums,
        tracks=tracks,
        genres=Genres(read_model=read_model),
        folders=folders,
        source_trees=elsewhere.trees,
        matcher=elsewhere.matcher,
        search=SearchService(database=database, read_model=read_model, elsewhere=elsewhere.search),
        analyses=Analyses(
            database=database,
            registry=registry,
            library=PluginLibrary(database=database, locations=locations),
            jobs=foundation.jobs,
            clock=clock,
        ),
        recognizing=Recognizing(database=database, registry=registry),
        annotations=Annotations(database=database, clock=clock, catalogue=catalogue, events=events),
        cache=fetching.cache,
        keeps=Keeps(database=database, clock=clock, playlists=playlists, catalogue=catalogue),
        playlists=playlists,
        bookmarks=Bookmarks(database=database, clock=clock, catalogue=catalogue),
        play_queue=PlayQueueService(database=database, clock=clock, catalogue=catalogue),
        plays=Plays(
            database=database,
            clock=clock,
            radio=broadcasts.radio,
            events=events,
            catalogue=catalogue,
        ),
        podcasts=broadcasts.podcasts,
        radio=broadcasts.radio,
        jobs=foundation.jobs,
        events=events,
        jukebox=playback.jukebox,
        streaming=playback.streaming,
        artwork=artwork,
        hls=playback.hls,
        downloads=downloads,
        videos=playback.videos,
        captions=playback.captions,
        lyrics=LyricsService(
            database=database,
            registry=registry,
            answers=elsewhere.knowledge,
            catalogue=catalogue,
        ),
        metadata=Metadata(registry=registry, answers=elsewhere.knowledge, catalogue=catalogue),
        similarity=Similarity(
            database=database,
            registry=registry,
            answers=elsewhere.knowledge,
            own=OwnSimilarity(database=database, read_model=read_model),
        ),
        sonic=Sonic(database=database, registry=registry),
        scans=Scans(
            database=database,
            request=scan_request(
                config,
                foundation.path,
                foundation.libraries,
                ffmpeg=playback.ffmpeg,
            ),
            events=events,
            finished=scan_finished,
        ),
        scan_reports=ScanReports(foundation.path),
        storage_uses=StorageUses(
            database=database,
            libraries=foundation.libraries,
            folders={
                "data": config.server.data_dir,
                "cache": config.server.cache_dir,
                "podcasts": config.podcasts.folder,
                "cached music": config.cache.folder,
                "backups": config.backup.dir,
            },
        ),
        shares=Shares(
            database=database,
            clock=clock,
            membership=people.membership,
            contents=contents,
            config=config.sharing,
        ),
        share_visits=ShareVisits(
            database=database,
            clock=clock,
            membership=people.membership,
            contents=contents,
            streaming=playback.streaming,
            artwork=artwork,
            downloads=downloads,
            config=config.sharing,
        ),
        chat=Chat(database=database, clock=clock),
    )
    try:
        yield services
    finally:
        artwork.close()


def _artwork(
    foundation: Foundation,
    people: People,
    broadcasts: Broadcasts,
    elsewhere: Elsewhere,
    ffmpeg: Path | None,
) -> ArtworkService:
    """Build what finds pictures; those of files are asked for like those of plugins."""
    covers = foundation.config.server.cache_dir
    own = OwnArtwork(
        database=foundation.database, locations=foundation.locations, podcast_files=broadcasts.files
    )
    foundation.registry.add(OWN, ARTWORK, own)
    return ArtworkService(
        database=foundation.database,
        locations=foundation.locations,
        own=own,
        found=FoundArtwork(
            registry=foundation.registry,
            answers=elsewhere.knowledge,
            outbounds=elsewhere.outbounds,
            cache=DiskCache(covers / _FOUND),
        ),
        remote_pictures=elsewhere.pictures,
        cache=DiskCache(covers / _COVERS),
        renderer=people.renderer,
        ffmpeg=ffmpeg,
    )
