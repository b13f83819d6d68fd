"""Music as other formats and fewer bits, over real connections."""

import subprocess

import pytest
from tests.e2e.streaming.songs import await_ffmpegs, ffmpegs, song_of
from tests.e2e.waiting import until

from hydrophone.media.ffmpeg import find_ffmpeg
from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.server import RunningServer


def seconds_of(audio: bytes) -> float:
    """Decode audio and return how long it sounds."""
    finished = subprocess.run(
        [
            str(find_ffmpeg()),
            *["-v", "error", "-i", "pipe:0", "-f", "s16le", "-ac", "1", "-ar", "8000", "pipe:1"],
        ],
        input=audio,
        capture_output=True,
        timeout=120,
        check=True,
    )
    assert not finished.stderr
    return len(finished.stdout) / 2 / 8000


@pytest.mark.parametrize(
    ("format_", "content_type"),
    [
        ("mp3", "audio/mpeg"),
        ("opus", "audio/ogg"),
        ("aac", "audio/aac"),
        ("flac", "audio/flac"),
    ],
)
@pytest.mark.parametrize("offset", [0, 1.5])
def test_transcodes(client: SubsonicClient, format_: str, content_type: str, offset: float) -> None:
    """The offset decides where a song begins (extension transcodeOffset)."""
    song = song_of(client, "ogg")
    answer = client.get("stream", id=song["id"], format=format_, maxBitRate=64, timeOffset=offset)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == content_type
    assert "content-length" not in answer.headers
    assert "accept-ranges" not in answer.headers
    assert seconds_of(answer.content) == pytest.approx(3.0 - offset, abs=0.06)
    assert float(answer.headers["x-content-duration"]) == pytest.approx(3.0 - offset, abs=0.06)


def test_a_bit_rate_is_a_limit(client: SubsonicClient) -> None:
    """Only what is above it is transcoded, to the format of the configuration."""
    flac, opus = song_of(client, "flac"), song_of(client, "opus")
    assert flac["bitRate"] > 48
    limited = client.get("stream", id=flac["id"], maxBitRate=48)
    assert limited.headers["content-type"] == "audio/mpeg"
    assert len(limited.content) == pytest.approx(3.0 * 48_000 / 8, rel=0.15)
    assert len(client.get("stream", id=opus["id"], maxBitRate=320).content) == opus["size"]


def test_an_estimated_length_is_kept(client: SubsonicClient) -> None:
    """aonsoku asks for it; a player that was promised so many bytes gets so many."""
    song = song_of(client, "flac")
    answer = client.get(
        "stream", id=song["id"], format="mp3", maxBitRate=64, estimateContentLength="true"
    )
    promised = int(answer.headers["content-length"])
    assert len(answer.content) == promised
    assert promised == pytest.approx(3.0 * 64_000 / 8, rel=0.1)


def test_head_starts_no_transcode(client: SubsonicClient, server: RunningServer) -> None:
    await_ffmpegs(server, 0)
    parameters = {**client.login, "id": song_of(client, "flac")["id"], "format": "mp3"}
    answer = client.http.head("/rest/stream", params=parameters)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "audio/mpeg"
    assert not ffmpegs(server)


def test_a_finished_transcode_has_ranges(client: SubsonicClient) -> None:
    """A player that seeks in it, or goes on with it, gets the bytes that it has heard before."""
    wanted = {"id": song_of(client, "flac")["id"], "format": "mp3", "maxBitRate": "40"}
    first = client.get("stream", headers={"Range": "bytes=100-"}, **wanted)
    # Nobody knows yet where the range ends.
    assert first.status_code == 200
    assert "content-length" not in first.headers
    assert "accept-ranges" not in first.headers
    size = len(first.content)
    whole = client.get("stream", **wanted)
    assert whole.content == first.content
    assert whole.headers["accept-ranges"] == "bytes"
    assert int(whole.headers["content-length"]) == size
    assert whole.headers["content-type"] == "audio/mpeg"
    assert whole.headers["etag"] == first.headers["etag"]
    assert whole.headers["x-content-duration"] == first.headers["x-content-duration"]
    part = client.get("stream", headers={"Range": f"bytes={size // 2}-"}, **wanted)
    assert part.status_code == 206
    assert part.headers["content-range"] == f"bytes {size // 2}-{size - 1}/{size}"
    assert part.content == first.content[size // 2 :]
    for tag, status in ((first.headers["etag"], 206), ('"other"', 200)):
        conditions = {"Range": "bytes=5-9", "If-Range": tag}
        assert client.get("stream", headers=conditions, **wanted).status_code == status
    estimated = client.get("stream", estimateContentLength="true", **wanted)
    assert int(estimated.headers["content-length"]) == size


def test_a_browser_can_seek_in_an_estimate(client: SubsonicClient, server: RunningServer) -> None:
    """Chromium asks for ranges of what is still made, and of one length as long as it plays."""
    song = song_of(client, "flac")["id"]
    wanted = {"id": song, "format": "mp3", "maxBitRate": 88, "estimateContentLength": "true"}
    first = client.get("stream", headers={"Range": "bytes=0-"}, **wanted)
    size = len(first.content)
    assert first.status_code == 206
    assert first.headers["content-range"] == f"bytes 0-{size - 1}/{size}"
    # Now it is done, but this listener was told a length.
    for place in (size // 2, size - 3):
        part = client.get("stream", headers={"Range": f"bytes={place}-"}, **wanted)
        assert part.status_code == 206
        assert part.headers["content-range"] == f"bytes {place}-{size - 1}/{size}"
        assert part.headers["etag"] == first.headers["etag"]
        assert part.content == first.content[place:]
    heard = [first]

    def is_whole() -> bool:
        # Somebody else each time: who was told an estimate keeps to it.
        with server.client(name=f"another {len(heard)}") as another:
            heard.append(another.get("stream", **wanted))
        return heard[-1].headers["etag"] != first.headers["etag"]

    # It is kept a moment after its last byte has gone out.
    until(is_whole, "the file instead of the estimate")
    assert heard[-1].content[: size - 2000] == first.content[: size - 2000]


@pytest.mark.parametrize("format_", ["opus", "aac"])
def test_no_music_is_lost_to_an_estimate(client: SubsonicClient, format_: str) -> None:
    """These have some percent more than their bit rate tells, or less: nothing is promised."""
    wanted = {"id": song_of(client, "flac")["id"], "format": format_, "maxBitRate": 88}
    answer = client.get(
        "stream", headers={"Range": "bytes=0-"}, estimateContentLength="true", **wanted
    )
    assert answer.status_code == 200
    assert "accept-ranges" not in answer.headers
    assert "content-length" not in answer.headers
    whole = client.get("stream", **wanted)
    assert whole.headers["etag"] == answer.headers["etag"]
    assert whole.content == answer.content
