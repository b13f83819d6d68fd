"""Apps that say what they can play (extension transcoding), against the real server."""

import subprocess
from typing import Any

import pytest

from hydrophone.media.ffmpeg import find_ffmpeg
from hydrophone.testing.client import SubsonicClient

MP3_ONLY = {
    "name": "App",
    "platform": "Android",
    "maxAudioBitrate": None,
    "maxTranscodingAudioBitrate": 96_000,
    "directPlayProfiles": [{"containers": ["mp3"], "audioCodecs": ["mp3"], "protocols": ["http"]}],
    "transcodingProfiles": [{"container": "mp3", "audioCodec": "mp3", "protocol": "http"}],
    "codecProfiles": [
        {
            "type": "AudioCodec",
            "name": "mp3",
            "limitations": [
                {
                    "name": "audioChannels",
                    "comparison": "LessThanEqual",
                    "values": ["1"],
                    "required": True,
                },
            ],
        },
    ],
}


def song_of(client: SubsonicClient, suffix: str) -> str:
    return next(str(song["id"]) for song in client.songs() if song["suffix"] == suffix)


def post(client: SubsonicClient, song: str, content: bytes, kind: str) -> dict[str, Any]:
    answer = client.http.post(
        "/rest/getTranscodeDecision",
        params={**client.login, "f": "json", "mediaId": song, "mediaType": "song"},
        content=content,
        headers={"Content-Type": kind},
    )
    assert answer.status_code == 200
    envelope: dict[str, Any] = answer.json()["subsonic-response"]
    return envelope


def decide(client: SubsonicClient, song: str, app: dict[str, Any]) -> dict[str, Any]:
    answer = client.http.post(
        "/rest/getTranscodeDecision",
        params={**client.login, "f": "json", "mediaId": song, "mediaType": "song"},
        json=app,
    )
    decision: dict[str, Any] = answer.json()["subsonic-response"]["transcodeDecision"]
    return decision


def stream_of(audio: bytes) -> dict[str, str]:
    """Return codec, rate and channels of the first stream, and how long it sounds."""
    told = subprocess.run(
        [str(find_ffmpeg()), "-hide_banner", "-i", "pipe:0", "-f", "null", "-"],
        input=audio, capture_output=True, check=True, timeout=120,
    ).stderr.decode()  # fmt: skip
    line = next(line for line in told.splitlines() if "Audio:" in line)
    codec, rate, channels, *_ = line.partition("Audio: ")[2].split(", ")
    return {"codec": codec.split()[0], "rate": rate, "channels": channels}


def test_a_decision_and_what_comes_of_it(client: SubsonicClient) -> None:
    song = song_of(client, "flac")
    decision = decide(client, song, MP3_ONLY)
    token = decision.pop("transcodeParams")
    bit_rate = decision["sourceStream"].pop("audioBitrate")
    assert bit_rate % 1000 == 0
    assert decision == {
        "canDirectPlay": False,
        "canTranscode": True,
        "transcodeReason": ["container not supported"],
        "errorReason": "",
        "sourceStream": {
            "protocol": "http",
            "container": "flac",
            "codec": "flac",
            "audioChannels": 2,
            "audioSamplerate": 44100,
            "audioBitdepth": 16,
        },
        "transcodeStream": {
            "protocol": "http",
            "container": "mp3",
            "codec": "mp3",
            "audioChannels": 1,
            "audioBitrate": 96000,
            "audioSamplerate": 44100,
        },
    }
    wanted = {"mediaId": song, "mediaType": "song", "transcodeParams": token}
    whole = client.get("getTranscodeStream", **wanted)
    assert whole.status_code == 200
    assert whole.headers["content-type"] == "audio/mpeg"
    assert float(whole.headers["x-content-duration"]) == 3.0
    assert stream_of(whole.content) == {"codec": "mp3", "rate": "44100 Hz", "channels": "mono"}
    assert len(whole.content) == pytest.approx(3 * 96_000 / 8, rel=0.05)
    part = client.get("getTranscodeStream", offset=2, **wanted)
    assert len(part.content) == pytest.approx(96_000 / 8, rel=0.1)
    # Kept by now, and so sent with ranges.
    again = client.get("getTranscodeStream", headers={"Range": "bytes=100-199"}, **wanted)
    assert (again.status_code, again.content) == (206, whole.content[100:200])


def test_files_as_they_are(client: SubsonicClient) -> None:
    """The scan knows what is in a container."""
    for suffix, container, codec in (
        ("ogg", "ogg", "vorbis"), ("opus", "ogg", "opus"), ("m4a", "mp4", "aac"),
    ):  # fmt: skip
        fits = {"containers": [container], "audioCodecs": [codec], "protocols": ["http"]}
        decision = decide(client, song_of(client, suffix), {"directPlayProfiles": [fits]})
        assert decision["canDirectPlay"]
        assert decision["transcodeReason"] == []
        assert decision["sourceStream"]["codec"] == codec
        other = {**fits, "audioCodecs": ["flac"]}
        decision = decide(client, song_of(client, suffix), {"directPlayProfiles": [other]})
        assert decision["transcodeReason"] == ["audio codec not supported"]
        assert decision["errorReason"]
        assert not decision["canTranscode"]


@pytest.mark.parametrize(
    ("content", "kind", "code"),
    [
        (b"", "application/json", 10),
        (b"{}", "text/plain", 10),
        (b"{", "application/json", 0),
        (b"[]", "application/json", 0),
        (b"[" * 100_000, "application/json", 0),
        (b'{"maxAudioBitrate": -1}', "application/json", 0),
        (b'{"maxAudioBitrate": "\xff"}', "application/json", 0),
        (b'{"codecProfiles": [{"name": "mp3", "limitations": [{"name": "x"}]}]}',
         "application/json", 0),
        (b'{"name": "' + b"x" * 300_000 + b'"}', "application/json", 0),
    ],
)  # fmt: skip
def test_bad_bodies(client: SubsonicClient, content: bytes, kind: str, code: int) -> None:
    assert post(client, song_of(client, "flac"), content, kind)["error"]["code"] == code


def test_parameters_are_for_one_song(client: SubsonicClient) -> None:
    token = decide(client, song_of(client, "flac"), MP3_ONLY)["transcodeParams"]
    for suffix, parameters, status in (
        ("ogg", {"transcodeParams": token}, 400),
        ("flac", {"transcodeParams": token[:-1] + "~"}, 400),
        ("flac", {"transcodeParams": token, "offset": 3}, 400),
        ("flac", {"transcodeParams": token, "offset": -1}, 400),
        ("flac", {"transcodeParams": token, "u": "nobody"}, 401),
    ):
        answer = client.get(
            "getTranscodeStream", mediaId=song_of(client, suffix), mediaType="song", **parameters
        )
        assert answer.status_code == status
        assert answer.json()["subsonic-response"]["error"]["message"]
