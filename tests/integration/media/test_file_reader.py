import asyncio
import os
import threading
from pathlib import Path

import pytest

from hydrophone.errors import NotFoundError
from hydrophone.media.file_reader import FileReader
from hydrophone.media.in_thread import in_thread

pytestmark = pytest.mark.anyio


async def read_all(path: Path) -> bytes:
    reader = FileReader(path)
    content = b""
    buffer = bytearray(1000)
    try:
        await reader.open()
        while chunk := await reader.read(buffer, len(content), 1000):
            content += chunk
    finally:
        reader.close()
    return content


@pytest.mark.parametrize("cached", [True, False])
async def test_a_file_is_read_from_memory_or_disk(tmp_path: Path, cached: bool) -> None:
    content = os.urandom(300_001)
    path = tmp_path / "song"
    with path.open("wb") as file:
        file.write(content)
        if not cached:
            file.flush()
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)

    assert await read_all(path) == content


async def test_a_file_system_that_cannot_tell_is_read_all_the_same() -> None:
    path = Path("/proc/version")
    content = read_after_a_refusal(path)

    assert await read_all(path) == content


def read_after_a_refusal(path: Path) -> bytes:
    with path.open("rb") as file:
        with pytest.raises(OSError, match="not supported"):
            os.preadv(file.fileno(), [bytearray(9)], 0, os.RWF_NOWAIT)
        return file.read()


async def test_what_is_known_of_an_open_file(tmp_path: Path) -> None:
    path = tmp_path / "song"
    path.write_bytes(b"12345")
    os.utime(path, ns=(0, 1_500_000_000_123_456_789))
    reader = FileReader(path)
    await reader.open()
    reader.close()
    reader.close()

    assert reader.size == 5
    assert reader.modified_ns == 1_500_000_000_123_456_789


async def test_a_cancelled_caller_waits_for_its_thread() -> None:
    gate = threading.Event()
    task = asyncio.create_task(in_thread(gate.wait))
    await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.sleep(0.01)
    waited = not task.done()
    gate.set()

    assert waited
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_only_regular_files_are_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    for path in (tmp_path, tmp_path / "pipe", Path("/dev/null")):
        with pytest.raises(NotFoundError):
            await read_all(path)
    with pytest.raises(FileNotFoundError):
        await read_all(tmp_path / "none")
