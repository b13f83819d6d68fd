"""Keeps something going for each provider of a capability, for as long as its plugin runs."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from hydrophone.host.capabilities import Capability
from hydrophone.host.registry import Provider, Registry

logger = logging.getLogger(__name__)

CapabilityT = TypeVar("CapabilityT")

_LOOK_SECONDS = 5.0


async def serve_each(
    registry: Registry,
    capability: Capability[CapabilityT],
    serve: Callable[[Provider[CapabilityT]], Awaitable[None]],
) -> None:
    """Have `serve` run for each provider in a task of its own, so that none waits for another.

    Plugins that start or stop later are noticed within five seconds. What fails begins again.
    Runs for ever; cancel it to end.
    """
    tasks: dict[Provider[CapabilityT], asyncio.Task[None]] = {}
    try:
        while True:
            present = registry.all(capability)
            for provider in present:
                if provider not in tasks:
                    tasks[provider] = asyncio.create_task(_keep_going(serve, provider))
            for gone in tasks.keys() - set(present):
                tasks.pop(gone).cancel()
            await asyncio.sleep(_LOOK_SECONDS)
    finally:
        for task in tasks.values():
            task.cancel()
        await asyncio.gather(*tasks.values(), return_exceptions=True)


async def _keep_going(
    serve: Callable[[Provider[CapabilityT]], Awaitable[None]], provider: Provider[CapabilityT]
) -> None:
    while True:
        try:
            await serve(provider)
        except Exception:  # the border: what fails for one provider must not end it for good
            logger.exception("What is done for %s failed; it begins again.", provider.instance)
        await asyncio.sleep(_LOOK_SECONDS)
