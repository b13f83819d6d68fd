"""Compares what a walk found with what the database knows, before any file is opened."""

import os
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice

import msgspec
from sqlalchemy import Connection

from hydrophone.domain.collation import sort_key
from hydrophone.domain.ids import FolderId, LibraryId
from hydrophone.domain.library import Library, ScanProblem
from hydrophone.domain.paths import escape_path, unescape_path
from hydrophone.domain.report import RemarkKind
from hydrophone.domain.video import MAYBE_MUSIC
from hydrophone.scanner.identity import folder_id
from hydrophone.scanner.plan import CoverWork, FolderVideos, FolderWork, Plan
from hydrophone.scanner.walk import ART_FOLDERS, FoundFile, FoundFolder
from hydrophone.storage.queries import inventory, playlist_files, remarks, video_files

_FOLDERS_AT_ONCE = 200
_COARSEST_CLOCK_NS = 3_000_000_000
"""FAT counts in steps of two seconds: a folder may change within them and keep its time."""


def compare(
    connection: Connection,
    library: Library,
    found: Iterable[FoundFolder],
    *,
    reading: int,
    full: bool = False,
    in_part: bool = False,
) -> Plan:
    """Plan the scan of a library; reads the database, writes nothing.

    `in_part` says that not all folders were walked: gone are then only those that were missed
    directly in a folder that was.

    A file is unchanged when size, mtime and ctime are: retagging with the times set back still
    changes ctime. A file that was not read by today's `reading` (see there) counts as changed, and
    `full` takes every file for that. What lies in a folder that could not be
    read counts as unchanged.
    """
    plan = Plan()
    unseen = inventory.folders(connection, library.id)
    plan.pictures = {f.id: f.artwork_id for f in unseen.values() if f.artwork_id}
    for record in unseen.values():
        _note_lender(plan, record)
    had_playlists = playlist_files.folders(connection, library.id)
    had_notes = {
        path.rpartition("/")[0]
        for path in remarks.paths(connection, library.id, (RemarkKind.PASSED_OVER,))
    }
    known_videos = video_files.paths(connection, library.id)
    had_videos = frozenset(path.rpartition("/")[0] for path in known_videos)
    unreadable: list[str] = []
    below: dict[str, frozenset[str]] = {}
    lost: set[str] = set()
    for folder, path, identifier, files in _with_known_files(connection, library, found):
        known = unseen.pop(identifier, None)
        if folder.problem:
            plan.problems.append(
                ScanProblem(library=library.name, path=path, reason=folder.problem)
            )
            unreadable.append(path)
            continue
        below[path] = frozenset(map(escape_path, folder.below))
        if folder.playlists or path in had_playlists:
            plan.playlists[path] = folder.playlists
        if folder.videos or path in had_videos:
            plan.videos[path] = _videos(identifier, folder)
        _compare_folder(plan, known or _record(library, identifier, path), folder, known)
        read_by = None if full else reading
        is_other = _compare_files(plan, library.id, identifier, folder, files, read_by)
        _note_oddities(plan, folder, path, is_other=is_other or path in had_notes)
    for identifier, record in unseen.items():
        if any(record.path.startswith(f"{path}/" if path else "") for path in unreadable):
            continue
        if in_part and not _is_missed(record.path, below):
            continue
        _lose_folder(plan, record, inventory.files(connection, identifier))
        lost.add(record.path)
        plan.playlists |= dict.fromkeys(had_playlists & {record.path}, ())
        nothing = FolderVideos(folder_id=identifier, path=unescape_path(record.path))
        plan.videos |= dict.fromkeys(had_videos & {record.path}, nothing)
    _count_videos(plan, known_videos)
    if in_part:
        plan.seen = below.keys() | lost
    return plan


def _videos(folder_id: FolderId, folder: FoundFolder) -> FolderVideos:
    return FolderVideos(
        folder_id=folder_id,
        path=folder.path,
        files=folder.videos,
        captions=folder.captions,
        pictures=folder.pictures,
    )


def _count_videos(plan: Plan, known: Collection[str]) -> None:
    """Count what is no music by its name; all else is counted as music, whatever it is."""
    found = {
        f"{folder}/{escape_path(file.name)}" if folder else escape_path(file.name)
        for folder, videos in plan.videos.items()
        for file in videos.files
        if file.suffix != MAYBE_MUSIC
    }
    kept = len(found.intersection(known))
    plan.found += len(found)
    plan.kept += kept
    looked_at = (path for path in known if path.rpartition("/")[0] in plan.videos)
    plan.lost_videos = sum(not path.endswith(f".{MAYBE_MUSIC}") for path in looked_at) - kept


