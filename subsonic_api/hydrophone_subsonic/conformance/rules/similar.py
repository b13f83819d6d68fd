"""Similar songs, top songs, and the extension `sonicSimilarity`."""

from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise

from hydrophone_subsonic.conformance.answer import Json
from hydrophone_subsonic.conformance.facts import Facts
from hydrophone_subsonic.conformance.probe import Probe, Value
from hydrophone_subsonic.conformance.rule import Chapter, Severity
from hydrophone_subsonic.conformance.rules.answers import declare_answers, declare_refusals
from hydrophone_subsonic.conformance.sampling import spread
from hydrophone_subsonic.conformance.spec import ENDPOINTS
from hydrophone_subsonic.conformance.verdict import Skipped, expect

chapter = Chapter("similar", "Similar and top songs")

declare_answers(
    chapter, "getSimilarSongs", "getSimilarSongs2", "getTopSongs", "getSonicSimilarTracks",
    "findSonicPath",
)  # fmt: skip
declare_refusals(
    chapter, "getSimilarSongs", "getSimilarSongs2", "getSonicSimilarTracks", "findSonicPath"
)

_LOOKED = 8
_MANY = 20


@chapter.rule(
    "top-songs.nobody",
    "getTopSongs of an unknown artist is empty, not a failure",
    why="Feishin shows a failure to the user",
    severity=Severity.APP,
    apps=("Feishin", "airsonic-refix"),
)
def _top_songs(probe: Probe) -> None:
    found = probe.ask("getTopSongs", artist="conformance: nobody")["topSongs"]
    expect(not found.get("song"), "It has songs of somebody else.")


@chapter.rule(
    "top-songs.id",
    "getTopSongs takes the id of an artist",
    why="docs:extensions/topsongsbyartistid/",
)
def _top_songs_id(probe: Probe) -> None:
    probe.need_extension("topSongsByArtistId")
    probe.ask("getTopSongs", id=probe.facts.artist()["id"])


@chapter.rule(
    "sonic.path",
    "findSonicPath begins and ends with the songs that were named",
    why="docs:extensions/sonicsimilarity/",
)
def _sonic_path(probe: Probe) -> None:
    probe.need_extension("sonicSimilarity")
    ends = [probe.facts.song()["id"], probe.facts.song(1)["id"]]
    path = probe.ask("findSonicPath", startSongId=ends[0], endSongId=ends[1])["sonicMatch"]
    found = [match["entry"]["id"] for match in path]
    expect([found[0], found[-1]] == ends, f"It leads from {found[0]!r} to {found[-1]!r}.")


def _of_songs(facts: Facts) -> Iterable[Mapping[str, Value]]:
    return ({"id": song["id"]} for song in spread(facts.songs)[:_LOOKED])


def _of_artists(facts: Facts) -> Iterable[Mapping[str, Value]]:
    return ({"id": artist["id"]} for artist in facts.artists[:_LOOKED])


def _of_names(facts: Facts) -> Iterable[Mapping[str, Value]]:
    return ({"artist": artist["name"]} for artist in facts.artists[:_LOOKED])


def _of_pairs(facts: Facts) -> Iterable[Mapping[str, Value]]:
    songs = spread(facts.songs)[: _LOOKED + 1]
    pairs = pairwise(songs)
    return ({"startSongId": one["id"], "endSongId": other["id"]} for one, other in pairs)


def _listed(answer: object) -> list[Json]:
    found = answer.get("song", []) if isinstance(answer, dict) else answer
    return found if isinstance(found, list) else []


def _declare_count(
    endpoint: str, samples: Callable[[Facts], Iterable[Mapping[str, Value]]], fewest: int
) -> None:
    """Declare that `count` is heeded, `fewest` being the least that can be asked for."""
    page = "extensions/sonicsimilarity" if fewest > 1 else f"endpoints/{endpoint.lower()}"

    @chapter.rule(
        f"{endpoint}.count", f"{endpoint} sends no more than `count`", why=f"docs:{page}/"
    )
    def check(probe: Probe) -> None:
        known = ENDPOINTS[endpoint]
        if known.extension:
            probe.need_extension(known.extension)
        for sample in samples(probe.facts):
            if len(_listed(probe.ask(endpoint, sample, count=_MANY)[known.element])) <= fewest:
                continue
            answer = probe.call(endpoint, sample, count=fewest)
            if answer.failure_code() == 70:
                return  # There may be no path as short as that.
            found = _listed(answer.envelope()[known.element])
            expect(len(found) <= fewest, f"{len(found)} songs for count={fewest}.")
            return
        raise Skipped(f"No answer of {endpoint} that was looked at has more than {fewest}.")


_declare_count("getSimilarSongs", _of_songs, 1)
_declare_count("getSimilarSongs2", _of_artists, 1)
_declare_count("getTopSongs", _of_names, 1)
_declare_count("getSonicSimilarTracks", _of_songs, 1)
_declare_count("findSonicPath", _of_pairs, 2)
