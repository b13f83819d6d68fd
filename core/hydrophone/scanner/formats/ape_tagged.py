"""Monkey's Audio, WavPack and Musepack: audio with an APEv2 tag behind it."""

import os
from collections.abc import Callable
from typing import Any, BinaryIO

from mutagen.monkeysaudio import MonkeysAudioInfo
from mutagen.musepack import MusepackInfo
from mutagen.wavpack import WavPackInfo

from hydrophone.domain.units import Seconds
from hydrophone.scanner import wavpack_blocks
from hydrophone.scanner.formats.contents import Claim, Contents, Format, Trim, whole
from hydrophone.scanner.formats.id3_tags import ape_at_end, id3_around
from hydrophone.scanner.payload import Payload, after_id3, before_tail_tags, mpeg_payload
from hydrophone.scanner.shortfall import clock, shortfall
from hydrophone.scanner.tags.id3 import read_id3_picture, read_id3_texts
from hydrophone.scanner.tags.texts import Texts

_FRAME = 1152
"""Samples of a Musepack frame."""
_WITH_DESCRIPTOR = 3980


def _read_monkeys_audio(file: BinaryIO) -> Contents:
    contents = _lossless(file, MonkeysAudioInfo)
    size = _monkeys_audio_size(os.pread(file.fileno(), 32, after_id3(file.fileno())))
    return contents._replace(claim=Claim(size, contents.duration))


def _monkeys_audio_size(descriptor: bytes) -> int:
    """Return how many bytes all parts of the file have, as its descriptor says from 3.98 on.

    The header of a WAV file, that is kept for later, is among them (MACLib.h, APE_DESCRIPTOR).
    """
    if len(descriptor) < 32 or int.from_bytes(descriptor[4:6], "little") < _WITH_DESCRIPTOR:
        return 0
    own, header, table, wav_header, frames, high = (
        int.from_bytes(descriptor[at : at + 4], "little") for at in range(8, 32, 4)
    )
    return own + header + table + wav_header + frames + (high << 32)


def _read_wavpack(file: BinaryIO) -> Contents:
    return _lossless(file, WavPackInfo)


def _lossless(file: BinaryIO, read_info: Callable[[BinaryIO], Any]) -> Contents:
    texts, picture = _tags(file)
    info = read_info(_at_audio(file))
    return Contents(
        texts=texts,
        picture=picture,
        duration=info.length,
        bit_rate=0,
        sampling_rate=info.sample_rate,
        channel_count=info.channels,
        bit_depth=info.bits_per_sample,
        trim=whole(info.length, info.sample_rate),
    )


def _wavpack_shortfall(fd: int, size: int, contents: Contents, payload: Payload) -> str:
    """Compare the count of samples in the first block with the last block's."""
    first = wavpack_blocks.read_block(payload.pieces[0][: wavpack_blocks.HEADER])
    rate = contents.sampling_rate
    if first is None or first.stream_samples <= 0 or not rate:
        return ""
    window = min(payload.size, wavpack_blocks.LARGEST_BLOCK)
    end = before_tail_tags(fd, size)
    held = wavpack_blocks.last_sample(os.pread(fd, window, end - window))
    if held is None:
        return f"says {clock(Seconds(contents.seconds))}, but no sound is at its end (cut off?)"
    held -= first.first_sample
    return shortfall(Seconds(first.stream_samples / rate), Seconds(held / rate))


def _read_musepack(file: BinaryIO) -> Contents:
    texts, picture = _tags(file)
    begin = os.pread(file.fileno(), 32, _at_audio(file).tell())
    info: Any = MusepackInfo(file)
    return Contents(
        texts={**_musepack_gains(info), **texts},
        picture=picture,
        duration=info.length,
        bit_rate=0,
        sampling_rate=info.sample_rate,
        channel_count=info.channels,
        trim=_musepack_trim(begin, info),
    )


def _musepack_trim(begin: bytes, info: Any) -> Trim:  # noqa: ANN401 - mutagen declares no fields
    """Return the samples; stream version 7 counts frames, and may say how long the last one is."""
    last = int.from_bytes(begin[20:24], "little")
    if info.version == 7 and last >> 31:
        frames = int.from_bytes(begin[4:8], "little")
        return Trim(max(0, (frames - 1) * _FRAME + (last >> 20 & 0x7FF)))
    return whole(info.length, info.sample_rate)


def _musepack_gains(info: Any) -> Texts:  # noqa: ANN401 - as above
    """Return the gains of the header; its peaks have half the scale of ReplayGain's."""
    texts = {}
    for ours, theirs in (("track", "title"), ("album", "album")):
        if gain := getattr(info, f"{theirs}_gain", 0):
            texts[f"replaygain_{ours}_gain"] = [f"{gain:.2f} dB"]
        if peak := getattr(info, f"{theirs}_peak", 0):
            texts[f"replaygain_{ours}_peak"] = [f"{peak * 2:.6f}"]
    return texts


def _tags(file: BinaryIO) -> tuple[Texts, bytes]:
    """Read APEv2; ID3, which some programs put around these, fills the gaps."""
    texts, picture = ape_at_end(file)
    id3 = id3_around(file)
    return {**read_id3_texts(id3), **texts}, picture or read_id3_picture(id3)


def _at_audio(file: BinaryIO) -> BinaryIO:
    file.seek(after_id3(file.fileno()))
    return file


MONKEYS_AUDIO = Format(
    "a Monkey's Audio file", "audio/x-ape", ("ape",), _read_monkeys_audio, mpeg_payload, "ape"
)
WAVPACK = Format(
    "a WavPack file",
    "audio/x-wavpack",
    ("wv",),
    _read_wavpack,
    mpeg_payload,
    "wavpack",
    _wavpack_shortfall,
)
MUSEPACK = Format(
    "a Musepack file",
    "audio/x-musepack",
    ("mpc", "mp+", "mpp"),
    _read_musepack,
    mpeg_payload,
    "musepack",
)
