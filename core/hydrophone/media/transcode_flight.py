"""A transcode on its way: how far it is, and whether it is worth going on."""

import asyncio
from pathlib import Path
from time import monotonic

from msgspec import Struct

from hydrophone.domain.units import Seconds
from hydrophone.media.growing_file import GrowingFile
from hydrophone.media.recipe import Recipe

_NEARLY_DONE = Seconds(1.0)
"""What takes no longer than this to its end goes on without listeners: it will be kept."""
_MAY_LACK = (1.0, 0.02)
"""Seconds, or share of the length, whichever is more, that a transcode may be shorter than its
source is said to be: lengths of MP3 files without a header are estimates."""


class Transcode(Struct, frozen=True, kw_only=True):
    """A transcode of a file as it is now: ready, running, or not begun."""

    name: str
    """Stands for the bytes: another file, version of it, form or ffmpeg has another name."""
    source: Path
    spec: Recipe
    duration: Seconds
    """How long it will be as far as is known; 0 = not known."""
    ready: Path | None
    """The whole of it; `None` if it has to be made first, see `Transcoder.listen`."""


class Flight:
    """One run of ffmpeg, with those who listen."""

    task: asyncio.Task[None]

    def __init__(self, transcode: Transcode) -> None:
        self.transcode = transcode
        self.file = GrowingFile()
        self.started = monotonic()
        self.position = Seconds(0.0)

    def reach(self, position: Seconds) -> None:
        """Note how much music is done."""
        self.position = position

    @property
    def is_complete(self) -> bool:
        """Whether the result is about as long as it should be."""
        seconds, share = _MAY_LACK
        return self.position >= self.transcode.duration - max(
            seconds, share * self.transcode.duration
        )

    @property
    def is_idle(self) -> bool:
        """Whether nobody listens and the end is not near."""
        if self.file.reader_count or self.task.done():
            return False
        return not self.file.is_on_disk or self.left is None or self.left > _NEARLY_DONE

    @property
    def left(self) -> Seconds | None:
        """About how long it will take yet; `None` if nobody knows."""
        if self.position <= 0 or self.transcode.duration <= 0:
            return None
        share = (self.transcode.duration - self.position) / self.position
        return Seconds((monotonic() - self.started) * share)
