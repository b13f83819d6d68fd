"""What everybody who knows of artists and albums must do."""

import re
from typing import Any, ClassVar

import pytest

from hydrophone.domain.facts import AlbumFacts, ArtistFacts
from hydrophone.host.capabilities import METADATA
from hydrophone.host.guard import Outcome
from hydrophone.host.registry import Provider
from hydrophone.plugin.capabilities.metadata import AlbumQuery, ArtistQuery, MetadataProvider
from hydrophone.testing.contracts.contract import Contract, asked

_NOBODY = "Qxzvwk Jjqqzx"
_MARKUP = re.compile(r"</?[a-zA-Z][^>]*>")


class MetadataContract(Contract[MetadataProvider]):
    """Asks for what it knows and for what nobody does."""

    capability = METADATA
    known_artist: ClassVar[ArtistQuery | None]
    """An artist of whom it knows; `None` if it never knows of artists."""
    known_album: ClassVar[AlbumQuery | None]
    """An album of which it knows; `None` if it never knows of albums."""

    async def ask(self, guarded: Provider[MetadataProvider]) -> Outcome[Any]:
        """Ask for what is known."""
        if self.known_artist is not None:
            return await guarded.call(guarded.it.artist, self.known_artist)
        assert self.known_album is not None, "It has to know something."
        return await guarded.call(guarded.it.album, self.known_album)

    async def test_it_knows_the_artist(self, guarded: Provider[MetadataProvider]) -> None:
        """Something of him, in plain text."""
        if self.known_artist is None:
            pytest.skip("It does not know of artists.")
        facts = await asked(guarded, guarded.it.artist, self.known_artist)
        assert facts not in (None, ArtistFacts())
        assert facts is not None
        assert not _MARKUP.search(facts.biography)

    async def test_it_knows_the_album(self, guarded: Provider[MetadataProvider]) -> None:
        """Something of it, in plain text."""
        if self.known_album is None:
            pytest.skip("It does not know of albums.")
        facts = await asked(guarded, guarded.it.album, self.known_album)
        assert facts not in (None, AlbumFacts())
        assert facts is not None
        assert not _MARKUP.search(facts.notes)

    async def test_what_nobody_knows_is_none(self, guarded: Provider[MetadataProvider]) -> None:
        """Also for what it never knows of."""
        assert await asked(guarded, guarded.it.artist, ArtistQuery(name=_NOBODY)) is None
        unknown = AlbumQuery(title=_NOBODY, artists=(_NOBODY,))
        assert await asked(guarded, guarded.it.album, unknown) is None
