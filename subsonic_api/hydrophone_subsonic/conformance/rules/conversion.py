"""Streams that are converted: the format, the bit rate, and where they begin."""

from hydrophone_subsonic.conformance.answer import Answer, Json
from hydrophone_subsonic.conformance.mp3_frames import bit_rate
from hydrophone_subsonic.conformance.probe import Probe, Value
from hydrophone_subsonic.conformance.rule import Chapter
from hydrophone_subsonic.conformance.verdict import Skipped, expect

chapter = Chapter("conversion", "Converted streams")

_STREAM = "docs:endpoints/stream/"
_START = 256 * 1024
_SONG = 16 * 1024 * 1024
_KBPS = 64
_MOST_KBPS = 80
"""A variable bit rate meets its aim only on the whole."""


def _as_mp3(probe: Probe, song: Json) -> Answer:
    """Ask for 64 kbit/s; raise `Skipped` where the server does not convert."""
    asked: dict[str, Value] = {"id": song["id"], "format": "mp3", "maxBitRate": _KBPS}
    answer = probe.call("stream", asked, f="", limit=_START)
    if answer.status != 200 or answer.failure_code() is not None:
        raise Skipped("The server does not convert to MP3.")
    return answer


@chapter.rule("stream.convert", "A stream is converted to MP3 if asked for", why=_STREAM)
def _convert(probe: Probe) -> None:
    answer = _as_mp3(probe, probe.facts.short_song())
    expect(answer.content_type in ("audio/mpeg", "audio/mp3"), f"It is {answer.content_type!r}.")
    is_mp3 = answer.content[:3] == b"ID3" or (
        answer.content[:1] == b"\xff" and answer.content[1:2] >= b"\xe0"
    )
    expect(is_mp3, "The bytes are no MP3.")


@chapter.rule(
    "stream.bit-rate",
    "A stream has no more kilobits a second than `maxBitRate`",
    why=_STREAM,
    apps=("DSub", "Ultrasonic", "Symfonium"),
)
def _bit_rate(probe: Probe) -> None:
    song = probe.facts.short_song(
        f"has more than {_MOST_KBPS} kbit/s", lambda one: one.get("bitRate", 0) > _MOST_KBPS
    )
    found = bit_rate(_as_mp3(probe, song).content)
    if found is None:
        raise Skipped("The server does not convert to MP3.")
    said = f"A song of {song['bitRate']} kbit/s comes with {found:.0f} for maxBitRate={_KBPS}."
    expect(found <= _MOST_KBPS, said)


@chapter.rule(
    "stream.offset",
    "A converted stream with `timeOffset` begins there, and so is shorter",
    why="docs:extensions/transcodeoffset/",
    apps=("Symfonium", "Feishin"),
)
def _offset(probe: Probe) -> None:
    probe.need_extension("transcodeOffset")
    song = probe.facts.short_song()
    converted = 0
    for form in ("mp3", "opus"):
        asked: dict[str, Value] = {"id": song["id"], "format": form, "maxBitRate": _KBPS}
        whole = probe.call("stream", asked, f="", limit=_SONG)
        if whole.status != 200 or whole.failure_code() is not None or not whole.is_whole:
            continue
        if whole.content_type == song.get("contentType"):
            continue  # The file as it is, of which nothing promises that it begins later.
        rest = probe.call("stream", asked, f="", limit=_SONG, timeOffset=int(song["duration"]) // 2)
        expect(rest.status == 200, f"{form}: with `timeOffset` the HTTP status is {rest.status}.")
        need_shorter(rest, whole, f"{form}: from the middle on")
        converted += 1
    if not converted:
        raise Skipped("The server converts neither to MP3 nor to Opus.")


def need_shorter(rest: Answer, whole: Answer, what: str) -> None:
    """Raise `Fault` unless a stream from the middle on is clearly shorter than the whole."""
    lengths = f"{len(rest.content)} of {len(whole.content)} bytes"
    is_shorter = 0 < len(rest.content) < 0.9 * len(whole.content)
    expect(is_shorter, f"{what} there are {lengths}.")