def _lose_folder(
    plan: Plan, record: inventory.FolderRecord, files: Mapping[str, inventory.KnownFile]
) -> None:
    plan.gone_folders.append(record.id)
    if plan.pictures.pop(record.id, None) and record.id in plan.lends:
        plan.bereft.append(plan.lends[record.id])
    plan.former_covers += record.cover_paths()
    _lose_files(plan, files.values())


def _lose_files(plan: Plan, files: Iterable[inventory.KnownFile]) -> None:
    for file in files:
        plan.vanished |= file.tracks
        plan.lost.append(file.stat[:2])


def _is_missed(path: str, below: Mapping[str, Collection[str]]) -> bool:
    """Say whether a folder, or one above it, was missed in a folder that was walked."""
    while path:
        parent = path.rpartition("/")[0]
        if parent in below and path not in below[parent]:
            return True
        path = parent
    return False


def _with_known_files(
    connection: Connection, library: Library, found: Iterable[FoundFolder]
) -> Iterator[tuple[FoundFolder, str, FolderId, dict[str, inventory.KnownFile]]]:
    """Yield each folder with its escaped path, its id and the files that it had.

    The database is asked for many folders at once: asking takes longer than reading the answer.
    """
    folders = iter(found)
    while some := list(islice(folders, _FOLDERS_AT_ONCE)):
        paths = [escape_path(folder.path) for folder in some]
        identifiers = [folder_id(library.name, path) for path in paths]
        files = inventory.files_by_folder(connection, identifiers)
        for folder, path, identifier in zip(some, paths, identifiers, strict=True):
            yield folder, path, identifier, files[identifier]


def _record(library: Library, identifier: FolderId, path: str) -> inventory.FolderRecord:
    parent, _, name = path.rpartition("/")
    name = name or library.name
    return inventory.FolderRecord(
        id=identifier,
        library_id=library.id,
        parent_id=folder_id(library.name, parent) if path else None,
        path=path,
        name=name,
        sort_key=sort_key(name),
        cover="",
        artwork_id=None,
    )


def _compare_folder(
    plan: Plan,
    record: inventory.FolderRecord,
    folder: FoundFolder,
    known: inventory.FolderRecord | None,
) -> None:
    if known is None:
        plan.folders.append(record)
        _note_lender(plan, record)
    cover = folder.cover
    signature = escape_path(":".join(map(str, (cover.name, *cover.stat)))) if cover else ""
    if signature != record.cover:
        path = os.path.join(folder.path, cover.name) if cover else ""  # noqa: PTH118 - a str
        changed = msgspec.structs.replace(record, cover=signature)
        plan.covers.append(CoverWork(folder=changed, path=path, file=cover))
        plan.former_covers += record.cover_paths()
    is_young = folder.mtime_ns > time.time_ns() - _COARSEST_CLOCK_NS
    mtime_ns = 0 if is_young else folder.mtime_ns
    if mtime_ns != record.mtime_ns:
        plan.times[record.id] = mtime_ns


def _note_lender(plan: Plan, record: inventory.FolderRecord) -> None:
    if record.parent_id is not None and record.name.lower() in ART_FOLDERS:
        plan.lends[record.id] = record.parent_id


def _compare_files(
    plan: Plan,
    library_id: LibraryId,
    identifier: FolderId,
    folder: FoundFolder,
    known: dict[str, inventory.KnownFile],
    reading: int | None,
) -> bool:
    """Say whether any file is new, has changed or is gone."""
    changed: list[FoundFile] = []
    others: list[FoundFile] = []
    prefix = f"{library_id}/{escape_path(folder.path)}/" if folder.path else f"{library_id}/"
    for file in folder.files:
        name = prefix + escape_path(file.name)
        before = known.pop(name, None)
        plan.kept += before is not None
        if before is None:
            changed.append(file)
        elif before.reading != reading or before.stat != file.stat:
            changed.append(file)
            plan.known |= {key: known for key, known in before.tracks.items() if known}
            if name not in before.tracks:
                plan.parts[name] = tuple(before.tracks)
        else:
            others.append(file)
    plan.found += len(folder.files)
    plan.unchanged += len(others)
    _lose_files(plan, known.values())
    if changed:
        plan.work.append(
            FolderWork(
                id=identifier,
                path=folder.path,
                changed=tuple(changed),
                others=tuple(others),
                sheets=folder.sheets,
            )
        )
    return bool(changed or known)


def _note_oddities(plan: Plan, folder: FoundFolder, path: str, *, is_other: bool) -> None:
    prefix = f"{path}/" if path else ""
    plan.notes += ((prefix + escape_path(name), note) for name, note in folder.notes.items())
    if folder.sheets and (is_other or not folder.files):
        plan.sheeted.append(folder)
