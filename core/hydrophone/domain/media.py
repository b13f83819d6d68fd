"""Bytes of music and pictures on their way to a client."""

from pathlib import Path

from msgspec import Struct

from hydrophone.domain.units import Kbps, Seconds


class AudioFile(Struct, frozen=True, kw_only=True):
    """A file that can be sent as it is."""

    path: Path
    content_type: str
    etag: str
    """Without quotes; changes with the bytes."""
    file_name: str
    """For Content-Disposition."""
    duration: Seconds


class StreamRequest(Struct, frozen=True, kw_only=True):
    """How a client wants a track, an episode or a video."""

    max_bit_rate: Kbps = Kbps(0)
    """0 = no limit."""
    format: str = ""
    """A format's name, `raw` for the bytes as they are, or empty for the server's choice."""
    offset: Seconds = Seconds(0)
    width: int = 0
    """Pixels within which the pictures of a video shall fit; 0 = no bound."""
    height: int = 0
    converted: bool = False
    """Of a video: in the form that plays everywhere, unless the file has it already."""
    client: str = ""
    """The app's own name, for which there may be rules."""
    estimated: bool = False
    """It wants to be told how many bytes will come, be it a guess."""


class Picture(Struct, frozen=True, kw_only=True):
    """An encoded picture."""

    data: bytes
    content_type: str
    etag: str
    """Without quotes; changes with the bytes."""
