"""Words that lie beside the music (`.lrc`, `.txt`, `.ttml`), and in its tags."""

import asyncio
import os
from collections.abc import Iterator

from hydrophone.domain.ids import TrackId
from hydrophone.domain.lrc import is_language, parse_lyrics
from hydrophone.domain.lyrics import Lyrics
from hydrophone.domain.paths import escape_path
from hydrophone.errors import NotFoundError
from hydrophone.media.ttml import is_ttml, parse_ttml
from hydrophone.plugin.capabilities.lyrics import LyricsRequest
from hydrophone.scanner.text_encoding import decode_text
from hydrophone.services.locations import Locations
from hydrophone.storage.database import Database
from hydrophone.storage.queries import lyrics as queries
from hydrophone.storage.queries import tracks

_LARGEST_FILE = 512 * 1024
_MOST_FILES = 16
_SUFFIXES = (".lrc", ".txt", ".ttml")
"""The better one first, where the same words are in several."""


class OwnLyrics:
    """What the library itself has; a LyricsProvider as those of plugins."""

    def __init__(self, *, database: Database, locations: Locations) -> None:
        self._database = database
        self._locations = locations

    async def lyrics(self, request: LyricsRequest) -> tuple[Lyrics, ...]:
        """Return all versions, those beside the file first."""
        texts = await self._texts(request.track_id)

        def read() -> tuple[Lyrics, ...]:
            return tuple(
                one for language, text in texts for one in _parsed(text, request, language)
            )

        return await asyncio.to_thread(read)

    async def _texts(self, track_id: str) -> list[tuple[str, str]]:
        """Return languages (empty if not known) and texts, the preferred ones first."""
        file = await self._database.read(tracks.local_file, track_id)
        found: list[tuple[str, str]] = []
        if file is not None and file.start is None:
            place = (file.library_id, file.path)
            found = await asyncio.to_thread(lambda: list(_texts_beside(self._locations, *place)))
        embedded = await self._database.read(queries.embedded, TrackId(track_id))
        return found + [("", text) for text in embedded]


def _parsed(text: str, request: LyricsRequest, language: str) -> tuple[Lyrics, ...]:
    names = {"artist": request.credit, "title": request.title, "language": language}
    return parse_ttml(text, **names) if is_ttml(text) else (parse_lyrics(text, **names),)


def _texts_beside(
    locations: Locations, library_id: int, relative: str
) -> Iterator[tuple[str, str]]:
    """Yield language and text of `song.lrc`, `song.en.lrc` and the like beside `song.flac`.

    Of a file that is too large the first half MiB is read. Raises NotFoundError.
    """
    path = locations.path(library_id, relative)
    folder = relative.rpartition("/")[0]
    try:
        names = sorted(entry.name for entry in os.scandir(path.parent) if entry.is_file())
    except OSError:
        return
    files = [found for name in names if (found := _beside(path.stem, name)) is not None]
    for _, language, name in sorted(files)[:_MOST_FILES]:
        try:
            beside = locations.beside(library_id, f"{folder}/{escape_path(name)}".lstrip("/"))
            # What is in it is shown to users: a link must not lead to a file of another kind.
            if beside.resolve().suffix.lower() not in _SUFFIXES:
                continue
            with beside.open("rb") as file:
                yield language, decode_text(file.read(_LARGEST_FILE), (path.parent.name, *names))
        except (NotFoundError, OSError):
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
