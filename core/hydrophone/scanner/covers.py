"""Reads the pictures that lie beside the music, where they are new or have changed."""

import os
from collections.abc import Iterable

import msgspec

from hydrophone.domain.ids import ARTWORK, ArtworkId, digest, encode_id
from hydrophone.domain.library import Library, ScanProblem
from hydrophone.domain.paths import escape_path
from hydrophone.domain.picture import LARGEST_PICTURE, refusal
from hydrophone.errors import MediaError
from hydrophone.scanner.growing import Growing
from hydrophone.scanner.plan import CoverWork
from hydrophone.storage.queries.inventory import FolderRecord


def read_covers(
    library: Library, covers: Iterable[CoverWork], growing: Growing
) -> tuple[list[FolderRecord], list[ScanProblem]]:
    """Return folders with the pictures that they have now, and problems; blocks.

    A picture that cannot be read, is none that is shown, or is being written, leaves its folder as
    it was, and is tried again by each scan.
    """
    folders = []
    problems = []
    for work in covers:
        try:
            picture = picture_id(os.path.join(library.path, work.path)) if work.path else None  # noqa: PTH118 - a str
        except MediaError as error:
            path = escape_path(work.path)
            problems.append(ScanProblem(library=library.name, path=path, reason=str(error)))
            continue
        if work.file is None or not growing.is_growing(work.file, work.path):
            folders.append(msgspec.structs.replace(work.folder, artwork_id=picture))
    return folders, problems


def picture_id(path: str) -> ArtworkId:
    """Return the id of a picture by its content; raises MediaError if it is none to be shown."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - a str with surrogates
            content = file.read(LARGEST_PICTURE + 1)
    except OSError as error:
        raise MediaError(error.strerror or "cannot be read") from error
    if why := refusal(content):
        raise MediaError(why)
    return ArtworkId(encode_id(ARTWORK, digest(content)))
