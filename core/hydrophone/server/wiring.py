"""The composition root: builds everything from the configuration, and takes it down again.

From the ground up: foundation.py (data folder, database, the way out), people.py, broadcasts.py
(podcasts and radio), catalogue.py and fetching.py (sources), playback.py, services.py, plugins.py,
and at last what works in the background (background.py, scanning.py). These build their parts; here
stands who gets what from whom, and in which order it opens and closes.
"""

import contextlib
import logging
import os
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from hydrophone.config import Config
from hydrophone.domain.event import EventKind, NewEvent
from hydrophone.domain.units import Seconds
from hydrophone.domain.user import NewCredentials
from hydrophone.errors import StorageError
from hydrophone.host.lifecycle import Host
from hydrophone.server.background import Background, open_background
from hydrophone.server.broadcasts import open_broadcasts
from hydrophone.server.catalogue import Elsewhere, open_catalogue
from hydrophone.server.changes import ChangeWatch
from hydrophone.server.fetching import open_fetching
from hydrophone.server.foundation import open_foundation
from hydrophone.server.memory import keep_small
from hydrophone.server.people import People, build_people, warn_of_lost
from hydrophone.server.playback import open_playback
from hydrophone.server.plugins import STRICT, Contexts, open_plugins
from hydrophone.server.scanning import keep_scanning
from hydrophone.server.services import open_services
from hydrophone.services import acquisitions, analyses, fetches, podcast_downloads
from hydrophone.services.acquisitions import Acquisitions
from hydrophone.services.backups import Backups
from hydrophone.services.bundle import Services
from hydrophone.services.clock import Clock, SystemClock
from hydrophone.services.event_listeners import EventListeners
from hydrophone.services.job_runner import JobRunner
from hydrophone.services.plugin_jobs import PluginJobs
from hydrophone.services.plugin_statuses import PluginStatuses
from hydrophone.services.scrobbles import Scrobbles
from hydrophone.services.webhooks import Webhooks
from hydrophone.storage.database import Database
from hydrophone.storage.queries import counters

logger = logging.getLogger(__name__)

_PATIENCE = Seconds(1.0)
"""For plugins to come up; local music does not wait for those that need longer."""


