"""Media: streams and downloads with ranges, and how they fail."""

from hydrophone_subsonic.conformance.answer import Answer, Json
from hydrophone_subsonic.conformance.media_type import is_same_type
from hydrophone_subsonic.conformance.probe import Probe, Value
from hydrophone_subsonic.conformance.rule import Chapter, Severity
from hydrophone_subsonic.conformance.rules.answers import declare_refusals
from hydrophone_subsonic.conformance.verdict import Skipped, expect

chapter = Chapter("media", "Media retrieval")

declare_refusals(chapter, "stream", "download", unknown=True)

_STREAM = "docs:endpoints/stream/"
_RANGES = "RFC 9110, section 14"
_START = 64 * 1024
_SONG = 16 * 1024 * 1024


def _bytes(
    probe: Probe,
    range_: str = "",
    *,
    endpoint: str = "stream",
    method: str = "GET",
    limit: int = _START,
    **more: str,
) -> Answer:
    """Ask for a file as it is; `more` are headers, with underscores for hyphens."""
    song = probe.facts.file()
    headers = {name.replace("_", "-"): value for name, value in more.items()}
    if range_:
        headers["Range"] = f"bytes={range_}"
    parameters: dict[str, Value] = {"id": song["id"]}
    if endpoint == "stream":
        parameters["format"] = "raw"
    answer = probe.call(endpoint, parameters, f="", method=method, headers=headers, limit=limit)
    probe.need_support(endpoint, answer)
    probe.need_permission(endpoint, answer)
    return answer


def _need_part(answer: Answer, start: int, content: bytes) -> None:
    """Raise `Fault` unless an answer is this part of the file."""
    expect(answer.status == 206, f"The HTTP status is {answer.status}, not 206.")
    found = answer.headers.get("content-range", "")
    wanted = f"bytes {start}-{start + len(content) - 1}/"
    expect(found.startswith(wanted), f"Content-Range is {found!r}, not {wanted}...")
    expect(answer.content == content, "The bytes are not those of this place in the file.")


def _length(answer: Answer, song: Json) -> int:
    """Return how long the file is: what the answer says, or else the song."""
    found = answer.headers.get("content-length", song.get("size"))
    if found is None:
        raise Skipped("Neither a Content-Length nor `size` tells how long the file is.")
    return int(found)


@chapter.rule(
    "stream.whole",
    "stream of format=raw sends the file with its length, as media or as bytes of any kind",
    why=_STREAM,
    apps=("DSub", "Strawberry"),
)
def _whole(probe: Probe) -> None:
    answer = _bytes(probe)
    expect(answer.status == 200, f"The HTTP status is {answer.status}.")
    kind = answer.content_type
    expect(kind.startswith(("audio/", "video/", "application/ogg", "application/octet-stream")),
           f"The Content-Type is {kind!r}.")  # fmt: skip
    expect(answer.content, "The body is empty.")
    size = probe.facts.file().get("size")
    length = answer.headers.get("content-length")
    expect(length is not None, "There is no Content-Length.")
    expect(size is None or int(length or 0) == size, f"Content-Length {length}, `size` {size}.")


@chapter.rule(
    "stream.type",
    "A song's `contentType` is what stream of format=raw and download send",
    why="docs:responses/child/",
    severity=Severity.SHOULD,
    apps=("Ultrasonic",),
)
def _type(probe: Probe) -> None:
    id_ = probe.facts.file()["id"]
    said = probe.ask("getSong", id=id_)["song"].get("contentType")
    if not said:
        raise Skipped("The song has no `contentType`.")
    for endpoint in ("stream", "download"):
        sent = _bytes(probe, endpoint=endpoint).content_type
        # A general type says nothing, and so nothing else.
        is_same = sent == "application/octet-stream" or is_same_type(sent, said)
        expect(is_same, f"`contentType` is {said!r}, and {endpoint} sends {sent!r}.")


@chapter.rule(
    "stream.range",
    "A part in the middle is sent as it was asked for",
    why=_RANGES,
    apps=("DSub", "Ultrasonic", "airsonic-refix"),
)
def _range(probe: Probe) -> None:
    whole = _bytes(probe)
    for endpoint in ("stream", "download"):
        answer = _bytes(probe, "100-299", endpoint=endpoint)
        _need_part(answer, 100, whole.content[100:300])


@chapter.rule(
    "stream.range-open",
    "A range without an end goes to the end",
    why="DSub and Ultrasonic go on with it where a download broke off",
    apps=("DSub", "Ultrasonic", "airsonic-refix"),
)
def _range_open(probe: Probe) -> None:
    whole = _bytes(probe)
    answer = _bytes(probe, "50-")
    expect(answer.status == 206, f"The HTTP status is {answer.status}, not 206.")
    found = answer.headers.get("content-range", "")
    expect(found.startswith("bytes 50-"), f"Content-Range is {found!r}.")
    start = answer.content[:1000]
    expect(start == whole.content[50:][: len(start)], "The bytes are those of another place.")


@chapter.rule("stream.range-end", "The last bytes can be asked for", why=_RANGES)
def _range_end(probe: Probe) -> None:
    length = _length(_bytes(probe), probe.facts.file())
    answer = _bytes(probe, "-100")
    expect(answer.status == 206, f"The HTTP status is {answer.status}, not 206.")
    wanted = f"bytes {length - 100}-{length - 1}/{length}"
    found = answer.headers.get("content-range")
    expect(found == wanted, f"Content-Range is {found!r}, not {wanted!r}.")
    expect(len(answer.content) == 100, f"{len(answer.content)} bytes are sent.")


