"""The key table of the cache: music of sources that is kept on this machine."""

from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct

from hydrophone.domain.remote import Quality


class CacheConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[cache]`: music of sources that was played, starred or kept."""

    folder: Annotated[
        Path,
        Meta(
            description="Folder of the music that came from sources. It stays there for ever "
            "unless `max_size` is set. Empty means the folder `cached` in `data_dir`.",
        ),
    ] = Path()
    quality: Annotated[
        Quality,
        Meta(
            description="What is fetched where a source has both: `lossless`, or `lossy`, which "
            "is smaller.",
        ),
    ] = Quality.LOSSLESS
    max_size: Annotated[
        int,
        Meta(
            ge=0,
            le=1_000_000_000,
            description="Most MiB of it in all; what was not played for longest is deleted first, "
            "and what somebody keeps, stars or has in a playlist never. 0 deletes nothing.",
        ),
    ] = 0
    least_free: Annotated[
        int,
        Meta(
            ge=0,
            le=1_000_000_000,
            description="MiB that are left free on the disk of the folder. Where there is less, "
            "tracks are played without being kept.",
        ),
    ] = 1024
    keep_starred: Annotated[
        bool,
        Meta(
            description="Whether a star on a track or an album of a source fetches it, to be kept."
        ),
    ] = True
    user_quota: Annotated[
        int,
        Meta(
            ge=0,
            le=1_000_000_000,
            description="Most MiB that a user's stars, playlists and wishes keep; 0 means any "
            "number. What others keep as well counts for each of them.",
        ),
    ] = 0
    prefetch: Annotated[
        int,
        Meta(
            ge=0,
            le=20,
            description="How many of the next tracks of a play queue, or of the playlist or album "
            "where an app saves no queue, are fetched before they are played.",
        ),
    ] = 1
