"""Decides what a client gets to hear: the file as it is, or a transcode."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import msgspec

from hydrophone.domain.client_profile import ClientProfile, Decision, MediaType
from hydrophone.domain.file_names import safe_name
from hydrophone.domain.ids import EPISODE, TRACK, VIDEO, UserId, kind_of
from hydrophone.domain.media import AudioFile, StreamRequest
from hydrophone.domain.music import Track
from hydrophone.domain.playback import Playable
from hydrophone.domain.podcast import Episode
from hydrophone.domain.units import Seconds
from hydrophone.domain.user import User
from hydrophone.errors import InvalidInputError, NotFoundError, UnsupportedError
from hydrophone.media.transcode import TranscodeSpec
from hydrophone.media.transcoder import Transcoder
from hydrophone.services.best_origin import BestOrigin
from hydrophone.services.conversions import EstimatedAudio, TranscodedAudio, converted, estimated
from hydrophone.services.growing_episode import GrowingEpisode
from hydrophone.services.growing_track import ConvertedTrack, GrowingTrack
from hydrophone.services.next_tracks import NextTracks
from hydrophone.services.origins import Located, Origins
from hydrophone.services.pins import Key, Pins
from hydrophone.services.podcast_downloads import PodcastDownloads
from hydrophone.services.signing import Signer
from hydrophone.services.transcode_decisions import (
    Transcoded,
    choose_transcode,
    obstacles,
    source_details,
)
from hydrophone.services.transcode_tags import tags_of
from hydrophone.services.transcoding_rules import (
    RAW,
    TranscodingRules,
    least,
    sample_count_of,
    within_file,
)
from hydrophone.services.video_streaming import VideoStreaming

_Token = tuple[UserId, str, Transcoded]


class Media(NamedTuple):
    """What an app asks about."""

    type: MediaType
    identifier: str
    client: str
    """The app's own name, for which there may be rules."""


Audio = (
    AudioFile | ConvertedTrack | EstimatedAudio | TranscodedAudio | GrowingEpisode | GrowingTrack
)
"""What a client gets to hear."""


