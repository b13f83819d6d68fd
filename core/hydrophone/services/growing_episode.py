"""An episode that is heard while it is downloaded."""

from collections.abc import AsyncGenerator

from hydrophone.domain.file_names import safe_name
from hydrophone.domain.podcast import Episode
from hydrophone.domain.units import ByteCount
from hydrophone.services.podcast_downloads import PodcastDownloads


class GrowingEpisode:
    """An episode that is not here yet: its download begins when its first chunk is asked for."""

    def __init__(self, downloads: PodcastDownloads, episode: Episode) -> None:
        self._downloads = downloads
        self._episode = episode
        self.content_type = episode.content_type
        self.duration = episode.duration
        """As the feed says."""
        self.file_name = f"{safe_name(episode.title)}.{episode.suffix}"
        """For Content-Disposition."""
        self.etag = ""
        """Nobody knows it before the download."""
        self.estimated_length: ByteCount | None = None
        """What feeds say of lengths is wrong too often."""

    def chunks(self) -> AsyncGenerator[bytes, None]:
        """Yield the bytes; see `PodcastDownloads.listen`."""
        return self._downloads.listen(self._episode)
