"""The endpoints that there are, by name."""

import pytest

from hydrophone_subsonic.endpoints import ENDPOINTS

pytestmark = pytest.mark.anyio

THE_87 = """
addChatMessage changePassword createBookmark createInternetRadioStation createPlaylist
createPodcastChannel createShare createUser deleteBookmark deleteInternetRadioStation
deletePlaylist deletePodcastChannel deletePodcastEpisode deleteShare deleteUser download
downloadPodcastEpisode findSonicPath getAlbum getAlbumInfo getAlbumInfo2 getAlbumList
getAlbumList2 getArtist getArtistInfo getArtistInfo2 getArtists getAvatar getBookmarks
getCaptions getChatMessages getCoverArt getGenres getIndexes getInternetRadioStations getLicense
getLyrics getLyricsBySongId getMusicDirectory getMusicFolders getNewestPodcasts getNowPlaying
getOpenSubsonicExtensions getPlaylist getPlaylists getPlayQueue getPlayQueueByIndex
getPodcastEpisode getPodcasts getRandomSongs getScanStatus getShares getSimilarSongs
getSimilarSongs2 getSong getSongsByGenre getSonicSimilarTracks getStarred getStarred2
getTopSongs getTranscodeDecision getTranscodeStream getUser getUsers getVideoInfo getVideos
hls.m3u8 jukeboxControl ping refreshPodcasts reportPlayback savePlayQueue savePlayQueueByIndex
scrobble search search2 search3 setRating star startScan stream tokenInfo unstar
updateInternetRadioStation updatePlaylist updateShare updateUser
"""

OURS = ("hlsPlaylist.m3u8", "hlsSegment.aac", "hlsSegment.ts")
"""What only our own playlists name."""


def test_all_87_are_answered() -> None:
    names = [endpoint.name for endpoint in ENDPOINTS]
    assert sorted(names) == sorted([*THE_87.split(), *OURS])
