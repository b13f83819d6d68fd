"""The names of all capabilities, for `StartedPlugin.the` and `StartedPlugin.all`."""

from hydrophone.host.capabilities import (
    ACQUIRER,
    ANALYZER,
    ARTWORK,
    EVENT_LISTENER,
    JOB,
    LYRICS,
    METADATA,
    RECOGNIZER,
    SCROBBLER,
    SIMILARITY,
    SONIC_SIMILARITY,
    SOURCE,
    WEBHOOK,
)

__all__ = (
    "ACQUIRER",
    "ANALYZER",
    "ARTWORK",
    "EVENT_LISTENER",
    "JOB",
    "LYRICS",
    "METADATA",
    "RECOGNIZER",
    "SCROBBLER",
    "SIMILARITY",
    "SONIC_SIMILARITY",
    "SOURCE",
    "WEBHOOK",
)
