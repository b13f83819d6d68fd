"""Finds the track that a file is: by its audio, by its path, by its place on the album."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property

from sqlalchemy import ColumnElement, Connection

from hydrophone.domain.ids import AlbumId, TrackId
from hydrophone.scanner.identity import track_id
from hydrophone.scanner.parsed import ParsedFile
from hydrophone.scanner.plan import Plan
from hydrophone.storage.folding import name_key
from hydrophone.storage.queries import catalogue
from hydrophone.storage.queries.catalogue import Place
from hydrophone.storage.queries.json_list import among, as_json
from hydrophone.storage.queries.native_ids import local_path, whole_file
from hydrophone.storage.tables.music import track


class TrackIds:
    """Gives each file of one scan of all libraries its track; no track is given to two files."""

    def __init__(self, connection: Connection, plans: Iterable[Plan]) -> None:
        self._connection = connection
        self._known: dict[str, TrackId] = {}
        self._vanished: set[TrackId] = set()
        for plan in plans:
            self._known |= plan.known
            self._vanished |= {track_id for track_id in plan.vanished.values() if track_id}
        self._parts: dict[str, set[TrackId]] = {}
        self._note_parts(self._known)
        self._changed = set(self._known.values())
        self._unread = set(self._changed)
        self.free = set(self._vanished)
        """Tracks that have lost their file: it vanished, holds other audio, or is unreadable."""
        self._claimed: set[TrackId] = set()
        self._taken: set[TrackId] = set()
        self._was_missing = catalogue.any_missing(connection)

    def expect(self, files: Mapping[str, TrackId]) -> None:
        """Note the tracks {native id: track} of unchanged files that are going to be read again."""
        self._known |= files
        self._note_parts(files)

    def lose(self, files: Iterable[str]) -> dict[str, TrackId | None]:
        """Note that of these files (native ids) those that were known are no more; return them."""
        lost = {name: self._known.pop(name) for name in files if name in self._known}
        self._vanished.update(lost.values())
        self.free.update(lost.values())
        self._unread.difference_update(lost.values())
        return dict(lost)

    def arrive(self, files: Mapping[str, ParsedFile | None]) -> bool:
        """Note what audio files {native id: tags as read} have now; say if `known` can be asked.

        There are none of a file that could not be read. The answer is no if a file

        - has the audio of a track whose own file has changed and was not read yet: this one may
          be a copy of that file, or both have exchanged their names;
        - has other audio than before: what it had may turn up elsewhere, and wins over the path,
          unless the tags say that this is the same song in audio that nobody has seen yet: then
          it was replaced, and what it had is a copy that was put aside.

        Such files are to wait until all others were read.
        """
        fingerprints = {
            name: parsed.fingerprint if parsed else "" for name, parsed in files.items()
        }
        own = {self._known[name]: name for name in fingerprints if name in self._known}
        elsewhere = set(fingerprints.values())
        is_settled = True
        for place in self._places(track.c.id, own):
            fingerprint = fingerprints[own[place.id]]
            if place.fingerprint == fingerprint:
                elsewhere.discard(fingerprint)
            elif not self._is_replaced(place, files[own[place.id]]):
                self.free.add(place.id)
                is_settled = is_settled and not fingerprint
        self._unread.difference_update(own)
        if not self._unread:
            return is_settled
        places = self._places(track.c.fingerprint, elsewhere)
        return is_settled and all(place.id not in self._unread for place in places)

    def known(self, files: Mapping[str, ParsedFile]) -> dict[str, Place]:
        """Return {native id: track} for those files {native id: tags} that are known.

        Equal audio wins over equal path: a file that was moved, renamed or exchanged with
        another keeps its id. A file whose audio has changed in its place keeps the place's id.
        Only tracks that have lost their file are up for being found elsewhere; a copy of a file
        that is still there is a new track. Of several with the same audio a file is the one that
        had its tags, else its name. Of the tracks into which a CUE sheet cuts a file, one whose
        place in it has changed is known by its title before its number.
        """
        fingerprints = {native_id: parsed.fingerprint for native_id, parsed in files.items()}
        own = {self._known[native_id] for native_id in fingerprints if native_id in self._known}
        own.update(*(self._parts.get(whole_file(name), ()) for name in fingerprints))
        audio = set(fingerprints.values())
        places = self._places(track.c.fingerprint, audio)
        by_id = {place.id: place for place in places}
        ids = own | {track_id(fingerprint) for fingerprint in audio}
        by_id |= {place.id: place for place in self._places(track.c.id, ids - by_id.keys())}
        self._taken.update(by_id)
        found: dict[str, Place] = {}
        for native_id, fingerprint in fingerprints.items():
            place = by_id.get(self._known.get(native_id, TrackId("")))
            if place is not None and place.fingerprint == fingerprint:
                self._claim(found, native_id, place)
        lost: dict[str, list[Place]] = {}
        for place in filter(self._is_movable, places):
            lost.setdefault(place.fingerprint, []).append(place)
        pairs = [
            (place, native_id)
            for native_id, parsed in files.items()
            if native_id not in found
            for place in lost.get(parsed.fingerprint, ())
        ]
        for place, native_id in self._likeliest_first(pairs, files):
            if native_id not in found:
                self._claim(found, native_id, place)
        for native_id, parsed in files.items():
            if native_id not in found and (namesake := self._namesake(native_id, parsed, by_id)):
                self._claim(found, native_id, namesake)
        for native_id in fingerprints:
            place = by_id.get(self._known.get(native_id, TrackId("")))
            if native_id not in found and place is not None:
                self._claim(found, native_id, place)
        return found

    @property
    def has_lost(self) -> bool:
        """Whether there may be tracks in whose place new files stand."""
        return self._was_missing or bool(self._vanished)

    def in_place_of(
        self, albums: Collection[AlbumId], files: Mapping[str, ParsedFile]
    ) -> dict[str, Place]:
        """Return {native id: track} for unknown files that stand where a vanished one stood.

        Same album, disc, number and title: a better copy takes over stars, plays and playlists.
        No disc is the first one: Picard writes 1 for the only disc, rippers mostly nothing.
        Of several such tracks it is the oldest one: it has what a copy has left, too.
        """
        there = {
            (place.disc_number or 1, place.track_number, place.name_key): place
            for place in reversed(self._places(track.c.album_id, albums))
            if self.is_gone(place)
        }
        found: dict[str, Place] = {}
        for native_id, parsed in files.items() if there else ():
            spot = _spot(parsed.disc_number, parsed.track_number, parsed.title)
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

    def was_known(self, native_id: str) -> bool:
        """Say whether a file held a track at the last scan."""
        return native_id in self._known

    def may_leave(self, place: Place) -> bool:
        """Say whether a track's file is gone, or has changed and so may tell another album."""
        return self.has_left(place) or place.id in self._changed

    def has_left(self, place: Place) -> bool:
        """Say whether a track is not where it was: its file is gone, or has turned up elsewhere."""
        return place.missing or place.id in self._vanished

    def is_gone(self, place: Place) -> bool:
        """Say whether a track's file is missing, or has vanished and turned up nowhere yet."""
        return place.missing or (place.id in self._vanished and place.id not in self._claimed)

    def give_back(self, original: TrackId, copy: TrackId) -> None:
        """Note that a file which is still there is again the track that it was before.

        It is to be called before any file has arrived.
        """
        for native_id in self._files.pop(original, ()):
            self._known[native_id] = copy
            self._files.setdefault(copy, []).append(native_id)
            self._changed.add(copy)
            self._unread.discard(original)
            self._unread.add(copy)

    def take_over(self, place: Place) -> None:
        """Note that a track which had lost its file has a copy's now."""
        self._claimed.add(place.id)

    @cached_property
    def _files(self) -> dict[TrackId, list[str]]:
        """The files of tracks that have changed, as they were known before any was read."""
        files: dict[TrackId, list[str]] = {}
        for native_id, identifier in self._known.items():
            files.setdefault(identifier, []).append(native_id)
        return files

    def _is_replaced(self, place: Place, parsed: ParsedFile | None) -> bool:
        """Say whether the file of a track has new audio, and tags by which it is the same song."""
        if parsed is None or not place.track_number:
            return False
        spot = _spot(place.disc_number, place.track_number, "")
        if (
            spot != _spot(parsed.disc_number, parsed.track_number, "")
            or place.name_key != name_key(parsed.title)
            or self._places(track.c.fingerprint, [parsed.fingerprint])
        ):
            return False
        [before] = catalogue.tracks_by_id(self._connection, [place.id]).values()
        return name_key(before.album_name) == name_key(parsed.album)

    def _note_parts(self, files: Mapping[str, TrackId]) -> None:
        for native_id, identifier in files.items():
            if (name := whole_file(native_id)) != native_id:
                self._parts.setdefault(name, set()).add(identifier)

    def _namesake(
        self, native_id: str, parsed: ParsedFile, by_id: Mapping[TrackId, Place]
    ) -> Place | None:
        """Return the track of this title in the same cut file, of several the nearest by number."""
        parts = self._parts.get(whole_file(native_id), set()) - self._claimed
        named = name_key(parsed.title)
        same = [by_id[one] for one in parts if one in by_id and by_id[one].name_key == named]
        return min(
            same, key=lambda place: abs(place.track_number - parsed.track_number), default=None
        )

    def _likeliest_first(
        self, pairs: Sequence[tuple[Place, str]], files: Mapping[str, ParsedFile]
    ) -> Sequence[tuple[Place, str]]:
        """Sort pairs of a lost track and a file (native id) with its audio."""
        if (
            len({native_id for _, native_id in pairs})
            == len(pairs)
            == len({p.id for p, _ in pairs})
        ):
            return pairs
        before = catalogue.tracks_by_id(self._connection, {place.id for place, _ in pairs})

        def unlikeness(pair: tuple[Place, str]) -> tuple[bool, ...]:
            place, native_id = pair
            lost, parsed = before[place.id], files[native_id]
            return (
                name_key(lost.album_name) != name_key(parsed.album),
                _spot(lost.disc_number, lost.track_number, lost.title)
                != _spot(parsed.disc_number, parsed.track_number, parsed.title),
                lost.path.rpartition("/")[2] != local_path(native_id).rpartition("/")[2],
            )

        return sorted(pairs, key=unlikeness)

    def _is_movable(self, place: Place) -> bool:
        return place.id not in self._claimed and (place.missing or place.id in self.free)

    def _claim(self, found: dict[str, Place], native_id: str, place: Place) -> None:
        if place.id not in self._claimed:
            self._claimed.add(place.id)
            found[native_id] = place

    def _places(self, column: ColumnElement[str], values: Collection[str]) -> list[Place]:
        if not values:
            return []
        return catalogue.places(self._connection, among(column, as_json(values)))


def _spot(disc_number: int, track_number: int, title: str) -> tuple[int, int, str]:
    """Return a place on an album; no disc is the first one."""
    return disc_number or 1, track_number, name_key(title)
