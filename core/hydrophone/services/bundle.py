"""All services together, as protocol layers are given them."""

from dataclasses import dataclass

from hydrophone.services.accounts import Accounts
from hydrophone.services.albums import Albums
from hydrophone.services.analyses import Analyses
from hydrophone.services.annotations import Annotations
from hydrophone.services.artists import Artists
from hydrophone.services.artwork import ArtworkService
from hydrophone.services.avatars import Avatars
from hydrophone.services.bookmarks import Bookmarks
from hydrophone.services.cache import Cache
from hydrophone.services.captions import Captions
from hydrophone.services.chat import Chat
from hydrophone.services.downloads import Downloads
from hydrophone.services.events import Events
from hydrophone.services.folders import Folders
from hydrophone.services.genres import Genres
from hydrophone.services.hls import Hls
from hydrophone.services.jobs import Jobs
from hydrophone.services.jukebox import Jukebox
from hydrophone.services.keeps import Keeps
from hydrophone.services.libraries import Libraries
from hydrophone.services.logins import Logins
from hydrophone.services.lyrics import LyricsService
from hydrophone.services.matcher import Matcher
from hydrophone.services.metadata import Metadata
from hydrophone.services.play_queue import PlayQueueService
from hydrophone.services.playlists import Playlists
from hydrophone.services.plays import Plays
from hydrophone.services.podcasts import Podcasts
from hydrophone.services.radio import Radio
from hydrophone.services.recognition import Recognizing
from hydrophone.services.scan_reports import ScanReports
from hydrophone.services.scans import Scans
from hydrophone.services.search import SearchService
from hydrophone.services.share_visits import ShareVisits
from hydrophone.services.shares import Shares
from hydrophone.services.similarity import Similarity
from hydrophone.services.sonic import Sonic
from hydrophone.services.source_trees import SourceTrees
from hydrophone.services.storage_uses import StorageUses
from hydrophone.services.streaming import Streaming
from hydrophone.services.tracks import Tracks
from hydrophone.services.videos import Videos


@dataclass(frozen=True, kw_only=True)
class Services:
    """All services of one server process."""

    accounts: Accounts
    avatars: Avatars
    logins: Logins
    libraries: Libraries
    artists: Artists
    albums: Albums
    tracks: Tracks
    genres: Genres
    folders: Folders
    source_trees: SourceTrees
    matcher: Matcher
    search: SearchService
    analyses: Analyses
    annotations: Annotations
    recognizing: Recognizing
    cache: Cache
    keeps: Keeps
    playlists: Playlists
    bookmarks: Bookmarks
    play_queue: PlayQueueService
    plays: Plays
    jobs: Jobs
    jukebox: Jukebox
    podcasts: Podcasts
    radio: Radio
    storage_uses: StorageUses
    streaming: Streaming
    events: Events
    hls: Hls
    downloads: Downloads
    artwork: ArtworkService
    lyrics: LyricsService
    metadata: Metadata
    similarity: Similarity
    sonic: Sonic
    scans: Scans
    videos: Videos
    captions: Captions
    scan_reports: ScanReports
    shares: Shares
    share_visits: ShareVisits
    chat: Chat
