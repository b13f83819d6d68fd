"""The page on formats names all suffixes and content types, and no others."""

import re
from pathlib import Path

from hydrophone.scanner.formats.table import FORMATS

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "formats.md"


def test_page_lists_the_formats() -> None:
    rows = re.findall(r"^\| [^|]+ \| ((?:`\.[^`]+` ?)+)\| `([a-z0-9/-]+)`", PAGE.read_text(), re.M)
    shown = [(tuple(re.findall(r"`\.([^`]+)`", suffixes)), type_) for suffixes, type_ in rows]
    assert shown == [(one.suffixes, one.content_type) for one in FORMATS]
