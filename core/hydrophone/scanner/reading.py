"""Tells whether a file was read by this program and by the rules of today."""

import msgspec
from xxhash import xxh3_64_intdigest

from hydrophone.domain.tagging import SplitRules

READING = 16
"""Raised whenever more, or something else, is read from files: the next scan reads all anew."""


def reading_of(rules: SplitRules) -> int:
    """Return a number of at most 53 bits that stands for program and rules; never 0."""
    return xxh3_64_intdigest(msgspec.json.encode((READING, rules))) >> 11 | 1
