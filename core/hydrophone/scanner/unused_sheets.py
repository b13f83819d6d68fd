"""Says which CUE sheets cannot be used, and why."""

import os
from collections.abc import Iterable, Iterator

from hydrophone.domain.paths import escape_path
from hydrophone.domain.report import Note, RemarkKind
from hydrophone.scanner.cue_sheet import MAX_LENGTH, CueSheet, read_sheet
from hydrophone.scanner.cue_tracks import closeness
from hydrophone.scanner.walk import FoundFolder

_LONGEST_NAME = 200


def unused_sheets(root: str, folders: Iterable[FoundFolder]) -> Iterator[tuple[str, Note]]:
    """Yield sheets (escaped paths, relative to the root) that cut no file; reads them, so blocks.

    A sheet that has vanished since the walk is left to the next scan.
    """
    for folder in folders:
        around = (folder.path, *(file.name for file in folder.files))
        for name in folder.sheets:
            path = os.path.join(folder.path, name)  # noqa: PTH118 - a str with surrogates
            try:
                with open(os.path.join(root, path), "rb") as file:  # noqa: PTH118, PTH123 - as above
                    sheet = read_sheet(file.read(MAX_LENGTH), (name, *around))
                reason = _fault(name, sheet, folder)
            except FileNotFoundError:
                continue
            except OSError as error:
                reason = error.strerror or "cannot be read"
            if reason:
                yield escape_path(path), Note(RemarkKind.PASSED_OVER, f"a CUE sheet: {reason}")


def _fault(name: str, sheet: CueSheet, folder: FoundFolder) -> str:
    tracks = [track for named in sheet.files for track in named.tracks]
    if not sheet.files:
        return "it names no file"
    if not tracks:
        return "it names no track of music"
    for named in sheet.files:
        if not any(closeness(file.name, name, sheet, named) for file in folder.files):
            return f"its file is not here: {named.name[:_LONGEST_NAME]}"
    if all(track.start is None for track in tracks):
        return "it does not say where its tracks begin"
    return ""
