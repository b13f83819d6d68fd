"""What everybody who finds pictures must do."""

from typing import Any, ClassVar
from urllib.parse import urlsplit

from hydrophone.host.capabilities import ARTWORK
from hydrophone.host.guard import Outcome
from hydrophone.host.registry import Provider
from hydrophone.plugin.capabilities.artwork import ArtworkProvider, ArtworkRequest, ArtworkSubject
from hydrophone.testing.contracts.contract import Contract, asked

_NOBODY = "Qxzvwk Jjqqzx"
_BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF", b"BM")
"""Of JPEG, PNG, GIF, WebP and BMP files."""


class ArtworkContract(Contract[ArtworkProvider]):
    """Asks for a picture that there is and for those that there cannot be."""

    capability = ARTWORK
    known: ClassVar[ArtworkRequest]
    """Something of which it has a picture."""

    async def ask(self, guarded: Provider[ArtworkProvider]) -> Outcome[Any]:
        """Ask for the picture."""
        return await guarded.call(guarded.it.artwork, self.known)

    async def test_it_has_the_picture(self, guarded: Provider[ArtworkProvider]) -> None:
        """An address or the bytes of an image."""
        picture = await asked(guarded, guarded.it.artwork, self.known)
        assert picture is not None
        assert bool(picture.url) != bool(picture.content)
        if picture.url:
            assert urlsplit(picture.url).scheme in ("http", "https")
        else:
            assert picture.content.startswith(_BEGINNINGS)

    async def test_what_nobody_knows_is_none(self, guarded: Provider[ArtworkProvider]) -> None:
        """Of artists and of albums."""
        for subject in ArtworkSubject:
            unknown = ArtworkRequest(
                subject=subject, id="no-such-thing", name=_NOBODY, artists=(_NOBODY,)
            )
            assert await asked(guarded, guarded.it.artwork, unknown) is None
