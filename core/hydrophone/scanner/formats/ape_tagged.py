"""Monkey's Audio and WavPack: audio with an APEv2 tag behind it, as Musepack has it, too."""

import os
import struct
from collections.abc import Callable
from itertools import pairwise
from typing import Any, BinaryIO

from mutagen.monkeysaudio import MonkeysAudioInfo
from mutagen.wavpack import WavPackInfo

from hydrophone.domain.units import Seconds
from hydrophone.scanner import wavpack_blocks
from hydrophone.scanner.formats.contents import Claim, Contents, Format, claimed_shortfall, whole
from hydrophone.scanner.formats.id3_tags import id3_in_front, tags_at_end
from hydrophone.scanner.payload import Payload, after_id3, before_tail_tags, mpeg_payload
from hydrophone.scanner.shortfall import clock, shortfall, unaccounted
from hydrophone.scanner.tags.id3 import read_id3_picture, read_id3_texts
from hydrophone.scanner.tags.id3v1 import completed
from hydrophone.scanner.tags.texts import Texts

_WITH_DESCRIPTOR = 3980
_MONKEYS_AUDIO_HEADERS = 76
_MAX_TABLE = 1024 * 1024
"""Bytes of the places of frames: those of ten days."""
_LONGEST_FRAME = 73_728 * 16
"""Samples."""
_FOUR_GIB = 1 << 32


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


def _monkeys_audio_shortfall(
    fd: int, size: int, contents: Contents, payload: Payload
) -> str | None:
    """Look for what was cut off, and compare the count of frames with the table of their places.

    Each place is behind the one before. No frame is longer than those of the level "insane".
    """
    remark = claimed_shortfall(fd, size, contents, payload)
    begin = os.pread(fd, _MONKEYS_AUDIO_HEADERS, after_id3(fd))
    own, header, table = (int.from_bytes(begin[at : at + 4], "little") for at in (8, 12, 16))
    if remark or not _monkeys_audio_size(begin) or table > _MAX_TABLE or not contents.sampling_rate:
        return remark
    frame, _, count = struct.unpack("<III", begin[56:68])
    places = os.pread(fd, min(table, count * 4), after_id3(fd) + own + header)
    # Of a file behind 4 GiB the numbers begin anew, and there is no need to look closer.
    frames = min(count, len(places) // 4)
    if payload.size < _FOUR_GIB:
        frames = sum(first < second < size for first, second in pairwise((0, *_numbers(places))))
    held = Seconds(frames * min(frame, _LONGEST_FRAME) / contents.sampling_rate)
    return unaccounted(Seconds(contents.seconds), held)


def _numbers(data: bytes) -> tuple[int, ...]:
    count = len(data) // 4
    return struct.unpack(f"<{count}I", data[: count * 4])


def _read_wavpack(file: BinaryIO) -> Contents:
    return _lossless(file, WavPackInfo)


def _lossless(file: BinaryIO, read_info: Callable[[BinaryIO], Any]) -> Contents:
    texts, picture = ape_tags(file)
    info = read_info(at_audio(file))
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


def _wavpack_shortfall(fd: int, size: int, contents: Contents, payload: Payload) -> str | None:
    """Compare the count of samples in the first block with the last block's."""
    first = wavpack_blocks.read_block(payload.pieces[0][: wavpack_blocks.HEADER])
    rate = contents.sampling_rate
    if first is None or first.stream_samples <= 0 or not rate:
        return None
    window = min(payload.size, wavpack_blocks.LARGEST_BLOCK)
    end = before_tail_tags(fd, size)
    held = wavpack_blocks.last_sample(os.pread(fd, window, end - window))
    if held is None:
        return f"says {clock(Seconds(contents.seconds))}, but no sound is at its end (cut off?)"
    held -= first.first_sample
    return shortfall(Seconds(first.stream_samples / rate), Seconds(held / rate))


def ape_tags(file: BinaryIO) -> tuple[Texts, bytes]:
    """Read APEv2; ID3, which some programs put around these, fills the gaps."""
    behind = tags_at_end(file)
    id3 = id3_in_front(file)
    texts = completed({**read_id3_texts(id3), **behind.ape}, behind.id3v1)
    return texts, behind.picture or read_id3_picture(id3)


def at_audio(file: BinaryIO) -> BinaryIO:
    """Go to where the audio begins."""
    file.seek(after_id3(file.fileno()))
    return file


MONKEYS_AUDIO = Format(
    "a Monkey's Audio file",
    "audio/x-ape",
    ("ape",),
    _read_monkeys_audio,
    mpeg_payload,
    "ape",
    _monkeys_audio_shortfall,
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
