import pytest
from lxml import etree

from hydrophone.errors import InvalidInputError
from hydrophone.media.opml import read_opml, write_opml
from hydrophone.testing.factories import make_channel

TITLE = "Ärger & \"Co\" <at> 'home'\x07 東京"
URL = "https://example.org/feed?a=1&b=<2>&c='\""


def test_what_is_written_reads_as_it_was() -> None:
    content = write_opml(
        [make_channel(TITLE, url=URL), make_channel("B", url="https://example.org/b")]
    )
    assert read_opml(content) == (URL, "https://example.org/b")
    outline = next(etree.fromstring(content).iter("outline"))
    assert outline.get("text") == outline.get("title") == TITLE.replace("\x07", "")


def test_no_podcasts_make_a_file_all_the_same() -> None:
    assert read_opml(write_opml([])) == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_files_are_read_in_the_encoding_that_they_name(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><opml><outline xmlurl="http://a/ä"/></opml>'
    assert read_opml(text.encode(encoding)) == ("http://a/ä",)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"nothing",
        b"<html/>",
        b"<opml><body></opml>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><opml>&b;',
        b"<opml>" + b"<a>" * 5000 + b"</a>" * 5000 + b"</opml>",
    ],
)
def test_what_is_no_opml_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidInputError, match="no OPML"):
        read_opml(content)
