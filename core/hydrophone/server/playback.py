"""The part of the composition that plays: it streams, converts, cuts videos, and has a jukebox."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from hydrophone.config import Config, JukeboxConfig
from hydrophone.domain.units import ByteCount, Seconds
from hydrophone.errors import UnsupportedError
from hydrophone.media.disk_cache import DiskCache
from hydrophone.media.ffmpeg import find_ffmpeg, why_no_video_segments
from hydrophone.media.mpv import find_mpv
from hydrophone.media.transcode_cache import TranscodeCache
from hydrophone.media.transcoder import Transcoder
from hydrophone.server.broadcasts import Broadcasts
from hydrophone.server.catalogue import Elsewhere
from hydrophone.server.fetching import Fetching
from hydrophone.server.foundation import Foundation
from hydrophone.server.people import People
from hydrophone.services.best_origin import BestOrigin
from hydrophone.services.captions import Captions
from hydrophone.services.hls import Hls
from hydrophone.services.hls_tokens import HlsTokens
from hydrophone.services.jukebox import Jukebox
from hydrophone.services.jukebox_files import JukeboxFiles
from hydrophone.services.next_tracks import NextTracks
from hydrophone.services.origins import Origins
from hydrophone.services.pins import Pins
from hydrophone.services.signing import Signer
from hydrophone.services.streaming import Streaming
from hydrophone.services.transcoding_rules import TranscodingRules
from hydrophone.services.video_hls import VideoHls
from hydrophone.services.video_streaming import VideoStreaming
from hydrophone.services.videos import Videos

logger = logging.getLogger(__name__)

_CAPTIONS = "captions"
_TRANSCODES = "transcodes"
_MIB = 1024 * 1024
_TRANSCODE_STALL = Seconds(30.0)


@dataclass(frozen=True, kw_only=True)
class Playback:
    """What makes sound and moving pictures of what is here or on its way."""

    ffmpeg: Path | None
    """`None` where there is none."""
    streaming: Streaming
    next_tracks: NextTracks
    hls: Hls
    videos: Videos
    captions: Captions
    jukebox: Jukebox


@contextlib.asynccontextmanager
async def open_playback(
    foundation: Foundation,
    *,
    people: People,
    broadcasts: Broadcasts,
    elsewhere: Elsewhere,
    fetching: Fetching,
) -> AsyncIterator[Playback]:
    """Build it; at the exit the programs that it has under way are stopped."""
    config, database, locations = foundation.config, foundation.database, foundation.locations
    ffmpeg = await asyncio.to_thread(_ffmpeg, config)
    rules = TranscodingRules(config.transcoding)
    transcoder = await asyncio.to_thread(_transcoder, config, ffmpeg)
    videos = Videos(database=database, locations=locations)
    video_streaming = VideoStreaming(videos=videos, transcoder=transcoder)
    origins = Origins(
        database=database,
        locations=locations,
        podcast_files=broadcasts.files,
        cache=fetching.cache,
        cache_files=fetching.files,
        catalogue=elsewhere.catalogue,
    )
    pins = Pins(foundation.clock)
    next_tracks = NextTracks(
        foundation.config.cache.prefetch,
        database=database,
        clock=foundation.clock,
        catalogue=elsewhere.catalogue,
        files=fetching.files,
        fetches=fetching.fetches,
    )
    streaming = Streaming(
        origins=origins,
        downloads=broadcasts.downloads,
        best=BestOrigin(
            origins=origins,
            fetches=fetching.fetches,
            counterparts=elsewhere.counterparts,
            pins=pins,
        ),
        next_tracks=next_tracks,
        pins=pins,
        videos=video_streaming,
        transcoder=transcoder,
        rules=rules,
        signer=Signer(people.key.derive("transcodes")),
    )
    tokens = HlsTokens(
        signer=Signer(people.key.derive("hls")), logins=people.logins, clock=foundation.clock
    )
    jukebox = Jukebox(
        files=JukeboxFiles(
            database=database,
            catalogue=elsewhere.catalogue,
            origins=origins,
            fetches=fetching.fetches,
        ),
        mpv=_mpv(config.jukebox),
        device=config.jukebox.device,
    )
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(streaming.close)
        stack.push_async_callback(jukebox.close)
        yield Playback(
            ffmpeg=ffmpeg,
            streaming=streaming,
            next_tracks=next_tracks,
            hls=Hls(
                streaming=streaming,
                videos=VideoHls(
                    videos=videos,
                    streaming=video_streaming,
                    tokens=tokens,
                    refusal=await asyncio.to_thread(_no_video_segments, ffmpeg),
                ),
                rules=rules,
                tokens=tokens,
            ),
            videos=videos,
            captions=Captions(
                database=database,
                locations=locations,
                videos=videos,
                cache=DiskCache(config.server.cache_dir / _CAPTIONS),
                ffmpeg=ffmpeg,
            ),
            jukebox=jukebox,
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
