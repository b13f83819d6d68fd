"""What goes through the pipes between a worker and its child.

A frame is its length (4 bytes, big endian) and so many bytes. The child begins with one empty
frame, when it is ready; then it answers each request, a value in msgpack, in order: `ANSWERED`
and a value in msgpack, or `FAILED` and a sentence in UTF-8.
"""

LENGTH = 4
"""Bytes of the length."""

MAX_FRAME = 64 * 1024 * 1024
"""Longer ones are not ours: somebody writes into the pipe."""

ANSWERED = b"\x00"
FAILED = b"\x01"


def frame(*parts: bytes) -> bytes:
    """Put the length before the parts."""
    body = b"".join(parts)
    return len(body).to_bytes(LENGTH, "big") + body
