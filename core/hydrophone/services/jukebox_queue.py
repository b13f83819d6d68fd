"""The queue of the jukebox, and the place in it that is played."""

import random
from collections.abc import Sequence

from hydrophone.domain.music import Track
from hydrophone.domain.user import User
from hydrophone.errors import InvalidInputError


class JukeboxQueue:
    """Tracks in their order; places are counted from 0."""

    def __init__(self) -> None:
        self.tracks: list[Track] = []
        self.index = -1
        """The place of the current track; -1 if there is none."""

    def replace(self, tracks: Sequence[Track]) -> None:
        """Take another queue. The current track stays current if it is in there."""
        current = self.tracks[self.index].id if self.index >= 0 else None
        self.tracks = list(tracks)
        places = [place for place, track in enumerate(tracks) if track.id == current]
        if self.index not in places:
            self.index = next(iter(places), -1)

    def rewind(self) -> None:
        """Make the first track the current one."""
        self.index = 0 if self.tracks else -1

    def remove(self, place: int) -> bool:
        """Take a track out; return whether it was the current one, whose place is left alone."""
        del self.tracks[place]
        if place < self.index:
            self.index -= 1
            return False
        return place == self.index

    def shuffle(self) -> None:
        """Mix the tracks; the current one comes first."""
        first = [self.tracks.pop(self.index)] if self.index >= 0 else []
        random.shuffle(self.tracks)
        self.tracks = first + self.tracks
        self.index = 0 if first else -1

    def seen_by(self, viewer: User) -> list[int]:
        """Return the places of tracks that somebody may see."""
        return [i for i, one in enumerate(self.tracks) if one.library_id in viewer.libraries]

    def place(self, viewer: User, index: int) -> int:
        """Return the place of a track by its index among those that somebody may see.

        Raises InvalidInputError if there is no such track.
        """
        seen = self.seen_by(viewer)
        if not 0 <= index < len(seen):
            raise InvalidInputError(f"The queue of the jukebox has no track {index}.")
        return seen[index]
