"""What music can be turned into, and how ffmpeg is told to do it."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from hydrophone.domain.units import Hertz, Kbps, Seconds
from hydrophone.errors import UnsupportedError
from hydrophone.media.adts import FrameCut

_DEMUXERS = "mp3,flac,ogg,mov,aac,asf,wav,w64,aiff,ape,wv,mpc,mpc8,dsf,iff"
"""What a music library holds, by content as in the scan. All else is refused whatever the file is
called: above all playlists and concat scripts, which would make ffmpeg open further files."""

_STEREO_AT_MOST = "aformat=channel_layouts=stereo|mono"
"""For phones; besides, libopus refuses the usual side channels of 5.1 films."""

_FRAGMENTED = (
    # Without a table of all samples at the end, which a stream has no way back for.
    *("-movflags", "+empty_moov+default_base_moof", "-frag_duration", "2000000"),
    # ffmpeg 5 calls FLAC in MP4 experimental; browsers have played it for years.
    *("-strict", "experimental", "-f", "mp4"),
)


class AudioFormat(Struct, frozen=True, kw_only=True):
    """Something to transcode to."""

    suffix: str
    content_type: str
    container: str
    codec: str
    profile: str = ""
    """Which variety of the codec comes out, where it has several."""
    rates: tuple[Hertz, ...] = ()
    """The sampling rates that it is made in, falling; empty for all."""
    default_bit_rate: Kbps = Kbps(0)
    """0 for lossless formats and copies, which have no bit rate to choose."""
    max_bit_rate: Kbps = Kbps(0)
    bit_rates: tuple[Kbps, ...] = ()
    """Those that it is made in, falling; empty for all up to the maximum."""
    bit_rate_bounds: tuple[tuple[Hertz, Kbps, Kbps], ...] = ()
    """Sampling rates, rising, up to which only bit rates from the one to the other are made."""
    encoder: tuple[str, ...]
    """Arguments for ffmpeg: codec and container."""
    is_copy: bool = False
    """Only the container is another: nothing is decoded, so nothing else can be changed."""

    @property
    def is_lossy(self) -> bool:
        """Whether there is a bit rate to choose."""
        return self.default_bit_rate > 0

    def bit_rate_for(self, wanted: Kbps, sample_rate: Hertz) -> Kbps:
        """Return the one that it is made in if no more than this is wanted.

        The least that there is if that is more; for a sampling rate of 0 as if it had all.
        """
        least, greatest = self._bounds(sample_rate)
        most = max(least, min(wanted, greatest))
        return next((rate for rate in self.bit_rates if least <= rate <= most), most)

    def rates_for(self, bit_rate: Kbps) -> tuple[Hertz, ...]:
        """Return the sampling rates, falling, in which it can have no more than a bit rate."""
        return tuple(rate for rate in self.rates if self._bounds(rate)[0] <= bit_rate)

    def _bounds(self, sample_rate: Hertz) -> tuple[Kbps, Kbps]:
        bounds = (
            (least, most)
            for highest, least, most in self.bit_rate_bounds
            if 0 < sample_rate <= highest
        )
        return next(bounds, (Kbps(0), self.max_bit_rate))


def _rates(*rates: int) -> tuple[Hertz, ...]:
    return tuple(map(Hertz, rates))


_AAC_RATES = _rates(
    *(48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350),
)
"""Those up to 96,000 would spend the bits on what nobody hears."""

_MP3 = AudioFormat(
    suffix="mp3",
    content_type="audio/mpeg",
    container="mp3",
    codec="mp3",
    rates=_rates(48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000),
    default_bit_rate=Kbps(192),
    max_bit_rate=Kbps(320),
    # Of others LAME takes the nearest, which may be more than a line can take.
    bit_rates=tuple(
        map(Kbps, (320, 256, 224, 192, 160, 128, 112, 96, 80, 64, 56, 48, 40, 32, 24, 16, 8))
    ),
    # MPEG-2.5 as LAME makes it, MPEG-2 (ISO/IEC 13818-3, 2.4.2.3) and MPEG-1 (11172-3, 2.4.2.3).
    bit_rate_bounds=(
        (Hertz(12_000), Kbps(8), Kbps(64)),
        (Hertz(24_000), Kbps(8), Kbps(160)),
        (Hertz(48_000), Kbps(32), Kbps(320)),
    ),
    encoder=("-c:a", "libmp3lame", "-f", "mp3"),
)

_OPUS = AudioFormat(
    suffix="opus",
    content_type="audio/ogg",
    container="ogg",
    codec="opus",
    rates=_rates(48_000),
    default_bit_rate=Kbps(128),
    # libopus takes 256 a channel, and a song may have one only.
    max_bit_rate=Kbps(256),
    # The bit rate is what a line or an app can take: left free, libopus uses up to twice as much
    # for sounds that are hard to encode.
    encoder=("-c:a", "libopus", "-vbr", "constrained", "-f", "ogg"),
)

_AAC = AudioFormat(
    suffix="aac",
    content_type="audio/aac",
    container="aac",
    codec="aac",
    profile="LC",
    rates=_AAC_RATES,
    default_bit_rate=Kbps(160),
    max_bit_rate=Kbps(320),
    encoder=("-c:a", "aac", "-f", "adts"),
)

HLS_AAC = msgspec.structs.replace(_AAC, encoder=("-c:a", "aac", "-aac_coder", "fast", "-f", "adts"))
"""For segments, which players wait for: half the work, and measured by its error no worse."""

MP4_AAC = AudioFormat(
    suffix="mp4",
    content_type="audio/mp4",
    container="mp4",
    codec="aac",
    profile="LC",
    rates=_AAC_RATES,
    default_bit_rate=Kbps(160),
    max_bit_rate=Kbps(320),
    encoder=("-c:a", "aac", *_FRAGMENTED),
)
MP4_FLAC = AudioFormat(
    suffix="mp4",
    content_type="audio/mp4",
    container="mp4",
    codec="flac",
    encoder=("-c:a", "flac", *_FRAGMENTED),
)
MP4_COPY = AudioFormat(
    suffix="mp4",
    content_type="audio/mp4",
    container="mp4",
    codec="",
    encoder=("-c:a", "copy", *_FRAGMENTED),
    is_copy=True,
)
"""FLAC, ALAC or AAC as it is, in fragments of MP4."""

FORMATS = {
    "mp3": _MP3,
    "opus": _OPUS,
    # Who asks for Ogg plays Opus too, and ffmpeg's Vorbis takes few rates and bit rates.
    "ogg": _OPUS,
    "aac": _AAC,
    # MP4 keeps its index at the end or in fragments, neither of which all players take from a
    # stream. Who asks for m4a wants AAC, and gets it with the content type that is true.
    "m4a": _AAC,
    "flac": AudioFormat(
        suffix="flac",
        content_type="audio/flac",
        container="flac",
        codec="flac",
        encoder=("-c:a", "flac", "-f", "flac"),
    ),
    # Browsers feed fragments to Media Source Extensions and say fmp4; which of the three goes
    # in is chosen by what the track is.
    "mp4": MP4_AAC,
    "fmp4": MP4_AAC,
}
"""By the name that clients use (OpenSubsonic `stream`, parameter `format`)."""


def format_named(name: str) -> AudioFormat:
    """Return the format of this name; UnsupportedError names those that there are."""
    try:
        return FORMATS[name.lower()]
    except KeyError:
        known = ", ".join(sorted(FORMATS))
        raise UnsupportedError(f"There is no transcoding to {name!r}, only to {known}.") from None


STDIN = Path("-")
"""In the place of a file: what ffmpeg is fed while it runs."""


class TranscodeSpec(Struct, frozen=True, kw_only=True):
    """What a transcode shall be like. Equal specs of one file give equal bytes."""

    format: AudioFormat
    bit_rate: Kbps = Kbps(0)
    """0 for the format's default; more than its maximum means the maximum."""
    offset: Seconds = Seconds(0.0)
    """Where in the source to begin, exact to the sample. (A copy begins with the packet there.)"""
    length: Seconds | None = None
    """How much of the source to take from there; `None` = all."""
    sample_rate: Hertz = Hertz(0)
    """0 for the source's, or the nearest that the format has."""
    channel_count: int = 0
    """0 for the source's; lossy formats have two at most in any case."""
    bit_depth: int = 16
    """Of lossless formats: 16 or 24."""
    frames: FrameCut | None = None
    """Of bare AAC: which frames of what the encoder writes are wanted; `None` = all."""
    sample_count: int = 0
    """Of a FLAC: how many samples each channel has, for its header; 0 if nobody knows before."""
    gain: float | None = None
    """Decibels to make it louder by, or softer if negative."""
    tags: tuple[tuple[str, str], ...] = ()
    """Names, as ffmpeg has them, and texts. The source's own are left out: there may be 50 MB of
    them, or those of a whole disc."""

    @property
    def effective_bit_rate(self) -> Kbps:
        """The bit rate that will be asked of the encoder; 0 for lossless formats."""
        wanted = self.bit_rate or self.format.default_bit_rate
        return self.format.bit_rate_for(wanted, self.sample_rate)

    @property
    def suffix(self) -> str:
        """The format's."""
        return self.format.suffix

    @property
    def content_type(self) -> str:
        """The format's."""
        return self.format.content_type

    def arguments(self, source: Path) -> list[str]:
        """Return what follows ffmpeg's name, to encode the first audio stream to standard output.

        Everything that decides the bytes is in it but `frames` and `sample_count`, so all three can
        stand for them.
        """
        return [
            *("-hide_banner", "-nostats", "-progress", "pipe:2", "-loglevel", "error"),
            *("-nostdin", "-threads", "1"),
            *("-protocol_whitelist", "file,pipe", "-format_whitelist", _DEMUXERS),
            *(("-ss", f"{self.offset:.6f}") if self.offset > 0 else ()),
            *(("-t", f"{self.length:.6f}") if self.length is not None else ()),
            # "file:" keeps names such as "-i.mp3" and "http:x.mp3" from meaning something else.
            *("-i", "pipe:0" if source == STDIN else f"file:{source}"),
            *("-map", "0:a:0", "-vn", "-sn", "-dn", "-threads", "1"),
            # Chapters of an audiobook lose their names with its tags. In a part they would reach
            # beyond its end, and MP4 has them in a second track, which browsers do not expect.
            *("-map_metadata", "-1", "-map_chapters", "-1"),
            *_tags(self),
            *_changes(self),
            *self.format.encoder,
            # Else Ogg gets a random number, and a second run is not the same bytes.
            *("-fflags", "+bitexact", "pipe:1"),
        ]


