"""JSON, by msgspec."""

from collections.abc import Iterator

from msgspec import UNSET
from msgspec.json import Encoder

from hydrophone_subsonic.encoding.envelope import TYPE, VERSION, Answer
from hydrophone_subsonic.responses.wire import Wire

_SLICE = 16
"""Items that are encoded at once: few, since an item may be a letter with a thousand artists."""

_encode = Encoder().encode


class JsonEncoding:
    """Documents `{"subsonic-response": {...}}`."""

    content_type = b"application/json"

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
        yield _encode(items[start : start + _SLICE])[1:-1]
    yield b"]"
