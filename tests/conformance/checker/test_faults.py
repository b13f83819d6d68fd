"""Each rule finds the fault that it is for: a table of faults, one at least for every rule."""

import json
from collections.abc import Callable

import httpx
import pytest

from hydrophone.testing.model_subsonic import Failed, ModelServer, Wrong
from hydrophone.testing.model_subsonic.faults import (
    Fault,
    answering,
    doing,
    every_envelope,
    first_only,
    ignoring,
    refusing,
    remembering_nothing,
    saying,
    with_code,
    without_ranges,
)
from hydrophone.testing.model_subsonic.library import Json, Params
from hydrophone_subsonic.conformance.probe import Probe
from hydrophone_subsonic.conformance.rule import Rule
from hydrophone_subsonic.conformance.rules import RULES
from hydrophone_subsonic.conformance.runner import Outcome, check

BY_ID = {rule.id: rule for rule in RULES}


def removing_one_by_one(params: Params) -> None:
    """Remove one after the other, each position being that of the list that is left."""
    if "songIndexToRemove" in params:
        params["songIndexToRemove"] = ["0", "2"]


def letting_in(_: str, params: Params) -> None:
    """Let in whoever shows nothing at all."""
    if not {"u", "p", "t", "apiKey"} & set(params):
        params |= {"u": ["admin"], "p": ["sesame-street"]}


def preferring_password(_: str, params: Params) -> None:
    if "t" in params and "p" in params:
        params["t"] = ["0"]


def forgetting_folders(params: Params) -> None:
    if params["id"] == ["1"]:
        raise Failed(70)


def counting_streams() -> Fault:
    """Count a play for each stream."""
    heard: list[str] = []

    def before(name: str, params: Params) -> None:
        if name == "stream":
            heard.append(params["id"][0])

    def edit(name: str, _: Params, envelope: Json) -> None:
        if name == "getSong" and envelope["status"] == "ok":
            envelope["song"]["playCount"] = heard.count(envelope["song"]["id"])

    return {"before": before, "edit": edit}


def reversed_years(name: str, _: Params, envelope: Json) -> None:
    if name == "getAlbumList2" and "albumList2" in envelope:
        envelope["albumList2"]["album"].sort(key=lambda album: album["year"])


def twice_starred(name: str, _: Params, envelope: Json) -> None:
    if name == "getStarred2":
        envelope["starred2"]["song"] *= 2


def case_matters(params: Params) -> None:
    if params["query"][0].isupper() or "SONG" in params["query"][0]:
        params["query"] = ["nothing at all"]


def all_roles(params: Params) -> None:
    params |= {"adminRole": ["true"], "uploadRole": ["true"]}


def keeping_password(name: str, params: Params) -> None:
    """Let the old password in for ever: `changePassword` does nothing, and new ones get in."""
    if name == "changePassword":
        params["password"] = [params["password"][0] + "x"]


def swapped_songs(name: str, _: Params, envelope: Json) -> None:
    if name == "getSong" and "song" in envelope:
        envelope["song"]["title"] = "Another"


def naming_twice(name: str, _: Params, envelope: Json) -> None:
    if name == "getGenres":
        envelope["genres"]["genre"] *= 2


def json_by_default(_: str, params: Params) -> None:
    params.setdefault("f", ["json"])


def refuse_twice(params: Params) -> None:
    if any(len(values) > 1 for values in params.values()):
        raise Failed(0)


def refuse_anonymous(name: str, params: Params) -> None:
    if name == "getOpenSubsonicExtensions" and "u" not in params:
        raise Failed(10)


def refuse_without(params: Params, name: str) -> None:
    if name not in params:
        raise Failed(0)


def refuse_empty(name: str, params: Params) -> None:
    if name == "savePlayQueue" and "id" not in params:
        raise Failed(10)


def refuse_address(params: Params) -> None:
    if ":" in params["c"][0]:
        raise Failed(0)


def repeat_password(params: Params, envelope: Json) -> None:
    if envelope["status"] == "failed" and "p" in params:
        envelope["error"]["message"] = f"{params['p'][0]} is wrong."


