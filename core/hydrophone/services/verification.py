"""Finds out whether what was downloaded is the track that was meant."""

import hashlib
import logging
import os
from pathlib import Path
from typing import TypeVar

from msgspec.structs import asdict, replace

from hydrophone.domain.music import Track
from hydrophone.domain.podcast import Episode
from hydrophone.domain.units import Seconds
from hydrophone.errors import BadAnswerError, MediaError
from hydrophone.media.in_thread import in_thread
from hydrophone.plugin.capabilities.source import Checksum, StreamHandle
from hydrophone.sandbox.worker import Worker
from hydrophone.scanner.parsed import ParsedFile, StreamInfo
from hydrophone.scanner.suffixes import SUFFIXES

logger = logging.getLogger(__name__)

PlayableT = TypeVar("PlayableT", Track, Episode)

_WORKER_MEMORY = 512 * 1024**2
_PARSE_TIMEOUT = 60.0
_MAY_DIFFER = (2.0, 0.01)
"""Seconds, or share of the length, whichever is more."""
_PREVIEW = (15.0, 45.0)
"""Seconds: between these is the length of the samples that services give in place of a track."""
_NO_PREVIEW = 60.0
"""What is said to be longer than this, and is as short as a sample, is one."""
_ALGORITHMS = ("md5", "sha1", "sha256")


class Verifier:
    """Looks into files that were downloaded, in a process of its own."""

    def __init__(self) -> None:
        self._parser: Worker[ParsedFile] = Worker(
            "hydrophone.scanner.parse:parse_file", answer=ParsedFile, memory=_WORKER_MEMORY
        )

    def close(self) -> None:
        """End the process."""
        self._parser.close()

    async def check(self, path: Path, handle: StreamHandle, track: Track) -> StreamInfo | None:
        """Return what is in a file whose size is right.

        `None` if its format is one that nobody here can look into; then the source's checksum, or
        the size that it has said, has to do. With a checksum that is right the length is not
        compared: people have typed it. Raises BadAnswerError if it is not the track.
        """
        if handle.checksum is not None:
            await in_thread(_check_sum, path, handle.checksum)
        if handle.suffix not in SUFFIXES:
            if handle.checksum is None and handle.size is None:
                raise BadAnswerError(f"Nobody can tell whether this {handle.suffix} is whole.")
            return None
        is_vouched_for = handle.checksum is not None or handle.size is not None
        stream = await self.look_into(path, is_vouched_for=is_vouched_for)
        if not _has_known_checksum(handle):
            check_duration(stream.duration, Seconds(handle.duration or track.duration))
        return stream

    async def look_into(self, path: Path, *, is_vouched_for: bool = True) -> StreamInfo:
        """Return what is in a file of one of `SUFFIXES`.

        Raises BadAnswerError if it is none, or if less is in it than it promises, and nobody else
        has said how much it should be.
        """
        try:
            parsed = await in_thread(
                lambda: self._parser.call(os.fsencode(path), timeout=_PARSE_TIMEOUT)
            )
        except MediaError as error:
            raise BadAnswerError(f"What was downloaded cannot be played: {error}") from error
        if parsed.length_remark and not is_vouched_for:
            raise BadAnswerError(f"The file is not whole: it {parsed.length_remark}.")
        return parsed.stream


def described(item: PlayableT, stream: StreamInfo) -> PlayableT:
    """Describe something by its file, which knows better than where it is from what is in it."""
    told = asdict(stream)
    return replace(item, **{name: told[name] for name in told if name in item.__struct_fields__})


def refuse_preview(handle: StreamHandle, track: Track) -> None:
    """Raise BadAnswerError if, by what is said of it, only a sample is to be had.

    A source that gives a checksum knows the very file, so its lengths are not made a case against
    it; those that hand out samples have none.
    """
    said = handle.duration
    if not said and handle.size and handle.bit_rate:
        said = Seconds(handle.size * 8 / (handle.bit_rate * 1000))
    is_short = not _has_known_checksum(handle) and _is_preview(said, track.duration)
    if handle.is_preview or is_short:
        raise BadAnswerError("The source gives only a sample of this track.")


def check_duration(found: Seconds, expected: Seconds) -> None:
    """Raise BadAnswerError if a file is not as long as it should be; 0 expects nothing."""
    if not expected:
        return
    if _is_preview(found, expected):
        raise BadAnswerError("The source gives only a sample of this track.")
    seconds, share = _MAY_DIFFER
    if abs(found - expected) > max(seconds, share * expected):
        raise BadAnswerError(f"The file is {found:.0f} seconds long instead of {expected:.0f}.")


def _is_preview(found: Seconds, expected: Seconds) -> bool:
    least, most = _PREVIEW
    return least <= found <= most and expected > _NO_PREVIEW


def _has_known_checksum(handle: StreamHandle) -> bool:
    return handle.checksum is not None and _algorithm(handle.checksum) in _ALGORITHMS


def _algorithm(checksum: Checksum) -> str:
    return checksum.algorithm.lower().replace("-", "")


def _check_sum(path: Path, checksum: Checksum) -> None:
    algorithm = _algorithm(checksum)
    if algorithm not in _ALGORITHMS:
        logger.warning("A source names a checksum that nobody knows: %s", checksum.algorithm)
        return
    with path.open("rb") as file:
        # By md5 and sha1 nobody is kept from doing harm: they tell broken files.
        found = hashlib.file_digest(file, algorithm).hexdigest()
    if found != checksum.digest.lower():
        raise BadAnswerError("The file is damaged: its checksum is another.")
