"""System, browsing, lists and searching."""

import re
from copy import deepcopy

from hydrophone.testing.model_subsonic.library import (
    ARTISTS,
    Failed,
    Json,
    Library,
    Params,
    folder_of,
    is_asked_for,
)


class Browsing(Library):
    """The endpoints that read."""

    def _do_ping(self, _: Params) -> None: ...

    def _do_get_license(self, _: Params) -> Json:
        return {"license": {"valid": True}}

    def _do_get_open_subsonic_extensions(self, _: Params) -> Json:
        names = ("apiKeyAuthentication", "formPost", "getPodcastEpisode", "indexBasedQueue",
                 "playbackReport", "songLyrics", "sonicSimilarity", "topSongsByArtistId",
                 "transcodeOffset", "transcoding")  # fmt: skip
        return {
            "openSubsonicExtensions": [
                {"name": name, "versions": [1, 2] if name == "songLyrics" else [1]}
                for name in names
            ]
        }

    def _do_token_info(self, _: Params) -> Json:
        return {"tokenInfo": {"username": self.user}}

    def _do_get_music_folders(self, _: Params) -> Json:
        return {
            "musicFolders": {"musicFolder": [{"id": 1, "name": "Music"}, {"id": 2, "name": "More"}]}
        }

    def _do_get_indexes(self, params: Params) -> Json:
        is_old = int(params.get("ifModifiedSince", ["0"])[0]) > 4_000_000_000_000
        index = [{"name": ARTISTS[n][0], "artist": [self.top_directory(n)]}
                 for n in self._artists(params)]  # fmt: skip
        return {"indexes": {"lastModified": 1, "ignoredArticles": "The",
                            "index": [] if is_old else index}}  # fmt: skip

    @staticmethod
    def _artists(params: Params) -> list[int]:
        return [n for n in ARTISTS if params.get("musicFolderId", [""])[0] in ("", str(n))]

    def _do_get_music_directory(self, params: Params) -> Json:
        id_ = params["id"][0]
        for n, name in ARTISTS.items():
            if id_ == str(n):
                children = [{"id": f"di-{n}x", "parent": id_, "isDir": True, "title": name}]
                return {"directory": {"id": id_, "name": "Music", "child": children}}
            if id_ == f"di-{n}x":
                children = [self.directory(one) for one in (1, 2, 3) if folder_of(one) == n]
                found = {"id": id_, "parent": str(n), "name": name, "child": children}
                return {"directory": found}
        album = self._do_get_album(params)["album"]
        artist = album["artistId"].replace("ar", "di")
        return {"directory": {"id": id_, "parent": artist, "name": album["name"],
                              "child": album["song"]}}  # fmt: skip

    def _do_get_genres(self, _: Params) -> Json:
        return {"genres": {"genre": [{"value": "Rock", "songCount": 6, "albumCount": 3}]}}

    def _do_get_artists(self, params: Params) -> Json:
        index = [{"name": ARTISTS[n][0], "artist": [self.artist(n)]}
                 for n in self._artists(params)]  # fmt: skip
        return {"artists": {"ignoredArticles": "The", "index": index}}

    def _do_get_artist(self, params: Params) -> Json:
        for n in ARTISTS:
            if params["id"][0] == f"ar-{n}x":
                albums = [self.album(one) for one in (1, 2, 3) if folder_of(one) == n]
                return {"artist": self.artist(n) | {"album": albums}}
        raise Failed(70)

    def _do_get_album(self, params: Params) -> Json:
        found = re.fullmatch(r"al-([123])x", params["id"][0])
        if not found:
            raise Failed(70)
        number = int(found[1])
        songs = [self.song(f"so-{n}x") for n in (2 * number - 1, 2 * number)]
        return {"album": self.album(number) | {"song": songs}}

    def _do_get_song(self, params: Params) -> Json:
        return {"song": self.song(params["id"][0])}

    def _do_get_videos(self, _: Params) -> Json:
        video = self.song("so-6x") | {"isVideo": True}
        return {"videos": {"video": [video]}}

    def _do_get_video_info(self, params: Params) -> Json:
        if params["id"][0] != "so-6x":
            raise Failed(70)
        return {"videoInfo": {"id": "so-6x", "captions": [{"id": "1", "name": "en"}]}}

    def _do_get_artist_info(self, _: Params) -> Json:
        similar = [{"id": "di-1x", "name": "Anna"}]
        return {"artistInfo": {"biography": "Born & bred", "similarArtist": similar}}

    def _do_get_artist_info2(self, _: Params) -> Json:
        return {"artistInfo2": {"biography": "Born & bred", "similarArtist": [self.artist()]}}

    def _do_get_album_info(self, _: Params) -> Json:
        return {"albumInfo": {"notes": "Good"}}

    _do_get_album_info2 = _do_get_album_info

    def _some(self, params: Params) -> list[Json]:
        return [self.song(f"so-{n}x") for n in (2, 3, 4)][: int(params.get("count", ["3"])[0])]

    def _do_get_similar_songs(self, params: Params) -> Json:
        return {"similarSongs": {"song": self._some(params)}}

    def _do_get_similar_songs2(self, params: Params) -> Json:
        return {"similarSongs2": {"song": self._some(params)}}

    def _do_get_top_songs(self, params: Params) -> Json:
        known = params.get("artist", [""])[0] == "Anna" or "id" in params
        return {"topSongs": {"song": self._some(params) if known else []}}

    def _do_get_sonic_similar_tracks(self, params: Params) -> Json:
        return {"sonicMatch": [{"entry": one, "similarity": 0.5} for one in self._some(params)]}

    def _do_find_sonic_path(self, params: Params) -> Json:
        between = ["so-6x"] if int(params.get("count", ["25"])[0]) > 2 else []
        ids = [params["startSongId"][0], *between, params["endSongId"][0]]
        return {"sonicMatch": [{"entry": self.song(id_), "similarity": 1.0} for id_ in ids]}

    def _albums(self, params: Params) -> list[int]:
        type_, numbers = params["type"][0], [1, 2, 3]
        if type_ == "byYear":
            if "fromYear" not in params:
                raise Failed(10)
            low, high = int(params["fromYear"][0]) - 2000, int(params["toYear"][0]) - 2000
            numbers = [n for n in numbers if min(low, high) <= n <= max(low, high)]
            numbers.sort(reverse=low > high)
        elif type_ == "byGenre":
            if not params.get("genre", [""])[0]:
                raise Failed(10)
            numbers = numbers if params["genre"][0] == "Rock" else []
        elif type_ == "newest":
            numbers.reverse()
        elif type_ == "starred":
            numbers = [n for n in numbers if "starred" in self.album(n)]
        elif type_ not in {"random", "highest", "frequent", "recent", "alphabeticalByName",
                           "alphabeticalByArtist"}:  # fmt: skip
            raise Failed(0)
        numbers = [n for n in numbers if is_asked_for(params, n)]
        start = int(params.get("offset", ["0"])[0])
        return numbers[start : start + int(params.get("size", ["10"])[0])]

    def _do_get_album_list(self, params: Params) -> Json:
        return {"albumList": {"album": [self.directory(n) for n in self._albums(params)]}}

    def _do_get_album_list2(self, params: Params) -> Json:
        return {"albumList2": {"album": [self.album(n) for n in self._albums(params)]}}

    def _do_get_random_songs(self, params: Params) -> Json:
        size = int(params.get("size", ["10"])[0])
        low, high = (int(params.get(key, [""])[0] or default)
                     for key, default in (("fromYear", "0"), ("toYear", "9999")))  # fmt: skip
        songs = [song for song in self._songs(params)
                 if low <= song["year"] <= high
                 and params.get("genre", [""])[0] in ("", song["genre"])]  # fmt: skip
        return {"randomSongs": {"song": songs[:size]}}

    def _songs(self, params: Params) -> list[Json]:
        return [self.song(id_) for number, id_ in enumerate(self.songs)
                if is_asked_for(params, number // 2 + 1)]  # fmt: skip

    def _do_get_songs_by_genre(self, params: Params) -> Json:
        start, count = (int(params.get(key, [default])[0])
                        for key, default in (("offset", "0"), ("count", "10")))  # fmt: skip
        return {"songsByGenre": {"song": self._songs(params)[start : start + count]}}

    def _do_get_now_playing(self, _: Params) -> Json:
        return {"nowPlaying": {"entry": [deepcopy(one) for one in self.playing.values()]}}

    def _starred(self, params: Params, *, by_folders: bool) -> Json:
        mine = [key[1:] for key in self.stars if key[0] == self.user]
        albums = [int(id_[3]) for kind, id_ in mine if kind == "album"]
        artists = [self.artist() for kind, _ in mine if kind == "artist"]
        return {
            "artist": [{"id": "di-1x", "name": "Anna"} for _ in artists] if by_folders else artists,
            "album": [self.directory(n) if by_folders else self.album(n) for n in albums],
            "song": [song for song in self._songs(params) if ("song", song["id"]) in mine],
        }

    def _do_get_starred(self, params: Params) -> Json:
        return {"starred": self._starred(params, by_folders=True)}

    def _do_get_starred2(self, params: Params) -> Json:
        return {"starred2": self._starred(params, by_folders=False)}

    def _found(self, params: Params, kind: str, things: list[Json], name: str) -> list[Json]:
        query = params["query"][0].strip('"').rstrip("*").lower()
        found = [thing for thing in things if query in thing[name].lower()]
        start = int(params.get(f"{kind}Offset", ["0"])[0])
        return found[start : start + int(params.get(f"{kind}Count", ["20"])[0])]

    def _do_search(self, _: Params) -> Json:
        match = [self.song("so-1x")]
        return {"searchResult": {"offset": 0, "totalHits": 1, "match": match}}

    def _do_search2(self, params: Params) -> Json:
        found = self._do_search3(params)["searchResult3"]
        found["artist"] = [{"id": artist["id"].replace("ar", "di"), "name": artist["name"]}
                           for artist in found["artist"]]  # fmt: skip
        found["album"] = [self.directory(int(album["id"][3])) for album in found["album"]]
        return {"searchResult2": found}

    def _do_search3(self, params: Params) -> Json:
        songs = self._songs(params)
        albums = [self.album(n) for n in (1, 2, 3) if is_asked_for(params, n)]
        artists = [self.artist(n) for n in self._artists(params)]
        return {"searchResult3": {"artist": self._found(params, "artist", artists, "name"),
                                  "album": self._found(params, "album", albums, "name"),
                                  "song": self._found(params, "song", songs, "title")}}  # fmt: skip
