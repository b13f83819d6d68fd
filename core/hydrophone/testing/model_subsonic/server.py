"""Requests: login, required parameters, dispatch, and the fault that was wished for."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import md5
from urllib.parse import parse_qs

import httpx

from hydrophone.testing.model_subsonic.browsing import Browsing
from hydrophone.testing.model_subsonic.features import Features
from hydrophone.testing.model_subsonic.library import Failed, Json, Params
from hydrophone.testing.model_subsonic.media import ORIGIN, Media
from hydrophone.testing.model_subsonic.personal import Personal
from hydrophone.testing.model_subsonic.rendering import element

KEY = "key-of-admin"
BINARY = {
    "stream", "download", "getCoverArt", "getAvatar", "hls.m3u8", "getCaptions",
    "getTranscodeStream",
}  # fmt: skip
NEEDED_ROLE = {
    **dict.fromkeys(
        ("getUsers", "createUser", "updateUser", "deleteUser", "createInternetRadioStation",
         "updateInternetRadioStation", "deleteInternetRadioStation"),
        "adminRole",
    ),
    **dict.fromkeys(
        ("stream", "hls.m3u8", "getTranscodeDecision", "getTranscodeStream"), "streamRole"
    ),
    "download": "downloadRole",
}  # fmt: skip
REQUIRED = {
    **dict.fromkeys(
        ("getMusicDirectory", "getArtist", "getAlbum", "getSong", "getVideoInfo", "getArtistInfo",
         "getArtistInfo2", "getAlbumInfo", "getAlbumInfo2", "getSimilarSongs", "getSimilarSongs2",
         "getSonicSimilarTracks", "getPlaylist", "deletePlaylist", "stream", "download",
         "getCoverArt", "getLyricsBySongId", "hls.m3u8", "getCaptions", "scrobble",
         "deleteBookmark", "createShare", "updateShare", "deleteShare", "getPodcastEpisode",
         "deletePodcastChannel", "deletePodcastEpisode", "downloadPodcastEpisode",
         "deleteInternetRadioStation"),
        ("id",),
    ),
    "findSonicPath": ("startSongId", "endSongId"),
    "getAlbumList": ("type",), "getAlbumList2": ("type",), "getSongsByGenre": ("genre",),
    "updatePlaylist": ("playlistId",), "getAvatar": ("username",),
    "setRating": ("id", "rating"), "createBookmark": ("id", "position"),
    "reportPlayback": ("mediaId", "mediaType", "positionMs", "state"),
    "createPodcastChannel": ("url",),
    "createInternetRadioStation": ("streamUrl", "name"),
    "updateInternetRadioStation": ("id", "streamUrl", "name"),
    "jukeboxControl": ("action",), "addChatMessage": ("message",),
    "createUser": ("username", "password", "email"), "updateUser": ("username",),
    "deleteUser": ("username",), "changePassword": ("username", "password"),
    "getTranscodeStream": ("mediaId", "mediaType", "transcodeParams"),
}  # fmt: skip


@dataclass(kw_only=True)
class Wrong:
    """What to do wrong: change what is asked, the envelope, or the whole answer."""

    before: Callable[[str, Params], None] | None = None
    edit: Callable[[str, Params, Json], None] | None = None
    after: Callable[[httpx.Request, str, Params, httpx.Response], httpx.Response] | None = None


class ModelServer(Browsing, Personal, Features, Media):
    """To be called with a request of httpx, as by `httpx.MockTransport`."""

    def __init__(self, wrong: Wrong | None = None) -> None:
        super().__init__()
        self.wrong = wrong or Wrong()
        self.asked: set[str] = set()
        self.accidents: list[Exception] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer; an accident of ours is remembered, for rules take it for the server's."""
        try:
            return self._respond(request)
        except Exception as error:  # the border: raised again, for the test to see
            self.accidents.append(error)
            raise

    def _respond(self, request: httpx.Request) -> httpx.Response:
        name = request.url.path.removeprefix("/rest/").removesuffix(".view")
        params = parse_qs(request.url.query.decode(), keep_blank_values=True)
        if request.headers.get("content-type", "").endswith("form-urlencoded"):
            params |= parse_qs(request.content.decode(), keep_blank_values=True)
        self.asked.add(name)
        self.body = request.content
        asked_for = {key: list(values) for key, values in params.items()}
        if request.method == "OPTIONS":
            allowed = {
                "access-control-allow-headers": "Content-Type, Range",
                "access-control-allow-methods": "GET, POST, DELETE",
            }
            response = httpx.Response(204, headers={**ORIGIN, **allowed})
        else:
            response = self._answer(request, name, params)
        if self.wrong.after:
            response = self.wrong.after(request, name, asked_for, response)
        return response

    def _answer(self, request: httpx.Request, name: str, params: Params) -> httpx.Response:
        envelope: Json = {"status": "ok", "version": "1.16.1", "type": "model",
                          "serverVersion": "1", "openSubsonic": True}  # fmt: skip
        try:
            if self.wrong.before:
                self.wrong.before(name, params)
            self._log_in(name, params)
            self._check(name, params)
            if name in BINARY:
                return self._bytes(request, name, params)
            envelope |= self._method(name)(params) or {}
        except Failed as failed:
            envelope |= {"status": "failed", "error": {"code": failed.code, "message": str(failed)}}
        if self.wrong.edit:
            self.wrong.edit(name, params, envelope)
        return self._document(params, envelope)

    def _check(self, name: str, params: Params) -> None:
        if name in NEEDED_ROLE and not self.users[self.user][NEEDED_ROLE[name]]:
            raise Failed(50)
        for required in REQUIRED.get(name, ()):
            if not params.get(required, [""])[0]:
                raise Failed(10, f"{required} is missing.")

    def _method(self, name: str) -> Callable[[Params], Json | None]:
        snake = re.sub(r"([A-Z])", r"_\1", name).lower()
        found: Callable[[Params], Json | None] | None = getattr(self, f"_do_{snake}", None)
        if found is None:
            raise Failed(0, "Unknown method.")
        return found

    def _document(self, params: Params, envelope: Json) -> httpx.Response:
        form = params.get("f", ["xml"])[0]
        text = json.dumps({"subsonic-response": envelope})
        if form == "json":
            return httpx.Response(200, headers={**ORIGIN, "content-type": "application/json"},
                                  content=text.encode())  # fmt: skip
        if form == "jsonp":
            callback = params["callback"][0]
            kind, content = "application/javascript", f"{callback}({text});"
            if not callback.isidentifier():
                kind, content = "application/json", text
            headers = {**ORIGIN, "content-type": kind}
            return httpx.Response(200, headers=headers, content=content.encode())
        content = '<?xml version="1.0" encoding="UTF-8"?>' + element("subsonic-response", envelope)
        headers = {**ORIGIN, "content-type": "text/xml; charset=utf-8"}
        return httpx.Response(200, headers=headers, content=content.encode())

    def _log_in(self, name: str, params: Params) -> None:
        first = {key: values[0] for key, values in params.items()}
        if name == "getOpenSubsonicExtensions":
            return
        if "apiKey" in first:
            if {"u", "p", "t", "s"} & set(first):
                raise Failed(43)
            if first["apiKey"] != KEY:
                raise Failed(44)
            self.user = "admin"
            return
        user = first.get("u", "")
        password = self.passwords.get(user, "")
        if not user or not ({"p"} <= set(first) or {"t", "s"} <= set(first)):
            raise Failed(10)
        if "t" in first:
            good = (
                first["t"]
                == md5((password + first["s"]).encode(), usedforsecurity=False).hexdigest()
            )
        else:
            given = first["p"]
            if given.startswith("enc:"):
                given = bytes.fromhex(given[4:]).decode()
            good = given == password
        if not password or not good:
            raise Failed(40)
        major = first.get("v", "1").partition(".")[0]
        if major != "1":
            raise Failed(20 if major == "0" else 30)
        self.user = user
