"""How long a fragmented MP4 is: video sites send these, with no length at their front."""

import os

from hydrophone.scanner.mp4_atoms import atoms, inner_atoms

_MAX_ATOM = 16 * 1024 * 1024
"""Bytes of an atom that are read; what lists the samples of a fragment is far smaller."""

_BASE_DATA_OFFSET, _SAMPLE_DESCRIPTION, _DEFAULT_DURATION = 0x01, 0x02, 0x08
_DATA_OFFSET, _FIRST_SAMPLE_FLAGS = 0x001, 0x004
_SAMPLE_DURATION, _SAMPLE_FIELDS = 0x100, (0x100, 0x200, 0x400, 0x800)


def fragmented_duration(fd: int, size: int) -> float:
    """Add up the samples of all fragments (ISO 14496-12, section 8.8); 0.0 if there are none."""
    timescale = default = units = 0
    for name, begin, end in atoms(fd, 0, size):
        if name == b"moov":
            moov = os.pread(fd, min(end - begin, _MAX_ATOM), begin)
            for header in inner_atoms(moov, b"trak", b"mdia", b"mdhd"):
                timescale = _number(header, 20 if header[:1] == b"\x01" else 12)
            for defaults in inner_atoms(moov, b"mvex", b"trex"):
                default = _number(defaults, 12)
        elif name == b"moof":
            moof = os.pread(fd, min(end - begin, _MAX_ATOM), begin)
            units += sum(_track_fragment(traf, default) for traf in inner_atoms(moof, b"traf"))
    return units / timescale if timescale else 0.0


def _track_fragment(traf: bytes, default: int) -> int:
    """Return the length of one fragment; its header may have a default of its own."""
    for header in inner_atoms(traf, b"tfhd"):
        flags = _number(header, 0)
        if flags & _DEFAULT_DURATION:
            before = 8 * bool(flags & _BASE_DATA_OFFSET) + 4 * bool(flags & _SAMPLE_DESCRIPTION)
            default = _number(header, 8 + before)
    return sum(_run(run, default) for run in inner_atoms(traf, b"trun"))


def _run(run: bytes, default: int) -> int:
    flags, count = _number(run, 0), _number(run, 4)
    if not flags & _SAMPLE_DURATION:
        return count * default
    first = 8 + 4 * bool(flags & _DATA_OFFSET) + 4 * bool(flags & _FIRST_SAMPLE_FLAGS)
    sample = 4 * sum(bool(flags & field) for field in _SAMPLE_FIELDS)
    end = min(len(run), first + count * sample)
    return sum(_number(run, at) for at in range(first, end, sample))


def _number(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "big")
