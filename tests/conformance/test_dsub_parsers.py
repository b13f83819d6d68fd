"""DSub's reading of each answer: the attributes that its parsers take, as the types of Java.

DSub throws, and shows an empty list, where a number is none or a date is shorter than it reads.
"""

import re
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

import httpx
import pytest
from lxml import etree

from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.server import RunningServer

NAMESPACE = "{http://subsonic.org/restapi}"
ID = re.compile(r"[A-Za-z0-9_-]+")
"""DSub puts ids into addresses as they are, and splits several at `;`."""


def identifier(text: str) -> None:
    assert ID.fullmatch(text), text


def words(text: str) -> None:
    assert text


def whole(text: str) -> None:
    assert -(2**31) <= int(text) < 2**31
    assert re.fullmatch(r"-?\d+", text)


def long(text: str) -> None:
    assert re.fullmatch(r"-?\d{1,18}", text)


def average(text: str) -> None:
    assert 1.0 <= float(text) <= 5.0


def fraction(text: str) -> None:
    assert 0.0 <= float(text) <= 1.0


def boolean(text: str) -> None:
    assert text in ("true", "false")


def date(text: str) -> None:
    """It reads the first 19 characters, as UTC."""
    datetime.strptime(text[:19] + "Z", "%Y-%m-%dT%H:%M:%S%z")


Readers = dict[str, Callable[[str], None]]

ENTRY: Readers = {
    "id": identifier, "parent": identifier, "title": words, "isDir": boolean, "size": long,
    "duration": whole, "bitRate": whole, "suffix": words, "contentType": words, "path": words,
    "isVideo": boolean, "created": date,
}  # fmt: skip
MAYBE: Readers = {
    "coverArt": identifier, "albumId": identifier, "artistId": identifier, "album": words,
    "artist": words, "track": whole, "discNumber": whole, "year": whole, "genre": words,
    "starred": date, "userRating": whole, "averageRating": average, "playCount": long,
    "bookmarkPosition": whole, "streamId": identifier, "channelId": identifier,
    "publishDate": date, "changed": date, "expires": date, "lastVisited": date,
    "visitCount": whole, "songCount": whole, "albumCount": whole, "position": whole,
    "minutesAgo": whole, "playerId": whole, "type": words, "playing": boolean, "public": boolean,
    "readonly": boolean, "count": whole, "scanning": boolean, "valid": boolean, "time": long,
    "lastModified": long, "gain": fraction, "currentIndex": whole,
}  # fmt: skip
"""Read wherever they are, and missed by nobody where they are not."""
PLAYLIST: Readers = {
    "id": identifier, "name": words, "owner": words, "public": boolean, "songCount": whole,
    "duration": whole, "created": date, "changed": date,
}  # fmt: skip
ROLES: Readers = dict.fromkeys(
    ("adminRole", "settingsRole", "downloadRole", "uploadRole", "playlistRole", "coverArtRole",
     "commentRole", "podcastRole", "streamRole", "jukeboxRole", "shareRole",
     "videoConversionRole", "scrobblingEnabled"),
    boolean,
)  # fmt: skip
NAMED: Readers = {"id": identifier, "name": words}
DIRECTORY: Readers = {"id": identifier, "parent": identifier, "title": words, "isDir": boolean}
SHARE: Readers = {
    "id": identifier, "url": words, "username": words, "created": date, "visitCount": whole,
}  # fmt: skip
QUEUE: Readers = {
    "current": identifier, "position": whole, "changed": date, "changedBy": words,
    "username": words,
}  # fmt: skip
CHANNEL: Readers = {"id": identifier, "url": words, "status": words}
EPISODE: Readers = {"id": identifier, "title": words, "status": words, "channelId": identifier}
STATION: Readers = {"id": identifier, "name": words, "streamUrl": words}
JUKEBOX: Readers = {
    "currentIndex": whole, "playing": boolean, "gain": fraction, "position": whole,
}  # fmt: skip

