"""One table of calls, which each test of this folder makes: all endpoints, all kinds of answers.

`{name}` stands for an id of the fixture `ids`; `{new}` for a playlist, `{share}` for a share,
`{user}` for a user, `{unborn}` for a name that nobody has, `{follow}` for a podcast and `{tuned}`
for a station, each made for this call.
"""

EVERY_ROLE = (
    "ldapAuthenticated=false&adminRole=false&settingsRole=true&streamRole=true&jukeboxRole=true"
    "&downloadRole=true&uploadRole=true&playlistRole=true&coverArtRole=true&commentRole=true"
    "&podcastRole=true&shareRole=true&videoConversionRole=true&musicFolderId=1&maxBitRate=192"
)


ANSWERED = {
    "ping": ("",),
    "getLicense": ("",),
    "getOpenSubsonicExtensions": ("",),
    "getMusicFolders": ("",),
    "getIndexes": (
        "",
        "musicFolderId=1",
        "musicFolderId=77",
        "ifModifiedSince=0",
        "ifModifiedSince=9007199254740991",
    ),
    "getMusicDirectory": (
        "id={folder}", "id={root}", "id={album}", "id={artist}", "id={sampler}",
    ),
    "getGenres": ("",),
    "getArtists": ("", "musicFolderId=1", "musicFolderId=77"),
    "getArtist": ("id={artist}", "id={sampler_artist}"),
    "getAlbum": ("id={album}", "id={sampler}"),
    "getSong": ("id={song}", "id={plain}"),
    "getArtistInfo": ("id={artist}", "id={song}&includeNotPresent=true", "id=-1"),
    "getArtistInfo2": ("id={artist}&count=2", "id={album}", "id=ar-aaaaaaaaaaaaa"),
    "getAlbumInfo": ("id={album}", "id={folder}", "id=al-aaaaaaaaaaaaa"),
    "getAlbumInfo2": ("id={album}", "id={song}", "id=nothing"),
    "getSimilarSongs": ("id={song}&count=500", "id={artist}&count=500", "id=tr-aaaaaaaaaaaaa"),
    "getSimilarSongs2": ("id={artist}&count=500", "id={album}&count=500", "id=nothing"),
    "getSonicSimilarTracks": ("id={song}", "id={song}&count=1"),
    "findSonicPath": (
        "startSongId={song}&endSongId={plain}",
        "startSongId={song}&endSongId={song}&count=2",
    ),
    "getTopSongs": ("artist=anna", "artist=Nobody", "id={artist}&size=1", "id=ar-aaaaaaaaaaaaa"),
    **dict.fromkeys(
        ("getAlbumList", "getAlbumList2"),
        (
            "type=random&size=500",
            "type=newest",
            "type=highest",
            "type=frequent",
            "type=recent",
            "type=alphabeticalByName",
            "type=alphabeticalByArtist",
            "type=starred",
            "type=byYear&fromYear=2000&toYear=2010",
            "type=byYear&fromYear=2010&toYear=2000",
            "type=byGenre&genre=Art/Rock %26 Pop",
            "type=byGenre&genre=Unheard",
            "type=newest&offset=9000",
            "type=newest&musicFolderId=77",
        ),
    ),
    "getRandomSongs": ("size=500", "size=500&genre=Rock&fromYear=2000&toYear=2008"),
    "getSongsByGenre": ("genre=Rock&count=500", "genre=Unheard"),
    "getNowPlaying": ("",),
    "getStarred": ("", "musicFolderId=77"),
    "getStarred2": ("", "musicFolderId=77"),
    **dict.fromkeys(
        ("search2", "search3"),
        ("query=", 'query=""', "query=anna", "query=%D0%9F%D0%B5%D1%81%D0%BD%D1%8F*", "query=zzz"),
    ),
    "search": (
        "", "any=anna", "any=anna&songCount=1", "title=%D0%9F%D0%B5&count=2&offset=1", "artist=zzz",
        "newerThan=9007199254740991",
    ),
    "star": ("id={plain}&albumId={sampler}", "artistId={sampler_artist}"),
    "unstar": ("id={plain}&albumId={sampler}", "artistId={sampler_artist}"),
    "setRating": ("id={plain}&rating=3", "id={plain}&rating=0"),
    "scrobble": (
        "id={plain}&submission=false",
        "id={plain}&id={other}&time=1600000000000&time=1600000001000",
    ),
    "reportPlayback": (
        "mediaId={plain}&mediaType=song&positionMs=1000&state=starting&ignoreScrobble=true",
        "mediaId={song}&mediaType=song&positionMs=1000&state=paused&playbackRate=1.25",
        "mediaId={episode}&mediaType=podcast&positionMs=1000&state=stopped",
    ),
    "getPlaylists": ("", "username=berta"),
    "getPlaylist": ("id={playlist}",),
    "createPlaylist": ("name=Made&songId={song}&songId={plain}", "playlistId={new}&songId={plain}"),
    "updatePlaylist": ("playlistId={new}&name=Renamed&songIdToAdd={song}&songIndexToRemove=0",),
    "deletePlaylist": ("id={new}",),
    "createBookmark": ("id={plain}&position=0", "id={song}&position=1500&comment=%26%20on"),
    "getBookmarks": ("",),
    "deleteBookmark": ("id={plain}", "id=nothing"),
    "getPlayQueue": ("",),
    "savePlayQueue": ("id={song}&id={plain}&id={song}&current={plain}&position=1500",),
    "getPlayQueueByIndex": ("",),
    "savePlayQueueByIndex": ("id={song}&id={plain}&id={song}&currentIndex=1&position=1500",),
    "getLyrics": ("artist=anna&title=plain", "artist=Nobody&title=Nothing", ""),
    "getLyricsBySongId": (
        "id={song}", "id={plain}", "id={other}", "id={sung}",
        "id={song}&enhanced=true", "id={sung}&enhanced=true",
    ),
    "jukeboxControl": (
        "action=get", "action=status", "action=set&id={song}&id={plain}&id={song}", "action=get",
        "action=setGain&gain=0.25", "action=stop", "action=clear", "action=start",
    ),
    "getUser": ("username=admin", "username=berta"),
    "createShare": (
        "id={song}",
        "id={song}&id={album}&id={artist}&id={playlist}&id={folder}&description=%26&expires=0",
        "id={album}&expires=4102444800000",
    ),
    "getShares": ("",),
    "updateShare": ("id={share}&expires=0", "id={share}&description=&expires=4102444800000"),
    "deleteShare": ("id={share}",),
    "addChatMessage": ("message=%3CHello%3E+%26+%22all%22",),
    "getChatMessages": ("", "since=9007199254740991"),
    "getUsers": ("",),
    "createUser": (
        "username={unborn}&password=sesame&email=",
        f"username={{unborn}}&password=enc:736573616d65&email=a@example.org&{EVERY_ROLE}",
    ),
    "updateUser": (
        "username={user}",
        f"username={{user}}&password=enc:c3a9&email=b@example.org&{EVERY_ROLE}",
    ),
    "changePassword": ("username={user}&password=sesame", "username={user}&password=enc:c3a9"),
    "deleteUser": ("username={user}",),
    "getTranscodeDecision": (
        "mediaId={song}&mediaType=song",
        "mediaId={plain}&mediaType=song",
        "mediaId={episode}&mediaType=podcast",
        "mediaId={bare}&mediaType=podcast",
    ),
    "getVideos": ("",),
    "getVideoInfo": ("id={video}",),
    "getPodcasts": ("", "includeEpisodes=false", "id={channel}", "id={broken}"),
    "getNewestPodcasts": ("", "count=1", "count=0"),
    "getPodcastEpisode": ("id={episode}", "id={bare}"),
    "refreshPodcasts": ("",),
    "createPodcastChannel": ("url={remote}/feed",),
    "deletePodcastChannel": ("id={follow}",),
    "downloadPodcastEpisode": ("id={episode}",),
    "deletePodcastEpisode": ("id={spare}",),
    "getInternetRadioStations": ("",),
    "createInternetRadioStation": (
        "streamUrl=http://b.example/&name=B",
        "streamUrl=http://b.example/&name=B&homepageUrl=http://b.example/",
    ),
    "updateInternetRadioStation": ("id={tuned}&streamUrl=http://c.example/&name=C",),
    "deleteInternetRadioStation": ("id={tuned}",),
    "getScanStatus": ("",),
    "startScan": ("",),
}  # fmt: skip


