"""Chooses songs that the rules can be tried on: whole files, and songs that have lyrics."""

from collections import Counter
from collections.abc import Iterable, Sequence

from hydrophone_subsonic.conformance.answer import Json
from hydrophone_subsonic.conformance.probe import Probe
from hydrophone_subsonic.conformance.verdict import Fault

_FILES = 8
"""So many songs are looked at for a whole file."""
_SUNG = 200
"""So many songs are looked at for lyrics."""
_START = 64 * 1024
_SONG = 16 * 1024 * 1024


def spread(songs: Iterable[Json]) -> list[Json]:
    """Order songs so that the first of each album come first, then the second ones."""
    seen: Counter[str] = Counter()
    ranked = []
    for song in songs:
        album = str(song.get("albumId"))
        ranked.append((seen[album], song))
        seen[album] += 1
    return [song for _, song in sorted(ranked, key=lambda one: one[0])]


def whole_files(probe: Probe, songs: Sequence[Json]) -> tuple[Json, ...]:
    """Return a song that the server sends as the file that it is; none if there is none.

    One of which length and `size` agree is best. Tracks that are cut out of a larger file while
    they are sent, as those of a CUE sheet, have no length, and need no ranges. Where streams fail
    any song will do: the rules tell of it.
    """
    second_best: tuple[Json, ...] = ()
    for song in spread(songs)[:_FILES]:
        length = _length(probe, song)
        if length is not None and length in (song.get("size", length), -1):
            return (song,)
        if length is not None and not second_best:
            second_best = (song,)
    return second_best


def _length(probe: Probe, song: Json) -> int | None:
    """Return the length that the server tells or, if it is `size`, sends; -1 for a failure."""
    try:
        answer = probe.call("stream", f="", limit=_START, id=str(song["id"]), format="raw")
        if answer.status != 200 or answer.failure_code() is not None:
            return -1
        length = answer.headers.get("content-length")
        if length is not None:
            return int(length)
        whole = probe.call("stream", f="", limit=_SONG, id=str(song["id"]), format="raw")
    except (Fault, ValueError):
        return -1
    sent = len(whole.content)
    return sent if whole.is_whole and sent == song.get("size") else None


def sung(probe: Probe, songs: Sequence[Json], versions: Sequence[int]) -> tuple[Json, ...]:
    """Return songs that have lyrics: with times of words first, then with times, then others."""
    if not versions:
        return ()
    ranked = [
        (rank, song)
        for song in spread(songs)[:_SUNG]
        if (rank := _rank(probe, str(song["id"]), is_enhanced=2 in versions))
    ]
    return tuple(song for _, song in sorted(ranked, key=lambda one: -one[0]))


def _rank(probe: Probe, id_: str, *, is_enhanced: bool) -> int:
    more = {"enhanced": True} if is_enhanced else {}
    try:
        answer = probe.call("getLyricsBySongId", more, id=id_)
        listed = answer.envelope().get("lyricsList", {}).get("structuredLyrics", [])
        return max((_worth(lyrics) for lyrics in listed), default=0)
    except (Fault, AttributeError, TypeError):
        return 0


def _worth(lyrics: Json) -> int:
    return 1 + bool(lyrics.get("synced")) + bool(lyrics.get("cueLine")) + bool(lyrics.get("agents"))
