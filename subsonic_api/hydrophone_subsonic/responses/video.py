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


class VideoInfo(Wire, frozen=True, kw_only=True):
    """Details of a video. There are no `conversion`s: nothing is converted beforehand."""

    id: str
    captions: tuple[Captions, ...]
    audio_track: tuple[AudioTrack, ...]
