"""What an analyzer hears in a track."""

from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta, Struct


class GivenTag(Struct, frozen=True, kw_only=True):
    """A tag that was heard, not read."""

    field: Annotated[str, Meta(min_length=1, max_length=40)]
    """`genre`, `mood`, `instrument`, ...; in lower case."""
    value: Annotated[str, Meta(min_length=1, max_length=200)]
    confidence: Annotated[float, Meta(ge=0, le=1)]


class Analysis(Struct, frozen=True, kw_only=True):
    """What was heard."""

    features: Annotated[Mapping[str, float], Meta(max_length=500)]
    """`bpm`, `energy`, `loudness_lufs`, ...; the analyzer's page says what each means."""
    tags: Annotated[tuple[GivenTag, ...], Meta(max_length=200)] = ()
    embedding: Annotated[tuple[float, ...], Meta(max_length=4096)] = ()
    """A point in a space where what is near sounds alike; empty if it makes none."""
