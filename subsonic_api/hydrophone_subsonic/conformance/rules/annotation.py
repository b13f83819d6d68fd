"""Stars, ratings and plays; all of these write."""

from functools import partial

from hydrophone_subsonic.conformance.answer import Json
from hydrophone_subsonic.conformance.probe import Probe
from hydrophone_subsonic.conformance.rule import Chapter, Severity
from hydrophone_subsonic.conformance.rules.answers import declare_refusals
from hydrophone_subsonic.conformance.rules.made import somebody_else
from hydrophone_subsonic.conformance.verdict import Skipped, expect

chapter = Chapter("annotation", "Stars, ratings, plays")

declare_refusals(chapter, "setRating", "scrobble", writes=True)

_STAR = "docs:endpoints/star/"
_RATING = "docs:endpoints/setrating/"
_SCROBBLE = "docs:endpoints/scrobble/"
_MOST = 20
"""So many are looked at for one without a star."""
_PAGE = 500
_KINDS = {
    "song": ("id", "getSong", "song"),
    "album": ("albumId", "getAlbum", "album"),
    "artist": ("artistId", "getArtist", "artist"),
}


def _read(probe: Probe, kind: str, id_: str) -> Json:
    _, endpoint, element = _KINDS[kind]
    found: Json = probe.ask(endpoint, id=id_)[element]
    return found


def _unstarred(probe: Probe, kind: str) -> str:
    """Return the id of a thing without a star: putting one back would change its date."""
    facts = probe.facts
    all_known = {"song": facts.songs, "album": facts.albums, "artist": facts.artists}[kind]
    known = all_known[:_MOST]
    for thing in known:
        id_ = str(thing["id"])
        if not _has_star(probe, kind, id_):
            step = partial(probe.ask, "unstar", {_KINDS[kind][0]: id_})
            still = partial(_has_star, probe, kind, id_)
            probe.undo.later(f"the star of {kind} {id_}", step, still=still)
            return id_
    raise Skipped(f"None of the {len(known)} {kind}s looked at is without a star.")


def _has_star(probe: Probe, kind: str, id_: str) -> bool:
    return "starred" in _read(probe, kind, id_)


def _check_star(probe: Probe, kind: str) -> None:
    id_ = _unstarred(probe, kind)
    parameter = _KINDS[kind][0]
    probe.ask("star", {parameter: id_})
    expect(_read(probe, kind, id_).get("starred"), f"The {kind} has no `starred`.")
    listed = probe.ask("getStarred2")["starred2"].get(kind, [])
    expect(id_ in [one["id"] for one in listed], f"getStarred2 does not list the {kind}.")
    probe.ask("unstar", {parameter: id_})
    expect("starred" not in _read(probe, kind, id_), f"The {kind} has `starred` after unstar.")


@chapter.rule("star.song", "A song is starred and unstarred", why=_STAR, writes=True)
def _star_song(probe: Probe) -> None:
    _check_star(probe, "song")


@chapter.rule("star.album", "An album is starred and unstarred", why=_STAR, writes=True)
def _star_album(probe: Probe) -> None:
    _check_star(probe, "album")


@chapter.rule(
    "star.album-list",
    "A starred album is in getAlbumList2 of the type `starred`, too",
    why="docs:endpoints/getalbumlist2/",
    writes=True,
)
def _star_album_list(probe: Probe) -> None:
    id_ = _unstarred(probe, "album")
    probe.ask("star", albumId=id_)
    found = probe.ask("getAlbumList2", type="starred", size=_PAGE)["albumList2"].get("album", [])
    if len(found) == _PAGE:
        raise Skipped(f"{_PAGE} albums are starred, or more.")
    expect(id_ in [one["id"] for one in found], "getAlbumList2 does not list the album.")


@chapter.rule("star.artist", "An artist is starred and unstarred", why=_STAR, writes=True)
def _star_artist(probe: Probe) -> None:
    _check_star(probe, "artist")


@chapter.rule(
    "star.folder",
    "An artist of getIndexes is starred by its id there, and comes back with the star",
    why=_STAR,
    severity=Severity.SHOULD,
    apps=("DSub",),
    writes=True,
)
def _star_folder(probe: Probe) -> None:
    listed = _top(probe)
    # Other folders, of genres or at a source, need not stand for anything.
    names = {one["name"] for one in probe.facts.artists}
    fitting = (id_ for id_, one in listed.items() if one["name"] in names and "starred" not in one)
    id_ = next(fitting, None)
    if id_ is None:
        raise Skipped("No artist of getIndexes is by name one of getArtists, and without a star.")
    probe.undo.later(f"the star of {id_}", lambda: probe.ask("unstar", id=id_),
                     still=lambda: "starred" in _top(probe)[id_])  # fmt: skip
    probe.ask("star", id=id_)
    expect(_top(probe)[id_].get("starred"), "The artist has no `starred` in getIndexes.")
    probe.ask("unstar", id=id_)
    expect("starred" not in _top(probe)[id_], "The artist has `starred` after unstar.")


