"""Genres, with how much music each has."""

from hydrophone.domain.music import Genre
from hydrophone.domain.user import User
from hydrophone.storage.read_model import ReadModel


class Genres:
    """Lists the genres of the libraries that a user sees."""

    def __init__(self, *, read_model: ReadModel) -> None:
        self._read_model = read_model

    async def all(self, viewer: User) -> tuple[Genre, ...]:
        """Return all genres by name."""
        found = await self._read_model.genres(viewer.libraries)
        return tuple(one.genre for one in found.values())
