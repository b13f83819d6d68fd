"""Pictures of artists and albums from whoever has one: the library's own files, or a plugin."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping

import xxhash
from msgspec import Struct
from msgspec.json import Decoder

from hydrophone.domain.units import Seconds
from hydrophone.errors import NotFoundError, ProviderUnavailableError
from hydrophone.host.capabilities import ARTWORK
from hydrophone.host.guard import Answer, Fault, Outcome
from hydrophone.host.registry import OWN, Provider, Registry
from hydrophone.media.disk_cache import DiskCache
from hydrophone.outbound import Outbound
from hydrophone.plugin.capabilities.artwork import ArtworkProvider, ArtworkRequest
from hydrophone.services.answers import AnswerKind, Answers, Question
from hydrophone.services.patience import PATIENCE, Patience
from hydrophone.services.picture_fetch import LARGEST, fetch_picture

_SHORT_PATIENCE = Seconds(3.0)
"""Where another picture can be shown in place of what has not come."""
_AT_ONCE = 8
"""Calls of one provider; who waits for his turn is not timed."""


class _Stored(Struct, frozen=True, kw_only=True):
    """That there is a picture, and where it lies in the cache."""

    name: str


_stored = Decoder(_Stored | None).decode


class FoundArtwork:
    """Asks one provider after the other, in the order of the configuration."""

    def __init__(
        self,
        *,
        registry: Registry,
        answers: Answers,
        outbounds: Mapping[str, Outbound],
        cache: DiskCache,
    ) -> None:
        """`outbounds` has for each plugin a client that may go where the plugin may."""
        self._registry = registry
        self._answers = answers
        self._outbounds = outbounds
        self._cache = cache
        self._turns: dict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(_AT_ONCE))

    def may_have(self, request: ArtworkRequest) -> bool:
        """Say whether there is anybody to ask."""
        return bool(self._asked(request))

    async def content(self, request: ArtworkRequest, *, has_other: bool) -> bytes:
        """Return the first picture that somebody has.

        Plugins have eight seconds together, and three if the library `has_other` pictures to
        show in its place; they go on after them. Raises NotFoundError if nobody has one, or not
        in time.
        """
        asked = self._asked(request)
        plugins = sum(provider.instance != OWN for provider in asked)
        patience = Patience(_SHORT_PATIENCE if has_other else PATIENCE, asked=plugins)
        for provider in asked:
            if provider.instance == OWN:
                async with self._turns[OWN]:
                    outcome = await provider.call(provider.it.artwork, request)
                if isinstance(outcome, Answer):
                    return outcome.value.content
            elif content := await self._remembered(provider, request, patience.share()):
                return content
        raise NotFoundError("Nobody has a picture of it.")

    def _asked(self, request: ArtworkRequest) -> tuple[Provider[ArtworkProvider], ...]:
        # The library has nothing but what the request names.
        return tuple(
            provider
            for provider in self._registry.all(ARTWORK)
            if provider.instance != OWN or request.artwork_id
        )

    async def _remembered(
        self, provider: Provider[ArtworkProvider], request: ArtworkRequest, patience: Seconds
    ) -> bytes:
        """Return what a plugin has found; nothing if it has nothing, or not in time."""
        question = Question(source=provider.instance, kind=AnswerKind.ARTWORK, key=request.id)

        async def find() -> Outcome[_Stored]:
            return await self._found(provider, request)

        outcome = await self._answers.ask(question, _stored, find, patience=patience)
        if not isinstance(outcome, Answer):
            return b""
        if content := await asyncio.to_thread(self._cached, outcome.value.name):
            return content
        # Somebody has emptied the cache.
        again = await self._answers.renew(question, find, patience=patience)
        if not isinstance(again, Answer):
            return b""
        return await asyncio.to_thread(self._cached, again.value.name)

    def _cached(self, name: str) -> bytes:
        path = self._cache.get(name)
        return path.read_bytes() if path else b""

    async def _found(
        self, provider: Provider[ArtworkProvider], request: ArtworkRequest
    ) -> Outcome[_Stored]:
        """Have a plugin find a picture, fetch it if it is elsewhere, and store it."""
        async with self._turns[provider.instance]:
            outcome = await provider.call(provider.it.artwork, request)
            if not isinstance(outcome, Answer):
                return outcome
            picture = outcome.value
            content = picture.content[:LARGEST]
            outbound = self._outbounds.get(provider.instance)
            if not content and picture.url and outbound is not None:
                content = await fetch_picture(outbound, picture.url, whose=provider.instance)
        name = xxhash.xxh3_128_hexdigest(f"{provider.instance}\x1f{request.id}".encode())
        if not content or await asyncio.to_thread(self._cache.put, name, content) is None:
            return Fault(ProviderUnavailableError("The picture could not be had."))
        return Answer(_Stored(name=name))
