"""Archives that are written while they are sent."""

import io
import zipfile
from collections.abc import AsyncGenerator, Sequence

import pytest

from hydrophone.domain.units import ByteCount, Timestamp
from hydrophone.errors import MediaError
from hydrophone.media.zip_stream import Member, zip_chunks, zip_length

pytestmark = pytest.mark.anyio


def member(name: str, *chunks: bytes, size: int | None = -1, modified: int = 1) -> Member:
    async def read() -> AsyncGenerator[bytes, None]:
        for chunk in chunks:
            yield chunk

    length = sum(map(len, chunks)) if size == -1 else size
    return Member(
        name=name,
        size=None if length is None else ByteCount(length),
        modified=Timestamp(modified),
        chunks=read,
    )


async def written(members: Sequence[Member]) -> bytes:
    return b"".join([chunk async for chunk in zip_chunks(members)])


async def test_what_comes_is_an_archive_of_the_length_that_was_told() -> None:
    members = [
        member("Ä - Ö/01 Ü.flac", b"abc", b"def", modified=1_700_000_000_000),
        member("empty"),
        member("old", b"x", modified=-(10**13)),
        member("late", b"x", modified=10**14),
    ]
    data = await written(members)
    assert len(data) == zip_length(members)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [one.name for one in members]
        assert archive.read("Ä - Ö/01 Ü.flac") == b"abcdef"
        first, _, old, late = archive.infolist()
        assert first.flag_bits & 0x800, "names are UTF-8"
        assert first.compress_type == zipfile.ZIP_STORED
        assert first.date_time == (2023, 11, 14, 22, 13, 20)
        assert (old.date_time[0], late.date_time[0]) == (1980, 2107)


@pytest.mark.parametrize("limit", [3, 70, 200, 10_000])
async def test_the_length_of_large_archives(monkeypatch: pytest.MonkeyPatch, limit: int) -> None:
    """ZIP64 begins at 2 GiB; the library is told that it begins earlier."""
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", limit)
    members = [member(f"{n:03}", b"1234" * n) for n in range(20)]
    data = await written(members)
    assert len(data) == zip_length(members)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert archive.read("019") == b"1234" * 19


async def test_the_length_of_an_archive_of_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 3)
    members = [member(f"{n:03}", b"1") for n in range(4)]
    assert len(await written(members)) == zip_length(members)


async def test_the_length_is_not_known_if_that_of_a_member_is_not() -> None:
    members = [member("a", b"1", size=None)]
    assert zip_length(members) is None
    with zipfile.ZipFile(io.BytesIO(await written(members))) as archive:
        assert archive.read("a") == b"1"


@pytest.mark.parametrize("size", [2, 4])
async def test_a_member_of_another_size_has_no_end(size: int) -> None:
    received = bytearray()

    async def receive() -> None:
        async for chunk in zip_chunks([member("a", b"123", size=size), member("b", b"1")]):
            received.extend(chunk)

    with pytest.raises(MediaError, match="has 3 bytes instead of"):
        await receive()
    assert received
    assert not zipfile.is_zipfile(io.BytesIO(received))


async def test_leaving_early_closes_what_is_read() -> None:
    closed = []

    async def read() -> AsyncGenerator[bytes, None]:
        try:
            while True:
                yield b"x"
        finally:
            closed.append(True)

    endless = Member(name="a", size=None, modified=Timestamp(1), chunks=read)
    chunks = zip_chunks([endless])
    await anext(chunks)
    await chunks.aclose()
    assert closed == [True]
