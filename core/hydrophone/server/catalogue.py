"""The part of the composition that asks sources: what they answer, and what stays of it."""

import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

from hydrophone.domain.units import Milliseconds, Seconds
from hydrophone.media.disk_cache import DiskCache
from hydrophone.outbound import Outbound
from hydrophone.server.foundation import Foundation
from hydrophone.server.people import People
from hydrophone.server.plugins import private_places
from hydrophone.services.answers import Answers
from hydrophone.services.catalogue import Catalogue
from hydrophone.services.counterparts import Counterparts
from hydrophone.services.forgetting import Forgetting
from hydrophone.services.inquiries import Inquiries
from hydrophone.services.matcher import Matcher
from hydrophone.services.remote_pictures import RemotePictures
from hydrophone.services.remote_search import RemoteSearch
from hydrophone.services.source_trees import SourceTrees
from hydrophone.services.sources import Sources

_HOUR_MS = 60 * 60 * 1000
_COVERS = "remote-covers"
_DAY = Milliseconds(24 * _HOUR_MS)


@dataclass(frozen=True, kw_only=True)
class Elsewhere:
    """What has to do with sources."""

    sources: Sources
    answers: Answers
    knowledge: Answers
    """Of plugins that know something about what is here."""
    outbounds: Mapping[str, Outbound]
    """For each plugin a client that may go where the plugin may."""
    catalogue: Catalogue
    trees: SourceTrees
    pictures: RemotePictures
    search: RemoteSearch
    matcher: Matcher
    counterparts: Counterparts
    forgetting: Forgetting


@contextlib.asynccontextmanager
async def open_catalogue(foundation: Foundation, people: People) -> AsyncIterator[Elsewhere]:
    """Build all that asks sources; at the exit calls under way are ended."""
    config, database, clock = foundation.config, foundation.database, foundation.clock
    sources = Sources(
        database=database,
        registry=foundation.registry,
        membership=people.membership,
        added=people.logins.forget,
    )
    fresh = Milliseconds(config.search.fresh_hours * _HOUR_MS)
    answers = Answers(database=database, clock=clock, fresh=fresh)
    outbounds = {
        instance: foundation.outbound.with_allowed((*config.outbound.allow, *private_places(table)))
        for instance, table in config.plugins.items()
    }
    knowledge = Answers(database=database, clock=clock, fresh=_DAY)
    matcher = Matcher(database=database, clock=clock)
    inquiries = Inquiries(database=database, answers=answers, matcher=matcher, clock=clock)
    catalogue = Catalogue(database=database, sources=sources, inquiries=inquiries, clock=clock)
    try:
        yield Elsewhere(
            sources=sources,
            answers=answers,
            knowledge=knowledge,
            outbounds=outbounds,
            catalogue=catalogue,
            trees=SourceTrees(
                database=database, sources=sources, inquiries=inquiries, catalogue=catalogue
            ),
            pictures=RemotePictures(
                database=database,
                sources=sources,
                outbounds=outbounds,
                cache=DiskCache(config.server.cache_dir / _COVERS),
                clock=clock,
            ),
            search=RemoteSearch(
                database=database,
                sources=sources,
                inquiries=inquiries,
                clock=clock,
                deadline=Seconds(config.search.deadline),
            ),
            matcher=matcher,
            counterparts=Counterparts(
                database=database, sources=sources, inquiries=inquiries, matcher=matcher
            ),
            forgetting=Forgetting(database=database, clock=clock, days=config.search.forget_days),
        )
    finally:
        await knowledge.close()
        await answers.close()
        for own in outbounds.values():
            await own.close()
