"""What is not the whole track is not kept, and a web page is not played."""

import contextlib
import hashlib
import socket
from pathlib import Path

import pytest
from tests.integration.services.fetches.place import SONG, Place, heard

from hydrophone.domain.units import ByteCount, Seconds
from hydrophone.errors import BadAnswerError, HydrophoneError, UnavailableError
from hydrophone.plugin.capabilities.source import (
    Checksum,
)
from hydrophone.services import intake
from hydrophone.testing import faults
from hydrophone.testing.audio_files import make_audio
from hydrophone.testing.loopback import Request, respond

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("lie", [-5000, 5000])
async def test_a_size_that_is_a_lie_is_found_out(place: Place, lie: int) -> None:
    place.source.change(size=ByteCount(len(place.source.audio) + lie))
    with pytest.raises(UnavailableError, match="bytes"):
        await place.hear()
    await place.settled()
    assert not await place.is_here()
    assert not place.part.exists()


async def test_a_length_that_the_transport_lies_about_is_never_whole(place: Place) -> None:
    place.source.change(size=None)
    place.source.service.fail(faults.wrong_length(by=1000), path=SONG)
    with pytest.raises(HydrophoneError):
        await place.hear()
    assert not await place.is_here()


@pytest.mark.parametrize("type_", ["text/html", "audio/mpeg"])
async def test_a_web_page_is_no_music(place: Place, type_: str) -> None:
    def page(request: Request, connection: socket.socket) -> None:
        respond(connection, b"\n<!doctype html><p>Sorry", headers={"Content-Type": type_})

    place.source.change(size=None)
    place.source.service.routes[SONG] = page
    with pytest.raises(UnavailableError, match="page"):
        await place.hear()
    assert not await place.is_here()


@pytest.mark.parametrize("told", [True, False])
async def test_a_preview_is_refused(place: Place, tmp_path: Path, told: bool) -> None:
    place.source.audio = make_audio(tmp_path / "b.mp3", seconds=30.0).read_bytes()
    place.source.change(size=None, duration=Seconds(0), is_preview=told)
    if told:
        with pytest.raises(UnavailableError, match=r"preview|sample"):
            await place.listen()
    else:
        with pytest.raises(BadAnswerError, match="sample"):
            await place.hear()
        await place.settled()
        # Known by now.
        with pytest.raises(UnavailableError, match="sample"):
            await place.listen()
    await place.settled()
    assert await place.fetching.cache.find(place.track.id) is None
    assert not place.part.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"checksum": Checksum(algorithm="md5", digest="00")},
        {"duration": Seconds(110.0)},
    ],
)
async def test_what_is_not_the_track_is_not_kept(place: Place, wrong: dict[str, object]) -> None:
    place.source.change(**wrong)
    with pytest.raises(BadAnswerError):
        await place.hear()
    await place.settled()
    assert await place.fetching.cache.find(place.track.id) is None
    assert not place.part.exists()


async def test_who_heard_damaged_bytes_is_the_last_one(place: Place) -> None:
    """The first listener has nearly all before anybody can know; a status tells of it."""
    right = hashlib.md5(place.source.audio).hexdigest()
    place.source.change(checksum=Checksum(algorithm="md5", digest="00"))
    growing = await place.listen()
    with pytest.raises(BadAnswerError, match="its checksum is another"):
        await heard(growing)
    assert await heard(growing, 0, 100) == place.source.audio[:100]
    await place.settled()
    assert place.guard.last_error == "The file is damaged: its checksum is another."
    assert not list(place.part.parent.iterdir())
    asked = len(place.source.ranges)
    for _ in range(2):
        with pytest.raises(UnavailableError, match="its checksum is another"):
            await place.hear()
    assert len(place.source.ranges) == asked
    # They may have been damaged on their way, which hardly happens twice.
    place.clock.advance(Seconds(61))
    with pytest.raises(BadAnswerError, match="its checksum is another"):
        await place.hear()
    await place.settled()
    asked = len(place.source.ranges)
    place.clock.advance(Seconds(61))
    with pytest.raises(UnavailableError, match="its checksum is another"):
        await place.hear()
    assert len(place.source.ranges) == asked
    place.clock.advance(Seconds(3540))
    # The source has noticed.
    place.source.change(checksum=Checksum(algorithm="md5", digest=right))
    assert await place.hear() == place.source.audio
    await place.settled()
    assert await place.is_here()
    # What is damaged now has been so once.
    await place.fetching.cache.delete(place.track.id)
    for digest, expected in (("00", BadAnswerError), (right, None)):
        place.source.change(checksum=Checksum(algorithm="md5", digest=digest))
        with contextlib.nullcontext() if expected is None else pytest.raises(expected):
            await place.hear()
        await place.settled()
        place.clock.advance(Seconds(61))
    assert await place.is_here()


