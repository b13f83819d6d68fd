"""JSON, by msgspec."""

from collections.abc import Iterator

from msgspec import UNSET, Raw
from msgspec.json import Encoder

from hydrophone_subsonic.encoding.envelope import TYPE, VERSION, Answer
from hydrophone_subsonic.responses.wire import Wire, takes_written

_SLICE = 16
"""Items that are encoded at once."""

_LONG = 16 * 1024
"""Bytes of what is written already; no single thing is as long."""

_encode = Encoder().encode


class JsonEncoding:
    """Documents `{"subsonic-response": {...}}`."""

    content_type = b"application/json"
    between = b","

    def __init__(self, server_version: str) -> None:
        self._envelope = {
            status: b'{"subsonic-response":'
            + _encode(
                {
                    "status": status,
                    "version": VERSION,
                    "type": TYPE,
                    "serverVersion": server_version,
                    "openSubsonic": True,
                }
            )[:-1]
            for status in ("ok", "failed")
        }

    def item(self, element: str, item: Wire) -> bytes:
        """Write an item of a list, whose name does not occur in it."""
        return _encode(item)

    def bare(self, item: Wire) -> bytes:
        """Write an object that is not closed."""
        return _encode(item)[:-1]

    def marks(self, marks: Wire) -> bytes:
        """Write the end of an object."""
        written = _encode(marks)
        return b"," + written[1:] if written != b"{}" else b"}"

    def marked(self, element: str, bare: bytes, marks: bytes) -> bytes:
        """Close an object."""
        return bare + marks

    def marks_at(self, element: str, bare: bytes) -> int:
        """Count all before the end."""
        return len(bare)

    def parts(self, status: str, element: str, answer: Answer) -> Iterator[bytes]:
        """Write a document; lists end up in parts that end between two of their items."""
        yield self._envelope[status]
        if answer is not None:
            yield b',"%b":' % element.encode()
            yield from _list(answer) if isinstance(answer, tuple) else _object(answer)
        yield b"}}"


def _object(answer: Wire) -> Iterator[bytes]:
    separator = b"{"
    for field, name in zip(answer.__struct_fields__, answer.__struct_encode_fields__, strict=True):
        value = getattr(answer, field)
        if value is UNSET:
            continue
        yield b'%b"%b":' % (separator, name.encode())
        separator = b","
        if isinstance(value, tuple):
            yield from _list(value)
        else:
            yield _encode(value)
    yield b"}" if separator == b"," else b"{}"


def _list(items: tuple[object, ...]) -> Iterator[bytes]:
    yield b"["
    for start in range(0, len(items), _SLICE):
        if start:
            yield b","
        part = items[start : start + _SLICE]
        if _is_long(part[0]):
            yield from _one_by_one(part)
        else:
            yield _encode(part)[1:-1]
    yield b"]"


def _one_by_one(items: tuple[object, ...]) -> Iterator[bytes]:
    for number, item in enumerate(items):
        if number:
            yield b","
        if isinstance(item, Raw):
            yield bytes(item)
        elif isinstance(item, Wire) and takes_written(type(item)):
            yield from _object(item)
        else:
            yield _encode(item)


def _is_long(item: object) -> bool:
    """Tell whether an item is or has a list of its own, which is not to be copied twice."""
    if isinstance(item, Raw):
        return memoryview(item).nbytes > _LONG
    return isinstance(item, Wire) and takes_written(type(item))
