"""Videos of the libraries: which there are, and where their files are."""

from pathlib import Path
from typing import NamedTuple

from hydrophone.domain.media import AudioFile
from hydrophone.domain.user import User
from hydrophone.domain.video import Video
from hydrophone.errors import NotFoundError
from hydrophone.services.locations import Locations
from hydrophone.services.reading import every_page
from hydrophone.storage.database import Database
from hydrophone.storage.queries import videos
from hydrophone.storage.queries.videos import VIDEOS


class LocatedVideo(NamedTuple):
    """A video with its file."""

    video: Video
    path: Path


class Videos:
    """Finds videos for users, each in the libraries that he sees."""

    def __init__(self, *, database: Database, locations: Locations) -> None:
        self._database = database
        self._locations = locations

    async def all(self, viewer: User) -> tuple[Video, ...]:
        """Return all videos that can be watched now, by title."""
        return await every_page(
            self._database,
            lambda connection, page: videos.listing(connection, viewer.id, viewer.libraries, page),
        )

    async def video(self, viewer: User, video_id: str) -> Video:
        """Return a video, also one that is missing for now. Raises NotFoundError."""
        found = await self._database.read(VIDEOS.one, viewer.id, video_id)
        if found is None or found.library_id not in viewer.libraries:
            raise NotFoundError("There is no such video.")
        return found

    async def located(self, viewer: User, video_id: str) -> LocatedVideo:
        """Find a video and its file. Raises NotFoundError."""
        found = await self.video(viewer, video_id)
        place = await self._database.read(videos.local_file, video_id)
        if place is None:
            raise NotFoundError("The file of this video is missing.")
        return LocatedVideo(found, self._locations.path(*place))

    async def original(self, viewer: User, video_id: str) -> AudioFile:
        """Return the file of a video as it is. Raises NotFoundError."""
        video, path = await self.located(viewer, video_id)
        return AudioFile(
            path=path,
            content_type=video.content_type,
            # Empty: made of the opened file's size and time.
            etag="",
            file_name=path.name,
            duration=video.duration,
        )