@dataclass(frozen=True, kw_only=True)
class Server:
    """What is running."""

    services: Services
    people: People
    database: Database
    plugins: Host
    webhooks: Webhooks
    elsewhere: Elsewhere
    backups: Backups
    on_library_change: Callable[[Callable[[], None]], None]
    """Has a function called when the services show a change of the library."""
    on_podcast_change: Callable[[Callable[[], None]], None]
    """Has a function called when podcasts have changed."""
    on_choice_change: Callable[[Callable[[], None]], None]
    """Has a function called when the tracks of a playlist or of a queue are others."""
    background: Background
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
        foundation = await stack.enter_async_context(open_foundation(config, clock))
        database, read_model = foundation.database, foundation.read_model
        registry, events, jobs = foundation.registry, foundation.events, foundation.jobs
        people = build_people(config, database, foundation.libraries, clock)
        told_of_changes: list[Callable[[], None]] = []
        told_of_podcasts: list[Callable[[], None]] = []
        told_of_choices: list[Callable[[], None]] = []

        async def accounts_changed() -> None:
            people.logins.forget()
            await events.publish(NewEvent(kind=EventKind.ACCOUNTS))

        async def library_changed() -> None:
            await read_model.refresh()
            await services.scans.reload()
            await _tell(told_of_changes)
            await events.publish(NewEvent(kind=EventKind.LIBRARY))
            await services.analyses.library_changed()

        watch = ChangeWatch(
            database,
            # Accounts first: a removed user must not wait for the orders of a large library.
            {
                counters.ACCOUNTS: accounts_changed,
                counters.LIBRARY: library_changed,
                counters.JOBS: jobs.changed,
                counters.PODCASTS: partial(_tell, told_of_podcasts),
                counters.CHOICES: partial(_tell, told_of_choices),
            },
        )
        broadcasts = await stack.enter_async_context(open_broadcasts(foundation))
        runner = JobRunner(jobs=jobs, database=database, clock=clock)
        runner.register(podcast_downloads.JOB, broadcasts.downloads.job_kind)
        elsewhere = await stack.enter_async_context(open_catalogue(foundation, people))
        fetching = await stack.enter_async_context(
            open_fetching(
                config.cache,
                database=database,
                registry=registry,
                jobs=jobs,
                clock=clock,
                began=elsewhere.catalogue.began,
                brought=elsewhere.pictures.bring,
            )
        )
        runner.register(fetches.JOB, fetching.fetches.job_kind)
        playback = await stack.enter_async_context(
            open_playback(
                foundation,
                people=people,
                broadcasts=broadcasts,
                elsewhere=elsewhere,
                fetching=fetching,
            )
        )
        services = await stack.enter_async_context(
            open_services(
                foundation,
                people=people,
                broadcasts=broadcasts,
                elsewhere=elsewhere,
                fetching=fetching,
                playback=playback,
                scan_finished=watch.look,
            )
        )
        plugins = await stack.enter_async_context(
            open_plugins(
                config,
                registry,
                Contexts(
                    config,
                    database=database,
                    outbound=foundation.outbound,
                    locations=foundation.locations,
                    key=people.key,
                    jobs=jobs,
                    clock=clock,
                ),
                os.environ,
                # A test asks at once for what its plugin has.
                patience=None if os.environ.get(STRICT) else _PATIENCE,
            )
        )
        # Before the plugins whose streams they read.
        stack.push_async_callback(fetching.fetches.close)
        wishes = Acquisitions(registry=registry, arrived=services.scans.look_at_everything)
        runner.register(acquisitions.JOB, wishes.job_kind)
        runner.register(analyses.JOB, services.analyses.job_kind)
        await elsewhere.sources.refresh()
        backups = Backups(
            config.backup, config.server.data_dir, config_file=config_file, clock=clock
        )
        await people.accounts.settle_recoverable_passwords()
        new_admin = await people.accounts.ensure_admin()
        warn_of_lost(await people.devices.lost())
        stack.push_async_callback(people.device_use.flush)
        await watch.look()
        await read_model.refresh()

        background = await stack.enter_async_context(open_background())
        background(watch.run)
        background(keep_small)
        background(lambda: read_model.run(services.libraries.everything))
        background(people.device_use.run)
        # The lock on the data folder says that no other server has this database.
        await runner.take_over()
        await broadcasts.downloads.resume()
        background(runner.run)
        await services.analyses.library_changed()
        background(events.run)
        background(broadcasts.refresh.run)
        background(fetching.keeping.run)
        background(playback.next_tracks.run)
        background(plugins.run)
        background(elsewhere.sources.run)
        background(elsewhere.forgetting.run)
        background(PluginStatuses(host=plugins, database=database, clock=clock).run)
        background(PluginJobs(registry=registry, jobs=jobs, runner=runner, clock=clock).run)
        background(Scrobbles(database=database, registry=registry, events=events, clock=clock).run)
        background(EventListeners(registry=registry, events=events).run)
        if config.jukebox.enabled:
            background(services.jukebox.run)
        if config.backup.enabled:
            background(backups.run)
        await keep_scanning(
            config.scan,
            foundation.libraries,
            database=database,
            scans=services.scans,
            background=background,
        )
        yield Server(
            services=services,
            people=people,
            database=database,
            plugins=plugins,
            webhooks=Webhooks(registry),
            elsewhere=elsewhere,
            backups=backups,
            on_library_change=told_of_changes.append,
            on_podcast_change=told_of_podcasts.append,
            on_choice_change=told_of_choices.append,
            background=background,
            new_admin=new_admin,
        )


async def _tell(listeners: Iterable[Callable[[], None]]) -> None:
    for tell in listeners:
        tell()
