"""What not every server has: shares, podcasts, radio, jukebox, chat, lyrics, transcoding, scans."""

import json
from copy import deepcopy

from hydrophone.testing.model_subsonic.library import DATE, Failed, Json, Library, Params

SUNG: Json = {"lang": "en", "synced": True,
              "line": [{"start": 0, "value": "Hé la"}, {"start": 900, "value": "la"}]}  # fmt: skip
WORDS: Json = {
    "kind": "main",
    "agents": [{"id": "v1", "role": "main"}, {"id": "v2", "role": "bg"}],
    "cueLine": [
        {"index": 0, "value": "Hé la", "agentId": "v1",
         "cue": [{"start": 0, "end": 400, "byteStart": 0, "byteEnd": 2, "value": "Hé"},
                 {"start": 400, "end": 800, "byteStart": 4, "byteEnd": 5, "value": "la"}]},
        {"index": 0, "value": "(ooh)", "agentId": "v2",
         "cue": [{"start": 500, "byteStart": 0, "byteEnd": 4, "value": "(ooh)"}]},
    ],
}  # fmt: skip
"""What `enhanced` adds, as the pages on cueLine and agent have it."""


class Features(Library):
    """The endpoints of single features."""

    def _do_get_lyrics(self, params: Params) -> Json:
        if params.get("title", [""])[0] != "Song 1":
            return {"lyrics": {"value": ""}}
        return {"lyrics": {"artist": "Anna", "title": "Song 1", "value": "La & la"}}

    def _do_get_lyrics_by_song_id(self, params: Params) -> Json:
        self.song(params["id"][0])
        lyrics = [deepcopy(SUNG)] if params["id"][0] == "so-1x" else []
        if params.get("enhanced") == ["true"]:
            for one in lyrics:
                one |= deepcopy(WORDS)
        return {"lyricsList": {"structuredLyrics": lyrics}}

    def _do_get_transcode_decision(self, _: Params) -> Json:
        codecs = [one["audioCodecs"] for one in json.loads(self.body)["directPlayProfiles"]]
        return {"transcodeDecision": {"canDirectPlay": ["flac"] in codecs, "canTranscode": True,
                                      "transcodeParams": "good"}}  # fmt: skip

    def _do_get_shares(self, _: Params) -> Json:
        return {"shares": {"share": [deepcopy(one) for one in self.shares.values()]}}

    def _do_create_share(self, params: Params) -> Json:
        id_ = self._new("sh")
        share = {"id": id_, "url": f"http://model/share/{id_}", "username": self.user,
                 "description": params.get("description", [""])[0], "created": DATE,
                 "expires": DATE, "visitCount": 0,
                 "entry": [self.song(one) for one in params["id"]]}  # fmt: skip
        self.shares[id_] = share
        return {"shares": {"share": [share]}}

    def _do_update_share(self, params: Params) -> None:
        share = self._kept(self.shares, params)
        if params.get("expires") == ["0"]:
            share.pop("expires", None)

    def _do_delete_share(self, params: Params) -> None:
        self._kept(self.shares, params)
        del self.shares[params["id"][0]]

    @staticmethod
    def _kept(things: dict[str, Json], params: Params) -> Json:
        if params["id"][0] not in things:
            raise Failed(70)
        return things[params["id"][0]]

    def _do_get_podcasts(self, params: Params) -> Json:
        channels = [{"id": f"pc-{n}", "url": "http://feed.example", "status": "completed",
                     "episode": [self._episode(n)]} for n in (1, 2)]  # fmt: skip
        if "id" in params:
            channels = [one for one in channels if one["id"] == params["id"][0]]
            if not channels:
                raise Failed(70)
        if params.get("includeEpisodes") == ["false"]:
            channels = [{k: v for k, v in one.items() if k != "episode"} for one in channels]
        return {"podcasts": {"channel": channels}}

    def _episode(self, n: int) -> Json:
        return {"id": f"ep-{n}", "isDir": False, "title": "Talk", "streamId": f"st-{n}",
                "channelId": f"pc-{n}", "status": "completed"}  # fmt: skip

    def _do_get_newest_podcasts(self, _: Params) -> Json:
        return {"newestPodcasts": {"episode": [self._episode(1)]}}

    def _do_get_podcast_episode(self, params: Params) -> Json:
        if params["id"][0] not in ("ep-1", "ep-2"):
            raise Failed(70)
        return {"podcastEpisode": self._episode(int(params["id"][0][3]))}

    def _do_refresh_podcasts(self, _: Params) -> None: ...

    def _do_create_podcast_channel(self, _: Params) -> None: ...

    def _do_delete_podcast_channel(self, _: Params) -> None:
        raise Failed(70)

    _do_delete_podcast_episode = _do_download_podcast_episode = _do_delete_podcast_channel

    def _do_get_internet_radio_stations(self, _: Params) -> Json:
        stations = [deepcopy(one) for one in self.radios.values()]
        return {"internetRadioStations": {"internetRadioStation": stations}}

    def _do_create_internet_radio_station(self, params: Params) -> None:
        id_ = self._new("ra")
        self.radios[id_] = {"id": id_, "name": params["name"][0],
                            "streamUrl": params["streamUrl"][0],
                            "homePageUrl": params["homepageUrl"][0]}  # fmt: skip

    def _do_update_internet_radio_station(self, params: Params) -> None:
        self._kept(self.radios, params)["name"] = params["name"][0]

    def _do_delete_internet_radio_station(self, params: Params) -> None:
        self._kept(self.radios, params)
        del self.radios[params["id"][0]]

    def _do_jukebox_control(self, params: Params) -> Json:
        status: Json = {"currentIndex": -1, "playing": False, "gain": 0.5, "position": 0}
        match params["action"][0]:
            case "get":
                return {"jukeboxPlaylist": {**status, "entry": []}}
            case "status":
                return {"jukeboxStatus": status}
        raise Failed(0)

    def _do_get_chat_messages(self, params: Params) -> Json:
        said: Json = {"username": "admin", "time": 1_700_000_000_000, "message": "Hello"}
        since = int(params.get("since", ["0"])[0])
        return {"chatMessages": {"chatMessage": [said] if since < int(said["time"]) else []}}

    def _do_add_chat_message(self, _: Params) -> None: ...

    def _do_get_scan_status(self, _: Params) -> Json:
        return {"scanStatus": {"scanning": False, "count": 6}}

    _do_start_scan = _do_get_scan_status
