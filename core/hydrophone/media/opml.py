"""Lists of podcasts as other programs have them: OPML 2.0 (http://opml.org/spec2.opml)."""

from collections.abc import Iterable
from html import escape

from hydrophone.domain.podcast import Channel
from hydrophone.errors import InvalidInputError, MediaError
from hydrophone.media.xml_document import parse_xml

MAX_SIZE = 4 * 1024 * 1024
"""Bytes of a file."""
_HEAD = (
    "<?xml version='1.0' encoding='UTF-8'?>",
    '<opml version="2.0">',
    "  <head>",
    "    <title>Podcasts</title>",
    "  </head>",
    "  <body>",
)
_END = ("  </body>", "</opml>", "")


def read_opml(content: bytes) -> tuple[str, ...]:
    """Return the addresses of the feeds that a file lists, each once, in its order.

    Outlines may be nested at will, as folders are in other programs. Raises InvalidInputError if
    it is no OPML.
    """
    try:
        root = parse_xml(content)
    except MediaError as error:
        raise InvalidInputError("This is no OPML: its XML is broken.") from error
    if root.tag != "opml":
        raise InvalidInputError("This is no OPML.")
    # Some programs write xmlurl.
    outlines = (one.attrib for one in root.iterfind(".//outline"))
    found = (outline.get("xmlUrl") or outline.get("xmlurl") for outline in outlines)
    return tuple(dict.fromkeys(url.strip() for url in found if url and url.strip()))


def write_opml(channels: Iterable[Channel]) -> bytes:
    """Write a file with these channels."""
    outlines = []
    for channel in channels:
        # XML has no control codes; titles come from strangers.
        title = escape("".join(char for char in channel.title if char.isprintable()))
        names = f'text="{title}" title="{title}"'
        outlines.append(f'    <outline type="rss" {names} xmlUrl="{escape(channel.url)}"/>')
    return "\n".join([*_HEAD, *outlines, *_END]).encode()
