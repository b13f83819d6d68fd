"""Table definitions, one noun per module; importing this package fills `metadata`."""

from hydrophone.storage.tables import (
    annotation,
    chat,
    device,
    job,
    library,
    music,
    origin,
    playback,
    playlist,
    plugin_state,
    plugin_value,
    podcast,
    radio,
    remark,
    share,
    user,
    video,
)
from hydrophone.storage.tables.base import metadata

__all__ = [
    "annotation",
    "chat",
    "device",
    "job",
    "library",
    "metadata",
    "music",
    "origin",
    "playback",
    "playlist",
    "plugin_state",
    "plugin_value",
    "podcast",
    "radio",
    "remark",
    "share",
    "user",
    "video",
]
