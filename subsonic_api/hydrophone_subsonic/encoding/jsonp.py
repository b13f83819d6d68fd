"""JSONP: the JSON document as the argument of a function call."""

import re
from collections.abc import Iterator

from hydrophone_subsonic.encoding.envelope import Answer
from hydrophone_subsonic.encoding.json import JsonEncoding

_CALLBACK = re.compile(r"[A-Za-z_$][\w$.]{0,127}", re.ASCII)


def is_callback(name: str) -> bool:
    """Tell whether a name is safe to be written as that of a function: identifiers and dots.

    Anything else would let a link run code of its own choice in the page that loads it.
    """
    return _CALLBACK.fullmatch(name) is not None


class JsonpEncoding:
    """Documents `callback({...});`."""

    content_type = b"application/javascript; charset=utf-8"

    def __init__(self, json: JsonEncoding, callback: str) -> None:
        self._json = json
        self._callback = callback.encode()

    def parts(self, status: str, element: str, answer: Answer) -> Iterator[bytes]:
        """Write a document. JavaScript before 2019 took two characters of JSON for line ends."""
        yield self._callback + b"("
        for part in self._json.parts(status, element, answer):
            yield part.replace(b"\xe2\x80\xa8", b"\\u2028").replace(b"\xe2\x80\xa9", b"\\u2029")
        yield b");"
