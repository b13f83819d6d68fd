"""Bytes: whole, in part, transcoded, pictures; and their failures."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec import Struct

from hydrophone.domain.media import AudioFile, Picture, StreamRequest
from hydrophone.domain.units import ByteCount, Kbps, Seconds
from hydrophone.errors import MediaError, NotFoundError

pytestmark = pytest.mark.anyio

LOGIN = {"u": "alice", "p": "sesame", "c": "test"}


class FakeTranscode(Struct):
    """Stands in for a transcode; `failure` happens instead of the chunk after `data`."""

    data: tuple[bytes, ...]
    failure: Exception | None = None
    content_type: str = "audio/mpeg"
    duration: Seconds = Seconds(12.3456)
    estimated_length: ByteCount | None = ByteCount(10)
    etag: str = "abc.mp3"

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        for chunk in self.data:
            yield chunk
        if self.failure is not None:
            raise self.failure


@pytest.fixture
def audio(tmp_path: Path) -> AudioFile:
    path = tmp_path / "song.flac"
    path.write_bytes(b"0123456789")
    return AudioFile(
        path=path,
        content_type="audio/flac",
        etag="",
        file_name='Où "est" 100%\r\n東.flac',
        duration=Seconds(60),
    )


async def test_stream_of_a_file(client: httpx.AsyncClient, fakes: Any, audio: AudioFile) -> None:
    fakes.streaming.answers["open"] = audio
    whole = await client.get("/stream", params={**LOGIN, "id": "tr-1", "maxBitRate": "0"})
    assert (whole.status_code, whole.content) == (200, b"0123456789")
    assert whole.headers["content-type"] == "audio/flac"
    assert whole.headers["x-content-duration"] == "60.000"
    assert whole.headers["accept-ranges"] == "bytes"
    assert whole.headers["access-control-allow-origin"] == "*"
    assert fakes.streaming.calls[-1][2:] == ("tr-1", StreamRequest(client="test"))


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_ranges(client: httpx.AsyncClient, fakes: Any, audio: AudioFile, method: str) -> None:
    """py-opensonic sends a Range with a form."""
    fakes.streaming.answers["open"] = audio
    form = {**LOGIN, "id": "tr-1"}
    sent: dict[str, Any] = {"data": form} if method == "POST" else {"params": form}
    part = await client.request(method, "/stream.view", headers={"Range": "bytes=4-"}, **sent)
    assert (part.status_code, part.content) == (206, b"456789")
    assert part.headers["content-range"] == "bytes 4-9/10"


async def test_head(client: httpx.AsyncClient, fakes: Any, audio: AudioFile) -> None:
    fakes.streaming.answers["open"] = audio
    answer = await client.head("/stream", params={**LOGIN, "id": "tr-1"})
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == "10"


async def test_what_a_player_wants(client: httpx.AsyncClient, fakes: Any) -> None:
    fakes.streaming.answers["open"] = FakeTranscode((b"abc",))
    parameters = {"id": "tr-1", "maxBitRate": "128", "format": "mp3", "timeOffset": "30"}
    answer = await client.get("/stream", params={**LOGIN, **parameters, "hls": "true"})
    assert (answer.status_code, answer.content) == (200, b"abc")
    assert answer.headers["content-type"] == "audio/mpeg"
    assert answer.headers["x-content-duration"] == "12.346"
    assert "content-length" not in answer.headers
    assert "accept-ranges" not in answer.headers
    assert answer.headers["etag"] == '"abc.mp3"'
    assert fakes.streaming.calls[-1][3] == StreamRequest(
        max_bit_rate=Kbps(128), format="mp3", offset=Seconds(30.0), client="test"
    )


async def test_an_estimated_length_is_kept(client: httpx.AsyncClient, fakes: Any) -> None:
    fakes.streaming.answers["open"] = FakeTranscode((b"abc",))
    answer = await client.get(
        "/stream", params={**LOGIN, "id": "tr-1", "estimateContentLength": "true"}
    )
    assert answer.headers["content-length"] == "10"
    assert answer.content == b"abc" + bytes(7)
    # Filled up as it may be, it is not the same bytes as what will be in the cache.
    assert "etag" not in answer.headers


async def test_binary_answers_are_not_compressed(
    client: httpx.AsyncClient, fakes: Any, audio: AudioFile
) -> None:
    audio.path.write_bytes(bytes(10_000))
    fakes.streaming.answers["open"] = audio
    answer = await client.get(
        "/stream", params={**LOGIN, "id": "tr-1"}, headers={"Accept-Encoding": "gzip"}
    )
    assert "content-encoding" not in answer.headers
    assert len(answer.content) == 10_000


@pytest.mark.parametrize(
    ("parameters", "content_type"),
    [
        ({}, "text/xml; charset=utf-8"),
        ({"f": "xml"}, "text/xml; charset=utf-8"),
        ({"f": "json"}, "application/json"),
    ],
)
@pytest.mark.parametrize("name", ["stream", "download", "getCoverArt"])
async def test_failures_are_texts_with_status_200(
    client: httpx.AsyncClient, fakes: Any, name: str, parameters: dict[str, str], content_type: str
) -> None:
    """DSub saves as music what is not text/xml."""
    nothing = NotFoundError("There is no such track.")
    fakes.streaming.answers["open"] = nothing
    fakes.artwork.answers["picture"] = nothing
    for method in ("GET", "POST"):
        answer = await client.request(
            method, f"/{name}", params={**LOGIN, "id": "tr-1", **parameters}
        )
        assert (answer.status_code, answer.headers["content-type"]) == (200, content_type)
        assert b"There is no such track." in answer.content
    missing = await client.get(f"/{name}", params={**LOGIN, **parameters})
    assert (missing.status_code, missing.headers["content-type"]) == (200, content_type)


async def test_a_file_that_is_gone(client: httpx.AsyncClient, fakes: Any, audio: AudioFile) -> None:
    audio.path.unlink()
    fakes.streaming.answers["open"] = audio
    answer = await client.get("/stream", params={**LOGIN, "id": "tr-1", "f": "json"})
    assert answer.json()["subsonic-response"]["error"]["code"] == 70


async def test_a_transcode_that_fails_at_once(client: httpx.AsyncClient, fakes: Any) -> None:
    fakes.streaming.answers["open"] = FakeTranscode((), MediaError("No audio in it."))
    answer = await client.get("/stream", params={**LOGIN, "id": "tr-1", "f": "json"})
    assert answer.json()["subsonic-response"]["error"] == {"code": 0, "message": "No audio in it."}


async def test_download(client: httpx.AsyncClient, fakes: Any, audio: AudioFile) -> None:
    fakes.streaming.answers["open"] = audio
    answer = await client.get(
        "/download", params={**LOGIN, "id": "tr-1", "maxBitRate": "0", "format": "raw"}
    )
    assert answer.content == b"0123456789"
    assert answer.headers["content-disposition"] == (
        'attachment; filename="O_ _est_ 100____.flac"; '
        "filename*=UTF-8''O%C3%B9%20%22est%22%20100%25%0D%0A%E6%9D%B1.flac"
    )


async def test_pictures(client: httpx.AsyncClient, fakes: Any) -> None:
    fakes.artwork.answers["picture"] = Picture(data=b"JPEG", content_type="image/jpeg", etag="abc")
    answer = await client.get(
        "/getCoverArt", params={**LOGIN, "id": "im-aaaaaaaaaaaaa", "size": "300"}
    )
    assert (answer.content, answer.headers["content-type"]) == (b"JPEG", "image/jpeg")
    assert answer.headers["content-length"] == "4"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["etag"] == '"abc"'
    assert "immutable" in answer.headers["cache-control"]
    assert fakes.artwork.calls[-1][2:] == ("im-aaaaaaaaaaaaa", 300)

    again = await client.get(
        "/getCoverArt",
        params={**LOGIN, "id": "al-aaaaaaaaaaaaa"},
        headers={"If-None-Match": answer.headers["etag"]},
    )
    assert (again.status_code, again.content) == (304, b"")
    assert "immutable" not in again.headers["cache-control"]
    assert fakes.artwork.calls[-1][3] is None


async def test_sizes_of_pictures(client: httpx.AsyncClient, fakes: Any) -> None:
    fakes.artwork.answers["picture"] = Picture(data=b"", content_type="image/png", etag="a")
    assert (await client.get("/getCoverArt", params={**LOGIN, "id": "1", "size": "0"})).is_success
    assert fakes.artwork.calls[-1][3] is None
    for size in ("-1", "abc", "1" + "0" * 30):
        answer = await client.get("/getCoverArt", params={**LOGIN, "id": "1", "size": size})
        assert b"Parameter size must be" in answer.content
