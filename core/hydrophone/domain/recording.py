"""Links between tracks: the same recording, wherever it comes from."""

from enum import StrEnum

from msgspec import Struct

from hydrophone.domain.ids import TrackId
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
