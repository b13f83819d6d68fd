"""Audio files built byte by byte, in formats for which no free encoder is at hand.

They sound of silence or noise, but are whole: mutagen reads them and ffmpeg decodes them. Each
function takes the samples of each channel and a number that makes the audio another one.
"""

import random
import struct
import zlib

RATE = 44_100
DSD_RATE = 64 * RATE
_FRAME = 1152
"""Samples of a Musepack frame."""
_BLOCK = 4096
"""Bytes of each channel that follow each other in DSF."""


def monkeys_audio(samples: int, seed: int) -> bytes:
    """Make stereo silence; the frames say that they are silent, so the rest of them is free."""
    blocks = 73_728
    frame_count = -(-samples // blocks)
    noise = random.Random(seed)  # noqa: S311 - no secret
    frame = struct.pack("<II", 0x80000000, 3)
    frames = [frame + noise.randbytes(4096) for _ in range(frame_count)]
    table = 52 + 24 + 4 * frame_count
    offsets = [table + number * len(frames[0]) for number in range(frame_count)]
    sizes = (52, 24, 4 * frame_count, 0, len(b"".join(frames)), 0, 0)
    descriptor = struct.pack("<4sHH7I16x", b"MAC ", 3990, 0, *sizes)
    last = samples - (frame_count - 1) * blocks
    header = struct.pack("<HHIIIHHI", 1000, 32, blocks, last, frame_count, 16, 2, RATE)
    return descriptor + header + struct.pack(f"<{frame_count}I", *offsets) + b"".join(frames)


def musepack_7(samples: int, seed: int) -> bytes:
    """Make silent frames of stream version 7, which says how long the last frame is."""
    frame_count = -(-samples // _FRAME)
    last = samples - (frame_count - 1) * _FRAME
    header = struct.pack("<4sIIHHHHI", b"MP+\x07", frame_count, 0, 0, 0, 0, 0, 1 << 31 | last << 20)
    # An encoder version, then for each frame its length in bits and one empty band.
    bits = f"{seed % 256:08b}" + f"{8:020b}{0:08b}" * frame_count + f"{last:011b}"
    bits += "0" * (-len(bits) % 32 + 32)
    words = (int(bits[at : at + 32], 2) for at in range(0, len(bits), 32))
    return header + b"".join(word.to_bytes(4, "little") for word in words)


def musepack_8(samples: int, seed: int) -> bytes:
    """Make silent packets of stream version 8."""
    frame_count = -(-samples // _FRAME)
    header = b"\x08" + _varint(samples) + _varint(0) + bytes([0, 1 << 4])
    header = struct.pack(">I", zlib.crc32(header)) + header
    noise = random.Random(seed)  # noqa: S311 - no secret
    packets = [_packet(b"SH", header), _packet(b"RG", bytes([1]) + bytes(8))]
    packets.append(_packet(b"EI", noise.randbytes(4)))
    packets += [_packet(b"AP", bytes([0, 0]) + noise.randbytes(6)) for _ in range(frame_count)]
    return b"MPCK" + b"".join([*packets, _packet(b"SE", b"")])


def _packet(key: bytes, content: bytes) -> bytes:
    """Frame a packet: its length counts key and length, too."""
    return key + _varint(len(content) + 3) + content


def _varint(number: int) -> bytes:
    groups = [number & 0x7F]
    while number := number >> 7:
        groups.append(number & 0x7F | 0x80)
    return bytes(reversed(groups))


def dsf(samples: int, seed: int) -> bytes:
    """Make stereo noise at 64 times the rate of a CD; samples count at that rate."""
    per_channel = -(-samples // (8 * _BLOCK)) * _BLOCK
    data = _noise(2 * per_channel, seed)
    form = struct.pack("<4sQIIIIIIQII", b"fmt ", 52, 1, 0, 2, 2, DSD_RATE, 1, samples, _BLOCK, 0)
    body = form + struct.pack("<4sQ", b"data", 12 + len(data)) + data
    return struct.pack("<4sQQQ", b"DSD ", 28, 28 + len(body), 0) + body


def dsdiff(samples: int, seed: int) -> bytes:
    """Make what `dsf` does as DSDIFF."""
    data = _noise(2 * (samples // 8), seed)
    properties = b"SND " + _wide(b"FS  ", struct.pack(">I", DSD_RATE))
    properties += _wide(b"CHNL", struct.pack(">H", 2) + b"SLFTSRGT")
    properties += _wide(b"CMPR", b"DSD \x0enot compressed\x00")
    body = b"DSD " + _wide(b"FVER", bytes([1, 5, 0, 0]))
    return _wide(b"FRM8", body + _wide(b"PROP", properties) + _wide(b"DSD ", data))


def _wide(name: bytes, content: bytes) -> bytes:
    return name + struct.pack(">Q", len(content)) + content + bytes(len(content) % 2)


def _noise(length: int, seed: int) -> bytes:
    """Repeat a piece that begins with its seed: whole noise would take seconds."""
    piece = random.Random(seed).randbytes(10_007)  # noqa: S311 - no secret
    return (piece * (length // len(piece) + 1))[:length]
