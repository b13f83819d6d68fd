"""HTTP Live Streaming: playlists and segments of what can be heard, for players without login."""

from collections.abc import Sequence

import msgspec
from msgspec import Struct

from hydrophone.domain.hls import Rendition
from hydrophone.domain.ids import UserId
from hydrophone.domain.media import AudioFile
from hydrophone.domain.playback import Playable
from hydrophone.domain.units import Kbps, Timestamp
from hydrophone.domain.user import User
from hydrophone.errors import NotFoundError, NotPermittedError, UnsupportedError
from hydrophone.media.hls_segments import Cutting, cutting
from hydrophone.media.transcode import HLS_AAC
from hydrophone.services.clock import Clock
from hydrophone.services.logins import Logins
from hydrophone.services.signing import Signer
from hydrophone.services.streaming import Streaming, TranscodedAudio
from hydrophone.services.transcoding_rules import TranscodingRules, least

_PAUSES = 12 * 3600 * 1000
"""Milliseconds for which a token is good beyond the length of the track."""
_MAX_SEGMENTS = 20_000
"""33 hours; the playlist has a line for each."""
_ENOUGH = 128
"""Kilobits a second that a lossy file gets in any case: Opus and Vorbis need fewer than AAC."""


class _Token(Struct, frozen=True, kw_only=True, array_like=True):
    """Who may hear what until when, and how."""

    expires: Timestamp
    user_id: UserId
    track_id: str
    bit_rate: Kbps
    client: str


class Hls:
    """Offers tracks as HLS. Segments are made when they are asked for, in any order."""

    def __init__(
        self,
        *,
        streaming: Streaming,
        logins: Logins,
        rules: TranscodingRules,
        signer: Signer,
        clock: Clock,
    ) -> None:
        self._streaming = streaming
        self._logins = logins
        self._rules = rules
        self._signer = signer
        self._clock = clock

    async def renditions(
        self, viewer: User, track_id: str, client: str, bit_rates: Sequence[Kbps]
    ) -> tuple[Rendition, ...]:
        """Return a track at each of these bit rates, as far as they may be had and differ.

        Without any, at the one that the configuration has for it.

        Raises NotFoundError, and UnsupportedError if there is no ffmpeg or the track is too long
        or of unknown length.
        """
        if not self._streaming.can_transcode:
            raise UnsupportedError("HLS needs ffmpeg, which this server does not have.")
        track = (await self._streaming.located(viewer, track_id)).item
        wanted = [self._bit_rate(viewer, track, client, one) for one in bit_rates or (Kbps(0),)]
        return tuple(
            self._rendition(viewer, track, client, bit_rate) for bit_rate in dict.fromkeys(wanted)
        )

    async def rendition(self, token: str) -> Rendition:
        """Return what `renditions` gave this token for. Raises as `segment` does."""
        given, viewer = self._read(token)
        track = (await self._streaming.located(viewer, given.track_id)).item
        return _described(track, token, given.bit_rate)

    async def segment(self, token: str, number: int) -> AudioFile | TranscodedAudio:
        """Return one segment, counted from 0.

        Raises:
            InvalidInputError: The token is none of ours.
            NotPermittedError: It has expired, or its user may not stream any more.
            NotFoundError: The track is gone, or has no such segment.
        """
        given, viewer = self._read(token)
        found = await self._streaming.located(viewer, given.track_id)
        cut = _cutting(found.item)
        if not 0 <= number < cut.count:
            raise NotFoundError("There is no such segment.")
        # The account may have got a limit since the playlist was made.
        bit_rate = self._bit_rate(viewer, found.item, given.client, given.bit_rate)
        gain = self._rules.limits(viewer, found.item, given.client).gain
        return await self._streaming.opened(viewer, found, cut.spec(number, bit_rate, gain))

    def _rendition(self, viewer: User, track: Playable, client: str, bit_rate: Kbps) -> Rendition:
        token = _Token(
            expires=Timestamp(self._clock.now() + round(track.duration * 1000) + _PAUSES),
            user_id=viewer.id,
            track_id=track.id,
            bit_rate=bit_rate,
            client=client[:100],
        )
        return _described(track, self._signer.sign(msgspec.json.encode(token)), bit_rate)

    def _read(self, token: str) -> tuple[_Token, User]:
        given = msgspec.json.decode(self._signer.read(token), type=_Token)
        if self._clock.now() >= given.expires:
            raise NotPermittedError("This address has expired; ask for the playlist again.")
        viewer = self._logins.user(given.user_id)
        if viewer is None or not viewer.roles.stream:
            raise NotPermittedError("This address is not valid any more.")
        return given, viewer

    def _bit_rate(self, viewer: User, track: Playable, client: str, wanted: Kbps) -> Kbps:
        """Return what may be had, but hardly more than is in a lossy file."""
        limits = self._rules.limits(viewer, track, client)
        bit_rate = least(wanted, limits.bit_rate, HLS_AAC.max_bit_rate)
        if not wanted:
            bit_rate = least(bit_rate, limits.default_bit_rate)
        if track.bit_depth or not track.bit_rate:
            return bit_rate
        return least(bit_rate, Kbps(max(track.bit_rate, _ENOUGH)))


def _cutting(track: Playable) -> Cutting:
    if track.duration <= 0:
        raise UnsupportedError("Nobody knows how long this track is, as HLS has to.")
    cut = cutting(track.duration, track.sampling_rate)
    if cut.count > _MAX_SEGMENTS:
        raise UnsupportedError("This track is too long for HLS.")
    return cut


def _described(track: Playable, token: str, bit_rate: Kbps) -> Rendition:
    return Rendition(token=token, bit_rate=bit_rate, segments=_cutting(track).seconds())
