"""What everybody who takes plays must do."""

from typing import Any, ClassVar

from hydrophone.domain.units import Timestamp
from hydrophone.host.capabilities import SCROBBLER
from hydrophone.host.guard import Answer, Outcome
from hydrophone.host.registry import Provider
from hydrophone.plugin.capabilities.scrobbler import (
    Listened,
    NowPlayingNotice,
    ScrobbleBatch,
    Scrobbler,
)
from hydrophone.testing.contracts.contract import Contract, asked
from hydrophone.testing.factories import make_track

_STARTED = Timestamp(1_799_990_000_000)


class ScrobblerContract(Contract[Scrobbler]):
    """Hands plays of a linked user over."""

    capability = SCROBBLER
    linked_user: ClassVar[str]
    """Who has an account there."""
    unlinked_user: ClassVar[str] = "nobody"
    """Who has none."""

    async def ask(self, guarded: Provider[Scrobbler]) -> Outcome[Any]:
        """Submit two plays."""
        return await guarded.call(guarded.it.submit, self._batch(2))

    async def test_it_knows_who_is_linked(self, guarded: Provider[Scrobbler]) -> None:
        """Without asking its service."""
        for user, wanted in ((self.linked_user, True), (self.unlinked_user, False)):
            assert await guarded.it.is_linked(user) is wanted

    async def test_it_is_told_what_is_heard(self, guarded: Provider[Scrobbler]) -> None:
        """And raises nothing."""
        notice = NowPlayingNotice(user_name=self.linked_user, track=make_track(), client="app")
        assert isinstance(await guarded.call(guarded.it.now_playing, notice), Answer)

    async def test_it_accounts_for_every_play(self, guarded: Provider[Scrobbler]) -> None:
        """Of one and of fifty: what is neither taken nor refused would be lost."""
        for count in (1, 50):
            outcome = await asked(guarded, guarded.it.submit, self._batch(count))
            assert outcome is not None
            assert outcome.accepted + len(outcome.refused) == count
            assert all(outcome.refused)

    async def test_a_batch_may_come_again(self, guarded: Provider[Scrobbler]) -> None:
        """Core repeats what it has no answer to."""
        for _ in range(2):
            assert await asked(guarded, guarded.it.submit, self._batch(3)) is not None

    def _batch(self, count: int) -> ScrobbleBatch:
        plays = [
            Listened(
                track=make_track(f"Song {number}"),
                started=Timestamp(_STARTED + number * 200_000),
                client="app",
            )
            for number in range(count)
        ]
        return ScrobbleBatch(user_name=self.linked_user, plays=tuple(plays))
