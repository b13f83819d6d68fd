"""ID3v2 and ID3v1 as MP3 files have them (https://id3.org/id3v2.4.0-frames).

Mutagen turns v2.2 and v2.3 frames and ID3v1 into those of v2.4, and numbers of genres into
names. Several values are only what v2.4 separates by NUL: a slash stays, for `AC/DC` is one.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, TypeAlias

from mutagen.id3 import ID3

from hydrophone.scanner.tags.mapping import TAGS
from hydrophone.scanner.tags.pictures import LINK, choose_picture
from hydrophone.scanner.tags.texts import Texts, reader_of

Frame: TypeAlias = Any
"""A frame of mutagen's, whose classes declare no attributes."""

_SYNCED_IN_MILLISECONDS = 2
_TECHNICAL_COMMENTS = ("iTun", "MusicMatch_", "Songs-DB_")
_TEXT_FRAMES = {key for keys in TAGS.values() for key in keys.id3 if ":" not in key}

_by_our_names = reader_of(lambda keys: keys.id3)


def read_id3_texts(tags: ID3) -> Texts:
    """Return all texts under our names."""
    native: defaultdict[str, list[str]] = defaultdict(list)
    frame: Frame
    for frame in tags.values():
        name = frame.FrameID
        if name == "TXXX":
            native[f"TXXX:{frame.desc.upper()}"] += frame.text
        elif name == "COMM":
            _add_comment(native, frame)
        elif name == "USLT":
            native[name].append(frame.text)
        elif name == "UFID":
            native[f"UFID:{frame.owner.upper()}"].append(frame.data.decode("ascii", "replace"))
        elif name in {"TMCL", "TIPL"}:
            _add_people(native, frame)
        elif name in _TEXT_FRAMES:
            native[name] += map(str, frame.text)
    synced = [lines for frame in tags.getall("SYLT") if (lines := _lrc(frame))]
    if synced:
        native["USLT"] = synced
    return _by_our_names(native)


def read_id3_picture(tags: ID3) -> bytes:
    """Return the bytes of the picture that stands for the file, `b""` if there is none."""
    return choose_picture(
        (int(frame.type), frame.data) for frame in tags.getall("APIC") if frame.mime != LINK
    )


def _add_comment(native: defaultdict[str, list[str]], frame: Frame) -> None:
    """Put the comment without a description first; programs leave notes under descriptions."""
    if not frame.desc:
        native["COMM"][:0] = frame.text
    elif not frame.desc.startswith(_TECHNICAL_COMMENTS):
        native["COMM"] += frame.text


def _add_people(native: defaultdict[str, list[str]], frame: Frame) -> None:
    for part, name in frame.people:
        if frame.FrameID == "TMCL":
            native["TMCL"].append(f"{name} ({part})" if part else name)
        else:
            native[f"TIPL:{part.upper()}"].append(name)


def _lrc(frame: Frame) -> str:
    """Turn synchronised lyrics into lines of LRC; `""` if their times are not milliseconds."""
    if frame.format != _SYNCED_IN_MILLISECONDS:
        return ""
    return "\n".join(
        f"[{time // 60_000:02}:{time // 1000 % 60:02}.{time // 10 % 100:02}]{text.strip()}"
        for text, time in _lines(frame.text)
    )


def _lines(parts: list[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    """Join syllables: where line breaks occur at all, only they begin a new line (4.9)."""
    has_breaks = any(text.startswith("\n") for text, _ in parts[1:])
    line, start = "", 0
    for number, (text, time) in enumerate(parts):
        if number == 0 or not has_breaks or text.startswith("\n"):
            if number:
                yield line, start
            line, start = "", time
        line += text
    if parts:
        yield line, start
