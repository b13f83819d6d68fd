"""The composition root: builds everything from the configuration, and takes it down again."""

import asyncio
import contextlib
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from hydrophone.backup import back_up_before_migration, complete_restore
from hydrophone.config import Config, JukeboxConfig
from hydrophone.domain.library import Library
from hydrophone.domain.units import ByteCount, Seconds
from hydrophone.domain.user import NewCredentials
from hydrophone.errors import StorageError, UnsupportedError
from hydrophone.media.disk_cache import DiskCache
from hydrophone.media.ffmpeg import find_ffmpeg
from hydrophone.media.mpv import find_mpv
from hydrophone.media.transcode_cache import TranscodeCache
from hydrophone.media.transcoder import Transcoder
from hydrophone.server.changes import ChangeWatch
from hydrophone.server.people import People, build_people, warn_of_lost
from hydrophone.server.remote import Remote, open_remote
from hydrophone.services import Services
from hydrophone.services.annotations import Annotations
from hydrophone.services.artwork import ArtworkService
from hydrophone.services.backups import Backups
from hydrophone.services.bookmarks import Bookmarks
from hydrophone.services.chat import Chat
from hydrophone.services.clock import Clock, SystemClock
from hydrophone.services.downloads import Downloads
from hydrophone.services.hls import Hls
from hydrophone.services.jukebox import Jukebox
from hydrophone.services.library import LibraryService
from hydrophone.services.locations import Locations
from hydrophone.services.lyrics import LyricsService
from hydrophone.services.play_queue import PlayQueueService
from hydrophone.services.playlist_files import PlaylistFiles
from hydrophone.services.playlists import Playlists
from hydrophone.services.plays import Plays
from hydrophone.services.scans import Scans, scan_request
from hydrophone.services.search import SearchService
from hydrophone.services.share_contents import ShareContents
from hydrophone.services.share_visits import ShareVisits
from hydrophone.services.shares import Shares
from hydrophone.services.signing import Signer
from hydrophone.services.similarity import Similarity
from hydrophone.services.streaming import Streaming
from hydrophone.services.transcoding_rules import TranscodingRules
from hydrophone.services.watching import Watching
from hydrophone.storage.connection import connect, transaction
from hydrophone.storage.data_folder import DATABASE, SERVER_LOCK, locked
from hydrophone.storage.database import Database, open_database
from hydrophone.storage.queries import counters, libraries
from hydrophone.storage.read_model import ReadModel
from hydrophone.storage.upgrade import upgrade

logger = logging.getLogger(__name__)

_COVERS = "covers"
_TRANSCODES = "transcodes"
_MIB = 1024 * 1024
_TRANSCODE_STALL = Seconds(30.0)
_RETRY_SECONDS = 5.0


@dataclass(frozen=True, kw_only=True)
class Server:
    """What is running."""

    services: Services
    people: People
    database: Database
    backups: Backups
    on_library_change: Callable[[Callable[[], None]], None]
    """Has a function called when the services show a change of the library."""
    background: Callable[[Callable[[], Awaitable[None]]], None]
    """Keeps something running until the server closes."""
    new_admin: NewCredentials | None
    """The first account, if it was made just now: to be shown to the person once."""

    def problem(self) -> str:
        """Say why requests cannot be served; empty if they can."""
        try:
            self.database.quick(counters.values)
        except (SQLAlchemyError, StorageError) as error:
            logger.warning("The database does not answer: %s", error)
            return "The database does not answer."
        return ""

    def warning(self) -> str:
        """Say what an admin should look at although requests are served; empty if nothing."""
        return "The last nightly backup failed; see the log." if self.backups.failed else ""


def make_data_dir(config: Config) -> Path:
    """Make the data folder if need be, for the server's own user alone, and return it.

    Raises StorageError if it cannot be made or written to.
    """
    data = config.server.data_dir
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise StorageError(f"The data folder {data} cannot be made: {error.strerror}") from error
    if not os.access(data, os.W_OK | os.X_OK):
        raise StorageError(f"The data folder {data} cannot be written to.")
    return data


def prepare(config: Config) -> tuple[Path, tuple[Library, ...]]:
    """Make the data folder, migrate the database, and give the libraries their ids.

    Blocking. Returns the database's path and the configured libraries in their order. Raises
    StorageError if the folder cannot be written to or the database not be used.
    """
    data = make_data_dir(config)
    path = data / DATABASE
    complete_restore(data)
    upgrade(
        path,
        back_up=lambda revision: back_up_before_migration(
            data, config.backup.dir, revision, SystemClock().now()
        ),
    )
    configured = [(library.name, str(library.path)) for library in config.libraries]
    with connect(path, durable=True) as connection, transaction(connection):
        return path, libraries.register(connection, configured)


