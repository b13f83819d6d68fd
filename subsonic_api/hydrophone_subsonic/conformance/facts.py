"""What the rules need to know of a server and its library, gathered once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from hydrophone_subsonic.conformance.answer import Json
from hydrophone_subsonic.conformance.verdict import Skipped

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Some of what there is; everything may be empty.

    The methods return what their names say, or raise `Skipped` where there is none.
    """

    version: str = ""
    type: str = ""
    server_version: str = ""
    open_subsonic: bool = False
    extensions: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    user: str = ""
    """The user's name; with an API key, as the server tells it, or empty."""
    roles: frozenset[str] | None = None
    """Names of roles that the user has, such as `adminRole`; None if the server does not tell."""
    folders: tuple[Json, ...] = ()
    artists: tuple[Json, ...] = ()
    albums: tuple[Json, ...] = ()
    songs: tuple[Json, ...] = ()
    """Of the first albums, in their order, and some of the whole library."""
    files: tuple[Json, ...] = ()
    """Of these, one that stream of format=raw sends as the file that it is."""
    sung: tuple[Json, ...] = ()
    """Of these, some that have lyrics, those with the most times first."""
    directories: tuple[Json, ...] = ()
    """Entries of `getIndexes`."""
    genres: tuple[str, ...] = ()
    playlists: tuple[Json, ...] = ()

    @property
    def numbers(self) -> tuple[int, ...]:
        """Return the version, to be compared; one that cannot be read is the newest."""
        parts = self.version.split(".")
        return tuple(map(int, parts)) if all(map(str.isdigit, parts)) else (1, 16, 1)

    def folder(self) -> Json:
        """Return a music folder."""
        return _one(self.folders, "music folder")

    def artist(self) -> Json:
        """Return an artist who has albums."""
        return _one(self.artists, "artist")

    def album(self) -> Json:
        """Return an album."""
        return _one(self.albums, "album")

    def song(self, number: int = 0) -> Json:
        """Return the first song, or a further one."""
        return _one(self.songs[number:], "song" if number == 0 else f"{number + 1} songs")

    def song_that(self, does: str, fits: Callable[[Json], object]) -> Json:
        """Return the first song that fits; `does` says what none does, as in "has a year"."""
        self.song()
        found = next(filter(fits, self.songs), None)
        if found is None:
            raise Skipped(f"None of the {len(self.songs)} songs looked at {does}.")
        return found

    def short_song(
        self, does: str = "is longer than a second", fits: Callable[[Json], object] = bool
    ) -> Json:
        """Return the shortest song longer than a second that also fits, to spare time."""
        shortest = replace(
            self, songs=tuple(sorted(self.songs, key=lambda one: int(one.get("duration", 0))))
        )
        return shortest.song_that(does, lambda one: one.get("duration", 0) > 1 and fits(one))

    def file(self) -> Json:
        """Return a song that stream of format=raw sends as the file that it is."""
        self.song()
        if not self.files:
            raise Skipped("None of the songs looked at is sent as a file with a length of its own.")
        return self.files[0]

    def streamed(self) -> Json:
        """Return a song to stream in whatever form: that file, for few songs are to be heard."""
        return self.files[0] if self.files else self.song()

    def sung_song(self) -> Json:
        """Return a song that has lyrics, those with the most times being the first."""
        self.song()
        if not self.sung:
            raise Skipped("None of the songs looked at has lyrics.")
        return self.sung[0]

    def directory(self) -> Json:
        """Return a directory of the first level."""
        return _one(self.directories, "directory")

    def genre(self) -> str:
        """Return a genre that some song has."""
        return _one(self.genres, "genre")

    def playlist(self) -> Json:
        """Return a playlist, if possible one that is not made anew for each call."""
        lasting = tuple(one for one in self.playlists if "validUntil" not in one)
        return _one(lasting or self.playlists, "playlist")

    def need_role(self, role: str) -> None:
        """Raise `Skipped` unless the user has this role."""
        if self.roles is None:
            raise Skipped("The roles of the user are not known.")
        if role not in self.roles:
            raise Skipped(f"The user lacks the role {role}.")


NO_FACTS = Facts()


def _one(things: tuple[T, ...], what: str) -> T:
    if not things:
        raise Skipped(f"The library has no {what}.")
    return things[0]
