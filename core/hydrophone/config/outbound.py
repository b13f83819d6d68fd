"""The part of the schema that is about other servers: which may be called, and podcasts."""

import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct

_HOST_AND_PORT = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):[0-9]{1,5}")


class HostAndPort(str):
    """A host with its port (`192.168.1.5:8000`, `[::1]:80`, `nas.lan:80`)."""

    __slots__ = ()

    def __new__(cls, text: str) -> "HostAndPort":
        """Take the text as it is. Raises ValueError if it is no such thing."""
        if not _HOST_AND_PORT.fullmatch(text):
            raise ValueError("no host with a port")
        return super().__new__(cls, text)


class OutboundConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[outbound]`: what the server may ask of other servers."""

    allow: Annotated[
        tuple[HostAndPort, ...],
        Meta(
            description="Hosts with ports, as in addresses of feeds and stations, that may be "
            "called although they are in a private network, such as `192.168.1.5:8000`. All "
            "others must be on the public internet.",
        ),
    ] = ()
    contact: Annotated[
        str,
        Meta(
            max_length=200,
            pattern=r"^[ -~]*\Z",
            description="An e-mail address or a page by which other services can reach you; it "
            "is sent to all of them. Some refuse, or slow down, who gives none.",
        ),
    ] = ""


class PodcastDownload(StrEnum):
    """Which episodes are downloaded without being asked for."""

    NONE = "none"
    NEW = "new"


class PodcastsConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[podcasts]`: where episodes are kept, and how feeds are followed."""

    folder: Annotated[
        Path,
        Meta(
            description="Folder of downloaded episodes. Empty means the folder `podcasts` in "
            "`data_dir`.",
        ),
    ] = Path()
    refresh_minutes: Annotated[
        int,
        Meta(
            ge=0,
            le=525_600,
            description="Minutes between two looks at a feed; 0 means never by the clock.",
        ),
    ] = 60
    download: Annotated[
        PodcastDownload,
        Meta(
            description="`new` downloads episodes that appear after a channel was added, `none` "
            "only those that somebody asks for or plays.",
        ),
    ] = PodcastDownload.NONE
    keep_episodes: Annotated[
        int,
        Meta(
            ge=0,
            le=100_000,
            description="Number of downloaded episodes that a channel keeps; each look at its "
            "feed deletes the files of older ones. 0 keeps all.",
        ),
    ] = 0
