"""Numbers that are of the right type, and yet cannot be true."""

from collections.abc import Iterable

from hydrophone_subsonic.conformance.answer import Json
from hydrophone_subsonic.conformance.probe import Probe
from hydrophone_subsonic.conformance.rule import Chapter
from hydrophone_subsonic.conformance.rules.samples import objects, samples
from hydrophone_subsonic.conformance.verdict import Skipped, expect

chapter = Chapter("numbers", "Numbers")

_NATURAL = ("playCount", "songCount", "albumCount", "duration", "size", "bitRate")
_ALBUMS = _LISTS = 6
_TOO_FAR = 30
"""Times; a large cover in a short song makes ten, minutes for seconds sixty."""


@chapter.rule(
    "numbers.natural",
    "No count, length, size or bit rate is negative",
    why="docs:responses/child/",
)
def _natural(probe: Probe) -> None:
    for endpoint, envelope in samples(probe):
        for thing in objects(envelope):
            for name in _NATURAL:
                value = thing.get(name, 0)
                expect(value >= 0, f"{endpoint}: `{name}` of {thing.get('id')!r} is {value}.")


@chapter.rule(
    "numbers.duration",
    "Duration in seconds, bit rate in kilobits and size in bytes agree in most songs",
    why="docs:responses/child/",
)
def _duration(probe: Probe) -> None:
    looked_at = _songs(probe)
    songs = [song for song in looked_at if all(map(song.get, ("duration", "size", "bitRate")))]
    if not songs:
        count = len(looked_at)
        raise Skipped(f"None of the {count} songs looked at has duration, size and bit rate.")
    far = [song for song in songs if not _agree(song)]
    if 2 * len(far) > len(songs):
        known = far[0]
        probe.call("getSong", id=known["id"])  # To be shown with the fault.
        expect(False, f"In {len(far)} of {len(songs)} songs they do not. {known['id']!r} has"
               f" {known['size']} bytes, which at {known['bitRate']} kbit/s are"
               f" {_seconds(known):.0f} s, and `duration` is {known['duration']}.")  # fmt: skip


@chapter.rule(
    "numbers.album-duration",
    "An album is as long as its songs together, but for rounding",
    why="docs:responses/albumid3/",
)
def _album_duration(probe: Probe) -> None:
    probe.facts.album()
    albums = (
        probe.ask("getAlbum", id=album["id"])["album"] for album in probe.facts.albums[:_LISTS]
    )
    _as_long_as_songs(albums, "song")


@chapter.rule(
    "numbers.playlist-duration",
    "A playlist is as long as its songs together, but for rounding",
    why="docs:responses/playlist/",
)
def _playlist_duration(probe: Probe) -> None:
    probe.facts.playlist()
    playlists = (
        probe.ask("getPlaylist", id=playlist["id"])["playlist"]
        for playlist in probe.facts.playlists[:_LISTS]
    )
    _as_long_as_songs(playlists, "entry")


@chapter.rule(
    "numbers.genres",
    "getGenres counts songs for the genres that songs have",
    why="docs:responses/genre/",
    apps=("DSub", "Ultrasonic"),
)
def _genres(probe: Probe) -> None:
    had = _genres_of(_songs(probe))
    listed: list[Json] = probe.ask("getGenres")["genres"].get("genre", [])
    for genre in listed:
        has_none = genre.get("songCount") == 0 and genre["value"] in had
        expect(not has_none, f"`songCount` of {genre['value']!r} is 0, and songs have this genre.")


def _as_long_as_songs(lists: Iterable[Json], name: str) -> None:
    """Compare lists of which each song has a duration; raise `Skipped` if there are none.

    Each is compared before the next is asked for, so that a fault shows the list that it is in.
    """
    is_empty = True
    for one in lists:
        if not one.get(name) or not all("duration" in song for song in one[name]):
            continue
        is_empty = False
        count, length = len(one[name]), sum(song["duration"] for song in one[name])
        # Each song may be rounded, or cut, to a second.
        expect(abs(one["duration"] - length) <= count + 1,
               f"`duration` of {one['id']!r} is {one['duration']}, its {count} songs"
               f" have {length} s.")  # fmt: skip
    if is_empty:
        raise Skipped("There is none, of those looked at, of which each song has a duration.")


def _genres_of(songs: Iterable[Json]) -> set[str]:
    return {
        str(name)
        for song in songs
        for name in (song.get("genre"), *(one.get("name") for one in song.get("genres", [])))
        if name
    }


def _songs(probe: Probe) -> list[Json]:
    songs: list[Json] = []
    for album in probe.facts.albums[:_ALBUMS]:
        songs += probe.ask("getAlbum", id=album["id"])["album"].get("song", [])
    return songs


def _seconds(song: Json) -> float:
    """Return how long so many bytes take at the bit rate."""
    return float(song["size"]) * 8 / 1000 / float(song["bitRate"])


def _agree(song: Json) -> bool:
    return 1 / _TOO_FAR < _seconds(song) / float(song["duration"]) < _TOO_FAR
