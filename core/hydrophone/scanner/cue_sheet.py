"""CUE sheets: the text beside a whole disc in one file that says where its tracks begin.

The format is that of CDRWIN's manual, with the `REM` lines that EAC, foobar2000 and XLD add.
Nothing here raises: a line that cannot be understood is passed over.
"""

import re
from collections.abc import Iterable

from msgspec import Struct

from hydrophone.domain.units import Seconds
from hydrophone.scanner.tags.texts import clean
from hydrophone.scanner.text_encoding import decode_text

MAX_LENGTH = 512 * 1024
"""Bytes; a sheet of 99 tracks has some ten thousand."""
_MOST_TRACKS = 999
_FRAMES = 75
"""Of a second: the unit of `mm:ss:ff` (Red Book)."""

_LINE = re.compile(r"\s*([A-Za-z_]+)\s+(.*?)\s*")
_FILE = re.compile(r'"(.*)"(?:\s+\S+)?|(.*?)(?:\s+(?:WAVE|MP3|AIFF|BINARY|MOTOROLA|FLAC))?', re.I)
_TRACK = re.compile(r"(\d{1,3})\s+AUDIO", re.I)
_INDEX = re.compile(r"0?1\s+(\d{1,4}):(\d{1,2}):(\d{1,2})", re.ASCII)


class SheetTrack(Struct, kw_only=True):
    """A track on a sheet; texts are clean and may be empty."""

    number: int
    start: Seconds | None = None
    """Its INDEX 01: what is before belongs to the track before. `None` if the sheet has none."""
    fields: dict[str, str]
    """By name in capitals: TITLE, PERFORMER, SONGWRITER, ISRC, and REM's."""


class SheetFile(Struct, kw_only=True):
    """An audio file that a sheet names, with its tracks in the order of the sheet."""

    name: str
    """As written; the file may have another suffix now, for who rips to WAV and encodes then."""
    tracks: list[SheetTrack]


class CueSheet(Struct, kw_only=True):
    """A disc: what holds for all of it, and its files."""

    fields: dict[str, str]
    """By name in capitals: TITLE, PERFORMER, GENRE, DATE, DISCNUMBER, ..."""
    files: list[SheetFile]


def read_sheet(content: bytes, names: Iterable[str]) -> CueSheet:
    """Read a sheet, with the names of the files and folders around it (see `decode_text`)."""
    return parse_sheet(decode_text(content, names))


def parse_sheet(text: str) -> CueSheet:
    """Read the text of a sheet."""
    sheet = CueSheet(fields={}, files=[])
    fields = sheet.fields
    count = 0
    for line in text[:MAX_LENGTH].splitlines():
        if (found := _LINE.fullmatch(line)) is None:
            continue
        word, value = found[1].upper(), found[2]
        if word == "REM" and (found := _LINE.fullmatch(value)):
            word, value = found[1].upper(), found[2]
        if word == "FILE" and (found := _FILE.fullmatch(value)):
            sheet.files.append(SheetFile(name=found[1] or found[2] or "", tracks=[]))
        elif word == "TRACK":
            # What stands below a track with data is put aside.
            fields = {}
            if (found := _TRACK.match(value)) and sheet.files and count < _MOST_TRACKS:
                count += 1
                track = SheetTrack(number=int(found[1]), fields=fields)
                sheet.files[-1].tracks.append(track)
        elif word == "INDEX":
            _index(sheet, fields, value)
        elif cleaned := clean(_unquoted(value)):
            fields.setdefault(word, cleaned)
    return sheet


def _index(sheet: CueSheet, fields: dict[str, str], value: str) -> None:
    """Note where the track that is being read begins."""
    found = _INDEX.fullmatch(value)
    if found is None or not sheet.files or not sheet.files[-1].tracks:
        return
    track = sheet.files[-1].tracks[-1]
    if track.fields is fields:
        minutes, seconds, frames = map(int, found.groups())
        track.start = Seconds(minutes * 60 + seconds + frames / _FRAMES)


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] == '"'
    return value[1:-1] if quoted else value
