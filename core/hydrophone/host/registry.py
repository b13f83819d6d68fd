"""Who can do what, in the order in which they are asked."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Generic, TypeVar

from msgspec import Struct

from hydrophone.domain.units import Seconds
from hydrophone.host.capabilities import Capability, check_provider
from hydrophone.host.guard import Guard, Outcome
from hydrophone.host.guarded_stream import GuardedStream, Opening

T = TypeVar("T")
CapabilityT = TypeVar("CapabilityT")
RequestT = TypeVar("RequestT", bound=Struct | str)

OWN = "embedded"
"""The instance that is the library itself: it answers out of its files."""


class Provider(Generic[CapabilityT]):
    """An object of a plugin that can do one thing, behind its guard."""

    def __init__(
        self, instance: str, it: CapabilityT, guard: Guard, *, original: CapabilityT
    ) -> None:
        self.original = original
        """What the plugin handed over; only for tests of it."""
        self.instance = instance
        """The name of the table in the configuration, or of the part of core."""
        self.it = it
        """To name its methods by, and for its attributes, which stay; not to be called itself."""
        self.guard = guard

    async def call(
        self, method: Callable[[RequestT], Awaitable[T | None]], request: RequestT
    ) -> Outcome[T]:
        """Call one of its methods (`provider.call(provider.it.search, request)`).

        Raises nothing but CancelledError; see `Guard.call`.
        """
        return await self.guard.call(method, request)

    def open(
        self, method: Opening[RequestT], request: RequestT
    ) -> AbstractAsyncContextManager[GuardedStream]:
        """Open a stream (`provider.open(provider.it.open_stream, request)`); see `Guard.open`."""
        return self.guard.open(method, request)


class Registry:
    """All providers of all running plugins and of core itself."""

    def __init__(self, *, order: Mapping[str, Sequence[str]], strict: bool) -> None:
        """`order` has for a capability's name the instances that come first."""
        self._order = order
        self._strict = strict
        self._providers: dict[str, list[Provider[Any]]] = {}
        """By the name of the capability."""

    def add(
        self,
        instance: str,
        capability: Capability[CapabilityT],
        it: CapabilityT,
        *,
        timeout: Seconds | None = None,
    ) -> Provider[CapabilityT]:
        """Take up a provider behind those that are there already.

        Raises PluginError if it is not what the capability asks for.
        """
        stands_in = check_provider(capability, it)
        guard = Guard(instance, capability, timeout=timeout, strict=self._strict)
        provider = Provider(instance, stands_in, guard, original=it)
        providers = self._providers.setdefault(capability.name, [])
        providers.append(provider)
        first = self._order.get(capability.name, ())
        rank = {name: place for place, name in enumerate(first)}
        providers.sort(key=lambda one: rank.get(one.instance, len(rank)))
        return provider

    def remove(self, instance: str) -> None:
        """Forget all providers of an instance; calls under way go on."""
        for providers in self._providers.values():
            providers[:] = [one for one in providers if one.instance != instance]

    def all(self, capability: Capability[CapabilityT]) -> tuple[Provider[CapabilityT], ...]:
        """Return those that can do this, in the order in which they are to be asked."""
        return tuple(self._providers.get(capability.name, ()))

    def of(self, instance: str) -> tuple[tuple[str, Provider[Any]], ...]:
        """Return what an instance can do: (name of the capability, provider)."""
        return tuple(
            (name, provider)
            for name, providers in self._providers.items()
            for provider in providers
            if provider.instance == instance
        )
