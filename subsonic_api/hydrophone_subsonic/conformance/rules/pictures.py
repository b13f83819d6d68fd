"""Pictures: covers and avatars."""

import re

from hydrophone_subsonic.conformance.answer import Answer
from hydrophone_subsonic.conformance.media_type import is_same_type
from hydrophone_subsonic.conformance.picture_size import picture_size
from hydrophone_subsonic.conformance.probe import Probe
from hydrophone_subsonic.conformance.rule import Chapter, Severity
from hydrophone_subsonic.conformance.rules.answers import declare_refusals
from hydrophone_subsonic.conformance.verdict import Skipped, expect

chapter = Chapter("pictures", "Pictures")

declare_refusals(chapter, "getCoverArt", "getAvatar", unknown=True)

_COVERS = 8
_START = 64 * 1024
_PICTURE = 1024 * 1024
"""Read of a picture for its size: embedded thumbnails and profiles may stand before it."""
_NOT_KEPT = re.compile(r"no-store|no-cache|\bmax-age=0\b")
"""With these in Cache-Control, what nothing tells the age of is fetched anew each time."""
_PICTURES = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG": "image/png",
    b"GIF8": "image/gif",
    b"RIFF": "image/webp",
    b"<svg": "image/svg+xml",
    b"\0\0\0": "",
}
"""From how a picture begins to its media type; empty for those of several, as AVIF and HEIC."""


def _cover(probe: Probe, id_: str, **headers: str) -> Answer:
    return probe.call("getCoverArt", f="", limit=_START, headers=headers, id=id_, size=64)


def _need_kind(answer: Answer) -> None:
    """Raise `Fault` unless an answer is a picture of the kind that it is said to be."""
    kind = answer.content_type
    expect(kind.startswith("image/"), f"The Content-Type is {kind!r}.")
    known = [name for start, name in _PICTURES.items() if answer.content.startswith(start)]
    expect(known, "The bytes are no picture.")
    is_same = not known[0] or is_same_type(known[0], kind)
    expect(is_same, f"The Content-Type is {kind!r}, and the bytes are {known[0]!r}.")


def _covers(probe: Probe) -> list[str]:
    things = (*probe.facts.albums, *probe.facts.songs)
    ids = dict.fromkeys(str(thing["coverArt"]) for thing in things if thing.get("coverArt"))
    if not ids:
        raise Skipped(f"None of the {len(things)} albums and songs looked at has a `coverArt`.")
    return list(ids)[:_COVERS]


def _some_cover(probe: Probe) -> str:
    return _covers(probe)[0]


@chapter.rule(
    "cover.picture",
    "A cover is a picture, of the type that is told",
    why="docs:endpoints/getcoverart/",
    apps=("DSub",),
)
def _picture(probe: Probe) -> None:
    for id_ in _covers(probe):
        answer = _cover(probe, id_)
        expect(answer.status == 200, f"`coverArt` {id_!r}: the HTTP status is {answer.status}.")
        _need_kind(answer)


@chapter.rule(
    "cover.size",
    "A cover is scaled to the `size` that is asked for",
    why="docs:endpoints/getcoverart/",
    apps=("DSub", "Feishin"),
)
def _cover_size(probe: Probe) -> None:
    id_ = _some_cover(probe)
    whole = _larger_side(probe.call("getCoverArt", f="", limit=_PICTURE, id=id_))
    if whole < 2:
        raise Skipped("The cover is a single pixel.")
    for size in (whole // 2, max(1, whole // 4)):
        side = _larger_side(probe.call("getCoverArt", f="", limit=_PICTURE, id=id_, size=size))
        expect(side <= size, f"Asked for size={size}, got {side} pixels; the whole has {whole}.")


def _larger_side(answer: Answer) -> int:
    found = picture_size(answer.content)
    if found is None:
        raise Skipped(f"The size of a picture of {answer.content_type!r} cannot be read.")
    return max(found)


@chapter.rule(
    "cover.ids",
    "getCoverArt takes ids of songs and albums",
    why="The original server does so, and older apps send them",
    severity=Severity.APP,
    apps=("DSub", "aonsoku"),
)
def _cover_ids(probe: Probe) -> None:
    song = probe.facts.song_that("has a `coverArt`", lambda song: song.get("coverArt"))
    for id_ in (song["id"], song.get("albumId") or song["id"]):
        answer = _cover(probe, id_)
        expect(answer.content_type.startswith("image/"), f"{id_!r}: {answer.content_type!r}.")


@chapter.rule(
    "cover.caching",
    "Covers may be kept: an ETag or Last-Modified that is honoured, or Cache-Control",
    why="Apps ask for hundreds of covers at once",
    severity=Severity.SHOULD,
)
def _caching(probe: Probe) -> None:
    id_ = _some_cover(probe)
    headers = _cover(probe, id_).headers
    if "etag" in headers:
        again = _cover(probe, id_, **{"If-None-Match": headers["etag"]})
        expect(again.status == 304, f"If-None-Match with its ETag gets {again.status}, not 304.")
        return
    if "last-modified" in headers:
        again = _cover(probe, id_, **{"If-Modified-Since": headers["last-modified"]})
        if again.status == 304:
            return
    control = headers.get("cache-control")
    is_kept = "expires" in headers if control is None else not _NOT_KEPT.search(control.lower())
    expect(is_kept, "There is no ETag, no Last-Modified that is honoured, and Cache-Control is"
                    f" {control!r}.")  # fmt: skip


@chapter.rule(
    "avatar.picture",
    "An avatar is a picture, of the type that is told, or not found",
    why="docs:endpoints/getavatar/",
)
def _avatar(probe: Probe) -> None:
    answer = probe.call("getAvatar", f="", limit=_START, username=probe.facts.user)
    probe.need_support("getAvatar", answer)
    if answer.failure_code() == 70:
        raise Skipped("The user has no avatar.")
    _need_kind(answer)
