"""Words of tracks: beside the file (`.lrc`, `.txt`), else in its tags."""

import asyncio
import re
from pathlib import Path

from hydrophone.domain.lyrics import Lyrics, LyricsLine
from hydrophone.domain.music import Track
from hydrophone.domain.units import Milliseconds
from hydrophone.domain.user import User
from hydrophone.errors import NotFoundError
from hydrophone.services.locations import Locations
from hydrophone.storage.database import Database
from hydrophone.storage.queries import lyrics as queries
from hydrophone.storage.queries import tracks
from hydrophone.storage.queries.tracks import TRACKS

_LARGEST_FILE = 256 * 1024
_TIME = re.compile(r"\[(\d{1,3}):(\d{1,2})(?:[.:](\d{1,3}))?\]")
_HEADER = re.compile(r"\[([a-z]+):(.*)\]\s*", re.IGNORECASE)
_WORD_TIME = re.compile(r"<\d{1,3}:\d{1,2}(?:[.:]\d{1,3})?>")


class LyricsService:
    """Finds words."""

    def __init__(self, *, database: Database, locations: Locations) -> None:
        self._database = database
        self._locations = locations

    async def of_track(self, viewer: User, track_id: str) -> tuple[Lyrics, ...]:
        """Return the words of a track; empty if none are known. Raises NotFoundError."""
        track = await self._database.read(TRACKS.one, viewer.id, track_id)
        if track is None or track.library_id not in viewer.libraries:
            raise NotFoundError("There is no such track.")
        text = await self._text(track)
        return (parse_lyrics(text, track),) if text.strip() else ()

    async def find(self, viewer: User, artist: str, title: str) -> Lyrics | None:
        """Return the words of a track by names, whatever their case; `None` if not known."""
        for track_id in await self._database.read(
            queries.tracks_named, viewer.libraries, artist, title
        ):
            found = await self.of_track(viewer, track_id)
            if found:
                return found[0]
        return None

    async def _text(self, track: Track) -> str:
        file = await self._database.read(tracks.local_file, track.id)
        if file is not None and file.start is None:
            path = self._locations.path(file.library_id, file.path)
            beside = await asyncio.to_thread(_read_beside, path)
            if beside:
                return beside
        return await self._database.read(queries.embedded, track.id)


def _read_beside(path: Path) -> str:
    """Return the text of the lyrics file beside an audio file; empty if there is none."""
    for suffix in (".lrc", ".txt"):
        try:
            with path.with_suffix(suffix).open("rb") as file:
                return file.read(_LARGEST_FILE).decode("utf-8-sig", "replace")
        except OSError:
            continue
    return ""


def parse_lyrics(text: str, track: Track) -> Lyrics:
    """Read LRC or plain text; a line with several times stands once for each.

    Word times of enhanced LRC are dropped. See https://en.wikipedia.org/wiki/LRC_(file_format).
    """
    timed: list[LyricsLine] = []
    plain: list[LyricsLine] = []
    headers: dict[str, str] = {}
    for line in text.splitlines():
        times = []
        rest = line.strip()
        while match := _TIME.match(rest):
            fraction = (match[3] or "0").ljust(3, "0")
            times.append((int(match[1]) * 60 + int(match[2])) * 1000 + int(fraction))
            rest = rest[match.end() :].lstrip()
        header = _HEADER.fullmatch(rest)
        if header and not times:
            headers[header[1].lower()] = header[2].strip()
            continue
        words = _WORD_TIME.sub("", rest).strip()
        timed += (LyricsLine(start=Milliseconds(time), text=words) for time in times)
        if not times:
            plain.append(LyricsLine(text=words))
    while plain and not plain[-1].text:
        plain.pop()
    offset = headers.get("offset", "0")
    return Lyrics(
        language=headers.get("la", "und") or "und",
        is_synced=bool(timed),
        offset=Milliseconds(int(offset) if re.fullmatch(r"[+-]?\d{1,7}", offset) else 0),
        display_artist=headers.get("ar", track.display_artist),
        display_title=headers.get("ti", track.title),
        lines=tuple(sorted(timed, key=lambda line: line.start or 0) if timed else plain),
    )
