"""What commands open to have music of sources kept.

Apart from commands.py, so that others need not load what knows sources.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from hydrophone.config import Config
from hydrophone.domain.units import Milliseconds
from hydrophone.host.registry import Registry
from hydrophone.server.commands import people_of
from hydrophone.server.data_folder import prepare
from hydrophone.server.people import People
from hydrophone.services.answers import Answers
from hydrophone.services.catalogue import Catalogue
from hydrophone.services.clock import SystemClock
from hydrophone.services.inquiries import Inquiries
from hydrophone.services.keeps import Keeps
from hydrophone.services.matcher import Matcher
from hydrophone.services.playlists import Playlists
from hydrophone.services.sources import Sources
from hydrophone.storage.database import open_database


@contextlib.asynccontextmanager
async def open_keeps(config: Config) -> AsyncIterator[tuple[People, Playlists, Keeps]]:
    """Open accounts, playlists, and what is to be kept; no source runs here, so none is asked.

    Raises StorageError where there is no database yet.
    """
    path, registered = await asyncio.to_thread(prepare, config, must_exist=True)
    clock = SystemClock()
    async with open_database(path) as database:
        people = await people_of(config, database, registered)
        sources = Sources(
            database=database,
            registry=Registry(order={}, strict=False),
            membership=people.membership,
            added=people.logins.forget,
        )
        await sources.refresh()
        answers = Answers(database=database, clock=clock, fresh=Milliseconds(0))
        matcher = Matcher(database=database, clock=clock)
        inquiries = Inquiries(database=database, answers=answers, matcher=matcher, clock=clock)
        catalogue = Catalogue(database=database, sources=sources, inquiries=inquiries, clock=clock)
        playlists = Playlists(database=database, clock=clock)
        yield (
            people,
            playlists,
            Keeps(database=database, clock=clock, playlists=playlists, catalogue=catalogue),
        )
