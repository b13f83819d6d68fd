"""The header of a FLAC that ffmpeg writes to a pipe: it leaves open how long the music is."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from hydrophone.errors import MediaError

_MAGIC = b"fLaC"
_FIRST, _END = 18, 26
"""Of the eight bytes in STREAMINFO that end with the number of samples (RFC 9639, 8.2)."""
_COUNT = (1 << 36) - 1


async def tell_length(
    chunks: AsyncGenerator[bytes, None], sample_count: int
) -> AsyncGenerator[bytes, None]:
    """Yield a FLAC whose header says how many samples each channel has; closes the stream.

    A number that stands there already, or that is too large for the header, is left as it is.

    Raises:
        MediaError: It is no FLAC.
    """
    head = b""
    async with aclosing(chunks):
        async for chunk in chunks:
            if len(head) >= _END:
                yield chunk
                continue
            head += chunk
            if len(head) >= _END:
                yield _told(head, sample_count)
    if len(head) < _END:
        raise MediaError("A FLAC ends within its header.")


def _told(head: bytes, sample_count: int) -> bytes:
    if not head.startswith(_MAGIC):
        raise MediaError("This is no FLAC.")
    field = int.from_bytes(head[_FIRST:_END])
    if field & _COUNT or sample_count > _COUNT:
        return head
    return head[:_FIRST] + (field | sample_count).to_bytes(_END - _FIRST) + head[_END:]
