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
_SOUND_CHECK = "iTunNORM"
_TECHNICAL_COMMENTS = ("iTun", "MusicMatch_", "Songs-DB_")
_KEYS = {key for keys in TAGS.values() for key in keys.id3}
_TEXT_FRAMES = {key for key in _KEYS if ":" not in key}
_ID3V24 = (2, 4, 0)
_WHOLE_SIGNAL = 1
"""The channel of an RVA2 frame that counts (ID3v2.4, section 4.11)."""
_NO_LANGUAGE = {"xxx", "und", "mul", "zxx"}

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
            native[name].append(_in_language(frame, frame.text))
        elif name == "SYLT":
            native[name].append(_in_language(frame, _lrc(frame)))
        elif name == "RVA2":
            _add_adjustment(native, frame)
        elif name == "UFID":
            native[f"UFID:{frame.owner.upper()}"].append(frame.data.decode("ascii", "replace"))
        elif name in {"TMCL", "TIPL"}:
            _add_people(native, frame, tags.version)
        elif name in _TEXT_FRAMES:
            native[name] += map(str, frame.text)
    return _by_our_names(native)


def read_id3_picture(tags: ID3) -> bytes:
    """Return the bytes of the picture that stands for the file, `b""` if there is none."""
    return choose_picture(
        (int(frame.type), frame.data) for frame in tags.getall("APIC") if frame.mime != LINK
    )


def _add_comment(native: defaultdict[str, list[str]], frame: Frame) -> None:
    """Put the comment without a description first; programs leave notes under descriptions."""
    if frame.desc == _SOUND_CHECK:
        native[f"COMM:{_SOUND_CHECK.upper()}"] += frame.text
    elif not frame.desc:
        native["COMM"][:0] = frame.text
    elif not frame.desc.startswith(_TECHNICAL_COMMENTS):
        native["COMM"] += frame.text


def _add_people(
    native: defaultdict[str, list[str]], frame: Frame, version: tuple[int, ...]
) -> None:
    """Put people under their part; before ID3v2.4 musicians stood among the others."""
    for part, name in frame.people:
        key = f"TIPL:{part.upper()}"
        if frame.FrameID == "TIPL" and (key in _KEYS or version >= _ID3V24):
            native[key].append(name)
        else:
            native["TMCL"].append(f"{name} ({part})" if part else name)


def _add_adjustment(native: defaultdict[str, list[str]], frame: Frame) -> None:
    if frame.channel == _WHOLE_SIGNAL:
        kind = f"RVA2:{frame.desc.upper()}"
        native[f"{kind}:GAIN"].append(f"{frame.gain:.2f} dB")
        if frame.peak:
            native[f"{kind}:PEAK"].append(f"{frame.peak:.6f}")


def _in_language(frame: Frame, lyrics: str) -> str:
    """Write the language as LRC does, at the head of the words."""
    code = frame.lang.lower()
    if not lyrics or len(code) != 3 or not code.isalpha() or code in _NO_LANGUAGE:
        return lyrics
    return f"[la:{code}]\n{lyrics}"


def _lrc(frame: Frame) -> str:
    """Turn synchronised lyrics into lines of LRC; `""` if their times are not milliseconds."""
    if frame.format != _SYNCED_IN_MILLISECONDS:
        return ""
    return "\n".join(map(_lrc_line, _lines(frame.text)))


def _lrc_line(syllables: list[tuple[str, int]]) -> str:
    """Write a line, with the times of its words if it has more than one (enhanced LRC)."""
    text = syllables[0][0]
    if len(syllables) > 1:
        # The line's own break stands in the first one; the blanks around words stay.
        parts = [f"<{_lrc_time(time)}>{text}" for text, time in syllables]
        parts[0] = f"<{_lrc_time(syllables[0][1])}>{text.lstrip()}"
        text = "".join(parts)
    return f"[{_lrc_time(syllables[0][1])}]{text.strip()}"


def _lrc_time(time: int) -> str:
    return f"{time // 60_000:02}:{time // 1000 % 60:02}.{time // 10 % 100:02}"


def _lines(parts: list[tuple[str, int]]) -> Iterator[list[tuple[str, int]]]:
    """Join syllables: where line breaks occur at all, only they begin a new line (4.9)."""
    has_breaks = any(text.startswith("\n") for text, _ in parts[1:])
    line: list[tuple[str, int]] = []
    for text, time in parts:
        if line and (not has_breaks or text.startswith("\n")):
            yield line
            line = []
        line.append((text, time))
    if line:
        yield line
