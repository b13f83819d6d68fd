"""The part of the composition that protocol layers are given: all services, from what they need."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path

from hydrophone.config import Config, JukeboxConfig
from hydrophone.domain.library import Library
from hydrophone.domain.units import ByteCount, Seconds
from hydrophone.errors import UnsupportedError
from hydrophone.host.capabilities import ARTWORK, LYRICS
from hydrophone.host.registry import Registry
from hydrophone.media.disk_cache import DiskCache
from hydrophone.media.ffmpeg import find_ffmpeg, why_no_video_segments
from hydrophone.media.mpv import find_mpv
from hydrophone.media.transcode_cache import TranscodeCache
from hydrophone.media.transcoder import Transcoder
from hydrophone.server.catalogue import Elsewhere
from hydrophone.server.fetching import Fetching
from hydrophone.server.people import People
from hydrophone.server.remote import Remote
from hydrophone.services.albums import Albums
from hydrophone.services.analyses import Analyses
from hydrophone.services.annotations import Annotations
from hydrophone.services.artists import Artists
from hydrophone.services.artwork import ArtworkService
from hydrophone.services.bookmarks import Bookmarks
from hydrophone.services.bundle import Services
from hydrophone.services.captions import Captions
from hydrophone.services.chat import Chat
from hydrophone.services.clock import Clock
from hydrophone.services.downloads import Downloads
from hydrophone.services.events import Events
from hydrophone.services.folders import Folders
from hydrophone.services.found_artwork import OWN, FoundArtwork
from hydrophone.services.genres import Genres
from hydrophone.services.hls import Hls
from hydrophone.services.hls_tokens import HlsTokens
from hydrophone.services.jobs import Jobs
from hydrophone.services.jukebox import Jukebox
from hydrophone.services.keeps import Keeps
from hydrophone.services.libraries import Libraries
from hydrophone.services.locations import Locations
from hydrophone.services.lyrics import LyricsService
from hydrophone.services.metadata import Metadata
from hydrophone.services.origins import Origins
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
from hydrophone.services.signing import Signer
from hydrophone.services.similarity import Similarity
from hydrophone.services.sonic import Sonic
from hydrophone.services.storage_uses import StorageUses
from hydrophone.services.streaming import Streaming
from hydrophone.services.tracks import Tracks
from hydrophone.services.transcoding_rules import TranscodingRules
from hydrophone.services.video_hls import VideoHls
from hydrophone.services.videos import Videos
from hydrophone.storage.database import Database
from hydrophone.storage.read_model import ReadModel

logger = logging.getLogger(__name__)

_COVERS = "covers"
_FOUND = "found-covers"
_TRANSCODES = "transcodes"
_MIB = 1024 * 1024
_TRANSCODE_STALL = Seconds(30.0)


@contextlib.asynccontextmanager
async def open_services(
    config: Config,
    path: Path,
    registered: Sequence[Library],
    *,
    clock: Clock,
    database: Database,
    read_model: ReadModel,
    people: People,
    remote: Remote,
    jobs: Jobs,
    registry: Registry,
    events: Events,
    elsewhere: Elsewhere,
    fetching: Fetching,
    scan_finished: Callable[[], Awaitable[None]],
) -> AsyncIterator[Services]:
    """Build them; at the exit the programs that they have under way are stopped.

    `path` is the database's, for the scan process. `scan_finished` is called after each scan of
    this server's own.
    """
    ffmpeg = await asyncio.to_thread(_ffmpeg, config)
    services = _build(
        config,
        path,
        registered,
        clock=clock,
        database=database,
        read_model=read_model,
        people=people,
        remote=remote,
        jobs=jobs,
        registry=registry,
        events=events,
        elsewhere=elsewhere,
        fetching=fetching,
        ffmpeg=ffmpeg,
        transcoder=await asyncio.to_thread(_transcoder, config, ffmpeg),
        no_video_segments=await asyncio.to_thread(_no_video_segments, ffmpeg),
        scan_finished=scan_finished,
    )
    async with contextlib.AsyncExitStack() as stack:
        stack.callback(services.artwork.close)
        stack.push_async_callback(services.streaming.close)
        stack.push_async_callback(services.jukebox.close)
        yield services


def _build(
    config: Config,
    path: Path,
    registered: Sequence[Library],
    *,
    clock: Clock,
    database: Database,
    read_model: ReadModel,
    people: People,
    remote: Remote,
    jobs: Jobs,
    registry: Registry,
    events: Events,
    elsewhere: Elsewhere,
    fetching: Fetching,
    ffmpeg: Path | None,
    transcoder: Transcoder | None,
    no_video_segments: str,
    scan_finished: Callable[[], Awaitable[None]],
) -> Services:
    locations = Locations(registered)
    catalogue = elsewhere.catalogue
    # What core itself knows goes through the same door as what plugins know.
    own_lyrics = OwnLyrics(database=database, locations=locations)
    registry.add("embedded", LYRICS, own_lyrics)
    own_artwork = OwnArtwork(database=database, locations=locations, podcast_files=remote.files)
    registry.add(OWN, ARTWORK, own_artwork)
    artists = Artists(database=database, read_model=read_model, catalogue=catalogue)
    albums = Albums(database=database, read_model=read_model, catalogue=catalogue)
    tracks = Tracks(database=database, read_model=read_model, catalogue=catalogue)
    folders = Folders(database=database, read_model=read_model, catalogue=catalogue)
    playlists = Playlists(database=database, clock=clock, catalogue=catalogue)
    rules = TranscodingRules(config.transcoding)
    videos = Videos(database=database, locations=locations)
    origins = Origins(
        database=database,
        locations=locations,
        podcast_files=remote.files,
        cache=fetching.cache,
        cache_files=fetching.files,
        catalogue=catalogue,
    )
    streaming = Streaming(
        origins=origins,
        downloads=remote.downloads,
        fetches=fetching.fetches,
        videos=videos,
        transcoder=transcoder,
        rules=rules,
        signer=Signer(people.key.derive("transcodes")),
    )
    artwork = ArtworkService(
        database=database,
        locations=locations,
        own=own_artwork,
        found=FoundArtwork(
            registry=registry,
            answers=elsewhere.knowledge,
            outbounds=elsewhere.outbounds,
            cache=DiskCache(config.server.cache_dir / _FOUND),
        ),
        remote_pictures=elsewhere.pictures,
        cache=DiskCache(config.server.cache_dir / _COVERS),
        ffmpeg=ffmpeg,
    )
    downloads = Downloads(
        database=database,
        artists=artists,
        albums=albums,
        folders=folders,
        playlists=playlists,
        streaming=streaming,
    )
    tokens = HlsTokens(signer=Signer(people.key.derive("hls")), logins=people.logins, clock=clock)
    contents = ShareContents(
        artists=artists,
        albums=albums,
        tracks=tracks,
        folders=folders,
        playlists=playlists,
        catalogue=catalogue,
    )
    return Services(
        accounts=people.accounts,
        avatars=people.avatars,
        logins=people.logins,
        libraries=Libraries(read_model=read_model, libraries=registered, catalogue=catalogue),
        artists=artists,
        albums=albums,
        tracks=tracks,
        genres=Genres(read_model=read_model),
        folders=folders,
        catalogue=catalogue,
        sources=elsewhere.sources,
        answers=elsewhere.answers,
        matcher=elsewhere.matcher,
        past_searches=elsewhere.search,
        search=SearchService(database=database, read_model=read_model, elsewhere=elsewhere.search),
        analyses=Analyses(
            database=database,
            registry=registry,
            library=PluginLibrary(database=database, locations=locations),
            jobs=jobs,
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
            radio=remote.radio,
            events=events,
            catalogue=catalogue,
        ),
        podcasts=remote.podcasts,
        radio=remote.radio,
        jobs=jobs,
        events=events,
        jukebox=Jukebox(
            database=database,
            locations=locations,
            mpv=_mpv(config.jukebox),
            device=config.jukebox.device,
        ),
        streaming=streaming,
        artwork=artwork,
        hls=Hls(
            streaming=streaming,
            origins=origins,
            videos=VideoHls(
                videos=videos, streaming=streaming, tokens=tokens, refusal=no_video_segments
            ),
            rules=rules,
            tokens=tokens,
        ),
        downloads=downloads,
        videos=videos,
        captions=Captions(database=database, locations=locations, videos=videos, ffmpeg=ffmpeg),
        lyrics=LyricsService(database=database, registry=registry, catalogue=catalogue),
        metadata=Metadata(registry=registry, answers=elsewhere.knowledge),
        similarity=Similarity(
            database=database,
            registry=registry,
            answers=elsewhere.knowledge,
            own=OwnSimilarity(database=database, read_model=read_model),
        ),
        sonic=Sonic(database=database, registry=registry),
        scans=Scans(
            database=database,
            request=scan_request(config.scan, config.playlists, path, registered, ffmpeg=ffmpeg),
            events=events,
            finished=scan_finished,
        ),
        scan_reports=ScanReports(path),
        storage_uses=StorageUses(
            database=database,
            libraries=registered,
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
            streaming=streaming,
            artwork=artwork,
            downloads=downloads,
            config=config.sharing,
        ),
        chat=Chat(database=database, clock=clock),
    )


def _mpv(config: JukeboxConfig) -> Path | str:
    """Look for mpv; without it, or without a jukebox, say why there is none."""
    if not config.enabled:
        return "There is no jukebox on this server: [jukebox] enabled is false."
    try:
        return find_mpv(config.mpv)
    except UnsupportedError as error:
        logger.warning("%s", error)
        return str(error)


def _ffmpeg(config: Config) -> Path | None:
    """Look for ffmpeg; without it, say what there will not be."""
    try:
        return find_ffmpeg(config.transcoding.ffmpeg)
    except UnsupportedError as error:
        logger.warning(
            "Music is sent as it is, without transcoding, and of videos little is known: %s", error
        )
        return None


def _no_video_segments(ffmpeg: Path | None) -> str:
    """Find out whether ffmpeg is too old for a part of its work, and say so."""
    refusal = why_no_video_segments(ffmpeg) if ffmpeg else ""
    if refusal:
        logger.warning("%s Music is converted nevertheless.", refusal)
    return refusal


def _transcoder(config: Config, ffmpeg: Path | None) -> Transcoder | None:
    """Tidy up what a killed server may have left of its transcodes, and make new ones."""
    settings = config.transcoding
    limit = ByteCount(settings.cache_size * _MIB)
    cache = TranscodeCache(config.server.cache_dir / _TRANSCODES, limit=limit)
    cache.clean()
    if ffmpeg is None:
        return None
    return Transcoder(
        ffmpeg,
        cache=cache,
        max_concurrent=settings.max_concurrent,
        max_per_user=settings.max_per_user,
        time_limit=_TRANSCODE_STALL,
    )