def one_only(name: str, params: Params) -> None:
    if name == "scrobble":
        params |= {"id": params["id"][:1], "time": params["time"][:1]}


def no_if_range(request: httpx.Request, name: str, response: httpx.Response) -> httpx.Response:
    """Send a part of the file even if the client has another."""
    if name == "stream" and "if-range" in request.headers:
        return httpx.Response(206, headers={"content-range": "bytes 100-299/2040"}, content=b"x")
    return response


def no_caching(name: str, response: httpx.Response) -> httpx.Response:
    if name != "getCoverArt":
        return response
    return httpx.Response(200, headers={"content-type": "image/png"}, content=response.content)


_times: list[int] = []


def unique() -> str:
    """Return a time that nobody has sent."""
    _times.append(len(_times))
    return str(len(_times))


def empty_of_xml(
    _: httpx.Request, name: str, params: Params, response: httpx.Response
) -> httpx.Response:
    """Say another version in XML than in JSON."""
    if params.get("f") != ["xml"]:
        return response
    content = response.content.replace(b'version="1.16.1"', b'version="1.15.0"', 1)
    return httpx.Response(200, headers=response.headers, content=content)


FAULTS: dict[str, Fault] = {
    # System
    "envelope.version": every_envelope(lambda one: one.update(version="1.16")),
    "envelope.open-subsonic": every_envelope(lambda one: one.pop("serverVersion")),
    "envelope.failure": every_envelope(lambda one: one.pop("type"), failed=True),
    "envelope.status-200": answering(ok=False, status=401),
    "envelope.alone": answering("ping", content=(b'{"sub', b'{"time": 1, "sub')),
    "envelope.no-error": saying("ping", "error", {"code": 0, "message": ""}),
    "format.default": {"before": json_by_default},
    "format.xml-type": answering(f="xml", kind="text/html"),
    "format.json-type": answering(f="json", kind="text/plain"),
    "format.jsonp": answering(f="jsonp", content=(b"receive(", b"")),
    "format.jsonp-code": answering(
        f="jsonp", kind="application/javascript", content=(b"{", b"alert(document.cookie);x({")
    ),
    "method.unknown": answering("noSuchMethod", status=404),
    "parameters.unknown": refusing("ping", 0, given="noSuchParameter"),
    "parameters.repeated": {"before": lambda _, params: refuse_twice(params)},
    "license.valid": saying("getLicense", "license.valid", False),
    "extensions.public": {"before": lambda name, params: refuse_anonymous(name, params)},
    "extensions.unique": saying(
        "getOpenSubsonicExtensions", "openSubsonicExtensions.0.versions", []
    ),
    "extensions.kept": refusing("getPlayQueueByIndex", 0),
    "cors.origin": answering(headers={"access-control-allow-origin": None}),
    "cors.exposed": answering(headers={"access-control-expose-headers": "X-Total-Count"}),
    "cors.preflight": answering("stream", status=405),
    # Logging in
    "login.password": refusing("ping", 40, given="p"),
    "login.hex": refusing("ping", 40, given="p", value="enc:736573616d652d737472656574"),
    "login.token": refusing("ping", 10, given="t"),
    "login.api-key": saying("tokenInfo", "tokenInfo.username", ""),
    "login.form": answering("ping", post=True, content=(b'"ok"', b'"failed"')),
    "login.wrong-password": with_code("ping", 0),
    "login.wrong-token": with_code("ping", None),
    "login.nobody": with_code("ping", 50),
    "login.nothing": with_code("ping", 40),
    "login.no-password": with_code("ping", 40),
    "login.wrong-key": with_code("ping", 40),
    "login.key-and-user": with_code("ping", 44),
    "login.everywhere": {"before": letting_in},
    "login.basic": answering("ping", ok=True, status=401),
    "login.token-and-password": {"before": preferring_password},
    "version.old": refusing("ping", 20, given="v", value="1.2.0"),
    "version.newer": refusing("ping", 20, given="v", value="1.99.0"),
    "version.other": with_code("ping", 0),
    "version.absent": {"before": lambda _, params: refuse_without(params, "v")},
    "login.silent": {"edit": lambda _, params, one: repeat_password(params, one)},
    # Browsing
    "folders.named": saying("getMusicFolders", "musicFolders.musicFolder.0.name", ""),
    "folders.unknown": refusing("getArtists", 0, given="musicFolderId"),
    "indexes.filled": saying("getIndexes", "indexes.index.0.artist", []),
    "indexes.not-modified": ignoring("ifModifiedSince"),
    "directory.down": saying("getMusicDirectory", "directory.child.0.parent", "nobody"),
    "directory.folder": doing("getMusicDirectory", forgetting_folders),
    "artist.albums": saying("getArtist", "artist.albumCount", 7),
    "album.songs": saying("getAlbum", "album.songCount", 7),
    "song.same": {"edit": swapped_songs},
    "song.album": saying("getAlbum", "album.song.0", {"id": "another"}),
    "genres.named": {"edit": naming_twice},
    "top-songs.nobody": refusing("getTopSongs", 70, given="artist", value="conformance: nobody"),
    "top-songs.id": refusing("getTopSongs", 10, given="id"),
    "sonic.path": saying("findSonicPath", "sonicMatch.1.entry.id", "so-3x"),
    # Lists
    "albums.paging": ignoring("offset"),
    "albums.size": ignoring("size"),
    "albums.beyond": ignoring("offset"),
    "albums.types": refusing("getAlbumList2", 0, given="type", value="highest"),
    "albums.unknown-type": with_code("getAlbumList2", None),
    "albums.by-year": doing(
        "getAlbumList2", lambda params: params.update(fromYear=["1900"], toYear=["2999"])
    ),
    "albums.by-year-backwards": {"edit": reversed_years},
    "albums.by-year-range": with_code("getAlbumList2", 0),
    "albums.by-genre": saying("getAlbumList2", "albumList2.album", []),
    "albums.by-genre-name": with_code("getAlbumList2", 70),
    "albums.newest": {"edit": reversed_years},
    "albums.directories": saying("getAlbumList", "albumList.album.0.isDir", False),
    "random.size": ignoring("size"),
    "random.empty-parameters": refusing("getRandomSongs", 0, given="genre", value=""),
    "genre.songs": saying("getSongsByGenre", "songsByGenre.song.0", {"genre": "Pop"}),
    "genre.count": ignoring("offset"),
    # Searching
    "search.finds": doing("search2", lambda params: params.update(query=["zzz"])),
    "search.case": doing("search3", case_matters),
    "search.everything": refusing("search3", 10, given="query", value=""),
    "search.quotes": saying("search3", "searchResult3.song", []),
    "search.counts": ignoring("artistCount", "albumCount", "songCount"),
    "search.nothing": doing("search3", lambda params: params.update(query=[""])),
    "search.asterisk": refusing("search3", 0, given="query", value="Song 1*"),
    "search.beyond": ignoring("songOffset"),
    # Playlists
    "playlist.count": saying("getPlaylist", "playlist.songCount", 9),
    "playlist.missing": with_code("createPlaylist", 0),
    "playlist.create": saying("createPlaylist", "playlist", ...),
    "playlist.order": doing("createPlaylist", lambda params: params["songId"].sort()),
    "playlist.replace": refusing("createPlaylist", 0, given="playlistId"),
    "playlist.append": first_only("updatePlaylist", "songIdToAdd"),
    "playlist.remove": doing("updatePlaylist", removing_one_by_one),
    "playlist.rename": ignoring("comment"),
    "playlist.delete": remembering_nothing("deletePlaylist"),
    # Media
    "stream.whole": answering("stream", kind="text/html"),
    "stream.range": without_ranges("download"),
    "stream.range-open": without_ranges(),
    "stream.range-end": without_ranges(),
    "stream.range-beyond": answering("stream", status=200),
    "stream.validator": answering("stream", headers={"etag": None}),
    "stream.if-range": {"after": lambda request, name, _, response: no_if_range(
        request, name, response)},
    "stream.head": answering("stream", status=405),
    "stream.identity": answering("stream", headers={"content-encoding": "identity, x"}),
    "stream.no-limit": refusing("stream", 0, given="maxBitRate", value="0"),
    "stream.convert": answering("stream", kind="audio/flac"),
    "stream.no-play": counting_streams(),
    "download.file": answering("download", content=(b"\x01\x02", b"\x02\x01")),
    "bytes.failure": answering("stream", f="xml", ok=False, kind="application/xml"),
    "cover.picture": answering("getCoverArt", content=(b"", b"{}")),
    "cover.ids": refusing("getCoverArt", 70, given="id", value="so-1x"),
    "cover.caching": {"after": lambda _, name, __, response: no_caching(name, response)},
    "lyrics.none": refusing("getLyrics", 70),
    "lyrics.lines": saying(
        "getLyricsBySongId", "lyricsList.structuredLyrics.0.line.0.start", 9000
    ),
    "lyrics.plain": saying(
        "getLyricsBySongId", "lyricsList.structuredLyrics.0.kind", "main"
    ),
    "avatar.picture": answering("getAvatar", kind="application/json", content=(b"", b"[]")),
    "hls.list": answering("hls.m3u8", content=(b"#EXTM3U", b"#M3U")),
    # Transcoding
    "transcoding.direct": saying("getTranscodeDecision", "transcodeDecision.canDirectPlay", False),
    "transcoding.convert": answering("getTranscodeStream", status=500),
    "transcoding.bad-parameters": answering("getTranscodeStream", status=200),
    # Annotation
    "star.song": remembering_nothing("star"),
    "star.album": remembering_nothing("star"),
    "star.artist": remembering_nothing("unstar"),
    "star.twice": {"edit": twice_starred},
    "star.several": remembering_nothing("star"),
    "star.missing": with_code("unstar", 70),
    "rating.set": remembering_nothing("setRating"),
    "rating.remove": doing("setRating", lambda params: params.update(rating=["3"])),
    "rating.bounds": doing("setRating", lambda params: params.update(rating=["5"])),
    "scrobble.counts": doing("scrobble", lambda params: params.update(time=[unique()])),
    "scrobble.several": {"before": one_only},
    "scrobble.now-playing": remembering_nothing("scrobble"),
    "report.playing": remembering_nothing("reportPlayback"),
    # Bookmarks
    "bookmark.create": ignoring("comment"),
    "bookmark.move": refusing("createBookmark", 10, given="position", value="0"),
    "bookmark.delete": remembering_nothing("deleteBookmark"),
    "queue.save": ignoring("position"),
    "queue.position": saying("getPlayQueue", "playQueue.position", ...),
    "queue.clear": {"before": lambda name, params: refuse_empty(name, params)},
    "queue.stranger": with_code("savePlayQueue", None),
    "queue.index": saying("getPlayQueueByIndex", "playQueueByIndex.currentIndex", 0),
    "queue.index-bounds": with_code("savePlayQueueByIndex", None),
    # Sharing, podcasts, radio
    "share.create": saying("createShare", "shares.share.0.entry", []),
    "share.update": remembering_nothing("updateShare"),
    "share.delete": remembering_nothing("deleteShare"),
    "podcasts.one": ignoring("id", only="getPodcasts"),
    "podcasts.bare": ignoring("includeEpisodes"),
    "podcasts.unknown": with_code("getPodcasts", None),
    "podcasts.stream-id": saying("getPodcasts", "podcasts.channel.0.episode.0.streamId", ...),
    "podcasts.episode": saying("getPodcastEpisode", "podcastEpisode.id", "another"),
    "podcasts.refresh": refusing("refreshPodcasts", 10),
    "radio.create": saying("getInternetRadioStations",
                           "internetRadioStations.internetRadioStation.0.homePageUrl", ...),
    "radio.update": remembering_nothing("updateInternetRadioStation"),
    "radio.delete": remembering_nothing("deleteInternetRadioStation"),
    # Jukebox, chat, users, scanning
    "jukebox.playlist": doing("jukeboxControl", lambda params: params.update(action=["status"])),
    "jukebox.gain": saying("jukeboxControl", "jukeboxStatus.gain", ...),
    "jukebox.unknown": with_code("jukeboxControl", None),
    "chat.since": ignoring("since"),
    "user.self": saying("getUser", "user.username", "another"),
    "user.listed": saying("getUsers", "users.user", []),
    "user.create": doing("createUser", all_roles),
    "user.update": doing("updateUser", lambda params: params.update(downloadRole=["false"])),
    "user.password": {"before": keeping_password},
    "user.forbidden": with_code("getUsers", 40),
    "user.delete": remembering_nothing("deleteUser"),
    "user.private": saying("getStarred2", "starred2.song", [{"id": "so-1x"}]),
    "scan.start": saying("startScan", "scanStatus", ...),
    "scan.count": saying("getScanStatus", "scanStatus.count", 0),
    # Apps
    "dsub.first-ping": refusing("ping", 20, given="v", value="1.2.0"),
    "dsub.old-version": refusing("getAlbum", 20, given="v", value="1.2.0"),
    "dsub.type": every_envelope(lambda one: one.update(type="Subsonic")),
    "dsub.ids": saying("getSong", "song.id", "so;1"),
    "dsub.quotes": answering("getGenres", f="xml", content=(b'"1.0"', b"'1.0'")),
    "dsub.starred": saying("getSong", "song.starred", ""),
    "dsub.info": refusing("getArtistInfo2", 10, given="includeNotPresent"),
    "ultrasonic.first-ping": refusing("ping", 20, given="v", value="1.7.0"),
    "ultrasonic.dates": saying("getSong", "song.created", "2026-01-31 12:00:00"),
    "feishin.lists": saying("getMusicFolders", "musicFolders.musicFolder", {"id": 1}),
    "feishin.count": refusing("getAlbumList2", 0, given="size", value="500"),
    "aonsoku.dummy": every_envelope(lambda one: one.update(type=""), failed=True),
    "aonsoku.empty-genre": refusing("getAlbumList2", 10, given="genre", value=""),
    "aonsoku.stream": answering("stream", status=416),
    "refix.client": {"before": lambda _, params: refuse_address(params)},
    "refix.pages": refusing("getAlbumInfo2", 70),
    "refix.range": without_ranges(),
    "strawberry.lists": refusing("getAlbumList2", 20, given="v", value="1.11.0"),
    "py-opensonic.posted-range": without_ranges(),
    "json.known-keys": saying("getSong", "song.suprise", 1),
}  # fmt: skip
"""From the id of a rule to a fault that it finds."""


