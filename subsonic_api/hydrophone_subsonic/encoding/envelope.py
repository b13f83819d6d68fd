"""The envelope `subsonic-response`: the same facts around each answer, in each format."""

from collections.abc import Iterator
from typing import Protocol

from hydrophone_subsonic.responses.wire import Wire

VERSION = "1.16.1"
"""Of the protocol: three numbers, as the XSD demands."""

TYPE = "hydrophone"
"""Who we are. It must not be the name of another server: DSub and aonsoku change their behaviour
for subsonic, madsonic, ampache, navidrome and lms."""

Answer = Wire | tuple[Wire, ...] | None
"""What an endpoint has to say: one element, a list directly in the envelope, or nothing."""


class Encoding(Protocol):
    """One of the formats xml, json, jsonp."""

    content_type: bytes

    def parts(self, status: str, element: str, answer: Answer) -> Iterator[bytes]:
        """Write a whole document in small parts, lazily.

        Args:
            status: `ok` or `failed`.
            element: Name of the element, or key, that the answer gets.
            answer: What is in it.
        """
        ...


class ItemEncoding(Encoding, Protocol):
    """XML or JSON, which JSONP is made of: what writes the items of lists one by one."""

    between: bytes
    """What stands between two items of a list."""

    def item(self, element: str, item: Wire) -> bytes:
        """Write an item of a list; as a `Raw` in its place it ends up in a document as it is.

        So do several at once, with `between` between them.
        """
        ...

    def bare(self, item: Wire) -> bytes:
        """Write an item of any list, to which `marked` adds more fields later."""
        ...

    def marks(self, marks: Wire) -> bytes:
        """Write what is added: fields that the item lacks, in XML no elements."""
        ...

    def marked(self, element: str, bare: bytes, marks: bytes) -> bytes:
        """Put both together, as `item` would have written one thing with all fields."""
        ...

    def marks_at(self, element: str, bare: bytes) -> int:
        """Return where in what `marked` makes the marks begin."""
        ...
