"""The page on tags shows the table by which they are read."""

import re
from pathlib import Path

from hydrophone.scanner.tags import texts
from hydrophone.scanner.tags.mapping import TAGS, Keys

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "tags.md"


def test_page_shows_the_table_of_tags() -> None:
    rows = [line.strip("|").split("|") for line in PAGE.read_text().splitlines() if "`" in line]
    shown = {
        name.strip(): Keys(*(tuple(re.findall(r"`([^`]+)`", cell)) for cell in cells))
        for name, *cells in rows
        if len(cells) == len(Keys._fields)
    }
    assert list(shown.items()) == list(TAGS.items())


def test_each_key_has_one_meaning() -> None:
    for system in Keys._fields:
        keys = [key.upper() for tag in TAGS.values() for key in getattr(tag, system)]
        assert sorted(keys) == sorted(set(keys))


def test_page_says_how_long_texts_may_be() -> None:
    page = " ".join(PAGE.read_text().split())
    lyrics, sheets = texts._LONGEST["lyrics"], texts._LONGEST["cuesheet"]
    said = f"after {texts._MAX_LENGTH:,} characters (lyrics: {lyrics:,}; CUE sheets: {sheets:,})"
    assert said in page
    assert f"Of one tag {texts.MAX_VALUES} values" in page