def server_lock(config: Config) -> contextlib.AbstractContextManager[None]:
    """Return what keeps a second server, and a restore, away from the data folder.

    Entering it raises ConflictError if there is one already.
    """
    data = make_data_dir(config)
    return locked(data / SERVER_LOCK, f"A server, or a restore, is running on {data} already.")


@contextlib.asynccontextmanager
async def open_people(config: Config) -> AsyncIterator[People]:
    """Open just what has to do with accounts, for commands that may run beside a server."""
    path, registered = await asyncio.to_thread(prepare, config)
    async with open_database(path) as database:
        yield build_people(config, database, registered, SystemClock())


@contextlib.asynccontextmanager
async def open_playlists(config: Config) -> AsyncIterator[tuple[People, PlaylistFiles]]:
    """Open accounts and playlists, for commands that may run beside a server."""
    path, registered = await asyncio.to_thread(prepare, config)
    clock = SystemClock()
    async with open_database(path) as database:
        playlists = Playlists(database=database, clock=clock)
        yield (
            build_people(config, database, registered, clock),
            PlaylistFiles(database=database, playlists=playlists),
        )


@contextlib.asynccontextmanager
async def open_server(
    config: Config, *, config_file: Path | None = None, clock: Clock | None = None
) -> AsyncIterator[Server]:
    """Build all services and keep their background work running until the exit.

    `config_file` is what the configuration was read from; backups have a copy of it. Raises
    ConflictError if another server runs on the data folder.
    """
    clock = clock or SystemClock()
    async with contextlib.AsyncExitStack() as stack:
        stack.enter_context(server_lock(config))
        path, registered = await asyncio.to_thread(prepare, config)
        database = await stack.enter_async_context(open_database(path))
        read_model = ReadModel(path)

        told_of_changes: list[Callable[[], None]] = []

        async def library_changed() -> None:
            await read_model.refresh()
            await services.scans.reload()
            for tell in told_of_changes:
                tell()

        people = build_people(config, database, registered, clock)

        async def accounts_changed() -> None:
            people.logins.forget()

        watch = ChangeWatch(
            database,
            # Accounts first: a removed user must not wait for the orders of a large library.
            {counters.ACCOUNTS: accounts_changed, counters.LIBRARY: library_changed},
        )
        remote = await stack.enter_async_context(open_remote(config, database, clock))
        services = _services(
            config,
            path,
            registered,
            clock=clock,
            database=database,
            read_model=read_model,
            people=people,
            remote=remote,
            transcoder=await asyncio.to_thread(_transcoder, config),
            scan_finished=watch.look,
        )
        stack.callback(services.artwork.close)
        stack.push_async_callback(services.streaming.close)
        stack.push_async_callback(services.jukebox.close)
        await people.accounts.settle_recoverable_passwords()
        new_admin = await people.accounts.ensure_admin()
        warn_of_lost(await people.devices.lost())
        stack.push_async_callback(people.device_use.flush)
        await watch.look()
        scan = config.scan
        interval = Seconds(scan.interval_minutes * 60.0) if scan.interval_minutes else None
        background = await stack.enter_async_context(_background())
        background(watch.run)
        background(people.device_use.run)
        if config.jukebox.enabled:
            background(services.jukebox.run)
        background(remote.downloads.run)
        background(remote.refresh.run)
        await database.write(libraries.forget_polled)
        watching = Watching(
            database=database,
            scans=services.scans,
            libraries=registered if scan.watch else (),
        )

        async def keep_scanning() -> None:
            await watching.ready()
            await services.scans.run(at_once=scan.on_start, interval=interval)

        if registered:
            background(keep_scanning)
        if registered and scan.watch:
            background(watching.run)
        if registered and scan.watch and scan.poll_minutes:
            background(lambda: watching.poll(Seconds(scan.poll_minutes * 60.0)))
        backups = Backups(
            config.backup, config.server.data_dir, config_file=config_file, clock=clock
        )
        if config.backup.enabled:
            background(backups.run)
        yield Server(
            services=services,
            people=people,
            database=database,
            backups=backups,
            on_library_change=told_of_changes.append,
            background=background,
            new_admin=new_admin,
        )


