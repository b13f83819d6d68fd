"""What the rules need to know of a server and its library, gathered once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
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
    roles: frozenset[str] = frozenset()
    """Names of roles that the user has, such as `adminRole`."""
    folders: tuple[Json, ...] = ()
    artists: tuple[Json, ...] = ()
    albums: tuple[Json, ...] = ()
    songs: tuple[Json, ...] = ()
    """Of the first albums, six at most."""
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

    def directory(self) -> Json:
        """Return a directory of the first level."""
        return _one(self.directories, "directory")

    def genre(self) -> str:
        """Return a genre that some song has."""
        return _one(self.genres, "genre")

    def playlist(self) -> Json:
        """Return a playlist."""
        return _one(self.playlists, "playlist")

    def need_role(self, role: str) -> None:
        """Raise `Skipped` unless the user has this role."""
        if role not in self.roles:
            raise Skipped(f"The user lacks the role {role}.")


NO_FACTS = Facts()


def _one(things: tuple[T, ...], what: str) -> T:
    if not things:
        raise Skipped(f"The library has no {what}.")
    return things[0]
