"""Reads a podcast's feed (RSS or Atom). Made to run in a sandboxed worker."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.parsers import expat

import podcastparser

from hydrophone.domain.units import ByteCount, Seconds, Timestamp
from hydrophone.errors import MediaError
from hydrophone.media.feed import MOST_EPISODES, Feed, FeedEpisode, FeedRequest

_BASE = "http://feed.invalid"
_BASE_FOLDER = f"{_BASE}/-/"
"""What the parser takes for the address of the feed. It makes `guid`s into links as well, and an
episode must stay the same when its feed moves."""
_DEEPEST = 100
"""Elements within each other; feeds need ten, and deep ones take the parser for ever."""
_LONGEST_TITLE = 500
_LONGEST_TEXT = 4000
_LONGEST_URL = 2000
_LAST = 253_402_300_799
"""9999-12-31 in seconds."""
_LONGEST = 31 * 86_400
_WEB_PAGE = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

_BY_TYPE = {
    "audio/mpeg": "mp3",
    "audio/mp3": "mp3",
    "audio/mp4": "m4a",
    "audio/x-m4a": "m4a",
    "audio/m4a": "m4a",
    "audio/aac": "aac",
    "audio/ogg": "ogg",
    "audio/opus": "opus",
    "audio/flac": "flac",
    "audio/x-flac": "flac",
    "audio/wav": "wav",
    "audio/x-wav": "wav",
    "video/mp4": "mp4",
    "video/x-m4v": "mp4",
    "video/quicktime": "mp4",
}
_CONTENT_TYPES = {
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "m4b": "audio/mp4",
    "aac": "audio/aac",
    "ogg": "audio/ogg",
    "oga": "audio/ogg",
    "opus": "audio/ogg",
    "flac": "audio/flac",
    "wav": "audio/wav",
    "mp4": "video/mp4",
}


def parse_feed(request: FeedRequest) -> Feed:
    """Read a feed, leaving out what cannot be played.

    Document types and entities are refused: with them a few bytes can be made into gigabytes, or
    into the server's own files. Blocks, for seconds if the feed is large.

    Raises:
        MediaError: It is no feed; one sentence for a person.
    """
    _check(request.content)
    try:
        found = podcastparser.parse(_BASE_FOLDER, BytesIO(request.content))
    except podcastparser.FeedParseError as error:
        raise MediaError("This is no feed of a podcast.") from error
    episodes: dict[str, FeedEpisode] = {}
    for item in found["episodes"]:
        for episode in _episode(item, request.url):
            episodes.setdefault(episode.guid, episode)
    newest = sorted(episodes.values(), key=lambda one: one.published or 0, reverse=True)
    return Feed(
        title=_text(found.get("title"), _LONGEST_TITLE).strip("-")
        or urlsplit(request.url).hostname
        or "",
        description=_text(found.get("description"), _LONGEST_TEXT),
        image_url=_url(found.get("cover_url"), request.url),
        episodes=tuple(newest[:MOST_EPISODES]),
    )


def _check(content: bytes) -> None:
    if _WEB_PAGE.match(content):
        raise MediaError("This is a web page and not a feed.")
    parser = expat.ParserCreate()
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise MediaError("The feed is nested too deeply.")

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1

    def refuse(*arguments: object) -> None:
        raise MediaError("The feed has a document type or entities, which are refused.")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise MediaError(f"The feed is broken at line {error.lineno}.") from error


def _episode(item: dict[str, Any], base: str) -> Iterator[FeedEpisode]:
    """Yield an episode with the first of its files that can be played, if there is one."""
    for enclosure in item["enclosures"]:
        url = _url(enclosure["url"], base)
        suffix = _suffix(url, enclosure["mime_type"])
        if not url or not suffix:
            continue
        seconds = item["published"]
        yield FeedEpisode(
            guid=_text(item["guid"], _LONGEST_URL).removeprefix(_BASE_FOLDER) or url,
            title=_text(item["title"], _LONGEST_TITLE) or url.rpartition("/")[2],
            description=_text(item["description"], _LONGEST_TEXT),
            published=Timestamp(int(seconds) * 1000) if 0 < seconds <= _LAST else None,
            url=url,
            duration=Seconds(float(min(max(item["total_time"] or 0, 0), _LONGEST))),
            size=ByteCount(min(max(enclosure["file_size"], 0), 2**50)),
            suffix=suffix,
            content_type=_CONTENT_TYPES[suffix],
        )
        return


def _suffix(url: str, mime_type: str) -> str:
    """Say what a file is called by its kind; empty for what is neither music nor film."""
    told = _BY_TYPE.get(mime_type.partition(";")[0].strip().lower())
    if told:
        return told
    ending = urlsplit(url).path.rpartition(".")[2].lower()
    return ending if ending in _CONTENT_TYPES else ""


def _url(text: str | None, base: str) -> str:
    url = (text or "").strip()
    try:
        if url.startswith(_BASE_FOLDER):
            url = urljoin(base, url.removeprefix(_BASE_FOLDER))
        elif url.startswith(_BASE):
            url = urljoin(base, url.removeprefix(_BASE))
        scheme = urlsplit(url).scheme
    except ValueError:
        return ""
    return url if scheme in ("http", "https") and len(url) <= _LONGEST_URL else ""


def _text(text: str | None, longest: int) -> str:
    return _UNPRINTABLE.sub("", text or "").strip()[:longest]
