"""Albums of a source as one archive: its tracks come one after the other."""

import io
import zipfile
from threading import Event

import httpx
import pytest

from hydrophone.services.remote_music import album_id
from hydrophone.testing import faults
from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.synthetic_place import SyntheticPlace

ALBUM = album_id("synthetic", "album-1")


def show(client: SubsonicClient) -> list[str]:
    """Have the album shown; return the native ids of its tracks."""
    client.ask("search3", query="First Signal")
    return [f"track-{one['track']}" for one in client.ask("getAlbum", id=ALBUM)["album"]["song"]]


def test_tracks_come_one_after_the_other(own_place: SyntheticPlace) -> None:
    with own_place.start("data") as server, server.client() as client:
        natives = show(client)
        rest = Event()
        own_place.service.loopback.fail(
            faults.held(rest, after=8000), path=f"/audio/{natives[0]}.mp3", times=1
        )
        login = {**client.login, "id": ALBUM}
        with client.http.stream("GET", "/rest/download", params=login) as answer:
            pieces = answer.iter_bytes()
            content = next(pieces)
            assert [len(own_place.service.downloads(one)) for one in natives] == [1, 0, 0]
            rest.set()
            content += b"".join(pieces)
        assert "content-length" not in answer.headers
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            assert opened.testzip() is None
            inside = [opened.read(name) for name in opened.namelist()]
        assert inside == [own_place.service.files[one] for one in natives]


def test_what_is_missing_is_said_and_never_left_out(own_place: SyntheticPlace) -> None:
    with own_place.start("data") as server, server.client() as client:
        natives = show(client)
        own_place.service.loopback.fail(
            faults.status("404 Not Found"), path=f"/audio/{natives[-1]}.mp3"
        )
        with pytest.raises(httpx.RemoteProtocolError):
            client.get("download", id=ALBUM)
        assert "First Signal 3 is missing in the archive: " in server.log.read_text()


def test_a_source_that_is_down_is_no_archive(own_place: SyntheticPlace) -> None:
    with own_place.start("data") as server, server.client() as client:
        show(client)
        own_place.service.loopback.fail(faults.status(), path="/")
        assert client.error("download", id=ALBUM) == 0
