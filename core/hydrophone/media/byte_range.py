"""What part of a file a `Range` header asks for (RFC 9110, section 14)."""

import re

from msgspec import Struct

from hydrophone.domain.units import ByteCount
from hydrophone.errors import InvalidInputError

_BYTES_UNIT = re.compile(r"\s*bytes=(.*)", re.IGNORECASE | re.ASCII)
_RANGE_SPEC = re.compile(r"([0-9]*)-([0-9]*)")
_MOST_DIGITS = 20
"""More than any file size has; `int()` refuses thousands of digits, and a header may have them."""


class ByteRange(Struct, frozen=True):
    """A part of a file, never empty."""

    first: int
    last: int
    """Inclusive, as in the header."""

    @property
    def length(self) -> ByteCount:
        """How many bytes that is."""
        return ByteCount(self.last - self.first + 1)


def parse_range(header: str, size: ByteCount) -> ByteRange | None:
    """Read the value of a `Range` header against the size of the file.

    Returns:
        The range, its end cut to the file's; `None` if the header is to be ignored and the
        whole file sent: no bytes, malformed, or several ranges at once (no player asks for
        those, and RFC 9110 14.2 lets a server ignore any Range).

    Raises:
        InvalidInputError: The range is well-formed and no byte of it exists (status 416).
    """
    unit = _BYTES_UNIT.fullmatch(header)
    if unit is None:
        return None
    # A list may have empty elements (RFC 9110 5.6.1.2).
    specs = [spec for part in unit[1].split(",") if (spec := part.strip(" \t"))]
    match = _RANGE_SPEC.fullmatch(specs[0]) if len(specs) == 1 else None
    if match is None or specs[0] == "-":
        return None
    if not match[1]:
        return _suffix_range(_number(match[2]), size)
    first = _number(match[1])
    last = _number(match[2]) if match[2] else first + size
    if last < first:
        return None
    if first >= size:
        raise InvalidInputError(f"The range starts at {first}, but there are {size} bytes.")
    return ByteRange(first, min(last, size - 1))


def _suffix_range(length: int, size: ByteCount) -> ByteRange | None:
    if length == 0:
        raise InvalidInputError("The last 0 bytes of a file are no range.")
    if size == 0:
        # Satisfiable by RFC 9110 14.1.2, yet Content-Range cannot express it.
        return None
    return ByteRange(max(0, size - length), size - 1)


def _number(digits: str) -> int:
    return int(digits.lstrip("0")[:_MOST_DIGITS] or "0")