@pytest.mark.parametrize("status", ["404 Not Found", "400 Bad Request"])
async def test_what_was_not_there_for_a_moment_comes_again(place: Place, status: str) -> None:
    place.source.service.fail(faults.status(status), path=SONG)
    with pytest.raises(UnavailableError):
        await place.hear()
    await place.settled()
    place.source.service.recover()
    assert await place.hear() == place.source.audio
    await place.settled()
    assert await place.is_here()


async def test_nothing_is_left_of_what_never_came(place: Place) -> None:
    place.source.service.fail(faults.status("403 Forbidden"), path=SONG)
    with pytest.raises(UnavailableError):
        await place.hear()
    await place.settled()
    assert not list(place.part.parent.iterdir())


async def test_nothing_is_left_of_what_a_crash_has_left_empty(place: Place) -> None:
    place.part.parent.mkdir(parents=True)
    place.part.touch()
    begun = place.part.with_name("tr-begun.mp3")
    begun.write_bytes(b"ID3")
    place.fetching.files.sweep()
    assert list(place.part.parent.iterdir()) == [begun]


async def test_what_cannot_be_decoded_is_not_kept(place: Place) -> None:
    place.source.audio = bytes(range(256)) * 4000
    place.source.change(size=None)
    with pytest.raises(BadAnswerError):
        await place.hear()
    await place.settled()
    assert await place.fetching.cache.find(place.track.id) is None
    assert not place.part.exists()


async def test_the_right_checksum_is_no_hindrance(place: Place) -> None:
    digest = hashlib.sha256(place.source.audio).hexdigest().upper()
    place.source.change(checksum=Checksum(algorithm="SHA-256", digest=digest))
    await place.hear()
    await place.settled()
    assert await place.is_here()


@pytest.mark.parametrize("typed", [400.0, 30.0])
async def test_the_right_checksum_outweighs_a_typed_length(place: Place, typed: float) -> None:
    digest = hashlib.sha1(place.source.audio).hexdigest()
    place.source.change(checksum=Checksum(algorithm="sha1", digest=digest), duration=Seconds(typed))
    await place.hear()
    await place.settled()
    assert await place.is_here()


async def test_a_checksum_that_nobody_knows_proves_nothing(place: Place) -> None:
    place.source.change(checksum=Checksum(algorithm="b3", digest="00"), duration=Seconds(110.0))
    with pytest.raises(BadAnswerError):
        await place.hear()
    await place.settled()
    assert not await place.is_here()


async def test_half_a_file_is_not_kept_where_nobody_has_said_a_size(place: Place) -> None:
    """It is well-formed, and its header says how long the whole would be."""

    def half(request: Request, connection: socket.socket) -> None:
        body = place.source.audio[: len(place.source.audio) // 3]
        head = b"HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\nConnection: close\r\n\r\n"
        connection.sendall(head + body)

    place.source.change(size=None)
    place.source.service.routes[SONG] = half
    with pytest.raises(HydrophoneError, match="not whole"):
        await place.hear()
    await place.settled()
    assert await place.fetching.cache.find(place.track.id) is None
    assert not place.part.exists()


async def test_a_file_without_end_is_given_up(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "LARGEST_FILE", 500_000)
    place.source.change(size=None, takes_ranges=False)

    def endless(request: Request, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\n\r\n")
        while True:
            connection.sendall(place.source.audio)

    place.source.service.routes[SONG] = endless
    with pytest.raises(HydrophoneError, match="no track is as large"):
        await place.hear()
    await place.settled()
    assert not place.part.exists()
