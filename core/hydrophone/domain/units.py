"""A type for each unit, so that seconds and milliseconds cannot be mistaken for each other."""

from typing import NewType

Seconds = NewType("Seconds", float)
"""A duration in seconds; fractions are kept."""

Milliseconds = NewType("Milliseconds", int)
"""A duration or position in milliseconds."""

Timestamp = NewType("Timestamp", int)
"""A point in time: milliseconds since 1970-01-01T00:00:00Z."""

Kbps = NewType("Kbps", int)
"""A bit rate in thousands of bits per second."""

Hertz = NewType("Hertz", int)
"""A sampling rate."""

ByteCount = NewType("ByteCount", int)
"""A number of bytes."""
