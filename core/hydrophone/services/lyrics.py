"""Words of tracks: in files beside the music (`.lrc`, `.txt`, `.ttml`), and in its tags."""

import asyncio
import codecs
import os
from collections.abc import Iterator
from pathlib import Path

from hydrophone.domain.lrc import is_language, parse_lyrics
from hydrophone.domain.lyrics import Lyrics, LyricsKind
from hydrophone.domain.music import Track
from hydrophone.domain.user import User
from hydrophone.errors import NotFoundError
from hydrophone.media.ttml import is_ttml, parse_ttml
from hydrophone.services.locations import Locations
from hydrophone.storage.database import Database
from hydrophone.storage.queries import lyrics as queries
from hydrophone.storage.queries import tracks
from hydrophone.storage.queries.tracks import TRACKS

_LARGEST_FILE = 512 * 1024
_MOST_FILES = 16
_SUFFIXES = (".lrc", ".txt", ".ttml")
"""The better one first, where the same words are in several."""


class LyricsService:
    """Finds words."""

    def __init__(self, *, database: Database, locations: Locations) -> None:
        self._database = database
        self._locations = locations

    async def of_track(
        self, viewer: User, track_id: str, *, enhanced: bool = False
    ) -> tuple[Lyrics, ...]:
        """Return the words of a track, those with times first; empty if none are known.

        Of each language there is one version with times and one without; what lies beside the
        file goes before its tags. `enhanced` adds translations and romanisations, after the
        words themselves, and prefers versions with times of words. Raises NotFoundError.
        """
        track = await self._database.read(TRACKS.one, viewer.id, track_id)
        if track is None or track.library_id not in viewer.libraries:
            raise NotFoundError("There is no such track.")
        found = [
            one
            for one in await self._versions(track)
            if any(line.text for line in one.lines) and (enhanced or one.kind is LyricsKind.MAIN)
        ]
        if enhanced:
            found.sort(key=lambda one: not one.cue_lines)
        versions: dict[tuple[LyricsKind, str, bool], Lyrics] = {}
        for one in found:
            versions.setdefault((one.kind, one.language, one.is_synced), one)
        return tuple(
            sorted(
                versions.values(),
                key=lambda one: (one.kind is not LyricsKind.MAIN, not one.is_synced),
            )
        )

    async def find(self, viewer: User, artist: str, title: str) -> Lyrics | None:
        """Return the words of a track by names, whatever their case; `None` if not known."""
        for track_id in await self._database.read(
            queries.tracks_named, viewer.libraries, artist, title
        ):
            found = await self.of_track(viewer, track_id)
            if found:
                return found[0]
        return None

    async def _versions(self, track: Track) -> list[Lyrics]:
        """Return all that is known, the preferred ones first."""
        texts = await self._texts(track)

        def read() -> list[Lyrics]:
            return [one for language, text in texts for one in _parsed(text, track, language)]

        return await asyncio.to_thread(read)

    async def _texts(self, track: Track) -> list[tuple[str, str]]:
        """Return languages (empty if not known) and texts, the preferred ones first."""
        file = await self._database.read(tracks.local_file, track.id)
        found: list[tuple[str, str]] = []
        if file is not None and file.start is None:
            path = self._locations.path(file.library_id, file.path)
            found = await asyncio.to_thread(lambda: list(_texts_beside(path)))
        embedded = await self._database.read(queries.embedded, track.id)
        return found + [("", text) for text in embedded]


def _parsed(text: str, track: Track, language: str) -> tuple[Lyrics, ...]:
    names = {"artist": track.display_artist, "title": track.title, "language": language}
    return parse_ttml(text, **names) if is_ttml(text) else (parse_lyrics(text, **names),)


def _texts_beside(path: Path) -> Iterator[tuple[str, str]]:
    """Yield language and text of `song.lrc`, `song.en.lrc` and the like beside `song.flac`.

    Of a file that is too large the first half MiB is read.
    """
    try:
        names = sorted(entry.name for entry in os.scandir(path.parent) if entry.is_file())
    except OSError:
        return
    files = [found for name in names if (found := _beside(path.stem, name)) is not None]
    for _, language, name in sorted(files)[:_MOST_FILES]:
        try:
            # What is in it is shown to users: a link must not lead to any other file of the host.
            if (path.parent / name).resolve().suffix.lower() not in _SUFFIXES:
                continue
            with (path.parent / name).open("rb") as file:
                yield language, _decoded(file.read(_LARGEST_FILE))
        except OSError:
            continue


def _beside(stem: str, name: str) -> tuple[int, str, str] | None:
    """Return rank, language and name if a file has words to the music with this stem."""
    base, suffix = os.path.splitext(name)  # noqa: PTH122 - a str with surrogates
    if suffix.lower() not in _SUFFIXES or not base.startswith(stem):
        return None
    rest = base.removeprefix(stem)
    language = rest[1:]
    if rest and not (rest[0] == "." and is_language(language)):
        return None
    return _SUFFIXES.index(suffix.lower()), language.lower(), name


def _decoded(data: bytes) -> str:
    """Decode UTF-8, or UTF-16 where Windows programs have marked it."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    return data.decode("utf-8-sig", "replace")
