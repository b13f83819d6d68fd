"""A track as it was written down, for those who have shown it before."""

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from hydrophone.domain.annotation import Annotation
from hydrophone.domain.ids import LibraryId, TrackId
from hydrophone.domain.music import Track
from hydrophone.domain.units import Seconds

_decode = msgspec.json.Decoder(Track).decode


class StoredTrack(Struct, frozen=True, kw_only=True, gc=False):
    """What tells whether somebody sees it, what one user has left on it, and all else unread.

    Of thousands of tracks that have not changed since they were shown last, reading them is half
    of what it costs to show them again.
    """

    id: TrackId
    library_id: LibraryId
    duration: Seconds
    document: str
    """JSON of the track as it is for everybody; another one as soon as anything of that is."""
    annotation: Annotation
    average_rating: float
    """As in `Track`."""

    def plain(self) -> Track:
        """Return the track as it is for who has left nothing on it, without any rating."""
        return _decode(self.document)

    def whole(self) -> Track:
        """Return the track with what the user has left on it."""
        return replace(self.plain(), annotation=self.annotation, average_rating=self.average_rating)


AnyTrack = Track | StoredTrack
"""A track, read or not yet."""


def whole(track: AnyTrack) -> Track:
    """Return a track that is read."""
    return track.whole() if isinstance(track, StoredTrack) else track
