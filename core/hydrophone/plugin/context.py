"""What core gives to a plugin; there is no other way into the server."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

from msgspec import Struct

from hydrophone.domain.music import Album, Artist, Track
from hydrophone.domain.units import Seconds, Timestamp
from hydrophone.plugin.http import HttpClient

T = TypeVar("T")
RequestT = TypeVar("RequestT", bound=Struct)


class KeyValueStore(Protocol):
    """Small things that a plugin keeps for itself, apart for each instance.

    At most 10,000 keys of 200 characters, 256 KiB a value. What was put is on the disk on return,
    and survives a crash: it is the place for what is to last, rather than `Plugin.stop`.
    """

    async def get(self, key: str) -> bytes | None:
        """Return what was put under this key; `None` if nothing was, or it has expired."""
        ...

    async def put(self, key: str, value: bytes, *, lifetime: Seconds | None = None) -> None:
        """Keep this, for so long if it is said. Raises InvalidInputError over the limits."""
        ...

    async def delete(self, key: str) -> None:
        """Forget it; without effect if there is nothing."""
        ...

    async def keys(self, prefix: str = "") -> tuple[str, ...]:
        """Return the keys that begin so, in alphabetical order."""
        ...


class SecretStore(Protocol):
    """Tokens that a plugin gets while it runs (of OAuth), encrypted under the server's key."""

    async def get(self, key: str) -> str | None:
        """Return what was put under this key; `None` if nothing was or the key file is another."""
        ...

    async def put(self, key: str, value: str) -> None:
        """Keep it; at once and as a whole, so that a refreshed token is never lost."""
        ...

    async def delete(self, key: str) -> None:
        """Forget it; without effect if there is nothing."""
        ...


class LibraryView(Protocol):
    """Read-only looks into the library: everything in it, whoever may see it."""

    async def track(self, track_id: str) -> Track | None:
        """Return a track, or one that a source has only shown; `None` if there is none."""
        ...

    async def album(self, album_id: str) -> Album | None:
        """Return an album; `None` if there is none of this id."""
        ...

    async def artist(self, artist_id: str) -> Artist | None:
        """Return an artist; `None` if there is none of this id."""
        ...

    async def album_tracks(self, album_id: str) -> tuple[Track, ...]:
        """Return the tracks of an album by disc and number; empty if there is no such album."""
        ...

    async def file(self, track_id: str) -> Path | None:
        """Return the track's file on this machine; `None` if it has none."""
        ...


class JobQueue(Protocol):
    """Work that survives a restart: runs of the plugin's own jobs (`hookspecs.jobs`)."""

    async def add(self, job: str, *, subject: str = "") -> None:
        """Have a job run once more, for this subject; twice the same waits as one.

        `subject` has at most 500 characters. On disk on return.
        """
        ...


class Clock(Protocol):
    """Tells the time of day; tests set it."""

    def now(self) -> Timestamp:
        """Return the present time."""
        ...


class Worker(Protocol):
    """A process for libraries that block or may hang; it is killed when they do."""

    async def call(
        self,
        function: Callable[[RequestT], T],
        request: RequestT,
        *,
        time_limit: Seconds = ...,
    ) -> T:
        """Run a function of a module there and return what it returns; 60 seconds at most.

        Its argument and what it returns are types that msgspec knows, and annotated. A call
        that takes longer, or whose caller is cancelled, ends the process; the next call has a
        new one.

        Raises:
            ProviderUnavailableError: It took too long, the process died, or the function raised.
        """
        ...


class Context(Protocol):
    """All that a plugin is given. Never a database session, an engine or the app."""

    @property
    def instance(self) -> str:
        """The name of its table: `tidal_family` of `[plugins.tidal_family]`."""
        ...

    @property
    def logger(self) -> logging.Logger:
        """`hydrophone.plugins.<instance>`; never give a secret to it."""
        ...

    @property
    def data_dir(self) -> Path:
        """A folder of its own, part of no backup; made before `start`."""
        ...

    @property
    def cache_dir(self) -> Path:
        """A folder of its own for what can be made again; made before `start`."""
        ...

    @property
    def store(self) -> KeyValueStore:
        """Small things that it keeps for itself."""
        ...

    @property
    def secrets(self) -> SecretStore:
        """Tokens that it gets while it runs."""
        ...

    @property
    def http(self) -> HttpClient:
        """The way to other servers."""
        ...

    @property
    def worker(self) -> Worker:
        """A process for what blocks or may hang."""
        ...

    @property
    def library(self) -> LibraryView:
        """Read-only looks into the library."""
        ...

    @property
    def jobs(self) -> JobQueue:
        """Asks for runs of its own jobs."""
        ...

    @property
    def clock(self) -> Clock:
        """Tells the time of day."""
        ...
