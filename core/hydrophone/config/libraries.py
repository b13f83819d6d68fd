"""The part of the schema that is about music folders: which, how they are scanned, playlists."""

from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct

from hydrophone.domain.units import Seconds


class LibraryConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[[libraries]]`: a folder of music."""

    name: Annotated[
        str,
        Meta(
            min_length=1,
            description="What apps show as the name of this music folder; no two have the same.",
        ),
    ]
    path: Annotated[
        Path,
        Meta(description="The folder. `~` is the home of the user that the server runs as."),
    ]
    users: Annotated[
        tuple[str, ...],
        Meta(description="Names of the users who see this library. Empty means everybody."),
    ] = ()


class ScanConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[scan]`: how the libraries are kept up to date."""

    on_start: Annotated[
        bool, Meta(description="Whether each start of the server looks for changed files.")
    ] = True
    interval_minutes: Annotated[
        int,
        Meta(
            ge=0,
            le=525_600,
            description="Minutes between two looks for changed files; 0 means never by the clock.",
        ),
    ] = 360
    watch: Annotated[
        bool,
        Meta(
            description="Whether changes are scanned as they happen. A library that cannot be "
            "watched, such as one on a network share, is polled."
        ),
    ] = True
    poll_minutes: Annotated[
        int,
        Meta(
            ge=0,
            le=525_600,
            description="Minutes between two quick looks at a library that cannot be watched; 0 "
            "means none. They find what came, went or was renamed, and leave files that were "
            "written in their place, as taggers do, to `interval_minutes` and `startScan`.",
        ),
    ] = 5
    workers: Annotated[
        int,
        Meta(
            ge=0,
            le=64,
            description="Number of processes that read tags; 0 chooses by the number of cores.",
        ),
    ] = 0
    worker_memory_mib: Annotated[
        int,
        Meta(
            ge=128,
            le=65_536,
            description="Memory that one of these processes may use, in MiB. A file that needs "
            "more is reported and left out.",
        ),
    ] = 512
    file_timeout: Annotated[
        Seconds,
        Meta(
            ge=1,
            le=3600,
            description="Seconds that reading one file may take. A file that needs longer is "
            "reported and left out.",
        ),
    ] = Seconds(60)
    artist_separators: Annotated[
        tuple[str, ...],
        Meta(
            description="Signs between several people in one text of a tag, with the blanks that "
            "belong to them; upper and lower case are the same. Tags that are lists are left as "
            "they are.",
        ),
    ] = ("; ", " feat. ", " feat ", " ft. ", " ft ", " featuring ")
    genre_separators: Annotated[
        tuple[str, ...], Meta(description="Signs between several genres in one text of a tag.")
    ] = (";",)
    never_split: Annotated[
        tuple[str, ...],
        Meta(description="Names that stay whole although they contain one of these signs."),
    ] = ()


class PlaylistsConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[playlists]`: playlist files that lie in the libraries."""

    import_files: Annotated[
        bool,
        Meta(
            description="Whether `.m3u`, `.m3u8` and `.nsp` files in the libraries are shown as "
            "playlists. Off, those that were made of them stay as they are."
        ),
    ] = True
    owner: Annotated[
        str,
        Meta(
            description="Name of the user to whom these playlists belong. Empty means the first "
            "admin."
        ),
    ] = ""
    public: Annotated[
        bool,
        Meta(
            description="Whether everybody sees them, each with the tracks that he may see. An "
            "`.nsp` file may say otherwise for itself."
        ),
    ] = False
