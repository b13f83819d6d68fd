from hydrophone.scanner.formats.table import BY_SUFFIX
from hydrophone.scanner.suffixes import SUFFIXES


def test_all_that_can_be_read_is_scanned_under_its_content_type() -> None:
    assert {suffix: one.content_type for suffix, one in BY_SUFFIX.items()} == SUFFIXES
