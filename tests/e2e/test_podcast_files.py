"""Podcasts from an OPML file into a data folder, and out again."""

from pathlib import Path

from lxml import etree
from tests.e2e.commands import run

OPML = """<?xml version="1.0"?><opml version="1.1"><body><outline text="Folder">
<outline type="rss" text="A" xmlUrl="https://example.org/a?x=1&amp;y=2"/>
<outline text="B" xmlUrl="https://example.org/b"/></outline>
<outline text="again" xmlUrl="https://example.org/b"/>
<outline text="router" xmlUrl="http://192.168.1.1/feed"/></body></opml>"""


def test_import_and_export(tmp_path: Path) -> None:
    given, taken, data = tmp_path / "in.opml", tmp_path / "out.opml", tmp_path / "data"
    given.write_text(OPML)
    done = run("podcasts", "import", given, "--data", data)
    assert done.returncode == 0, done.stderr
    assert "Left out http://192.168.1.1/feed: " in done.stderr
    assert "followed: 2." in done.stderr
    assert run("podcasts", "export", taken, "--data", data).returncode == 0
    outlines = etree.parse(taken).iter("outline")
    urls = {outline.get("xmlUrl") for outline in outlines}
    assert urls == {"https://example.org/a?x=1&y=2", "https://example.org/b"}


def test_what_is_no_opml_is_said_in_one_line(tmp_path: Path) -> None:
    page = tmp_path / "page.opml"
    for text in ("<html/>", "nothing", '<!DOCTYPE a [<!ENTITY b "c">]><opml>&b;'):
        page.write_text(text)
        done = run("podcasts", "import", page, "--data", tmp_path / "data")
        assert done.returncode == 1
        assert "This is no OPML" in done.stderr
        assert "Traceback" not in done.stderr