def _top(probe: Probe) -> dict[str, Json]:
    letters = probe.ask("getIndexes")["indexes"].get("index", [])
    return {str(one["id"]): one for letter in letters for one in letter.get("artist", [])}


@chapter.rule(
    "star.twice",
    "Starring twice is as good as once, and so is unstarring",
    why="Apps repeat what they are not sure of",
    apps=("DSub",),
    writes=True,
)
def _twice(probe: Probe) -> None:
    id_ = _unstarred(probe, "song")
    probe.ask("star", id=id_)
    probe.ask("star", id=id_)
    listed = probe.ask("getStarred2")["starred2"]["song"]
    count = [one["id"] for one in listed].count(id_)
    expect(count == 1, f"The song is listed {count} times.")
    probe.ask("unstar", id=id_)
    probe.ask("unstar", id=id_)
    expect("starred" not in _read(probe, "song", id_), "The song has `starred` after unstar.")


@chapter.rule(
    "star.several", "One call stars a song, an album and an artist", why=_STAR, writes=True
)
def _several(probe: Probe) -> None:
    ids = {kind: _unstarred(probe, kind) for kind in _KINDS}
    probe.ask("star", {_KINDS[kind][0]: id_ for kind, id_ in ids.items()})
    for kind, id_ in ids.items():
        expect(_read(probe, kind, id_).get("starred"), f"The {kind} has no `starred`.")


@chapter.rule("star.missing", "star without an id fails with code 10", why=_STAR, writes=True)
def _star_missing(probe: Probe) -> None:
    for endpoint in ("star", "unstar"):
        probe.error(endpoint, (10,))


def _rated(probe: Probe) -> str:
    """Return the id of a song whose rating will be put back."""
    id_ = str(probe.facts.song()["id"])
    before = _read(probe, "song", id_).get("userRating", 0)
    probe.undo.later(
        f"the rating of {id_}",
        lambda: probe.ask("setRating", id=id_, rating=before),
        still=lambda: _read(probe, "song", id_).get("userRating", 0) != before,
    )
    return id_


@chapter.rule("rating.set", "A song is rated, and rated anew", why=_RATING, writes=True)
def _rating(probe: Probe) -> None:
    id_ = _rated(probe)
    for rating in (4, 2):
        probe.ask("setRating", id=id_, rating=rating)
        found = _read(probe, "song", id_).get("userRating")
        expect(found == rating, f"Rated with {rating}, it has {found}.")


@chapter.rule(
    "rating.remove",
    "A rating of 0 takes it away, and `userRating` with it",
    why=_RATING,
    writes=True,
)
def _rating_remove(probe: Probe) -> None:
    id_ = _rated(probe)
    probe.ask("setRating", id=id_, rating=3)
    probe.ask("setRating", id=id_, rating=0)
    song = _read(probe, "song", id_)
    expect("userRating" not in song, f"`userRating` is {song.get('userRating')!r}.")


@chapter.rule("rating.bounds", "A rating of 6 is refused", why=_RATING, writes=True)
def _rating_bounds(probe: Probe) -> None:
    probe.error("setRating", (0, 10, 70), id=_rated(probe), rating=6)


@chapter.rule(
    "scrobble.counts",
    "A play is counted; the same one at the same time once only",
    why=_SCROBBLE,
    apps=("DSub",),
    writes=True,
)
def _scrobble(probe: Probe) -> None:
    probe.need_version(1, 14, 0)  # The XSD has `playCount` since then.
    listener = somebody_else(probe)
    id_ = str(probe.facts.song()["id"])
    for _ in range(2):
        listener.ask("scrobble", id=id_, time=1_700_000_000_000)
    found = _read(listener, "song", id_).get("playCount")
    expect(found == 1, f"`playCount` is {found}, not 1.")


@chapter.rule(
    "scrobble.several",
    "Several plays are told by one call, each with its time",
    why=_SCROBBLE,
    writes=True,
)
def _scrobble_several(probe: Probe) -> None:
    probe.need_version(1, 14, 0)  # The XSD has `playCount` since then.
    listener = somebody_else(probe)
    ids = [str(probe.facts.song(number)["id"]) for number in (0, 1)]
    listener.ask("scrobble", id=ids, time=[1_700_000_000_000, 1_700_000_300_000])
    for id_ in ids:
        found = _read(listener, "song", id_).get("playCount")
        expect(found == 1, f"`playCount` of {id_} is {found}, not 1.")


@chapter.rule(
    "scrobble.now-playing",
    "submission=false shows what is heard now, and counts no play",
    why=_SCROBBLE,
    severity=Severity.SHOULD,
    writes=True,
)
def _now_playing(probe: Probe) -> None:
    listener = somebody_else(probe)
    id_ = str(probe.facts.song()["id"])
    listener.ask("scrobble", id=id_, submission=False)
    playing = probe.ask("getNowPlaying")["nowPlaying"].get("entry", [])
    found = [one["id"] for one in playing if one["username"] == listener.login.user]
    expect(found == [id_], f"getNowPlaying has {found} of this user.")
    expect(not _read(listener, "song", id_).get("playCount"), "It counts as a play.")
