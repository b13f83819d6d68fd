"""What reading a container gives, before anything of it is interpreted."""

from collections.abc import Callable
from typing import BinaryIO, NamedTuple

from hydrophone.domain.units import Seconds
from hydrophone.scanner.payload import Payload
from hydrophone.scanner.shortfall import shortfall
from hydrophone.scanner.tags.texts import Texts


class Trim(NamedTuple):
    """The samples of each channel that are music, and those around them that are not."""

    sample_count: int = 0
    """What a decoder that leaves out delay and padding puts out; 0 if unknown."""
    encoder_delay: int = 0
    """Samples before the music, as the file states them: in MP3 without the decoder's own 529."""
    encoder_padding: int = 0
    """Samples after the music."""


class Claim(NamedTuple):
    """How much audio a file says that it has."""

    size: int
    """Bytes of the payload; 0 if it does not say."""
    duration: float
    """Seconds that these are."""


class Contents(NamedTuple):
    """What a file says of itself."""

    texts: Texts
    picture: bytes
    duration: float
    """Seconds; 0 if it must be computed from payload and bit rate. A sample count goes first."""
    bit_rate: float
    """Bits per second; 0 if it must be computed from payload and duration."""
    sampling_rate: int
    channel_count: int
    bit_depth: int = 0
    """0 for lossy codecs."""
    trim: Trim = Trim()
    claim: Claim = Claim(0, 0.0)
    codec: str = ""
    """Where the container may hold several; empty for the format's usual one."""
    profile: str = ""
    """Which variety of the codec; empty if it has none or nobody knows."""

    @property
    def seconds(self) -> float:
        """How long the music is; 0 if it must be computed from payload and bit rate."""
        if self.trim.sample_count and self.sampling_rate:
            return self.trim.sample_count / self.sampling_rate
        return self.duration


def claimed_shortfall(_fd: int, _size: int, contents: Contents, payload: Payload) -> str | None:
    """Compare the bytes that a file claims with those that it has."""
    claim = contents.claim
    if not claim.size or payload.size >= claim.size:
        return None
    return shortfall(Seconds(claim.duration), Seconds(claim.duration * payload.size / claim.size))


class Format(NamedTuple):
    """A container with its codec: names, and the two functions that read it."""

    name: str
    """With its article, for people."""
    content_type: str
    suffixes: tuple[str, ...]
    """In lower case and without the dot; the usual one first."""
    read: Callable[[BinaryIO], Contents]
    """Raises `MutagenError` or whatever mutagen stumbles over, or `MediaError`."""
    payload: Callable[[int, int], Payload]
    """Takes a file descriptor and the file's size; see `hydrophone.scanner.payload`."""
    codec: str
    """As apps call it in OpenSubsonic's profiles: mp3, aac, flac, vorbis, pcm, ..."""
    shortfall: Callable[[int, int, Contents, Payload], str | None] = claimed_shortfall
    """Takes a file descriptor, the file's size and what was read of it; returns why there is less
    sound in it than it says, for a person, an empty text if there is as much, and `None` if
    nothing tells. Never raises for what is in the file."""


def whole(duration: float, sampling_rate: int) -> Trim:
    """Return the samples of a file of which nothing is cut; mutagen divides counts by rates."""
    return Trim(round(duration * sampling_rate))
