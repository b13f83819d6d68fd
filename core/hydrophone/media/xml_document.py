"""XML from outside, as lxml reads it with everything off that could fetch or multiply.

lxml takes 4 MB, and most servers never meet such a document: it is loaded with the first one.
"""

import importlib
from collections.abc import Iterator, Mapping
from typing import Protocol

from hydrophone.errors import MediaError


class Element(Protocol):
    """What is used of lxml's elements."""

    tag: str
    """With its namespace: `{http://www.w3.org/ns/ttml}p`."""
    attrib: Mapping[str, str]
    text: str | None
    """What stands before the first child."""
    tail: str | None
    """What follows the element within its parent."""

    def __iter__(self) -> Iterator["Element"]:
        """Yield the children."""

    def iterfind(self, path: str) -> Iterator["Element"]:
        """Yield what a path of ElementTree's kind leads to; `{*}` is any namespace."""

    def itertext(self) -> Iterator[str]:
        """Yield all text in the element."""


def parse_xml(content: bytes | str) -> Element:
    """Return the root of a document in which comments and processing instructions are left out.

    No entity is replaced, nothing is fetched, and elements within each other have a limit. In a
    text that is decoded already no declaration of an encoding counts. Blocking, some 20 ms for
    256 KiB. Raises MediaError if the document is not sound.
    """
    etree = importlib.import_module("lxml.etree")
    parser = etree.XMLParser(
        encoding="utf-8" if isinstance(content, str) else None,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    data = content.encode("utf-8", "replace") if isinstance(content, str) else content
    try:
        root: Element = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise MediaError("The XML is broken.") from error
    return root
