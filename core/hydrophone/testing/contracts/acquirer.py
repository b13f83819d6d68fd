"""What everybody who gets albums must do."""

from typing import Any, ClassVar

from hydrophone.host.capabilities import ACQUIRER
from hydrophone.host.guard import Outcome
from hydrophone.host.registry import Provider
from hydrophone.plugin.capabilities.acquirer import Acquirer, AcquisitionTicket, WantedAlbum
from hydrophone.testing.contracts.contract import Contract, asked

_UNKNOWN = AcquisitionTicket(ticket="no-such-thing")


class AcquirerContract(Contract[Acquirer]):
    """Wants an album."""

    capability = ACQUIRER
    wanted: ClassVar[WantedAlbum]
    """Something that it can get."""

    async def ask(self, guarded: Provider[Acquirer]) -> Outcome[Any]:
        """Want the album."""
        return await guarded.call(guarded.it.acquire, self.wanted)

    async def test_asking_twice_begins_once(self, guarded: Provider[Acquirer]) -> None:
        """Which its ticket shows."""
        first, second = [await asked(guarded, guarded.it.acquire, self.wanted) for _ in range(2)]
        assert first is not None
        assert first == second

    async def test_it_says_how_it_stands(self, guarded: Provider[Acquirer]) -> None:
        """By the ticket; and nothing to one that is not its own."""
        ticket = await asked(guarded, guarded.it.acquire, self.wanted)
        assert ticket is not None
        assert await asked(guarded, guarded.it.status, ticket) is not None
        assert await asked(guarded, guarded.it.status, _UNKNOWN) is None
