"""Decides in which form a track goes to an app: by what it asks for, limits and rules."""

from fnmatch import fnmatchcase
from math import log10

import msgspec
from msgspec import Struct

from hydrophone.config import ReplayGainMode, TranscodingConfig, TranscodingRule
from hydrophone.domain.media import StreamRequest
from hydrophone.domain.music import ReplayGain, Track
from hydrophone.domain.playback import Playable
from hydrophone.domain.units import Hertz, Kbps, Seconds
from hydrophone.domain.user import User
from hydrophone.errors import InvalidInputError
from hydrophone.media.transcode import (
    MP4_AAC,
    MP4_COPY,
    MP4_FLAC,
    AudioFormat,
    TranscodeSpec,
    format_named,
)

RAW = "raw"
"""The format's name that means: never transcode (OpenSubsonic `stream`). As in Subsonic and in
Navidrome it wins over every limit; whoever must not have the file must not download it either."""
_MP4 = ("m4a", "m4b", "mp4", "alac")
_SAME_CONTAINER = {
    "ogg": ("ogg", "oga", "opus"),
    "m4a": _MP4,
    "aac": (*_MP4, "aac"),
    "mp4": _MP4,
}
"""Suffixes of files that are in a format already, where they are not just the format's name."""
_FITS_MP4 = ("flac", *_MP4)
"""Suffixes of files with FLAC, ALAC or AAC in them."""
_DSD_DEPTH = 1
_EVERYTHING_FITS = TranscodingRule()
_USUAL_RATES = (384_000, 352_800, 192_000, 176_400, 96_000, 88_200, 48_000, 44_100)


class Limits(Struct, frozen=True, kw_only=True):
    """What configuration and account allow of one track to one app, whatever it asks for."""

    never: bool
    """Whether the file goes out as it is even to those who want it converted."""
    bit_rate: Kbps
    """0 = any."""
    sample_rate: Hertz
    """0 = any."""
    bit_depth: int
    """0 = any."""
    default_bit_rate: Kbps
    """For lossy formats, where there is no limit."""
    gain: float | None
    """Decibels to make transcodes louder by."""


class TranscodingRules:
    """The rules of the configuration, applied to one request at a time."""

    def __init__(self, config: TranscodingConfig) -> None:
        self._config = config

    def decide(self, viewer: User, track: Playable, request: StreamRequest) -> TranscodeSpec | None:
        """Return what to convert something to; `None` if the file is to be sent as it is.

        Raises:
            UnsupportedError: There is no format of the name that is asked for.
            InvalidInputError: The offset lies behind the end.
        """
        if request.format.lower() == RAW:
            return None
        rule = self._rule(viewer, track, request.client)
        if rule.never:
            request = StreamRequest()
        # Who asks for FLAC has said that a bit rate of his own does not matter.
        own_limit = request.max_bit_rate if request.format.lower() != "flac" else Kbps(0)
        limit = least(own_limit, rule.max_bit_rate, viewer.max_bit_rate)
        wanted = request.format.lower() or rule.format.value
        too_much = 0 < limit < track.bit_rate
        too_fine = (
            0 < rule.sample_rate < track.sampling_rate or 0 < rule.bit_depth < track.bit_depth
        )
        if not (too_much or too_fine or request.offset > 0 or _is_other(track, wanted)):
            return None
        if request.offset >= track.duration > 0:
            raise InvalidInputError("The offset lies behind the end of the track.")
        gain = _gain(rule.replay_gain, _tagged(track))
        target = self._target(
            wanted,
            track,
            must_shrink=too_much or (limit > 0 and not track.bit_depth),
            # A copy can only be cut between packets: nothing for what can be cut exactly for free.
            may_copy=not (too_much or too_fine or (request.offset and track.bit_depth))
            and gain is None,
        )
        bit_rate = self._bit_rate(request, rule, limit) if target.is_lossy else Kbps(0)
        sample_rate = _sample_rate(track, target, rule, bit_rate)
        if target.is_lossy:
            bit_rate = target.bit_rate_for(bit_rate, sample_rate or track.sampling_rate)
        return TranscodeSpec(
            format=target,
            bit_rate=bit_rate,
            offset=request.offset,
            sample_rate=sample_rate,
            bit_depth=min(useful_depth(track), rule.bit_depth or 24),
            gain=gain,
        )

    def limits(self, viewer: User, track: Playable, client: str) -> Limits:
        """Return what the first rule that fits and the account allow."""
        rule = self._rule(viewer, track, client)
        return Limits(
            never=rule.never,
            bit_rate=least(rule.max_bit_rate, viewer.max_bit_rate),
            sample_rate=rule.sample_rate,
            bit_depth=rule.bit_depth,
            default_bit_rate=rule.bit_rate or self._config.default_bit_rate,
            gain=_gain(rule.replay_gain, _tagged(track)),
        )

    def _rule(self, viewer: User, track: Playable, client: str) -> TranscodingRule:
        """Find the first rule that fits."""
        kinds = {track.suffix, "lossless" if track.bit_depth else "lossy"}
        for rule in self._config.rules:
            if (
                (not rule.client or fnmatchcase(client.casefold(), rule.client.casefold()))
                and (not rule.user or rule.user.casefold() == viewer.name.casefold())
                and (not rule.sources or not kinds.isdisjoint(map(str.lower, rule.sources)))
            ):
                return rule
        return _EVERYTHING_FITS

    def _target(
        self, wanted: str, track: Playable, *, must_shrink: bool, may_copy: bool
    ) -> AudioFormat:
        """Choose what to encode to; what is lossless stays so if nobody wants otherwise."""
        if wanted in ("mp4", "fmp4"):
            if may_copy and track.suffix in _FITS_MP4:
                return MP4_COPY
            return MP4_FLAC if track.bit_depth and not must_shrink else MP4_AAC
        if wanted:
            target = format_named(wanted)
        elif track.bit_depth and not must_shrink:
            target = format_named("flac")
        else:
            target = format_named(self._config.default_format)
        # FLAC has no bit rate that could be limited.
        lossless_is_too_much = must_shrink and not target.is_lossy
        return format_named(self._config.default_format) if lossless_is_too_much else target

    def _bit_rate(self, request: StreamRequest, rule: TranscodingRule, limit: Kbps) -> Kbps:
        if request.max_bit_rate:
            return limit
        if rule.bit_rate:
            return least(rule.bit_rate, limit)
        return limit or self._config.default_bit_rate


