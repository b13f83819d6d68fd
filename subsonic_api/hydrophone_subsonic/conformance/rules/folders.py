"""Several music folders: what `musicFolderId` leaves out."""

from collections.abc import Iterable, Mapping
from functools import partial
from itertools import islice

from hydrophone_subsonic.conformance.answer import Json
from hydrophone_subsonic.conformance.probe import Probe, Value
from hydrophone_subsonic.conformance.rule import Chapter
from hydrophone_subsonic.conformance.rules.samples import objects
from hydrophone_subsonic.conformance.verdict import Skipped, expect

chapter = Chapter("folders", "Several music folders")

_MOST = 500
_FOLDERS = 5
"""So many are compared."""
_FEW = 5
"""So many entries that stand for others are opened."""


def _folders(probe: Probe) -> list[str]:
    """Return the ids of the first folders, two at least; raise `Skipped` where there is one."""
    known = probe.facts.folders[:_FOLDERS]
    if len(known) < 2:
        raise Skipped("The server has one music folder.")
    return [str(folder["id"]) for folder in known]


def _of_folders(
    probe: Probe, endpoint: str, given: Mapping[str, Value], kind: str
) -> dict[str, set[str]]:
    """Return the ids of a kind of things in each folder that has some; `Skipped` below two."""
    found = {}
    for folder in _folders(probe):
        envelope = probe.ask(endpoint, {**given, "musicFolderId": folder})
        if ids := {str(one["id"]) for thing in objects(envelope) for one in _listed(thing, kind)}:
            found[folder] = ids
    if len(found) < 2:
        raise Skipped(f"{endpoint} has something in one music folder only.")
    return found


def _listed(thing: Json, kind: str) -> list[Json]:
    listed = thing.get(kind)
    return listed if isinstance(listed, list) else []


def _need_apart(found: Mapping[str, set[str]], kind: str) -> None:
    """Raise `Fault` if something is in two folders."""
    seen: dict[str, str] = {}
    for folder, ids in found.items():
        for id_ in ids:
            other = seen.setdefault(id_, folder)
            expect(other == folder, f"The {kind} {id_!r} is in the folders {other} and {folder}.")


def _need_parts(probe: Probe, endpoint: str, given: Mapping[str, Value], kind: str) -> None:
    """Raise `Fault` unless the folders have what there is without them, each something else."""
    found = _of_folders(probe, endpoint, given, kind)
    same = all(ids == next(iter(found.values())) for ids in found.values())
    expect(not same, f"{endpoint} has the same for each of the folders {sorted(found)}.")
    envelope = probe.ask(endpoint, given)
    whole = {str(one["id"]) for thing in objects(envelope) for one in _listed(thing, kind)}
    if len(whole) < _MOST:
        more = set[str]().union(*found.values()) - whole
        if more and kind == "artist":
            more -= _inside(probe, whole.difference(*found.values()))
        expect(not more, f"{endpoint} has {len(more)} for folders that it lacks without one.")


def _inside(probe: Probe, entries: Iterable[str]) -> set[str]:
    """Return what is directly in some entries of getIndexes, by id.

    A folder of music from elsewhere may be one entry among the letters, and have its own where it
    is asked for by itself.
    """
    found: set[str] = set()
    for entry in islice(sorted(entries), _FEW):
        answer = probe.call("getMusicDirectory", id=entry)
        if answer.failure_code() is None:
            inside = answer.envelope().get("directory", {}).get("child", [])
            found |= {str(child["id"]) for child in inside}
    return found


_GIVEN: Mapping[str, Mapping[str, Value]] = {
    "getAlbumList": {"type": "alphabeticalByName", "size": _MOST},
    "getAlbumList2": {"type": "alphabeticalByName", "size": _MOST},
    "getRandomSongs": {"size": _MOST},
    "search2": {"query": "", "artistCount": 0, "albumCount": 0, "songCount": _MOST},
    "search3": {"query": "", "artistCount": 0, "albumCount": 0, "songCount": _MOST},
}


def _declare(endpoint: str, kind: str) -> None:
    @chapter.rule(
        f"{endpoint}.folder",
        f"{endpoint} with `musicFolderId` has what is in this folder only",
        why=f"docs:endpoints/{endpoint.lower()}/",
        apps=("DSub", "Feishin"),
    )
    def check(probe: Probe) -> None:
        if endpoint.startswith("search"):
            probe.need_open_subsonic()  # An empty query finds everything there.
        _need_parts(probe, endpoint, _GIVEN[endpoint], kind)
        if kind == "song":
            _need_apart(_of_folders(probe, endpoint, _GIVEN[endpoint], kind), kind)


def _declare_artists(endpoint: str) -> None:
    @chapter.rule(
        f"{endpoint}.folder",
        f"{endpoint} with `musicFolderId` has the artists of this folder only",
        why=f"docs:endpoints/{endpoint.lower()}/",
        apps=("DSub", "Feishin"),
    )
    def check(probe: Probe) -> None:
        names = _artists_of_albums(probe)
        if all(one == names[0] for one in names):
            raise Skipped("All music folders have the same artists.")
        _need_parts(probe, endpoint, {}, "artist")


def _artists_of_albums(probe: Probe) -> list[set[str]]:
    """Return whose albums each folder has: an artist may be in several."""
    return [
        {
            str(album.get("artistId"))
            for album in probe.ask(
                "getAlbumList2",
                {**_GIVEN["getAlbumList2"], "musicFolderId": folder},
            )["albumList2"].get("album", [])
        }
        for folder in _folders(probe)
    ]


_declare_artists("getIndexes")
_declare_artists("getArtists")
_declare("getAlbumList", "album")
_declare("getAlbumList2", "album")
_declare("getRandomSongs", "song")
_declare("search2", "song")
_declare("search3", "song")


@chapter.rule(
    "getSongsByGenre.folder",
    "getSongsByGenre with `musicFolderId` has what is in this folder only",
    why="docs:endpoints/getsongsbygenre/",
    apps=("DSub", "Feishin"),
)
def _by_genre(probe: Probe) -> None:
    reason = Skipped("The library has no genre.")
    for genre in probe.facts.genres[:_FOLDERS]:
        given: dict[str, Value] = {"genre": genre, "count": _MOST}
        try:
            _need_apart(_of_folders(probe, "getSongsByGenre", given, "song"), "song")
        except Skipped as skipped:
            reason = skipped
            continue
        return
    raise reason


def _has_star(probe: Probe, id_: str) -> bool:
    return "starred" in probe.ask("getSong", id=id_)["song"]


@chapter.rule(
    "getStarred2.folder",
    "getStarred2 with `musicFolderId` has what is in this folder only",
    why="docs:endpoints/getstarred2/",
    apps=("DSub", "Feishin"),
    writes=True,
)
def _starred(probe: Probe) -> None:
    songs = _of_folders(probe, "getRandomSongs", _GIVEN["getRandomSongs"], "song")
    _need_apart(songs, "song")
    for ids in songs.values():
        id_ = min(ids)
        if not _has_star(probe, id_):
            step, still = partial(probe.ask, "unstar", id=id_), partial(_has_star, probe, id_)
            probe.undo.later(f"the star of song {id_}", step, still=still)
            probe.ask("star", id=id_)
    _need_apart(_of_folders(probe, "getStarred2", {}, "song"), "song")
