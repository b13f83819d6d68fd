"""Links between tracks: the same recording, wherever it comes from."""

from enum import StrEnum

from msgspec import Struct

from hydrophone.domain.ids import TrackId
from hydrophone.domain.music import Track
from hydrophone.domain.units import Timestamp


class LinkKind(StrEnum):
    """By what two tracks are known to be one recording."""

    MUSICBRAINZ = "musicbrainz"
    """The same MusicBrainz recording id."""
    ISRC = "isrc"
    """A code in common (International Standard Recording Code, ISO 3901)."""
    ACOUSTID = "acoustid"
    FUZZY = "fuzzy"
    """The same artist and title, and as long within three seconds."""
    MANUAL = "manual"
    """A person says so: final."""
    DIFFERENT = "different"
    """A person says that they are not: final."""


class RecordingLink(Struct, frozen=True, kw_only=True):
    """Two tracks, in no order."""

    a: TrackId
    b: TrackId
    kind: LinkKind
    created: Timestamp

    def other(self, track_id: str) -> TrackId:
        """Return the one that is not this."""
        return self.b if self.a == track_id else self.a


class LinkedTrack(Struct, frozen=True, kw_only=True):
    """A track as one end of a link."""

    track: Track
    link: RecordingLink
