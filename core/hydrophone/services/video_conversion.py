"""Decides in which form a video goes to an app: by what it asks for, and the account's limit.

The rules of the configuration are about music, and do not count here.
"""

from collections.abc import Sequence

from hydrophone.domain.hls import Quality
from hydrophone.domain.media import StreamRequest
from hydrophone.domain.units import Kbps
from hydrophone.domain.user import User
from hydrophone.domain.video import Video, VideoConversion
from hydrophone.errors import InvalidInputError
from hydrophone.media.video_transcode import VideoSpec, video_format_named
from hydrophone.services.transcoding_rules import RAW, least

_STEPS = (
    (1080, Kbps(4500)),
    (720, Kbps(2500)),
    (480, Kbps(1200)),
    (360, Kbps(700)),
    (240, Kbps(400)),
)
"""Lines of a picture, and the kilobits a second at which they are worth it."""
_SMALLEST = 180
_EVERYWHERE = "mp4"
"""Of the formats the one that all players know."""
_SOUNDS = ("aac",)
"""What all players know within it; some do not know MP3 there."""
_SUFFIXES = {"mp4": ("mp4", "m4v"), "m4v": ("mp4", "m4v")}


def ladder(video: Video, wanted: Sequence[Quality], limit: Kbps) -> tuple[Quality, ...]:
    """Return in which sizes and bit rates a video is offered, as far as they differ.

    They are those that are wanted, in their order, else all that the video is large enough for,
    from the best down. None is larger than the video, or has more than a limit that is not 0.
    """
    steps = wanted or [
        Quality(bit_rate=rate, height=lines)
        for lines, rate in _STEPS
        if lines <= video.height and not 0 < limit < rate
    ]
    return tuple(dict.fromkeys(_fitted(video, step, limit) for step in steps or [Quality()]))


def conversion(viewer: User, video: Video, request: StreamRequest) -> VideoSpec | None:
    """Return what to convert a video to; `None` if the file is to be sent as it is.

    Raises:
        UnsupportedError: There is no format of the name that is asked for.
        InvalidInputError: The offset lies behind the end.
    """
    wanted = request.format.lower()
    if wanted == RAW:
        return None
    limit = least(request.max_bit_rate, viewer.max_bit_rate)
    size = _within(video, request.width, request.height)
    is_other = bool(wanted) and video.suffix not in _SUFFIXES.get(wanted, (wanted,))
    must_shrink = size != _within(video, 0, 0) or (limit > 0 and not 0 < video.bit_rate <= limit)
    # Who names another format wants that.
    is_for_all = request.converted and wanted in ("", *_SUFFIXES)
    must_convert = must_shrink or is_other or (is_for_all and not _plays_everywhere(video))
    if not (must_convert or request.offset > 0):
        return None
    if request.offset >= video.duration > 0:
        raise InvalidInputError("The offset lies behind the end of the video.")
    target = video_format_named(wanted or _EVERYWHERE)
    sounds = _SOUNDS if is_for_all else target.audio_codecs
    # What is copied begins with a key picture, which may be seconds from an offset.
    may_copy = not must_shrink and not request.offset
    return VideoSpec(
        format=target,
        bit_rate=least(limit, _usual_rate(size[1])),
        width=size[0],
        height=size[1],
        offset=request.offset,
        copies_video=may_copy and video.video_codec in target.video_codecs,
        copies_audio=may_copy and _has_sound(video, sounds),
    )


def conversions(viewer: User, video: Video) -> tuple[VideoConversion, ...]:
    """Return what `StreamRequest.converted` makes of a video; none if its file is that already."""
    spec = conversion(viewer, video, StreamRequest(converted=True))
    if spec is None:
        return ()
    return (
        VideoConversion(
            bit_rate=spec.effective_bit_rate or video.bit_rate,
            audio_track=spec.audio_track if video.audio_tracks else None,
        ),
    )


def _plays_everywhere(video: Video) -> bool:
    target = video_format_named(_EVERYWHERE)
    return (
        video.suffix in _SUFFIXES[_EVERYWHERE]
        and video.video_codec in target.video_codecs
        and (not video.audio_tracks or _has_sound(video, _SOUNDS))
    )


def _has_sound(video: Video, codecs: Sequence[str]) -> bool:
    return bool(video.audio_tracks) and video.audio_tracks[0].codec in codecs


def _fitted(video: Video, wanted: Quality, limit: Kbps) -> Quality:
    bit_rate = least(wanted.bit_rate, limit)
    lines = wanted.height
    if not (wanted.width or lines):
        lines = _usual_lines(bit_rate) if bit_rate else video.height
    width, height = _within(video, wanted.width, lines)
    return Quality(bit_rate=bit_rate or _usual_rate(height), width=width, height=height)


def _within(video: Video, width: int, height: int) -> tuple[int, int]:
    """Return the size of a video within a box, in even numbers; 0 is no bound.

    It is never larger than the video is. (0, 0) if nobody knows how large that is.
    """
    if not (video.width and video.height):
        return 0, 0
    scale = min(
        1.0,
        width / video.width if width else 1.0,
        height / video.height if height else 1.0,
    )
    return _even(video.width * scale), _even(video.height * scale)


def _even(pixels: float) -> int:
    return max(2, int(pixels / 2) * 2)


def _usual_lines(bit_rate: Kbps) -> int:
    return next((lines for lines, least_rate in _STEPS if bit_rate >= least_rate), _SMALLEST)


def _usual_rate(height: int) -> Kbps:
    """Return what pictures of so many lines are worth; of a size that nobody knows, a lot."""
    if not height:
        return _STEPS[1][1]
    return next((rate for lines, rate in _STEPS if height >= lines), _STEPS[-1][1])
