"""Keys of tag systems under our names."""

from collections import Counter

import pytest

from hydrophone.scanner.tags.mapping import TAGS, Keys
from hydrophone.scanner.tags.texts import MAX_VALUES, reader_of

read = reader_of(lambda keys: keys.vorbis)


@pytest.mark.parametrize(
    ("native", "expected"),
    [
        ({"TITLE": ["One"], "UNHEARD_OF": ["x"]}, {"title": ["One"]}),
        ({"DATE": ["1999"], "YEAR": ["2001"]}, {"date": ["1999"]}),
        ({"YEAR": ["2001"], "DATE": ["1999"]}, {"date": ["1999"]}),
        ({"YEAR": ["2001"], "DATE": [" ", ""]}, {"date": ["2001"]}),
        ({"GENRE": ["Jazz", "", " Fusion "]}, {"genre": ["Jazz", "Fusion"]}),
        ({"GENRE": ["x"] * (MAX_VALUES + 1)}, {"genre": ["x"] * MAX_VALUES}),
        ({"TITLE": ["x" * 5000], "LYRICS": ["x" * 5000]}, {"title": 4000, "lyrics": 5000}),
        ({}, {}),
    ],
)
def test_first_key_with_a_value_wins(
    native: dict[str, list[str]], expected: dict[str, list[str] | int]
) -> None:
    texts = read(native)
    assert texts.keys() == expected.keys()
    for name, values in expected.items():
        assert values in (texts[name], len(texts[name][0]))


@pytest.mark.parametrize("system", Keys._fields)
def test_each_key_is_of_one_tag(system: str) -> None:
    keys = Counter(key.upper() for keys in TAGS.values() for key in getattr(keys, system))
    assert keys
    assert max(keys.values()) == 1
