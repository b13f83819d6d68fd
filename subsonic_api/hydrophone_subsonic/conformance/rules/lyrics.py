"""Lyrics, with and without times."""

from hydrophone_subsonic.conformance.probe import Probe
from hydrophone_subsonic.conformance.rule import Chapter
from hydrophone_subsonic.conformance.rules.answers import declare_answers, declare_refusals
from hydrophone_subsonic.conformance.verdict import expect

chapter = Chapter("lyrics", "Lyrics")

declare_answers(chapter, "getLyrics", "getLyricsBySongId")
declare_refusals(chapter, "getLyricsBySongId", unknown=True)


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


@chapter.rule(
    "lyrics.lines",
    "Lines of synchronised lyrics have times in order",
    why="docs:responses/structuredlyrics/",
)
def _lines(probe: Probe) -> None:
    probe.need_extension("songLyrics")
    for song in probe.facts.songs:
        listed = probe.ask("getLyricsBySongId", id=song["id"])["lyricsList"]
        for lyrics in listed.get("structuredLyrics", []):
            times = [line.get("start") for line in lyrics["line"]]
            if lyrics["synced"]:
                expect(None not in times, "A line of synchronised lyrics has no `start`.")
                expect(times == sorted(times), f"The times come as {times[:9]}.")
            else:
                expect(not any(times), "Lyrics that are not synchronised have times.")


@chapter.rule(
    "lyrics.plain",
    "Without `enhanced` there are the main lyrics only, without words' times",
    why="docs:extensions/songlyrics/",
)
def _plain_lyrics(probe: Probe) -> None:
    probe.need_extension("songLyrics", 2)
    for song in probe.facts.songs:
        listed = probe.ask("getLyricsBySongId", id=song["id"])["lyricsList"]
        for lyrics in listed.get("structuredLyrics", []):
            new = {"kind", "agents", "cueLine"} & set(lyrics)
            expect(not new, f"Version 2 has come unasked: {sorted(new)}.")
