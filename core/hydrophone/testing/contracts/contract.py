"""What all contracts share: how an implementation comes in, and what holds for each of them."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any, ClassVar, Generic, TypeVar

import pytest
from msgspec import Struct

from hydrophone.host.capabilities import Capability, check_provider
from hydrophone.host.guard import Answer, Fault, Outcome
from hydrophone.host.registry import Provider, Registry

CapabilityT = TypeVar("CapabilityT")
T = TypeVar("T")
RequestT = TypeVar("RequestT", bound=Struct)

_TURNS = 100
"""Of ten milliseconds at least: the host gives a second to a call that was cancelled. They are
counted since a machine that does other work may not run anybody for as long."""

Outage = Callable[[], object]
"""Takes the service behind an implementation down."""


@pytest.mark.anyio
class Contract(Generic[CapabilityT]):
    """Base of all contracts.

    A subclass overrides the fixture `provider`, and `outage` if there is a service. Attributes
    without a value, and fixtures that say so, are its to give as well.
    """

    capability: ClassVar[Capability[Any]]

    @pytest.fixture
    def provider(self) -> CapabilityT:
        """The implementation; may be asynchronous. To be overridden."""
        raise NotImplementedError(f"{type(self).__name__} has to have a fixture `provider`.")

    @pytest.fixture
    def outage(self) -> Outage | None:
        """What takes its service down; `None` if there is no service, and nothing is tried."""
        return None

    @pytest.fixture
    def guarded(self, provider: CapabilityT) -> Provider[CapabilityT]:
        """The implementation behind a strict guard, as the host has it."""
        return Registry(order={}, strict=True).add("contract", self.capability, provider)

    async def ask(self, guarded: Provider[CapabilityT]) -> Outcome[Any]:
        """Make a usual call; each contract says which."""
        raise NotImplementedError

    def test_it_has_all_that_the_capability_asks_for(self, provider: CapabilityT) -> None:
        """Names, parameters, and what is `async`."""
        check_provider(self.capability, provider)

    async def test_calls_run_side_by_side(self, guarded: Provider[CapabilityT]) -> None:
        """Five at once all come back."""
        outcomes = await asyncio.gather(*(self.ask(guarded) for _ in range(5)))
        assert [one for one in outcomes if isinstance(one, Fault)] == []

    async def test_a_cancelled_call_leaves_nothing_behind(
        self, guarded: Provider[CapabilityT]
    ) -> None:
        """Neither a task nor a state in which the next call fails."""
        before = asyncio.all_tasks()
        call = asyncio.create_task(_awaited(self.ask(guarded)))
        await asyncio.sleep(0)
        await asyncio.sleep(0.005)
        call.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await call
        for _ in range(_TURNS):
            if asyncio.all_tasks() <= before:
                break
            await asyncio.sleep(0.01)
        left = asyncio.all_tasks() - before
        assert not left, f"They go on: {left}"
        assert not isinstance(await self.ask(guarded), Fault)

    async def test_an_outage_is_told_as_a_provider_error(
        self, guarded: Provider[CapabilityT], outage: Outage | None
    ) -> None:
        """And never as an empty answer, which core would take for the truth and remember."""
        if outage is None:
            pytest.skip("There is no service that could be down.")
        outage()
        outcome = await self.ask(guarded)
        assert isinstance(outcome, Fault), f"With its service down it says {outcome}."


async def asked(
    guarded: Provider[Any],
    method: Callable[[RequestT], Awaitable[T | None]],
    request: RequestT,
) -> T | None:
    """Return what a method answers; `None` for not found. Raises ProviderError for a fault."""
    outcome = await guarded.call(method, request)
    if isinstance(outcome, Fault):
        raise outcome.error
    return outcome.value if isinstance(outcome, Answer) else None


async def _awaited(work: Awaitable[T]) -> T:
    return await work
