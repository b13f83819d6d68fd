"""What tests of endpoints ask with, and ask for."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from hydrophone.domain.annotation import UNTOUCHED, Annotation
from hydrophone.domain.ids import ArtistId
from hydrophone.domain.music import Album, Artist, Track
from hydrophone.domain.stored_track import StoredTrack

Ask = Callable[[str], Awaitable[dict[str, Any]]]
MakeTrack = Callable[..., Track]
MakeAlbum = Callable[..., Album]

AR, AL, TR = "ar-aaaaaaaaaaaaa", "al-aaaaaaaaaaaaa", "tr-aaaaaaaaaaaaa"
NAXOS = Artist(id=ArtistId(AR), name="Naxos", musicbrainz_id="mb")


def code(envelope: dict[str, Any]) -> int | None:
    """Return the code of an error; `None` of a success."""
    return envelope["error"]["code"] if envelope["status"] == "failed" else None


def unread(track: Track, annotation: Annotation = UNTOUCHED, average: float = 0) -> StoredTrack:
    """Return a track as it is stored, with what a user has left on it."""
    return StoredTrack(
        id=track.id,
        library_id=track.library_id,
        duration=track.duration,
        document=msgspec.json.encode(track).decode(),
        annotation=annotation,
        average_rating=average,
    )