@chapter.rule("stream.range-beyond", "A range beyond the end gets status 416", why=_RANGES)
def _range_beyond(probe: Probe) -> None:
    answer = _bytes(probe, "99999999999-")
    expect(answer.status == 416, f"The HTTP status is {answer.status}, not 416.")


@chapter.rule(
    "stream.validator",
    "A stream has an ETag or Last-Modified",
    why="RFC 9110, section 8.8: without it a broken download cannot be continued safely",
    severity=Severity.SHOULD,
)
def _validator(probe: Probe) -> None:
    headers = _bytes(probe).headers
    expect("etag" in headers or "last-modified" in headers, "It has neither.")


@chapter.rule("stream.if-range", "If-Range of another file gets the whole", why=_RANGES)
def _if_range(probe: Probe) -> None:
    answer = _bytes(probe, "100-299", If_Range='"conformance-another"')
    expect(answer.status == 200, f"The HTTP status is {answer.status}, not 200.")
    etag = _bytes(probe).headers.get("etag", "")
    if etag and not etag.startswith("W/"):
        answer = _bytes(probe, "100-299", If_Range=etag)
        expect(answer.status == 206, f"With the right one it is {answer.status}, not 206.")


@chapter.rule(
    "stream.head", "HEAD tells of a stream without sending it", why="RFC 9110, section 9.3.2",
    severity=Severity.SHOULD,
)  # fmt: skip
def _head(probe: Probe) -> None:
    answer = _bytes(probe, method="HEAD")
    expect(answer.status == 200, f"The HTTP status is {answer.status}.")
    expect(answer.content == b"", "It has a body.")
    length = _bytes(probe).headers.get("content-length")
    found = answer.headers.get("content-length")
    expect(found == length, f"Content-Length is {found}, and {length} of the stream.")


@chapter.rule(
    "stream.identity",
    "A stream is not compressed",
    why="Ranges would count other bytes than those of the file",
    severity=Severity.SHOULD,
)
def _identity(probe: Probe) -> None:
    found = _bytes(probe, Accept_Encoding="gzip").headers.get("content-encoding", "identity")
    expect(found == "identity", f"Content-Encoding is {found!r}.")


@chapter.rule(
    "stream.no-limit",
    "maxBitRate=0 means no limit",
    why=_STREAM,
    apps=("DSub",),
)
def _no_limit(probe: Probe) -> None:
    wanted = _bytes(probe)
    song = probe.facts.file()["id"]
    answer = probe.call("stream", f="", limit=_START, id=song, maxBitRate=0)
    expect(answer.status == 200, f"The HTTP status is {answer.status}.")
    expect(answer.failure_code() is None, "It fails.")
    expect(answer.content[:1] == wanted.content[:1], "It is another format than the file's.")


@chapter.rule(
    "stream.no-play",
    "Streaming alone counts as no play",
    why="Apps fetch ahead, and say by scrobble what was heard: plays would count twice",
    severity=Severity.SHOULD,
)
def _no_play(probe: Probe) -> None:
    probe.need_version(1, 14, 0)  # The XSD has `playCount` since then.
    song = probe.facts.streamed()["id"]
    before = probe.ask("getSong", id=song)["song"].get("playCount", 0)
    probe.call("stream", f="", limit=4096, id=song)
    after = probe.ask("getSong", id=song)["song"].get("playCount", 0)
    expect(before == after, f"`playCount` was {before}, and is {after}.")


@chapter.rule(
    "download.file",
    "download sends the file as it is, to its last byte",
    why="docs:endpoints/download/",
    apps=("Ultrasonic", "DSub"),
)
def _download(probe: Probe) -> None:
    answer, stream = (_bytes(probe, endpoint=one, limit=_SONG) for one in ("download", "stream"))
    expect(answer.status == 200, f"The HTTP status is {answer.status}.")
    lengths = [_length(one, probe.facts.file()) for one in (answer, stream)]
    expect(lengths[0] == lengths[1], f"It has {lengths[0]} bytes, and {lengths[1]} by stream.")
    sent = len(answer.content), len(stream.content)
    expect(sent[0] == sent[1], f"{sent[0]} bytes are sent, and {sent[1]} by stream.")
    expect(answer.content == stream.content, "It is not what stream sends of format=raw.")


@chapter.rule(
    "bytes.failure",
    "Where bytes are expected, a failure is an XML envelope, or JSON if asked for",
    why="DSub saves a body of any type but text/xml and text/html as music or as a picture",
    severity=Severity.APP,
    apps=("DSub", "Ultrasonic"),
)
def _failure(probe: Probe) -> None:
    for endpoint in ("stream", "getCoverArt"):
        for f, kinds in (("", ("text/xml",)), ("json", ("application/json",))):
            answer = probe.call(endpoint, f=f, limit=_START, id="conformance-no-such-id")
            place = f"{endpoint}, f={f or 'absent'}"
            expect(answer.status == 200, f"{place}: the HTTP status is {answer.status}.")
            expect(answer.content_type in kinds, f"{place}: the type is {answer.content_type!r}.")
            expect(answer.failure_code() is not None, f"{place}: no failure.")
