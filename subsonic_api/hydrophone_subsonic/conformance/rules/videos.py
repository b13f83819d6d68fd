"""Videos: their captions."""

import re

from hydrophone_subsonic.conformance.answer import Json
from hydrophone_subsonic.conformance.probe import Probe
from hydrophone_subsonic.conformance.rule import Chapter
from hydrophone_subsonic.conformance.rules.answers import declare_refusals
from hydrophone_subsonic.conformance.verdict import Skipped, expect

chapter = Chapter("videos", "Videos")

declare_refusals(chapter, "getCaptions", unknown=True)

_VIDEOS = 5
_BEGINNING = re.compile(r"\ufeff?(WEBVTT(\s|$)|\s*(\d+\s*\r?\n\s*\d+:\d\d:\d\d[,.]\d+\s*-->|$))")
"""How captions begin: WebVTT, section 4.1, and SubRip, a number and two times."""
_NO_CAPTIONS = ("text/html", "text/xml", "application/xml", "application/json")
"""Types that are no captions': these are pages and failures."""


def _with_captions(probe: Probe) -> str:
    """Return the id of a video that has captions, by what getVideoInfo says."""
    videos: list[Json] = probe.ask("getVideos")["videos"].get("video", [])
    if not videos:
        raise Skipped("The library has no video.")
    for video in videos[:_VIDEOS]:
        info = probe.ask("getVideoInfo", id=video["id"])["videoInfo"]
        if info.get("captions"):
            return str(video["id"])
    raise Skipped(f"None of the {len(videos[:_VIDEOS])} videos looked at has captions.")


@chapter.rule(
    "captions.format",
    "getCaptions sends captions, as WebVTT or SubRip",
    why="docs:endpoints/getcaptions/",
)
def _format(probe: Probe) -> None:
    id_ = _with_captions(probe)
    # The format that is asked for is no more than the one preferred.
    for form in ("vtt", "srt"):
        answer = probe.call("getCaptions", f="", id=id_, format=form)
        probe.need_success("getCaptions", answer)
        kind = answer.content_type
        expect(kind not in _NO_CAPTIONS, f"format={form}: the Content-Type is {kind!r}.")
        text = answer.content.decode("utf-8", "replace")
        expect(_BEGINNING.match(text), f"format={form}: it begins with {text[:40]!r}.")
