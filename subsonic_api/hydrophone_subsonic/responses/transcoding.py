"""How an app can come to hear something (extension transcoding)."""

from msgspec import UNSET, UnsetType

from hydrophone_subsonic.responses.wire import Wire


class StreamDetails(Wire, frozen=True, kw_only=True):
    """What a stream is like; what is unknown, or does not apply, is left out."""

    protocol: str = "http"
    container: str
    codec: str
    audio_channels: int | UnsetType = UNSET
    audio_bitrate: int | UnsetType = UNSET
    """Bits per second."""
    audio_profile: str | UnsetType = UNSET
    audio_samplerate: int | UnsetType = UNSET
    audio_bitdepth: int | UnsetType = UNSET


class TranscodeDecision(Wire, frozen=True, kw_only=True):
    """What an app can do, and what not and why."""

    can_direct_play: bool
    can_transcode: bool
    transcode_reason: tuple[str, ...]
    """For each of the app's profiles why it does not do; empty if one does."""
    error_reason: str
    transcode_params: str | UnsetType = UNSET
    source_stream: StreamDetails
    transcode_stream: StreamDetails | UnsetType = UNSET
