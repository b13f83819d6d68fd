"""What everybody who wants to know what happens must do."""

from typing import Any

import pytest

from hydrophone.domain.units import Timestamp
from hydrophone.host.capabilities import EVENT_LISTENER
from hydrophone.host.guard import Fault, Outcome
from hydrophone.host.registry import Provider
from hydrophone.plugin.capabilities.event_listener import Event, EventKind, EventListener
from hydrophone.testing.contracts.contract import Contract, Outage

_AT = Timestamp(1_800_000_000_000)


class EventListenerContract(Contract[EventListener]):
    """Tells it of everything that it wants to hear of."""

    capability = EVENT_LISTENER

    async def ask(self, guarded: Provider[EventListener]) -> Outcome[Any]:
        """Tell it of an event."""
        return await guarded.call(guarded.it.on_event, _event(min(guarded.it.kinds)))

    def test_it_says_of_what_it_wants_to_hear(self, provider: EventListener) -> None:
        """Of known kinds, at least one."""
        assert isinstance(provider.kinds, frozenset)
        assert provider.kinds
        assert provider.kinds <= set(EventKind)

    async def test_it_takes_every_event(self, guarded: Provider[EventListener]) -> None:
        """Of somebody and of nobody."""
        for kind in sorted(guarded.it.kinds):
            for event in (_event(kind), Event(kind=kind, at=_AT)):
                outcome: Outcome[None] = await guarded.call(guarded.it.on_event, event)
                assert not isinstance(outcome, Fault)

    async def test_an_outage_is_told_as_a_provider_error(
        self, guarded: Provider[EventListener], outage: Outage | None
    ) -> None:
        """Or kept to itself: nobody waits for an answer."""
        if outage is None:
            pytest.skip("There is no service that could be down.")
        outage()
        await self.ask(guarded)


def _event(kind: EventKind) -> Event:
    rating = 3 if kind is EventKind.RATED else 0
    return Event(kind=kind, at=_AT, user_name="anna", item_id="tr-1", client="app", rating=rating)
