"""Read a file for the event loop: at once what the page cache holds, the rest in a thread."""

import asyncio
import os
import stat
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

from hydrophone.domain.units import ByteCount
from hydrophone.errors import MediaError, NotFoundError
from hydrophone.media.in_thread import in_thread

# Linux alone can say "only if no disk is needed".
_NOWAIT = os.RWF_NOWAIT if sys.platform == "linux" else 0
_CHUNK = 128 * 1024


class FileReader:
    """One open regular file, read by one task at a time.

    A disk that sleeps keeps `open` and `read` waiting for seconds, so neither may happen on the
    event loop; but a thread for each chunk costs twice the time of the reading itself. Hence
    `RWF_NOWAIT`, and a thread only where the kernel would have to wait.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = -1
        self._may_nowait = _NOWAIT != 0
        self.size = ByteCount(0)
        self.modified_ns = 0
        """When its content changed last, in nanoseconds since 1970."""

    async def open(self) -> None:
        """Open the file and learn size and time.

        Raises:
            NotFoundError: It is no regular file.
            OSError: It is gone, forbidden or on a broken disk.
        """
        await in_thread(self._open)

    def close(self) -> None:
        """Close the file, if it is open."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)

    async def read(self, buffer: bytearray, offset: int, length: int) -> bytes:
        """Return up to `length` bytes from `offset` on, fewer where that is quicker.

        `buffer` (at least `length` long) is overwritten; it spares a new one for each chunk.
        Nothing is returned at the end of the file only. Raises OSError if the disk fails.
        """
        view = memoryview(buffer)[:length]
        if self._may_nowait:
            try:
                count = os.preadv(self._descriptor, [view], offset, _NOWAIT)
            except BlockingIOError:
                pass  # it is not in memory: a thread reads it
            except OSError:
                # The file system cannot tell (EOPNOTSUPP: FUSE, some network mounts); should
                # the disk be broken, the thread will meet the same error again.
                self._may_nowait = False
            else:
                return bytes(view[:count])
        return await in_thread(os.pread, self._descriptor, length, offset)

    def _open(self) -> None:
        # O_NONBLOCK: the opening of a FIFO would wait for a writer.
        self._descriptor = os.open(self._path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        status = os.fstat(self._descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise NotFoundError("This is no regular file.")
        self.size = ByteCount(status.st_size)
        self.modified_ns = status.st_mtime_ns


async def read_file(path: Path, first: int = 0) -> AsyncGenerator[bytes, None]:
    """Yield a file from its byte `first` on; nothing if it has fewer.

    Raises MediaError if it is gone, or cannot be read to its end.
    """
    reader = FileReader(path)
    buffer = bytearray(_CHUNK)
    try:
        await reader.open()
        while chunk := await reader.read(buffer, first, _CHUNK):
            first += len(chunk)
            yield chunk
            # A fast client takes every chunk at once, and then nobody else gets a turn.
            await asyncio.sleep(0)
    except OSError as error:
        raise MediaError("A file was gone, or could not be read, in the middle.") from error
    finally:
        reader.close()
