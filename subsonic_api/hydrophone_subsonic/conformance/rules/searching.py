"""Searching."""

from collections.abc import Mapping

from hydrophone_subsonic.conformance.answer import Json
from hydrophone_subsonic.conformance.probe import NOTHING, Probe, Value
from hydrophone_subsonic.conformance.rule import Chapter, Severity
from hydrophone_subsonic.conformance.rules.answers import declare_answers
from hydrophone_subsonic.conformance.verdict import Skipped, expect

chapter = Chapter("searching", "Searching")

declare_answers(chapter, "search", "search2", "search3")

_PAGE = "docs:endpoints/search3/"
_KINDS = ("artist", "album", "song")
_RUBBISH = "conformancezzqxj"
_WHOLE = 4
_QUERIES = ("", "a", "e", "o", "the")
"""Some of which find more than one thing; the empty one finds everything on newer servers."""


def _find(
    probe: Probe, endpoint: str, given: Mapping[str, Value] = NOTHING, **parameters: Value
) -> Json:
    found: Json = probe.ask(endpoint, given, **parameters)["searchResult" + endpoint[-1]]
    return found


def _songs(probe: Probe, **parameters: Value) -> list[str]:
    only: dict[str, Value] = {"artistCount": 0, "albumCount": 0, **parameters}
    return [song["id"] for song in _find(probe, "search3", only).get("song", [])]


@chapter.rule("search.finds", "A song and an album are found by name", why=_PAGE)
def _finds(probe: Probe) -> None:
    for endpoint in ("search2", "search3"):
        for kind, title in (
            ("song", probe.facts.song()["title"]),
            # By search2 they are directories, which may have other names.
            *([("album", probe.facts.album()["name"])] if endpoint == "search3" else []),
        ):
            counts: dict[str, Value] = {"songCount": 500, "albumCount": 500, "artistCount": 500}
            found = _find(probe, endpoint, counts, query=title).get(kind, [])
            names = [one.get("title") or one.get("name") or one.get("album") for one in found]
            expect(title in names, f"{endpoint} does not find the {kind} {title!r}.")


@chapter.rule(
    "search.case",
    "Upper and lower case find the same",
    why="People type on phones",
    severity=Severity.SHOULD,
)
def _case(probe: Probe) -> None:
    title = probe.facts.song()["title"]
    lower, upper = (set(_songs(probe, query=text)) for text in (title.lower(), title.upper()))
    expect(lower == upper, f"{title.lower()!r} finds {len(lower)} songs, upper case {len(upper)}.")


@chapter.rule(
    "search.everything",
    "An empty query finds everything, page by page",
    why=_PAGE,
    apps=("Symfonium", "Feishin"),
)
def _everything(probe: Probe) -> None:
    probe.need_open_subsonic()
    probe.facts.song()
    whole = _songs(probe, query="", songCount=6)
    pages = [id_ for offset in (0, 2, 4)
             for id_ in _songs(probe, query="", songCount=2, songOffset=offset)]  # fmt: skip
    expect(whole, "It finds nothing.")
    expect(pages == whole, f"The pages give {pages}, not {whole}.")
    expect(len(set(whole)) == len(whole), "A song occurs twice.")


@chapter.rule(
    "search.quotes",
    'The query `""` finds everything',
    why="Feishin sends it for an empty query",
    severity=Severity.APP,
    apps=("Feishin", "aonsoku"),
)
def _quotes(probe: Probe) -> None:
    probe.facts.song()
    expect(_songs(probe, query='""', songCount=5), "It finds nothing.")


@chapter.rule("search.counts", "A count of 0 means none of that kind", why=_PAGE)
def _counts(probe: Probe) -> None:
    query = probe.facts.song()["title"]
    found = _find(probe, "search3", query=query, artistCount=0, albumCount=0, songCount=0)
    for kind in _KINDS:
        expect(not found.get(kind), f"There are entries of {kind}.")
    songs = _songs(probe, query=query, songCount=1)
    expect(len(songs) == 1, f"songCount=1 gives {len(songs)} songs.")


@chapter.rule("search.nothing", "What does not exist is not found, without a failure", why=_PAGE)
def _nothing(probe: Probe) -> None:
    for endpoint in ("search2", "search3"):
        found = _find(probe, endpoint, query=_RUBBISH)
        expect(not any(found.get(kind) for kind in _KINDS), f"{endpoint} finds something.")


@chapter.rule(
    "search.asterisk",
    "An asterisk at the end changes nothing",
    why="DSub adds one when Android's own search asks it",
    severity=Severity.APP,
    apps=("DSub",),
)
def _asterisk(probe: Probe) -> None:
    title = probe.facts.song()["title"]
    found = _songs(probe, query=f"{title}*", songCount=500)
    expect(probe.facts.song()["id"] in found, f"{title + '*'!r} does not find the song.")


@chapter.rule("search.beyond", "Beyond the last song there are none", why=_PAGE)
def _beyond(probe: Probe) -> None:
    query = probe.facts.song()["title"]
    expect(not _songs(probe, query=query, songOffset=10_000_000), "There are songs.")


def _declare_offset(endpoint: str, kind: str) -> None:
    @chapter.rule(
        f"{endpoint}.{kind}-offset",
        f"{endpoint} leaves out as many {kind}s as `{kind}Offset` says",
        why=f"docs:endpoints/{endpoint}/",
        apps=("DSub", "Symfonium"),
    )
    def check(probe: Probe) -> None:
        for query in _QUERIES if probe.facts.open_subsonic else _QUERIES[1:]:
            whole = _some(probe, endpoint, kind, query, count=_WHOLE, offset=0)
            if len(whole) < 2:
                continue
            found = _some(probe, endpoint, kind, query, count=_WHOLE - 1, offset=1)
            expect(found == whole[1:], f"After the first of {whole} come {found}.")
            return
        raise Skipped(f"None of the queries {', '.join(map(repr, _QUERIES))} finds two {kind}s.")


def _some(
    probe: Probe, endpoint: str, kind: str, query: str, *, count: int, offset: int
) -> list[str]:
    asked: dict[str, Value] = {f"{one}Count": 0 for one in _KINDS}
    asked |= {"query": query, f"{kind}Count": count, f"{kind}Offset": offset}
    return [one["id"] for one in _find(probe, endpoint, asked).get(kind, [])]


for _endpoint in ("search2", "search3"):
    for _kind in _KINDS:
        _declare_offset(_endpoint, _kind)