REFUSED = {
    "jukeboxControl": (
        ("action=dance", 0),
        ("", 10),
        ("action=skip", 10),
        ("action=remove&index=9", 0),
        ("action=setGain", 10),
        ("action=setGain&gain=1.5", 0),
        ("action=add&id=nothing", 70),
    ),
    "tokenInfo": (("", 10),),
    "getMusicDirectory": (("id=fo-aaaaaaaaaaaaa", 70), ("", 10)),
    "getArtist": (("id=ar-aaaaaaaaaaaaa", 70), ("", 10)),
    "getAlbum": (("id=nothing", 70), ("id=", 10)),
    "getSong": (("id={album}", 70),),
    "getAlbumList": (("", 10), ("type=sideways", 0), ("type=byYear&fromYear=2000", 10)),
    "getAlbumList2": (("type=byGenre", 10), ("type=newest&size=-1", 0)),
    "getSongsByGenre": (("", 10),),
    "getTopSongs": (("", 10),),
    "star": (("", 10), ("id=nothing", 70)),
    "unstar": (("", 10),),
    "setRating": (("id={song}&rating=6", 0), ("id={song}", 10), ("id=nothing&rating=1", 70)),
    "scrobble": (("id=nothing", 70), ("", 10)),
    "reportPlayback": (
        ("mediaId=nothing&mediaType=song&positionMs=0&state=playing", 70),
        ("mediaId={song}&mediaType=song&positionMs=0&state=dancing", 0),
        ("mediaId={song}&mediaType=song&state=playing", 10),
    ),
    "getPlaylist": (("id=pl-aaaaaaaaaaaaa", 70),),
    "createPlaylist": (("", 10), ("playlistId=nothing", 70), ("name=x&songId=nothing", 70)),
    "updatePlaylist": (("playlistId=nothing", 70), ("playlistId={new}&songIndexToRemove=99", 0)),
    "deletePlaylist": (("id=nothing", 70),),
    "savePlayQueue": (("id={song}&current={plain}", 10), ("id={song}", 10)),
    "getUser": (("username=nobody", 70),),
    "createShare": (("", 10), ("id=nothing", 70), ("id={song}&id=al-aaaaaaaaaaaaa", 70)),
    "updateShare": (("id=sh-aaaaaaaaaaaaa", 70), ("", 10), ("id={share}&expires=-1", 0)),
    "deleteShare": (("id=sh-aaaaaaaaaaaaa", 70), ("", 10)),
    "addChatMessage": (("", 10), ("message=+", 0)),
    "getChatMessages": (("since=x", 0),),
    "createUser": (
        ("username=x&password=y", 10),
        ("username=x&email=", 10),
        ("username=berta&password=y&email=", 0),
        ("username={unborn}&password=y&email=&musicFolderId=77", 70),
        ("username={unborn}&password=y&email=&maxBitRate=77", 0),
        ("username={unborn}&password=y&email=&ldapAuthenticated=true", 0),
    ),
    "updateUser": (
        ("", 10),
        ("username=nobody", 70),
        ("username=admin&adminRole=false", 0),
        ("username=berta&maxBitRate=77", 0),
    ),
    "changePassword": (("username=nobody&password=x", 70), ("username=berta", 10)),
    "deleteUser": (("username=nobody", 70), ("username=admin", 0), ("", 10)),
    "getAvatar": (("username=nobody", 70), ("", 10)),
    "stream": (("id=nothing", 70), ("", 10), ("id={song}&format=midi", 0)),
    "download": (("id=al-aaaaaaaaaaaaa", 70), ("id=nothing", 70)),
    "getCoverArt": (("id=nothing", 70),),
    "getLyricsBySongId": (("id=nothing", 70),),
    "getTranscodeDecision": (
        ("mediaId=nothing&mediaType=song", 70),
        ("mediaId={song}&mediaType=podcast", 70),
        ("mediaId={episode}&mediaType=song", 70),
        ("mediaId={song}&mediaType=film", 0),
        ("mediaId={song}", 10),
        ("mediaType=song", 10),
    ),
    "hls.m3u8": (("id=nothing", 70), ("", 10), ("id={song}&bitRate=fast", 0)),
    "hlsPlaylist.m3u8": (("token=forged", 0), ("", 10)),
    "hlsSegment.aac": (("token=forged&number=0", 0), ("token=forged", 10)),
    "hlsSegment.ts": (("token=forged&number=0", 0), ("token=forged", 10)),
    "getTranscodeStream": (
        ("mediaId=nothing&mediaType=song&transcodeParams=x", 70),
        ("mediaType=song", 10),
        ("mediaId={song}&mediaType=song&transcodeParams=forged", 0),
        ("mediaId={song}&mediaType=podcast&transcodeParams=x", 70),
    ),
    "noSuchMethod": (("", 0),),
    "getCaptions": (
        ("", 10),
        ("id=vi-aaaaaaaaaaaaa", 70),
        ("id={song}", 70),
        ("id=ca-aaaaaaaaaaaaa", 70),
        ("id={video}&format=txt", 0),
    ),
    "getVideoInfo": (("", 10), ("id=vi-aaaaaaaaaaaaa", 70), ("id={song}", 70)),
    "getPodcasts": (("id=pc-aaaaaaaaaaaaa", 70),),
    "getPodcastEpisode": (("id={song}", 70), ("", 10)),
    "createPodcastChannel": (("", 10), ("url=file:///x", 0), ("url=http://127.0.0.1/x", 0)),
    "deletePodcastChannel": (("id=nothing", 70),),
    "deletePodcastEpisode": (("id={channel}", 70),),
    "downloadPodcastEpisode": (("id=nothing", 70),),
    "createInternetRadioStation": (("streamUrl=http://b.example/", 10), ("name=x&streamUrl=x", 0)),
    "updateInternetRadioStation": (("id=nothing&streamUrl=http://b.example/&name=x", 70),),
    "deleteInternetRadioStation": (("id=nothing", 70), ("", 10)),
}


CASES = [
    *((name, query, None) for name, queries in ANSWERED.items() for query in queries),
    *((name, query, code) for name, failures in REFUSED.items() for query, code in failures),
]


JSON_BODIES = {
    "getTranscodeDecision": {
        "name": "App",
        "platform": "Android",
        "maxAudioBitrate": 320_000,
        "directPlayProfiles": [
            {"containers": ["mp3"], "audioCodecs": ["mp3"], "protocols": ["http"]},
        ],
        "transcodingProfiles": [
            {"container": "ogg", "audioCodec": "opus", "protocol": "http", "maxAudioChannels": 2},
        ],
    },
}
"""What has to be POSTed beside the parameters of the query."""


FAILING_BY_STATUS = {"getTranscodeStream", "hlsPlaylist.m3u8", "hlsSegment.aac", "hlsSegment.ts"}
"""Endpoints of which the specification, or players, want statuses of HTTP."""
