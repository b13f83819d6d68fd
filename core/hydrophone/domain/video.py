"""Videos of a library: what a file holds, and what people list, watch and star."""

from enum import StrEnum

from msgspec import Struct

from hydrophone.domain.annotation import UNTOUCHED, Annotation
from hydrophone.domain.ids import ArtworkId, CaptionId, FolderId, LibraryId, VideoId
from hydrophone.domain.units import ByteCount, Kbps, Seconds, Timestamp

VIDEO_TYPES = {
    "mp4": "video/mp4",
    "m4v": "video/mp4",
    "mkv": "video/x-matroska",
    "webm": "video/webm",
    "avi": "video/x-msvideo",
    "mov": "video/quicktime",
    "mpg": "video/mpeg",
    "mpeg": "video/mpeg",
    "ts": "video/mp2t",
    "ogv": "video/ogg",
    "wmv": "video/x-ms-wmv",
    "flv": "video/x-flv",
}
"""Files that are videos by their names: {suffix in lower case and without the dot: content type}.

What has nothing but sound under such a name is none; of `.mp4` it is music."""

MAYBE_MUSIC = "mp4"
"""The one suffix of them that music has, too: there the content decides."""

CAPTION_SUFFIXES = ("srt", "vtt", "ass", "ssa")
"""Files beside a video that are its captions."""


class AudioTrack(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One of the sounds that a video may be watched with."""

    index: int
    """Among the audio streams of the file, from 0 (ffmpeg's `0:a:<index>`)."""
    language: str = ""
    """ISO 639 code as in the file (`ger`, `de`); empty if unknown (`und`)."""
    name: str = ""
    """The title of the stream; empty if it has none."""
    codec: str = ""
    """As ffmpeg calls it: aac, mp3, ac3, ...; empty if unknown."""


class SubtitleTrack(Struct, frozen=True, kw_only=True):
    """A stream of text within a video file."""

    index: int
    """Among all subtitle streams of the file, pictures too, from 0 (ffmpeg's `0:s:<index>`)."""
    language: str = ""
    """As in `AudioTrack`."""
    name: str = ""
    codec: str = ""
    """As ffmpeg calls it: subrip, ass, mov_text, webvtt, ..."""


class VideoFacts(Struct, frozen=True, kw_only=True):
    """What a probe of a file tells; 0 and empty for what it does not."""

    has_video: bool
    """Whether there are moving pictures; a cover that is attached as a stream is none."""
    duration: Seconds = Seconds(0)
    bit_rate: Kbps = Kbps(0)
    """Of all streams together."""
    width: int = 0
    """Pixels, as it is shown: after the turn that the file asks for. So the height."""
    height: int = 0
    frame_rate: float = 0.0
    """Frames a second, as ffmpeg rounds it: 23.98, 25, 29.97, ..."""
    video_codec: str = ""
    """As ffmpeg calls it: h264, hevc, vp9, mpeg4, ..."""
    audio_tracks: tuple[AudioTrack, ...] = ()
    """In the order of the file."""
    subtitles: tuple[SubtitleTrack, ...] = ()
    """In the order of the file, and only those that are text."""


class CaptionKind(StrEnum):
    """Where captions stand."""

    EMBEDDED = "embedded"
    SIDECAR = "sidecar"


class CaptionTrack(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Captions that can be asked for as text."""

    id: CaptionId
    kind: CaptionKind
    language: str = ""
    """As in `AudioTrack`; of a sidecar from its name (`film.de.srt`)."""
    name: str
    """For people: the stream's title, else its language, else a number; a sidecar's file name."""
    path: str = ""
    """Of a sidecar, escaped and relative to the library's root."""
    index: int = 0
    """Of an embedded one: as in `SubtitleTrack`."""


class VideoConversion(Struct, frozen=True, kw_only=True):
    """The form of a video that plays everywhere."""

    bit_rate: Kbps
    """About what it has; 0 if nobody knows."""
    audio_track: int | None
    """Which of the sounds it has (`AudioTrack.index`); `None` if there is none."""


class Video(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A file with moving pictures in a library, with 0 or empty for what is not known of it."""

    id: VideoId
    title: str
    """The file's name without the suffix: what films carry as a title is often rubbish."""
    library_id: LibraryId
    folder_id: FolderId
    path: str
    """Relative to the library's root, for people to read; may have been made printable."""
    size: ByteCount
    suffix: str
    """Lower case, without the dot."""
    content_type: str
    duration: Seconds
    bit_rate: Kbps
    width: int
    height: int
    frame_rate: float
    """As in `VideoFacts`."""
    video_codec: str
    audio_tracks: tuple[AudioTrack, ...] = ()
    captions: tuple[CaptionTrack, ...] = ()
    """Sidecars by name, then those of the file in its order."""
    artwork_id: ArtworkId | None = None
    created: Timestamp
    """When it came into the library."""
    annotation: Annotation = UNTOUCHED
    average_rating: float = 0
    """As in `Track`."""
