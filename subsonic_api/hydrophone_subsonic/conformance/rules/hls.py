"""HLS: the list, the list of a variant, and what it consists of."""

import re
from urllib.parse import urlencode, urljoin

from hydrophone_subsonic.conformance.answer import Answer
from hydrophone_subsonic.conformance.probe import Probe
from hydrophone_subsonic.conformance.rule import Chapter
from hydrophone_subsonic.conformance.rules.answers import declare_refusals
from hydrophone_subsonic.conformance.verdict import Skipped, expect

chapter = Chapter("hls", "HLS")

declare_refusals(chapter, "hls.m3u8", unknown=True)

_PAGE = "docs:endpoints/hls/"
_START = 64 * 1024


def _list(probe: Probe, url: str) -> Answer:
    answer = probe.send("GET", url, headers={}, limit=_START)
    probe.need_success("hls.m3u8", answer)
    expect(answer.content.startswith(b"#EXTM3U"), "It does not begin with #EXTM3U.")
    return answer


def _addresses(answer: Answer, url: str) -> list[str]:
    """Return what a list names, as whole addresses (RFC 8216, section 4.1)."""
    lines = (line.strip() for line in answer.content.decode("utf-8", "replace").splitlines())
    return [urljoin(url, line) for line in lines if line and not line.startswith("#")]


def _media_list(probe: Probe, id_: str) -> tuple[Answer, str]:
    """Return the list of the segments of a song or video, and its address."""
    base = str(probe.http.base_url).rstrip("/")
    url = f"{base}/rest/hls.m3u8?{urlencode({**probe.usual(), 'id': id_})}"
    answer = _list(probe, url)
    if b"#EXT-X-STREAM-INF" in answer.content:
        variants = _addresses(answer, url)
        expect(variants, "It names no variant.")
        url = variants[0]
        answer = _list(probe, url)
    return answer, url


def _need_segment(probe: Probe, id_: str) -> None:
    """Go from the list of a song or video to its first segment."""
    answer, url = _media_list(probe, id_)
    segments = _addresses(answer, url)
    expect(segments, "It names no segment.")
    segment = probe.send("GET", segments[0], headers={}, limit=_START)
    expect(segment.status == 200, f"The HTTP status of a segment is {segment.status}.")
    expect(segment.content, "The first segment is empty.")
    expect(segment.failure_code() is None, "The first segment is a failure.")
    kind = segment.content_type
    expect(kind.startswith(("audio/", "video/")) or kind == "application/octet-stream",
           f"The type of a segment is {kind!r}.")  # fmt: skip


@chapter.rule("hls.list", "hls.m3u8 sends a playlist of HLS", why=_PAGE)
def _song_list(probe: Probe) -> None:
    answer = probe.call("hls.m3u8", f="", limit=_START, id=probe.facts.song()["id"])
    probe.need_success("hls.m3u8", answer)
    expect(answer.content.startswith(b"#EXTM3U"), "It does not begin with #EXTM3U.")


@chapter.rule("hls.segment", "A list of HLS leads to segments of a song", why=_PAGE)
def _song_segment(probe: Probe) -> None:
    _need_segment(probe, str(probe.facts.song()["id"]))


@chapter.rule("hls.video", "A list of HLS leads to segments of a video", why=_PAGE)
def _video_segment(probe: Probe) -> None:
    _need_segment(probe, _video(probe))


def _video(probe: Probe) -> str:
    videos = probe.ask("getVideos")["videos"].get("video", [])
    if not videos:
        raise Skipped("The library has no video.")
    return str(videos[0]["id"])


def _need_durations(probe: Probe, id_: str) -> None:
    """Raise `Fault` unless each segment, rounded, is as long as the list says, or shorter."""
    text = _media_list(probe, id_)[0].content.decode("utf-8", "replace")
    target = re.search(r"^#EXT-X-TARGETDURATION:(\d+)\s*$", text, re.MULTILINE)
    expect(target, "The list has no #EXT-X-TARGETDURATION.")
    durations = re.findall(r"^#EXTINF:([0-9.]+)", text, re.MULTILINE)
    expect(durations, "The list has no #EXTINF.")
    for duration in durations:
        is_within = target is None or int(float(duration) + 0.5) <= int(target[1])
        expect(is_within, f"A segment has {duration} s, and {target and target[0].strip()}.")


@chapter.rule(
    "hls.durations",
    "No segment of a song is longer than #EXT-X-TARGETDURATION",
    why="RFC 8216, section 4.3.3.1: players time their requests by it",
)
def _song_durations(probe: Probe) -> None:
    _need_durations(probe, str(probe.facts.song()["id"]))


@chapter.rule(
    "hls.video-durations",
    "No segment of a video is longer than #EXT-X-TARGETDURATION",
    why="RFC 8216, section 4.3.3.1: players time their requests by it",
)
def _video_durations(probe: Probe) -> None:
    _need_durations(probe, _video(probe))