class Streaming:
    """Finds the best origin of a track or an episode and the right form for a client."""

    def __init__(
        self,
        *,
        origins: Origins,
        downloads: PodcastDownloads,
        best: BestOrigin,
        next_tracks: NextTracks,
        pins: Pins,
        videos: VideoStreaming,
        transcoder: Transcoder | None,
        rules: TranscodingRules,
        signer: Signer,
    ) -> None:
        """Without a transcoder (no ffmpeg) everything is sent as it is."""
        self._origins = origins
        self._downloads = downloads
        self._best = best
        self._next_tracks = next_tracks
        self._pins = pins
        self._videos = videos
        self._transcoder = transcoder
        self._rules = rules
        self._signer = signer

    @property
    def can_transcode(self) -> bool:
        """Whether there is an ffmpeg."""
        return self._transcoder is not None

    async def original(self, viewer: User, identifier: str) -> Audio:
        """Return the file of a track or an episode as it is. Raises as `open` does.

        A track within a file is cut out of it, as FLAC if nothing was lost so far.
        """
        return await self.open(viewer, identifier, StreamRequest(format=RAW))

    async def has_to_come(self, viewer: User, track_id: str) -> bool:
        """Say whether `original` would begin the download of a track. Raises NotFoundError."""
        return await self._best.has_to_come(await self._origins.track(viewer, track_id))

    def goes_on(
        self, viewer: User, identifier: str, request: StreamRequest
    ) -> Callable[[str, bool], bool]:
        """Return what `server.files` asks whether bytes go on with those a listener was given.

        It is called with their tag, and whether they are the beginning, for one thing in one form
        and a user's app.
        """
        key = _given_bytes(viewer, identifier, request)

        def goes_on(tag: str, is_beginning: bool) -> bool:
            return self._pins.goes_on(key, tag, is_beginning=is_beginning)

        return goes_on

    async def open(self, viewer: User, identifier: str, request: StreamRequest) -> Audio:
        """Return the file, or a transcode if the client asks for one or may get no more.

        A transcode that was made before is a file too. An episode that is not here yet comes as
        it is, whatever is asked for, while it is downloaded.

        Raises NotFoundError, UnsupportedError for a format that is not known or a track within
        a file where there is no ffmpeg, and InvalidInputError for an offset behind the end.
        """
        if kind_of(identifier) == EPISODE:
            episode = await self._origins.episode(viewer, identifier)
            if not episode.path:
                return GrowingEpisode(self._downloads, episode)
        if kind_of(identifier) == VIDEO:
            return await self._videos.open(viewer, identifier, request)
        found = await self.find(viewer, identifier, request.client)
        spec = self._rules.decide(viewer, found.item, request) if self._transcoder else None
        given = None
        if request.estimated:
            given = self._pins.get(_given_bytes(viewer, identifier, request)).strip('"')
        return await self.opened(viewer, found, spec, given=given)

    async def find(self, viewer: User, identifier: str, client: str) -> Located | GrowingTrack:
        """Return the file of a track or an episode, or a track on its way from its source.

        Raises NotFoundError, and what the source of a track fails with.
        """
        if kind_of(identifier) != TRACK:
            return await self._origins.located(viewer, identifier)
        track = await self._origins.track(viewer, identifier)
        chosen = await self._best.choose(viewer, track, client)
        self._next_tracks.heard(viewer, track)
        return chosen

    async def decide(self, viewer: User, media: Media, profile: ClientProfile) -> Decision:
        """Tell an app how it can play something, by what it says of itself.

        An episode that is not here yet is taken for what its feed says; it can be converted when
        it is here. Raises NotFoundError.
        """
        item = await self._medium(viewer, media)
        limits = self._rules.limits(viewer, item, media.client)
        source = source_details(item)
        reasons = obstacles(source, profile, limits)
        obstacle = self._obstacle(item)
        chosen = None
        if not obstacle and not limits.never:
            chosen = choose_transcode(item, source, profile, limits)
        problem = ""
        if reasons and chosen is None:
            problem = obstacle or (
                "The app can neither play this file nor anything that it can be converted to."
            )
        return Decision(
            can_play_directly=not reasons,
            reasons=reasons,
            source=source,
            transcode=chosen[1] if chosen else None,
            parameters=self._token(viewer, item, chosen[0]) if chosen else "",
            problem=problem,
        )

    async def open_decided(
        self, viewer: User, media: Media, parameters: str, offset: Seconds
    ) -> Audio:
        """Return the transcode that `decide` has chosen, from an offset on.

        Limits that were set since then count. Raises NotFoundError, UnsupportedError, and
        InvalidInputError for parameters that were not given to this user for this track, or an
        offset behind the end.
        """
        await self._medium(viewer, media)
        found = await self.find(viewer, media.identifier, media.client)
        item = found.item
        content = self._signer.read(parameters)
        user_id, item_id, chosen = msgspec.json.decode(content, type=_Token)
        if (user_id, item_id) != (viewer.id, item.id):
            raise InvalidInputError("These transcodeParams belong to something else.")
        if offset >= item.duration > 0:
            raise InvalidInputError("The offset lies behind the end of the track.")
        limits = self._rules.limits(viewer, item, media.client)
        if limits.never or (limits.bit_rate and not chosen.format.is_lossy):
            raise InvalidInputError("This is not allowed any more; ask for another decision.")
        spec = TranscodeSpec(
            format=chosen.format,
            bit_rate=least(chosen.bit_rate, limits.bit_rate),
            offset=offset,
            sample_rate=chosen.sample_rate,
            channel_count=chosen.channel_count,
            bit_depth=chosen.bit_depth,
            gain=limits.gain,
        )
        return await self.opened(viewer, found, spec)

    async def opened(
        self,
        viewer: User,
        found: Located | GrowingTrack,
        spec: TranscodeSpec | None,
        *,
        given: str | None = None,
    ) -> Audio:
        """Return the file, or a transcode of it, running or done; raises as `open` does.

        `given` is for apps that want an estimate, see `estimated`.
        """
        if isinstance(found, GrowingTrack):
            return self._growing(viewer, found, spec)
        item, path, start, etag = found
        duration = Seconds(max(0.0, item.duration - (spec.offset if spec else 0.0)))
        if spec is not None and spec.length is not None:
            duration = spec.length
        if start is not None:
            spec = within_file(item, start, spec)
            if self._transcoder is None:
                raise UnsupportedError("This track is a part of a file, which needs ffmpeg.")
        if spec is None:
            return _file(item, path, etag)
        return await self._form(viewer, item, path, spec, duration, given)

    async def _form(
        self,
        viewer: User,
        item: Playable,
        path: Path,
        spec: TranscodeSpec,
        length: Seconds,
        given: str | None,
    ) -> AudioFile | EstimatedAudio | TranscodedAudio:
        if self._transcoder is None:
            return _file(item, path, "")
        spec = msgspec.structs.replace(
            spec,
            tags=tags_of(item, with_gain=spec.gain is None),
            sample_count=sample_count_of(item, spec),
        )
        number = f"{item.track_number:02} " if isinstance(item, Track) else ""
        form = (self._transcoder, viewer, path, spec, length, number + item.title)
        if given is not None and (audio := await estimated(*form, given=given)):
            return audio
        return await converted(*form)

    def _growing(
        self, viewer: User, growing: GrowingTrack, spec: TranscodeSpec | None
    ) -> GrowingTrack | ConvertedTrack:
        if spec is None or self._transcoder is None:
            return growing
        tags = tags_of(growing.item, with_gain=spec.gain is None)
        spec = msgspec.structs.replace(spec, tags=tags)
        return ConvertedTrack(self._transcoder, growing, spec, viewer)

    async def close(self) -> None:
        """End all transcodes that are running."""
        if self._transcoder is not None:
            await self._transcoder.close()

    def _token(self, viewer: User, item: Playable, chosen: Transcoded) -> str:
        return self._signer.sign(msgspec.json.encode((viewer.id, item.id, chosen)))

    def _obstacle(self, item: Playable) -> str:
        """Say why something cannot be converted now; empty if it can."""
        if self._transcoder is None:
            return "The app cannot play this file, and converting it needs ffmpeg."
        if isinstance(item, Episode) and not item.path:
            return "The app cannot play this episode as it is; download it to have it converted."
        return ""

    async def _medium(self, viewer: User, media: Media) -> Playable:
        is_episode = kind_of(media.identifier) == EPISODE
        if is_episode is not (media.type is MediaType.PODCAST):
            raise NotFoundError(f"There is no such {media.type.value}.")
        if is_episode:
            return await self._origins.episode(viewer, media.identifier)
        if kind_of(media.identifier) == TRACK:
            # Of one that is still at its source nobody needs the file to decide.
            return await self._origins.track(viewer, media.identifier)
        return (await self._origins.located(viewer, media.identifier)).item


def _given_bytes(viewer: User, identifier: str, request: StreamRequest) -> Key:
    """Return by what it is remembered which bytes of something an app was given."""
    form = (request.format, request.max_bit_rate, str(request.offset), str(request.converted))
    return ("bytes", viewer.id, request.client, identifier, *form, str(request.estimated))


def _file(item: Playable, path: Path, etag: str) -> AudioFile:
    return AudioFile(
        path=path,
        content_type=item.content_type,
        # Empty: made of the opened file's size and time, so that bytes are never mixed when the
        # file is replaced between two requests of one play (traps 15).
        etag=etag,
        # Copies of what sources have are called by ids in the cache.
        file_name=f"{safe_name(item.title)}{path.suffix}" if etag else path.name,
        duration=item.duration,
    )
