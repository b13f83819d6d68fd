"""Lyrics, with and without times."""

from collections.abc import Iterator

from hydrophone_subsonic.conformance.answer import NAMESPACE, Json
from hydrophone_subsonic.conformance.probe import Probe
from hydrophone_subsonic.conformance.rule import Chapter
from hydrophone_subsonic.conformance.rules.answers import declare_answers, declare_refusals
from hydrophone_subsonic.conformance.verdict import expect

chapter = Chapter("lyrics", "Lyrics")

declare_answers(chapter, "getLyrics", "getLyricsBySongId")
declare_refusals(chapter, "getLyricsBySongId", unknown=True)

_PAGE = "docs:responses/structuredlyrics/"
_SONGS = 6


@chapter.rule(
    "lyrics.none",
    "Lyrics that are not there are an empty answer, not a failure",
    why="docs:endpoints/getlyrics/",
    apps=("Feishin",),
)
def _no_lyrics(probe: Probe) -> None:
    found = probe.ask("getLyrics", artist="conformance: nobody", title="conformance: nothing")
    expect("lyrics" in found, "There is no `lyrics`.")
    expect(not found["lyrics"].get("value"), "It has lyrics of something else.")


def _of_song(probe: Probe, id_: str) -> list[Json]:
    found: list[Json] = probe.ask("getLyricsBySongId", id=id_)["lyricsList"].get(
        "structuredLyrics", []
    )
    return found


def _all(probe: Probe) -> Iterator[Json]:
    """Yield the lyrics of some songs that have some."""
    probe.need_extension("songLyrics")
    probe.facts.sung_song()
    for song in probe.facts.sung[:_SONGS]:
        yield from _of_song(probe, song["id"])


@chapter.rule(
    "lyrics.lines",
    "Lines of synchronised lyrics have times in order",
    why=_PAGE,
)
def _lines(probe: Probe) -> None:
    for lyrics in _all(probe):
        times = [line.get("start") for line in lyrics["line"]]
        if lyrics["synced"]:
            expect(None not in times, "A line of synchronised lyrics has no `start`.")
            expect(times == sorted(times), f"The times come as {times[:9]}.")
            expect(not times or times[0] >= 0, f"The first line begins at {times[:1]}.")
        else:
            expect(not any(times), "Lyrics that are not synchronised have times.")


@chapter.rule(
    "lyrics.xml-lines",
    "Lines have the same words and times in XML as in JSON",
    why="docs:responses/line/, which has an example of each",
)
def _xml_lines(probe: Probe) -> None:
    probe.need_extension("songLyrics")
    probe.facts.sung_song()
    for song in probe.facts.sung[:_SONGS]:
        lines = [line for lyrics in _of_song(probe, song["id"]) for line in lyrics["line"]]
        wanted = [(_milliseconds(line.get("start")), line["value"]) for line in lines]
        answer = probe.call("getLyricsBySongId", f="xml", id=song["id"])
        elements = list(answer.root().iter(f"{NAMESPACE}line"))
        found = [(_milliseconds(line.get("start")), line.text or "") for line in elements]
        same = len(found) == len(wanted)
        expect(same, f"There are {len(wanted)} lines in JSON, and {len(found)} in XML.")
        for one, other in zip(wanted, found, strict=True):
            expect(one == other, f"Time and words are {one} in JSON, and {other} in XML.")


def _milliseconds(value: object) -> float | None:
    return None if value is None else float(str(value))


@chapter.rule(
    "lyrics.plain",
    "Without `enhanced` there are the main lyrics only, without words' times",
    why="docs:extensions/songlyrics/",
)
def _plain_lyrics(probe: Probe) -> None:
    probe.need_extension("songLyrics", 2)
    for lyrics in _all(probe):
        new = {"kind", "agents", "cueLine"} & set(lyrics)
        expect(not new, f"Version 2 has come unasked: {sorted(new)}.")
