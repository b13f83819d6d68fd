"""Finds the track that a file is: by its audio, by its path, by its place on the album."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from hydrophone.domain.ids import AlbumId, TrackId
from hydrophone.scanner.diff import Plan
from hydrophone.scanner.identity import track_id
from hydrophone.scanner.parsed import ParsedFile
from hydrophone.storage.folding import name_key
from hydrophone.storage.queries import catalogue
from hydrophone.storage.queries.catalogue import Place
from hydrophone.storage.tables.music import track


class TrackIds:
    """Gives each file of one scan its track; no track is given to two files."""

    def __init__(self, connection: Connection, plan: Plan) -> None:
        self._connection = connection
        self._known = plan.known
        self._vanished = {identifier for identifier in plan.vanished.values() if identifier}
        self._movable = self._vanished | set(plan.known.values())
        self._claimed: set[TrackId] = set()
        self._taken: set[TrackId] = set()

    def known(self, fingerprints: Mapping[str, str]) -> dict[str, Place]:
        """Return {native id: track} for those files (native id, fingerprint) that are known.

        Equal audio wins over equal path: a file that was moved, renamed or exchanged with
        another keeps its id. A file whose audio has changed in its place keeps the place's id.
        Only tracks that have lost their file, or whose file has changed, are up for being found
        elsewhere; a copy of a file that is still there is a new track.
        """
        own = [self._known[native_id] for native_id in fingerprints if native_id in self._known]
        possible = {track_id(fingerprint) for fingerprint in fingerprints.values()}
        places = catalogue.places(
            self._connection,
            track.c.fingerprint.in_(set(fingerprints.values()))
            | track.c.id.in_(possible.union(own)),
        )
        self._taken.update(place.id for place in places)
        by_id = {place.id: place for place in places}
        found: dict[str, Place] = {}
        for native_id, fingerprint in fingerprints.items():
            place = by_id.get(self._known.get(native_id, TrackId("")))
            if place is not None and place.fingerprint == fingerprint:
                self._claim(found, native_id, place)
        for native_id, fingerprint in fingerprints.items():
            if native_id in found:
                continue
            place = next((p for p in places if self._is_movable(p, fingerprint)), None)
            place = place or by_id.get(self._known.get(native_id, TrackId("")))
            if place is not None:
                self._claim(found, native_id, place)
        return found

    def in_place_of(self, album_id: AlbumId, files: Mapping[str, ParsedFile]) -> dict[str, Place]:
        """Return {native id: track} for unknown files that stand where a vanished one stood.

        Same album, disc, number and title: a better copy takes over stars, plays and playlists.
        """
        there = {
            (place.disc_number, place.track_number, place.name_key): place
            for place in catalogue.places(self._connection, track.c.album_id == album_id)
            if place.missing or place.id in self._vanished
        }
        found: dict[str, Place] = {}
        for native_id, parsed in files.items() if there else ():
            spot = (parsed.disc_number, parsed.track_number, name_key(parsed.title))
            if spot in there:
                self._claim(found, native_id, there[spot])
        return found

    def new(self, fingerprint: str) -> TrackId:
        """Return the id of a track that was not there before; equal ones are numbered."""
        copy = 1
        while (identifier := track_id(fingerprint, copy)) in self._taken or (
            copy > 1 and catalogue.places(self._connection, track.c.id == identifier)
        ):
            copy += 1
        self._taken.add(identifier)
        return identifier

    def will_leave(self, album_tracks: Sequence[Place]) -> bool:
        """Say whether each of these tracks has changed, moved or vanished in this scan."""
        return all(place.missing or place.id in self._movable for place in album_tracks)

    def is_gone(self, place: Place) -> bool:
        """Say whether a track's file is missing, or has vanished and turned up nowhere yet."""
        return place.missing or (place.id in self._vanished and place.id not in self._claimed)

    def _is_movable(self, place: Place, fingerprint: str) -> bool:
        return (
            place.fingerprint == fingerprint
            and place.id not in self._claimed
            and (place.missing or place.id in self._movable)
        )

    def _claim(self, found: dict[str, Place], native_id: str, place: Place) -> None:
        if place.id not in self._claimed:
            self._claimed.add(place.id)
            found[native_id] = place