def _tags(spec: TranscodeSpec) -> Iterator[str]:
    for name, text in spec.tags:
        # MP3 and FLAC carry tags for the file, Ogg for the stream.
        yield from ("-metadata", f"{name}={text}", "-metadata:s:a:0", f"{name}={text}")


def _changes(spec: TranscodeSpec) -> list[str]:
    """Tell ffmpeg how the sound itself shall change."""
    if spec.format.is_copy:
        return []
    arguments = []
    filters = []
    if spec.gain is not None:
        filters.append(f"volume={spec.gain:.2f}dB")
    if spec.channel_count:
        arguments += ["-ac", f"{spec.channel_count}"]
    if spec.sample_rate:
        arguments += ["-ar", f"{spec.sample_rate}"]
        if spec.sample_count:
            # Resampling makes up to one more than fit.
            arguments += ["-t", f"{spec.sample_count / spec.sample_rate:.6f}"]
    if spec.format.is_lossy:
        filters.append(_STEREO_AT_MOST)
        if not spec.sample_rate:
            # Nobody knows that of all files, and the AAC encoder takes up to 96,000 Hz.
            filters.append(f"aformat=sample_rates={'|'.join(map(str, spec.format.rates))}")
        arguments += ["-b:a", f"{spec.effective_bit_rate}k"]
    elif spec.bit_depth > 16:
        arguments += ["-sample_fmt", "s32", "-bits_per_raw_sample", "24"]
    else:
        arguments += ["-sample_fmt", "s16", "-dither_method", "triangular"]
    return [*arguments, "-af", ",".join(filters)] if filters else arguments
