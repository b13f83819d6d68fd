"""What tests of endpoints ask with, and ask for."""

from collections.abc import Awaitable, Callable
from typing import Any

from hydrophone.domain.ids import ArtistId
from hydrophone.domain.music import Album, Artist, Track

Ask = Callable[[str], Awaitable[dict[str, Any]]]
MakeTrack = Callable[..., Track]
MakeAlbum = Callable[..., Album]

AR, AL, TR = "ar-aaaaaaaaaaaaa", "al-aaaaaaaaaaaaa", "tr-aaaaaaaaaaaaa"
NAXOS = Artist(id=ArtistId(AR), name="Naxos", musicbrainz_id="mb")


def code(envelope: dict[str, Any]) -> int | None:
    """Return the code of an error; `None` of a success."""
    return envelope["error"]["code"] if envelope["status"] == "failed" else None
