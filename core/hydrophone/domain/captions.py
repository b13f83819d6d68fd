"""Captions as text: SubRip, which nobody has specified, and WebVTT.

Source: https://www.w3.org/TR/webvtt1/
"""

import html
import re
from collections.abc import Iterator, Sequence
from enum import StrEnum

from msgspec import Struct

from hydrophone.domain.units import Milliseconds


class CaptionFormat(StrEnum):
    """How captions are written; the values are Subsonic's words."""

    SRT = "srt"
    VTT = "vtt"


class CaptionCue(Struct, frozen=True, kw_only=True):
    """Some lines with the time for which they are shown."""

    start: Milliseconds
    end: Milliseconds
    text: str
    """Lines with `<b>`, `<i>` and `<u>` as the only marks; all else means itself."""


_TIME = r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})"
_TIMES = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}", re.ASCII)
_BLANK_LINES = re.compile(r"\n[ \t]*\n")
_PLAIN_MARK = re.compile(r"(</?[biu]>)", re.IGNORECASE)
_OTHER_MARK = re.compile(r"</?(?:font|c|v|lang|ruby|rt|span)\b[^<>]{0,200}>|<[\d:.]{5,15}>", re.I)
_POSITION = re.compile(r"\{\\[^{}]{0,100}\}")
"""`{\\an8}` and its likes, which SubRip has from Advanced SubStation Alpha."""


def read_captions(text: str) -> Iterator[CaptionCue]:
    """Yield the cues of a text in either format, in its order; what is no cue is passed over."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    is_vtt = text.lstrip().startswith("WEBVTT")
    for block in _BLANK_LINES.split(text):
        lines = block.strip("\n").split("\n")
        # Before the times stands a number or a name, or nothing.
        for at, line in enumerate(lines[:2]):
            if times := _TIMES.match(line):
                words = _cleaned("\n".join(lines[at + 1 :]), is_vtt=is_vtt)
                start, end = _milliseconds(*times.groups()[:4]), _milliseconds(*times.groups()[4:])
                if words and end > start:
                    yield CaptionCue(start=start, end=end, text=words)
                break


def write_captions(cues: Sequence[CaptionCue], wanted: CaptionFormat) -> str:
    """Write cues in one of the formats."""
    if wanted is CaptionFormat.VTT:
        blocks = [
            f"{_clock(cue.start, '.')} --> {_clock(cue.end, '.')}\n{_escaped(cue.text)}\n"
            for cue in cues
        ]
        return "\n".join(["WEBVTT\n", *blocks])
    return "\n".join(
        f"{number}\n{_clock(cue.start, ',')} --> {_clock(cue.end, ',')}\n{cue.text}\n"
        for number, cue in enumerate(cues, 1)
    )


def _milliseconds(hours: str | None, minutes: str, seconds: str, rest: str) -> Milliseconds:
    whole = (int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)
    return Milliseconds(whole * 1000 + int(rest.ljust(3, "0")))


def _clock(at: Milliseconds, point: str) -> str:
    minutes, left = divmod(at, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{left // 1000:02}{point}{left % 1000:03}"


def _cleaned(text: str, *, is_vtt: bool) -> str:
    text = _OTHER_MARK.sub("", _POSITION.sub("", text))
    if is_vtt:
        text = html.unescape(text)
    lines = (line.strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _escaped(text: str) -> str:
    """Leave the marks that both formats have, and keep all else from being one."""
    parts = _PLAIN_MARK.split(text)
    return "".join(
        part.lower() if at % 2 else html.escape(part, quote=False) for at, part in enumerate(parts)
    )