READ: dict[str, dict[str, Readers]] = {
    "getLicense": {"license": {"valid": boolean}},
    "getMusicFolders": {"musicFolder": {"id": whole, "name": words}},
    "getIndexes": {
        "indexes": {"lastModified": long, "ignoredArticles": words},
        "index": {"name": words},
        "artist": NAMED,
        "child": ENTRY,
    },
    "getArtists": {"artists": {"ignoredArticles": words}, "artist": NAMED},
    "getArtist?id={artist}": {"artist": NAMED, "album": NAMED | {"songCount": whole}},
    "getAlbum?id={album}": {"album": NAMED, "song": ENTRY},
    "getMusicDirectory?id={folder}": {"directory": NAMED, "child": ENTRY},
    "getMusicDirectory?id={artist}": {"directory": NAMED, "child": DIRECTORY},
    "getGenres": {"genre": {"songCount": whole, "albumCount": whole}},
    "getAlbumList?type=newest": {"album": DIRECTORY | {"created": date}},
    "getAlbumList2?type=newest": {"album": NAMED | {"created": date}},
    "getRandomSongs": {"song": ENTRY},
    "getNowPlaying": {"entry": {"username": words, "minutesAgo": whole, "playerId": whole}},
    "getStarred": {"artist": NAMED, "album": DIRECTORY, "song": ENTRY},
    "getStarred2": {"artist": NAMED, "album": NAMED, "song": ENTRY},
    "search2?query=a": {"artist": NAMED, "album": DIRECTORY, "song": ENTRY},
    "search3?query=a": {"artist": NAMED, "album": NAMED, "song": ENTRY},
    "getPlaylists": {"playlist": PLAYLIST},
    "getPlaylist?id={playlist}": {"playlist": PLAYLIST, "entry": ENTRY},
    "getShares": {"share": SHARE, "entry": ENTRY},
    "getPodcasts": {"channel": CHANNEL, "episode": EPISODE},
    "getNewestPodcasts": {"episode": EPISODE},
    "getInternetRadioStations": {"internetRadioStation": STATION},
    "jukeboxControl?action=status": {"jukeboxStatus": JUKEBOX},
    "jukeboxControl?action=get": {"jukeboxPlaylist": JUKEBOX},
    "getChatMessages": {"chatMessage": {"username": words, "time": long, "message": words}},
    "getUser?username=admin": {"user": ROLES | {"username": words}},
    "getUsers": {"user": ROLES | {"username": words}},
    "getBookmarks": {
        "bookmark": {"position": whole, "username": words, "created": date, "changed": date},
        "entry": {"id": identifier, "title": words, "isDir": boolean},
    },
    "getPlayQueue": {"playQueue": QUEUE, "entry": ENTRY},
    "getVideos": {"video": ENTRY},
    "getSimilarSongs2?id={artist}": {"song": ENTRY},
    "getTopSongs?artist=Anna": {"song": ENTRY},
    "getScanStatus": {"scanStatus": {"scanning": boolean, "count": whole}},
}


def asked(client: SubsonicClient, call: str, ids: dict[str, str]) -> etree._Element:
    """Ask as DSub does: XML, version 1.2.0, the name with `.view`."""
    endpoint, _, query = call.format(**ids).partition("?")
    login = {**client.login, "v": "1.2.0", "c": "DSub"}
    path = f"/rest/{endpoint}.view?{httpx.QueryParams(login)}"
    answer = client.http.get(f"{path}&{query}", headers={"Authorization": "Basic eDp5"})
    root = etree.fromstring(answer.content)
    assert (root.tag, root.get("status")) == (f"{NAMESPACE}subsonic-response", "ok")
    return root


@pytest.mark.parametrize("call", READ)
def test_its_parser_reads_all_that_it_takes(
    client: SubsonicClient, ids: dict[str, str], call: str
) -> None:
    root = asked(client, call, ids)
    for name, wanted in READ[call].items():
        found = list(root.iter(f"{NAMESPACE}{name}"))
        assert found, f"there is no {name}"
        for element in found:
            missing = set(wanted) - set(element.attrib)
            assert not missing, f"{name} without {missing}"
            for key, text in element.attrib.items():
                read = (MAYBE | wanted).get(str(key))
                if read is not None and text:
                    read(str(text))


def test_it_finds_a_share_at_its_own_address(
    server: RunningServer, client: SubsonicClient, ids: dict[str, str]
) -> None:
    """It puts the last part of the address behind that of the server as it knows it."""
    shares = asked(client, "getShares", ids).iter(f"{NAMESPACE}share")
    for share in shares:
        last = urlsplit(str(share.get("url"))).path.rpartition("/")[2]
        assert httpx.get(f"{server.url}/share/{last}").status_code == 200


def test_artist_information_is_text_in_elements(
    client: SubsonicClient, ids: dict[str, str]
) -> None:
    [info] = asked(client, "getArtistInfo2?id={artist}&includeNotPresent=true", ids)
    assert not info.attrib
    assert {child.tag.removeprefix(NAMESPACE) for child in info} <= {
        "biography", "musicBrainzId", "lastFmUrl", "smallImageUrl", "mediumImageUrl",
        "largeImageUrl", "similarArtist",
    }  # fmt: skip
