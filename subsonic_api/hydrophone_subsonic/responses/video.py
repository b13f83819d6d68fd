"""Videos, and what one of them may be watched with."""

from msgspec import UNSET, UnsetType

from hydrophone_subsonic.responses.child import Child
from hydrophone_subsonic.responses.wire import Wire


class Videos(Wire, frozen=True, kw_only=True):
    """All videos."""

    video: tuple[Child, ...]


class Captions(Wire, frozen=True, kw_only=True):
    """Captions, which getCaptions gives by this id."""

    id: str
    name: str


class AudioTrack(Wire, frozen=True, kw_only=True):
    """A sound; its id is what `audioTrack` of hls.m3u8 means."""

    id: str
    name: str
    language_code: str | UnsetType = UNSET


class VideoConversion(Wire, frozen=True, kw_only=True):
    """A form that `stream` gives with `converted=true`; it is made when it is asked for."""

    id: str
    """The video's own: it is what `stream` takes."""
    bit_rate: int | UnsetType = UNSET
    """kbit/s."""
    audio_track_id: int | UnsetType = UNSET


class VideoInfo(Wire, frozen=True, kw_only=True):
    """Details of a video."""

    id: str
    captions: tuple[Captions, ...]
    audio_track: tuple[AudioTrack, ...]
    conversion: tuple[VideoConversion, ...]
    """Empty if the file plays everywhere, or there is no ffmpeg."""
