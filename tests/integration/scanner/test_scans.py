"""The service that scans for the server, and what it says of it."""

import asyncio
import fcntl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from hydrophone.domain.ids import LibraryId, UserId
from hydrophone.domain.library import ScanStatus
from hydrophone.domain.units import Timestamp
from hydrophone.domain.user import Roles, User
from hydrophone.errors import NotPermittedError
from hydrophone.services.clock import SystemClock
from hydrophone.services.events import Events
from hydrophone.services.scans import Scans
from hydrophone.storage.database import open_database
from hydrophone.testing.scanned_library import ScannedLibrary

pytestmark = pytest.mark.anyio

ADMIN = User(
    id=UserId(1),
    name="Anna",
    roles=Roles(admin=True),
    libraries=(LibraryId(1),),
    created=Timestamp(1),
)
GUEST = User(id=UserId(2), name="Guest", libraries=(), created=Timestamp(1))


@asynccontextmanager
async def _running(
    library: ScannedLibrary, *, settling: asyncio.Semaphore | None = None
) -> AsyncIterator[tuple[Scans, asyncio.Queue[bool]]]:
    """The service, waiting to be asked, and whether it was scanning at each end of a scan."""
    ends: asyncio.Queue[bool] = asyncio.Queue()

    async def finished() -> None:
        ends.put_nowait(scans.status(ADMIN).scanning)
        if settling is not None:
            await settling.acquire()

    async with open_database(library.database) as database:
        scans = Scans(
            database=database,
            request=library.request(),
            events=Events(database=database, clock=SystemClock()),
            finished=finished,
        )
        task = asyncio.create_task(scans.run(at_once=False, interval=None))
        yield scans, ends
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def _scanned(scans: Scans, ends: "asyncio.Queue[bool]") -> ScanStatus:
    await scans.start(ADMIN)
    assert scans.status(ADMIN).scanning
    async with asyncio.timeout(30):
        assert await ends.get()
        while scans.status(ADMIN).scanning:  # noqa: ASYNC110 - the status is all there is to see
            await asyncio.sleep(0.01)
    return scans.status(ADMIN)


async def test_only_admins_start_a_scan(library: ScannedLibrary) -> None:
    library.album("Can/Ege")
    async with _running(library) as (scans, ends):
        with pytest.raises(NotPermittedError):
            await scans.start(GUEST)
        assert not scans.status(GUEST).scanning
        status = await _scanned(scans, ends)
    assert (status.count, status.problem) == (2, "")
    assert status.last_scan


async def test_failure_is_told_to_admins_until_a_scan_succeeds(library: ScannedLibrary) -> None:
    library.album("Can/Ege")
    async with _running(library) as (scans, ends):
        with (library.database.parent / "scan.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            status = await _scanned(scans, ends)
        assert "Another scan" in status.problem
        guest = scans.status(GUEST)
        assert (guest.problem, guest.count) == ("", 0)
        status = await _scanned(scans, ends)
        assert (status.count, status.problem) == (2, "")
        library.root.rename(library.root.with_name("away"))
        status = await _scanned(scans, ends)
        assert (status.count, "cannot be read" in status.problem) == (2, True)


async def test_the_next_scan_does_not_wait_until_all_is_loaded(library: ScannedLibrary) -> None:
    library.album("Can/Ege")
    settling = asyncio.Semaphore(0)
    async with _running(library, settling=settling) as (scans, ends):
        await scans.start(ADMIN)
        async with asyncio.timeout(30):
            await ends.get()
            library.album("Can/Future")
            scans.look(LibraryId(1), ["Can"])
            while len(library.every_track()) < 4:  # noqa: ASYNC110 - of another process
                await asyncio.sleep(0.05)
            assert scans.status(ADMIN).scanning
            settling.release()
            # Only with what the second has found, too, is it over.
            assert await ends.get()
            settling.release()
            while scans.status(ADMIN).scanning:  # noqa: ASYNC110 - the status is all there is to see
                await asyncio.sleep(0.01)
        assert (scans.status(ADMIN).count, ends.empty()) == (4, True)


async def test_it_begins_anew_after_failing_in_the_middle_of_a_scan(
    library: ScannedLibrary,
) -> None:
    library.album("Can/Ege")
    settling, failing = asyncio.Event(), asyncio.Event()

    async def finished() -> None:
        if not failing.is_set():
            settling.set()
            await failing.wait()
            raise OSError

    async with open_database(library.database) as database:
        events = Events(database=database, clock=SystemClock())
        scans = Scans(
            database=database, request=library.request(), events=events, finished=finished
        )
        await scans.start(ADMIN)
        running = asyncio.create_task(scans.run(at_once=False, interval=None))
        async with asyncio.timeout(30):
            await settling.wait()
            await scans.start(ADMIN)
            await asyncio.sleep(0.1)
            failing.set()
            with pytest.raises(ExceptionGroup):
                await running
        running = asyncio.create_task(scans.run(at_once=False, interval=None))
        async with asyncio.timeout(30):
            while scans.status(ADMIN).scanning:  # noqa: ASYNC110 - the status is all there is to see
                await asyncio.sleep(0.01)
            await scans.start(ADMIN)
            while scans.status(ADMIN).scanning:  # noqa: ASYNC110 - the status is all there is to see
                await asyncio.sleep(0.01)
        running.cancel()
