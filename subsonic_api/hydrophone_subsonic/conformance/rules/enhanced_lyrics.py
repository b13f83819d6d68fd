"""Version 2 of the extension `songLyrics`: the times of words, who sings them, and translations."""

from collections.abc import Iterator

from hydrophone_subsonic.conformance.answer import Json
from hydrophone_subsonic.conformance.probe import Probe
from hydrophone_subsonic.conformance.rule import Chapter
from hydrophone_subsonic.conformance.rules.answers import check_json
from hydrophone_subsonic.conformance.verdict import Skipped, expect

chapter = Chapter("enhanced_lyrics", "Enhanced lyrics")

_CUE = "docs:responses/cue/"
_CUE_LINE = "docs:responses/cueline/"
_AGENT = "docs:responses/agent/"
_SONGS = 6


def _enhanced(probe: Probe, id_: str) -> list[Json]:
    """Ask for all that there is; raise `Fault` unless it is as OpenAPI has it."""
    answer = probe.call("getLyricsBySongId", id=id_, enhanced=True)
    probe.need_success("getLyricsBySongId", answer)
    envelope = check_json(probe, answer, "getLyricsBySongId")
    found: list[Json] = envelope["lyricsList"].get("structuredLyrics", [])
    return found


def _with_cues(probe: Probe) -> Iterator[Json]:
    """Yield lyrics with times of words; raise `Skipped` if there are none."""
    probe.need_extension("songLyrics", 2)
    probe.facts.sung_song()
    known = probe.facts.sung[:_SONGS]
    found = 0
    for song in known:
        for lyrics in _enhanced(probe, song["id"]):
            if lyrics.get("cueLine"):
                found += 1
                yield lyrics
    if not found:
        raise Skipped(f"None of the {len(known)} lyrics looked at has times of words.")


def _cue_lines(probe: Probe) -> Iterator[Json]:
    for lyrics in _with_cues(probe):
        yield from lyrics["cueLine"]


@chapter.rule(
    "lyrics.enhanced",
    "With `enhanced` the answer is as OpenAPI has it, and has all lines that come without",
    why="docs:extensions/songlyrics/",
)
def _all_there(probe: Probe) -> None:
    probe.need_extension("songLyrics", 2)
    probe.facts.sung_song()
    for song in probe.facts.sung[:_SONGS]:
        main = [one["line"] for one in _enhanced(probe, song["id"])
                if one.get("kind", "main") == "main"]  # fmt: skip
        plain = probe.ask("getLyricsBySongId", id=song["id"])["lyricsList"]["structuredLyrics"]
        for lyrics in plain:
            expect(lyrics["line"] in main, f"{song['id']!r} lacks lyrics that it has without.")


@chapter.rule(
    "lyrics.cue-lines",
    "Times of words belong to lines of synchronised lyrics",
    why=_CUE_LINE,
)
def _indexes(probe: Probe) -> None:
    for lyrics in _with_cues(probe):
        expect(lyrics["synced"], "Lyrics that are not synchronised have `cueLine`.")
        count = len(lyrics["line"])
        for line in lyrics["cueLine"]:
            expect(0 <= line["index"] < count, f"`index` is {line['index']}, of {count} lines.")
            expect(line["cue"], f"`cue` of {line['value']!r} is empty.")


@chapter.rule(
    "lyrics.cue-bytes",
    "`byteStart` and `byteEnd` are where a word is in the line as UTF-8, and no two overlap",
    why=_CUE,
    apps=("Symfonium", "Feishin"),
)
def _bytes(probe: Probe) -> None:
    for line in _cue_lines(probe):
        text = line["value"].encode()
        free = 0
        for cue in sorted(line["cue"], key=lambda one: int(one["byteStart"])):
            start, end = cue["byteStart"], cue["byteEnd"]
            place = f"{cue['value']!r} in {line['value']!r}"
            is_within = 0 <= start <= end < len(text)
            expect(is_within, f"{place}: bytes {start} to {end} of {len(text)}.")
            expect(start >= free, f"{place}: byte {start} belongs to the word before.")
            found = text[start : end + 1].decode("utf-8", "replace")
            is_same = found.strip() == cue["value"].strip()
            expect(is_same, f"{place}: bytes {start} to {end} are {found!r}.")
            free = end + 1


@chapter.rule(
    "lyrics.cue-times",
    "Times of words rise, none is negative, and all words of a line have an end or none has",
    why=_CUE,
)
def _times(probe: Probe) -> None:
    for line in _cue_lines(probe):
        place = repr(line["value"])
        starts = [cue["start"] for cue in line["cue"]]
        is_rising = starts == sorted(starts) and min(starts) >= 0
        expect(is_rising, f"{place}: the words begin at {starts[:9]}.")
        ends = [cue["end"] for cue in line["cue"] if "end" in cue]
        expect(len(ends) in (0, len(starts)), f"{place}: {len(ends)} of {len(starts)} have `end`.")
        for start, end in zip(starts, ends, strict=False):
            expect(start <= end, f"{place}: a word begins at {start} and ends at {end}.")


@chapter.rule(
    "lyrics.agents",
    "Each line of words names one of the singers if there are any, of whom one is the main one",
    why=_AGENT,
)
def _agents(probe: Probe) -> None:
    for lyrics in _with_cues(probe):
        agents = lyrics.get("agents", [])
        roles = {agent["id"]: agent["role"] for agent in agents}
        expect(len(roles) == len(agents), f"Two agents have the same id: {sorted(roles)}.")
        main = list(roles.values()).count("main")
        expect(main == 1 or not agents, f"{main} agents have the role main.")
        for line in lyrics["cueLine"]:
            named = line.get("agentId")
            is_known = named in roles if roles else named is None
            expect(is_known, f"`agentId` is {named!r}, and the agents are {sorted(roles)}.")
        _need_main_first(lyrics["cueLine"], roles)


def _need_main_first(lines: list[Json], roles: dict[str, str]) -> None:
    """Raise `Fault` if of the words of one line the main singer's come later than another's."""
    first: dict[int, str] = {}
    for line in lines:
        role = roles.get(line.get("agentId", ""), "main")
        before = first.setdefault(line["index"], role)
        expect(before == "main" or role != "main",
               f"Line {line['index']} has the main singer's words after others'.")  # fmt: skip
