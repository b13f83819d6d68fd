"""What films can be turned into, and how ffmpeg is told to do it."""

from pathlib import Path

from msgspec import Struct

from hydrophone.domain.units import Kbps, Seconds
from hydrophone.errors import UnsupportedError
from hydrophone.media.adts import FrameCut
from hydrophone.media.video_probe import DEMUXERS

COMMON = ("-hide_banner", "-nostats", "-progress", "pipe:2", "-loglevel", "error", "-nostdin")
"""Arguments for every run: nothing said but progress and errors."""
BARE = ("-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1")
"""Nothing but pictures and sound."""
X264 = (
    # A fourth of the work of the usual preset: a segment has to be there before it is played.
    *("-c:v", "libx264", "-preset", "ultrafast", "-profile:v", "baseline", "-crf", "23"),
    # The one form of pictures that every decoder knows.
    *("-pix_fmt", "yuv420p"),
)
AAC = ("-c:a", "aac", "-ac", "2")
_KEY_EVERY = "2"
"""Seconds; where a player can begin, and a fragment of MP4 ends."""
_LEAST_PICTURES = Kbps(32)
_AUDIO = ((Kbps(1000), Kbps(128)), (Kbps(500), Kbps(96)), (Kbps(200), Kbps(64)))
"""From how many kilobits a second in all the sound gets how many of them."""
_LEAST_AUDIO = Kbps(48)


class VideoFormat(Struct, frozen=True, kw_only=True):
    """Something to transcode to."""

    suffix: str
    content_type: str
    video_codecs: tuple[str, ...]
    """What the container takes without being encoded again, by ffmpeg's names."""
    audio_codecs: tuple[str, ...]
    encoder: tuple[str, ...]
    """Arguments for ffmpeg about the pictures, and about the others."""
    audio_encoder: tuple[str, ...]
    container: tuple[str, ...]


_MP4 = VideoFormat(
    suffix="mp4",
    content_type="video/mp4",
    video_codecs=("h264",),
    audio_codecs=("aac", "mp3"),
    encoder=X264,
    audio_encoder=AAC,
    container=("-movflags", "+frag_keyframe+empty_moov+default_base_moof", "-f", "mp4"),
)

VIDEO_FORMATS = {
    "mp4": _MP4,
    "m4v": _MP4,
    "webm": VideoFormat(
        suffix="webm",
        content_type="video/webm",
        video_codecs=("vp8", "vp9", "av1"),
        audio_codecs=("opus", "vorbis"),
        encoder=(
            *("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-crf", "10"),
            *("-pix_fmt", "yuv420p"),
        ),
        audio_encoder=("-c:a", "libopus", "-vbr", "constrained", "-ac", "2"),
        container=("-f", "webm"),
    ),
    "flv": VideoFormat(
        suffix="flv",
        content_type="video/x-flv",
        video_codecs=("h264", "flv1"),
        audio_codecs=("aac", "mp3"),
        encoder=X264,
        audio_encoder=AAC,
        container=("-flvflags", "no_duration_filesize", "-f", "flv"),
    ),
}
"""By the name that clients use (Subsonic `stream`, parameter `format`)."""


def video_format_named(name: str) -> VideoFormat:
    """Return the format of this name; UnsupportedError names those that there are."""
    try:
        return VIDEO_FORMATS[name.lower()]
    except KeyError:
        known = ", ".join(sorted(VIDEO_FORMATS))
        raise UnsupportedError(f"Videos go into no {name!r}, only into {known}.") from None


class VideoSpec(Struct, frozen=True, kw_only=True):
    """What the transcode of a film shall be like. Equal specs of one file give equal bytes."""

    format: VideoFormat
    bit_rate: Kbps
    """The most that any seconds of pictures and sound together may take."""
    width: int = 0
    """Pixels, an even number; 0 with the height for the source's."""
    height: int = 0
    audio_track: int = 0
    """Which of the sounds, from 0; without any there is silence."""
    offset: Seconds = Seconds(0.0)
    """Where in the source to begin."""
    copies_video: bool = False
    """Whether the pictures stay as they are; nothing about them can be changed then."""
    copies_audio: bool = False

    @property
    def effective_bit_rate(self) -> Kbps:
        """About what comes; 0 if nobody knows, as of what is copied."""
        return Kbps(0) if self.copies_video else self.bit_rate

    @property
    def suffix(self) -> str:
        """The format's."""
        return self.format.suffix

    @property
    def content_type(self) -> str:
        """The format's."""
        return self.format.content_type

    @property
    def frames(self) -> FrameCut | None:
        """All that ffmpeg writes is wanted."""
        return None

    @property
    def sample_count(self) -> int:
        """A film is no FLAC."""
        return 0

    def arguments(self, source: Path) -> list[str]:
        """Return what follows ffmpeg's name, to write a film to standard output."""
        pictures = (
            *("-vf", scaling(self.width, self.height)),
            *self.format.encoder,
            *picture_rate(self.bit_rate),
            *("-force_key_frames", f"expr:gte(t,n_forced*{_KEY_EVERY})"),
        )
        sound = (*self.format.audio_encoder, *audio_rate(self.bit_rate))
        return [
            *COMMON,
            *source_arguments(source, self.offset),
            # V leaves out covers that are attached as streams.
            *("-map", "0:V:0", "-map", f"0:a:{self.audio_track}?", *BARE),
            *(("-c:v", "copy") if self.copies_video else pictures),
            *(("-c:a", "copy") if self.copies_audio else sound),
            *self.format.container,
            *("-fflags", "+bitexact", "pipe:1"),
        ]


def picture_rate(total: Kbps) -> tuple[str, ...]:
    """Tell an encoder how much of a bit rate is for the pictures."""
    rest = max(total - _audio_rate(total), _LEAST_PICTURES)
    return (
        *("-b:v", f"{rest}k", "-maxrate", f"{rest}k", "-bufsize", f"{rest}k"),
        # The decoder's buffer is half full in the beginning, for that much the first segment of
        # many seconds may have more.
        *("-rc_init_occupancy", f"{rest * 500}"),
    )


def audio_rate(total: Kbps) -> tuple[str, ...]:
    """Tell an encoder how much of a bit rate is for the sound."""
    return ("-b:a", f"{_audio_rate(total)}k")


def scaling(width: int, height: int) -> str:
    """Return the filter for a size in square pixels; 0 and 0 for the source's own."""
    if width and height:
        return f"scale={width}:{height},setsar=1"
    # Of even numbers, for four pixels share their colours.
    return "scale=trunc(iw*sar/2)*2:trunc(ih/2)*2,setsar=1"


def source_arguments(source: Path, begin: Seconds, length: Seconds | None = None) -> list[str]:
    """Tell ffmpeg what to read."""
    return [
        *("-protocol_whitelist", "file,pipe", "-format_whitelist", DEMUXERS),
        *(("-ss", f"{begin:.6f}") if begin > 0 else ()),
        *(("-t", f"{length:.6f}") if length is not None else ()),
        # "file:" keeps names such as "-i.mp4" and "http:x.mp4" from meaning something else.
        *("-i", f"file:{source}"),
    ]


def _audio_rate(total: Kbps) -> Kbps:
    return next((audio for least, audio in _AUDIO if total >= least), _LEAST_AUDIO)
