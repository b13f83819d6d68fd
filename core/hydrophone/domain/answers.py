"""Answers of sources, which are kept so that nobody has to wait for them twice."""

from msgspec import Struct

from hydrophone.domain.units import ByteCount, Timestamp


class SourceAnswers(Struct, frozen=True, kw_only=True):
    """What is kept of the answers of one source."""

    source: str
    """The instance of the plugin."""
    count: int
    size: ByteCount
    hits: int
    """How often one of them was served instead of asking."""
    oldest: Timestamp
