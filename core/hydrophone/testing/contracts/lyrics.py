"""What everybody who finds words must do."""

from typing import Any, ClassVar

from hydrophone.host.capabilities import LYRICS
from hydrophone.host.guard import Outcome
from hydrophone.host.registry import Provider
from hydrophone.plugin.capabilities.lyrics import LyricsProvider, LyricsRequest
from hydrophone.testing.contracts.contract import Contract, asked

_NOBODY = "Qxzvwk Jjqqzx"


class LyricsContract(Contract[LyricsProvider]):
    """Asks for words that there are and for those that there cannot be."""

    capability = LYRICS
    known: ClassVar[LyricsRequest]
    """A track whose words it has."""

    async def ask(self, guarded: Provider[LyricsProvider]) -> Outcome[Any]:
        """Ask for the words."""
        return await guarded.call(guarded.it.lyrics, self.known)

    async def test_it_has_the_words(self, guarded: Provider[LyricsProvider]) -> None:
        """Lines in their order, where they have times."""
        found = await asked(guarded, guarded.it.lyrics, self.known)
        assert found
        for lyrics in found:
            assert any(line.text.strip() for line in lyrics.lines)
            times = [line.start for line in lyrics.lines if line.start is not None]
            assert times == sorted(times)

    async def test_what_nobody_knows_is_empty(self, guarded: Provider[LyricsProvider]) -> None:
        """Not an error."""
        unknown = LyricsRequest(track_id="no-such-thing", title=_NOBODY, artists=(_NOBODY,))
        assert await asked(guarded, guarded.it.lyrics, unknown) == ()
