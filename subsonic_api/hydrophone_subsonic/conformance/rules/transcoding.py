"""The extension `transcoding`: a decision for a player, and the stream by it."""

import json
from urllib.parse import urlencode

from hydrophone_subsonic.conformance.answer import Answer, Json
from hydrophone_subsonic.conformance.probe import Probe, Value
from hydrophone_subsonic.conformance.rule import Chapter
from hydrophone_subsonic.conformance.rules.conversion import need_shorter
from hydrophone_subsonic.conformance.schema import faults
from hydrophone_subsonic.conformance.spec import ENDPOINTS
from hydrophone_subsonic.conformance.verdict import Skipped, expect

chapter = Chapter("transcoding", "Transcoding (extension)")

_PAGE = "docs:extensions/transcoding/"
_SONG = 16 * 1024 * 1024


def _decide(probe: Probe, song: Json, *, codec: str) -> Json:
    """Ask for the decision for a player that plays this codec only."""
    probe.need_extension("transcoding")
    player = {
        "name": "conformance",
        "platform": "conformance",
        "maxAudioBitrate": 0,
        "maxTranscodingAudioBitrate": 0,
        "directPlayProfiles": [
            {"containers": [codec], "audioCodecs": [codec], "protocols": ["http"],
             "maxAudioChannels": 2}
        ],
        "transcodingProfiles": [
            {"container": "mp3", "audioCodec": "mp3", "protocol": "http", "maxAudioChannels": 2}
        ],
        "codecProfiles": [],
    }  # fmt: skip
    query = {**probe.usual(), "f": "json", "mediaId": song["id"]}
    answer = probe.send(
        "POST",
        "/rest/getTranscodeDecision.view?" + urlencode({**query, "mediaType": "song"}),
        headers={"Content-Type": "application/json"},
        content=json.dumps(player).encode(),
    )
    probe.need_success("getTranscodeDecision", answer)
    envelope = answer.envelope()
    schema = ENDPOINTS["getTranscodeDecision"].answer
    found = list(faults(envelope, schema, "subsonic-response"))
    expect(not found, "; ".join(found[:5]))
    decision: Json = envelope["transcodeDecision"]
    return decision


@chapter.rule(
    "transcoding.direct",
    "getTranscodeDecision lets a player that plays the song's format play it",
    why="docs:endpoints/gettranscodedecision/",
)
def _direct(probe: Probe) -> None:
    song = probe.facts.file()
    suffix = str(song.get("suffix"))
    decision = _decide(probe, song, codec=suffix)
    expect(decision["canDirectPlay"] is True, f"It may not play {suffix} directly.")


@chapter.rule(
    "transcoding.convert",
    "getTranscodeStream sends what a player can play",
    why="docs:endpoints/gettranscodestream/",
)
def _convert(probe: Probe) -> None:
    answer = _converted(probe, limit=4096)
    expect(answer.content_type.startswith("audio/"), f"The type is {answer.content_type!r}.")


@chapter.rule(
    "transcoding.offset",
    "getTranscodeStream with `offset` begins there, and so is shorter",
    why="docs:endpoints/gettranscodestream/",
)
def _offset(probe: Probe) -> None:
    whole = _converted(probe, limit=_SONG)
    rest = _converted(probe, limit=_SONG, offset=int(probe.facts.short_song()["duration"]) // 2)
    need_shorter(rest, whole, "From the middle on")


def _converted(probe: Probe, *, limit: int, **more: Value) -> Answer:
    """Ask for the shortest song as a player gets it that has no other codec than MP3."""
    song = probe.facts.short_song()
    decision = _decide(probe, song, codec="conformance")
    expect(decision["canDirectPlay"] is False, "It may play what it cannot.")
    if not decision["canTranscode"]:
        raise Skipped("The server does not convert to MP3.")
    asked = {"mediaId": song["id"], "mediaType": "song", **more}
    params = decision["transcodeParams"]
    answer = probe.call("getTranscodeStream", asked, f="", limit=limit, transcodeParams=params)
    expect(answer.status == 200, f"The HTTP status is {answer.status}.")
    return answer


@chapter.rule(
    "transcoding.bad-parameters",
    "getTranscodeStream with made-up parameters gets an HTTP error",
    why=_PAGE,
)
def _bad(probe: Probe) -> None:
    probe.need_extension("transcoding")
    answer = probe.call(
        "getTranscodeStream", f="", limit=4096, mediaId=probe.facts.streamed()["id"],
        mediaType="song", transcodeParams="conformance",
    )  # fmt: skip
    probe.need_permission("getTranscodeStream", answer)
    expect(answer.status >= 400, f"The HTTP status is {answer.status}.")