@contextlib.asynccontextmanager
async def _background() -> AsyncIterator[Callable[[Callable[[], Awaitable[None]]], None]]:
    """Own tasks that run for ever; all are cancelled and awaited at the exit."""

    async def keep_running(work: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await work()
            except Exception:
                # The border of background work: one failure must not end it for good.
                logger.exception("Background work failed; it begins again in a moment.")
            await asyncio.sleep(_RETRY_SECONDS)

    tasks: list[asyncio.Task[None]] = []
    try:
        yield lambda work: tasks.append(asyncio.create_task(keep_running(work)))
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _services(
    config: Config,
    path: Path,
    registered: Sequence[Library],
    *,
    clock: Clock,
    database: Database,
    read_model: ReadModel,
    people: People,
    remote: Remote,
    transcoder: Transcoder | None,
    scan_finished: Callable[[], Awaitable[None]],
) -> Services:
    locations = Locations(registered)
    library = LibraryService(database=database, read_model=read_model, libraries=registered)
    playlists = Playlists(database=database, clock=clock)
    rules = TranscodingRules(config.transcoding)
    streaming = Streaming(
        database=database,
        locations=locations,
        podcast_files=remote.files,
        downloads=remote.downloads,
        transcoder=transcoder,
        rules=rules,
        signer=Signer(people.key.derive("transcodes")),
    )
    artwork = ArtworkService(
        database=database,
        locations=locations,
        podcast_files=remote.files,
        cache=DiskCache(config.server.cache_dir / _COVERS),
    )
    downloads = Downloads(
        database=database, library=library, playlists=playlists, streaming=streaming
    )
    contents = ShareContents(library=library, playlists=playlists)
    return Services(
        accounts=people.accounts,
        avatars=people.avatars,
        logins=people.logins,
        library=library,
        search=SearchService(database=database, read_model=read_model),
        annotations=Annotations(database=database, clock=clock),
        playlists=playlists,
        bookmarks=Bookmarks(database=database, clock=clock),
        play_queue=PlayQueueService(database=database, clock=clock),
        plays=Plays(database=database, clock=clock, radio=remote.radio),
        podcasts=remote.podcasts,
        radio=remote.radio,
        jukebox=Jukebox(
            database=database,
            locations=locations,
            mpv=_mpv(config.jukebox),
            device=config.jukebox.device,
        ),
        streaming=streaming,
        artwork=artwork,
        hls=Hls(
            streaming=streaming,
            logins=people.logins,
            rules=rules,
            signer=Signer(people.key.derive("hls")),
            clock=clock,
        ),
        downloads=downloads,
        lyrics=LyricsService(database=database, locations=locations),
        similarity=Similarity(database=database),
        scans=Scans(
            database=database,
            request=scan_request(config.scan, config.playlists, path, registered),
            finished=scan_finished,
        ),
        shares=Shares(
            database=database,
            clock=clock,
            membership=people.membership,
            contents=contents,
            config=config.sharing,
        ),
        share_visits=ShareVisits(
            database=database,
            clock=clock,
            membership=people.membership,
            contents=contents,
            streaming=streaming,
            artwork=artwork,
            downloads=downloads,
            config=config.sharing,
        ),
        chat=Chat(database=database, clock=clock),
    )


def _mpv(config: JukeboxConfig) -> Path | str:
    """Look for mpv; without it, or without a jukebox, say why there is none."""
    if not config.enabled:
        return "There is no jukebox on this server: [jukebox] enabled is false."
    try:
        return find_mpv(config.mpv)
    except UnsupportedError as error:
        logger.warning("%s", error)
        return str(error)


def _transcoder(config: Config) -> Transcoder | None:
    """Look for ffmpeg, and tidy up what a killed server may have left of its transcodes."""
    settings = config.transcoding
    limit = ByteCount(settings.cache_size * _MIB)
    cache = TranscodeCache(config.server.cache_dir / _TRANSCODES, limit=limit)
    cache.clean()
    try:
        ffmpeg = find_ffmpeg(settings.ffmpeg)
    except UnsupportedError as error:
        logger.warning("Music is sent as it is, without transcoding: %s", error)
        return None
    return Transcoder(
        ffmpeg,
        cache=cache,
        max_concurrent=settings.max_concurrent,
        max_per_user=settings.max_per_user,
        time_limit=_TRANSCODE_STALL,
    )