def within_file(track: Playable, start: Seconds, spec: TranscodeSpec | None) -> TranscodeSpec:
    """Return how to cut a track out of the file in which it begins at `start`.

    `spec` is how it is wanted; `None` for as it is, which is what apps are told of it.
    """
    if spec is None:
        spec = TranscodeSpec(
            format=format_named(track.suffix),
            bit_rate=Kbps(0) if track.bit_depth else track.bit_rate,
            bit_depth=useful_depth(track),
        )
    elif spec.format.is_copy:
        # The file may be a WAV or an APE, of which MP4 knows nothing.
        target = MP4_FLAC if track.bit_depth else MP4_AAC
        spec = msgspec.structs.replace(spec, format=target)
    return msgspec.structs.replace(
        spec,
        offset=Seconds(start + spec.offset),
        length=spec.length or Seconds(track.duration - spec.offset),
    )


def sample_count_of(track: Playable, spec: TranscodeSpec) -> int:
    """Return how many samples each channel of a FLAC will have; 0 if nobody knows before.

    Of lossy files and DSD nobody knows it to the sample, and of other formats nobody asks.
    """
    is_flac = spec.format.container == "flac"
    if not is_flac or not isinstance(track, Track) or track.bit_depth <= 1:
        return 0
    rate = track.sampling_rate
    if not track.sample_count or not rate:
        return 0
    if spec.length is not None:
        count = round(spec.length * rate)
    else:
        count = max(0, track.sample_count - round(spec.offset * rate))
    return count * (spec.sample_rate or rate) // rate


def _is_other(track: Playable, wanted: str) -> bool:
    """Tell whether a file is in another format than is wanted; an empty name wants none."""
    if not wanted:
        return False
    if wanted == "aac" and track.bit_depth:
        return True  # ALAC
    return track.suffix not in _SAME_CONTAINER.get(wanted, (wanted,))


def useful_depth(track: Playable) -> int:
    """Return how many bits of a sample are worth keeping."""
    if track.bit_depth == _DSD_DEPTH:
        return 24
    return track.bit_depth or 16


def least(*limits: Kbps) -> Kbps:
    """Return the strictest limit; 0 is none."""
    return min((limit for limit in limits if limit > 0), default=Kbps(0))


def lower_rate(rate: Hertz, most: Hertz) -> Hertz:
    """Choose a rate within the limit, if possible one that divides the source's evenly.

    So 88,200 Hz becomes 44,100 under a limit of 48,000, and 96,000 becomes 48,000. 0 = as it is.
    """
    if not 0 < most < rate:
        return Hertz(0)
    even = (usual for usual in _USUAL_RATES if usual <= most and rate % usual == 0)
    return Hertz(next(even, most))


def encodable_rate(rate: Hertz, target: AudioFormat, bit_rate: Kbps) -> Hertz:
    """Choose the rate in which a format is made of a source of this rate.

    The source's, else if possible one that divides it evenly, else the next lower one that there
    is, of those in which no more than a bit rate can be made if there are any. 0 = not known:
    then it is only chosen if not all can.
    """
    rates = target.rates_for(bit_rate) or target.rates
    if not rate and rates != target.rates:
        return rates[0]
    if not rate or not rates or rate in rates:
        return rate
    even = (usual for usual in rates if usual < rate and rate % usual == 0)
    lower = (usual for usual in rates if usual < rate)
    return next(even, next(lower, rates[-1]))


def _sample_rate(
    track: Playable, target: AudioFormat, rule: TranscodingRule, bit_rate: Kbps
) -> Hertz:
    """Return what to resample to; 0 = as it is."""
    wanted = lower_rate(track.sampling_rate, rule.sample_rate) or track.sampling_rate
    rate = encodable_rate(wanted, target, bit_rate)
    return Hertz(0) if rate == track.sampling_rate else rate


def _tagged(item: Playable) -> ReplayGain | None:
    """Return what the tags say; episodes are measured by nobody."""
    return item.replay_gain if isinstance(item, Track) else None


def _gain(mode: ReplayGainMode, tags: ReplayGain | None) -> float | None:
    """Return the decibels of a track or its album, so that no sample exceeds full scale.

    `None` if nobody wants it or the tags say nothing. An album of which only the tracks were
    measured is played by those, and the other way round.
    """
    if not mode or tags is None:
        return None
    measured = [(tags.track_gain, tags.track_peak), (tags.album_gain, tags.album_peak)]
    if mode is ReplayGainMode.ALBUM:
        measured.reverse()
    for gain, peak in measured:
        if gain is not None:
            return min(gain, -20 * log10(peak)) if peak else gain
    return None
