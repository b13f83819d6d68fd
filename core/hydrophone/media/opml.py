"""Lists of podcasts as other programs have them: OPML 2.0 (http://opml.org/spec2.opml)."""

from collections.abc import Iterable

from lxml import etree

from hydrophone.domain.podcast import Channel
from hydrophone.errors import InvalidInputError

MAX_SIZE = 4 * 1024 * 1024
"""Bytes of a file."""


def read_opml(content: bytes) -> tuple[str, ...]:
    """Return the addresses of the feeds that a file lists, each once, in its order.

    Outlines may be nested at will, as folders are in other programs. Raises InvalidInputError if
    it is no OPML.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise InvalidInputError("This is no OPML: its XML is broken.") from error
    if root.tag != "opml":
        raise InvalidInputError("This is no OPML.")
    # Some programs write xmlurl.
    found = (outline.get("xmlUrl") or outline.get("xmlurl") for outline in root.iter("outline"))
    return tuple(dict.fromkeys(url.strip() for url in found if url and url.strip()))


def write_opml(channels: Iterable[Channel]) -> bytes:
    """Write a file with these channels."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "Podcasts"
    body = etree.SubElement(root, "body")
    for channel in channels:
        # XML has no control codes; titles come from strangers.
        title = "".join(char for char in channel.title if char.isprintable())
        attributes = {"type": "rss", "text": title, "title": title, "xmlUrl": channel.url}
        etree.SubElement(body, "outline", attributes)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
