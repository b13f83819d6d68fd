"""What is this? Asks plugins that recognize recordings by their sound."""

import asyncio
from pathlib import Path

from msgspec.structs import replace

from hydrophone.domain.music import Track
from hydrophone.domain.user import User
from hydrophone.errors import ProviderError, UnsupportedError
from hydrophone.host.capabilities import RECOGNIZER
from hydrophone.host.guard import Answer, Fault
from hydrophone.host.registry import Registry
from hydrophone.plugin.capabilities.recognizer import Recognition, RecognitionRequest
from hydrophone.plugin.capabilities.similarity import KnownTrack
from hydrophone.services.known_music import KnownMusic
from hydrophone.storage.database import Database

_MOST = 50


class Recognizing:
    """Asks all of them at once."""

    def __init__(self, *, database: Database, registry: Registry) -> None:
        self._registry = registry
        self._music = KnownMusic(database=database)

    async def recognize_for(self, viewer: User, file: Path) -> tuple[Recognition, ...]:
        """Do as `recognize`; what the viewer has, and nothing else, has our id."""
        return tuple([await self._with_our_id(viewer, one) for one in await self.recognize(file)])

    async def recognize(self, file: Path) -> tuple[Recognition, ...]:
        """Return what a file may be, the surest first, 50 at most.

        Within a minute. Raises UnsupportedError if no plugin recognizes anything, and
        ProviderError if those that do have failed.
        """
        providers = self._registry.all(RECOGNIZER)
        if not providers:
            raise UnsupportedError("No plugin on this server recognizes music.")
        request = RecognitionRequest(file=file)
        outcomes = await asyncio.gather(
            *(provider.call(provider.it.recognize, request) for provider in providers)
        )
        errors: list[ProviderError] = [one.error for one in outcomes if isinstance(one, Fault)]
        if len(errors) == len(providers):
            raise errors[0]
        found = [
            one for outcome in outcomes if isinstance(outcome, Answer) for one in outcome.value
        ]
        found.sort(key=lambda one: -one.score)
        return tuple(found[:_MOST])

    async def _with_our_id(self, viewer: User, found: Recognition) -> Recognition:
        known = KnownTrack(
            title=found.title,
            artists=found.artists,
            musicbrainz_id=found.musicbrainz_id,
            track_id=found.track_id,
        )
        tracks: tuple[Track, ...] = await self._music.tracks(viewer, [known])
        return replace(found, track_id=tracks[0].id if tracks else "")
