"""What the scans of several libraries share: one connection, one moment, and the ids they give."""

from dataclasses import dataclass

from sqlalchemy import Connection

from hydrophone.domain.tagging import SplitRules
from hydrophone.domain.units import Timestamp
from hydrophone.scanner.album_ids import AlbumIds
from hydrophone.scanner.artist_book import ArtistBook
from hydrophone.scanner.takeover import Takeover
from hydrophone.scanner.track_ids import TrackIds
from hydrophone.scanner.turns import Turns


@dataclass(frozen=True, kw_only=True)
class Books:
    """The books of one scan: what was in one library may turn up in another."""

    connection: Connection
    turns: Turns
    rules: SplitRules
    tracks: TrackIds
    albums: AlbumIds
    artists: ArtistBook
    takeover: Takeover
    now: Timestamp
