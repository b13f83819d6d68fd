"""Table definitions, one noun per module; importing this package fills `metadata`."""

from hydrophone.storage.tables import (
    annotation,
    device,
    library,
    music,
    origin,
    playback,
    playlist,
    remark,
    user,
)
from hydrophone.storage.tables.base import metadata

__all__ = [
    "annotation",
    "device",
    "library",
    "metadata",
    "music",
    "origin",
    "playback",
    "playlist",
    "remark",
    "user",
]