def fault_of_an_answer(rule: Rule) -> Fault | None:
    """Return the fault for a rule that every endpoint has."""
    endpoint, _, kind = rule.id.partition(".")
    if endpoint == "hls":
        endpoint, kind = "hls.m3u8", rule.id.rpartition(".")[2]
    wrong_answers: dict[str, Fault] = {
        "json": answering(endpoint, f="json", content=(b'"subsonic-response"', b'"response"')),
        "xml": answering(
            endpoint, f="xml", content=(b"<subsonic-response ", b'<subsonic-response new="1" ')
        ),
        "same": {"after": empty_of_xml},
        "ways": answering(endpoint, post=True, status=405),
        "missing": with_code(endpoint, None),
        "unknown": with_code(endpoint, 40),
    }
    return wrong_answers.get(kind)


def fault_of(rule: Rule) -> Fault:
    fault = FAULTS.get(rule.id) or fault_of_an_answer(rule)
    assert fault is not None, f"No fault shows what {rule.id} is for."
    return fault


def test_no_fault_is_for_a_rule_that_is_gone() -> None:
    assert set(FAULTS) <= set(BY_ID)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_rule_finds_its_fault(rule: Rule, probe_of: Callable[..., Probe]) -> None:
    server = ModelServer()
    needs_key = rule.id.startswith("tokenInfo.") or rule.id == "login.api-key"
    probe = probe_of(server, key=needs_key)
    server.wrong = Wrong(**fault_of(rule))
    result = check(rule, probe)
    assert server.accidents == []
    assert result.outcome is Outcome.FAILED, result.message
    assert result.asked
    assert "sesame" not in json.dumps([result.message, result.asked, result.came])
