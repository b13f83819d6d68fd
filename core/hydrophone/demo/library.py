"""Builds the demo library on disk: `ensure_demo_library` is the package's front door."""

import logging
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from hydrophone.demo import encoding, performance
from hydrophone.demo.catalogue import ALBUMS, DemoAlbum, DemoTrack
from hydrophone.demo.covers import draw_cover
from hydrophone.demo.pieces import PIECES
from hydrophone.demo.tagging import write_tags
from hydrophone.domain.units import Seconds
from hydrophone.errors import MediaError

logger = logging.getLogger(__name__)

_TIME_LIMIT = Seconds(300)
"""For performing one piece; about two seconds are normal, ten on the smallest computers."""
_MOST_AT_ONCE = 4
_UNFINISHED = ".partial"
"""Ends the name of a file that is being written; no music scanner knows this suffix."""


def _ignore(_done: int, _total: int, _title: str) -> None:
    pass


def ensure_demo_library(
    folder: Path, *, ffmpeg: Path, progress: Callable[[int, int, str], None] = _ignore
) -> None:
    """Make sure that `folder` holds the demo library, writing only the files that are missing.

    `folder` is created if need be; what else lies in it is left alone. A complete library is
    recognised in a millisecond, an interrupted one is completed: a file has its name only
    when it is finished. `progress` is called in this thread after each piece with how many
    are done, how many this call had to make and the title of the one just finished.

    Blocks for a few seconds at the first call, keeping the processor busy with up to four
    child processes, none of which outlives the call. Raises `MediaError` if ffmpeg fails.
    """
    missing = [
        (album, track)
        for album in ALBUMS
        for track in album.tracks
        if not album.path(folder, track).exists()
    ]
    for album in ALBUMS:
        cover_file = folder / album.folder / "cover.jpg"
        if not album.embeds_cover and not cover_file.exists():
            cover_file.parent.mkdir(parents=True, exist_ok=True)
            _finish(cover_file, partial(_write_cover, album))
    if missing:
        _make_tracks(folder, missing, ffmpeg, progress)
        logger.info("Wrote %d pieces of the demo library to %s", len(missing), folder)


def _make_tracks(
    folder: Path,
    missing: list[tuple[DemoAlbum, DemoTrack]],
    ffmpeg: Path,
    progress: Callable[[int, int, str], None],
) -> None:
    workers = min(_MOST_AT_ONCE, os.cpu_count() or 1)
    with (
        TemporaryDirectory(prefix="hydrophone-demo-") as scratch,
        ThreadPoolExecutor(workers) as pool,
    ):
        room = Path(scratch) / "room.wav"
        encoding.write_room(room)
        titles = {
            pool.submit(_make_track, folder, album, track, ffmpeg, room): track.title
            for album, track in missing
        }
        try:
            for done, future in enumerate(as_completed(titles), start=1):
                future.result()
                progress(done, len(missing), titles[future])
        except BaseException:  # an interrupt, too, must not wait for what has not begun
            pool.shutdown(cancel_futures=True)
            raise


def _make_track(folder: Path, album: DemoAlbum, track: DemoTrack, ffmpeg: Path, room: Path) -> None:
    pans = tuple(voice.pan for voice in PIECES[track.piece].voices)
    dry = _perform(track.piece)
    stereo = encoding.place_in_room(dry, pans=pans, room=room, ffmpeg=ffmpeg)
    cover = _cover(album) if album.embeds_cover else None

    def write(path: Path) -> None:
        encoding.encode(stereo, path, suffix=track.suffix, ffmpeg=ffmpeg)
        write_tags(path, album, track, cover)

    destination = album.path(folder, track)
    destination.parent.mkdir(parents=True, exist_ok=True)
    _finish(destination, write)


def _perform(piece: str) -> bytes:
    """Have a child process play a piece: threads alone would share one processor."""
    # -P: a file named like a standard module in the current folder must not be imported.
    argv = [sys.executable, "-P", "-m", performance.__name__, piece]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter, module and keys
            argv, stdin=subprocess.DEVNULL, capture_output=True, timeout=_TIME_LIMIT, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise MediaError(f"the demo piece {piece!r} could not be performed: {error}") from error
    return done.stdout


def _cover(album: DemoAlbum) -> bytes:
    return draw_cover(
        title=album.cover_lines, name=album.artist, palette=album.palette, motif=album.motif
    )


def _write_cover(album: DemoAlbum, path: Path) -> None:
    path.write_bytes(_cover(album))


def _finish(destination: Path, write: Callable[[Path], None]) -> None:
    """Let `write` fill a file under another name; it gets its own once it is on the disk."""
    unfinished = destination.with_name(destination.name + _UNFINISHED)
    write(unfinished)
    with unfinished.open("rb+") as file:
        os.fsync(file.fileno())
    unfinished.replace(destination)
