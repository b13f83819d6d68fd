"""Who waits for an answer when the server stops is told so, in the words of what he asked."""

import signal
import time
from concurrent.futures import Future, ThreadPoolExecutor
from urllib.parse import urlencode

import httpx
import pytest
from tests.e2e.waiting import until

from hydrophone.services.remote_music import album_id, track_id
from hydrophone.testing import faults
from hydrophone.testing.synthetic_place import SyntheticPlace

SONG, BEGUN = (str(track_id("synthetic", f"track-{number}")) for number in (1, 5))


def test_nobody_gets_a_bare_error(own_place: SyntheticPlace) -> None:
    own_place.service.loopback.fail(faults.late(120.0), path="/audio")
    dripping = faults.dripping(size=1000, pause=1.0)
    own_place.service.loopback.fail(dripping, path="/audio/track-5.mp3")
    with own_place.start("data") as server, ThreadPoolExecutor() as pool, server.client() as client:
        for title in ("First Signal", "Second Signal"):
            client.ask("search3", query=title)
        for album in ("album-1", "album-2"):
            client.ask("getAlbum", id=album_id("synthetic", album))
        shared = client.ask("createShare", id=SONG)["shares"]["share"][0]["url"]

        def get(path: str, **parameters: str) -> Future[httpx.Response]:
            query = urlencode({**client.login, **parameters})
            return pool.submit(httpx.get, f"{server.url}/{path}?{query}", timeout=120)

        heard: list[bytes] = []

        def hear() -> None:
            query = urlencode({**client.login, "id": BEGUN})
            with httpx.stream("GET", f"{server.url}/rest/stream?{query}", timeout=120) as answer:
                heard.extend(answer.iter_raw())

        begun = pool.submit(hear)
        by_json = get("rest/stream", id=SONG, f="json")
        by_xml = get("rest/download", id=SONG)
        by_share = pool.submit(httpx.get, f"{shared}/stream/{SONG}", timeout=120)
        until(lambda: own_place.service.downloads("track-1"))
        until(lambda: heard)
        # The others have asked by then.
        time.sleep(3.0)
        assert server.stop(signal.SIGTERM) < 20
        log = server.log.read_text()
    answer = by_json.result().json()["subsonic-response"]
    assert (by_json.result().status_code, answer["status"]) == (200, "failed")
    assert "is being stopped" in answer["error"]["message"]
    assert by_xml.result().status_code == 200
    assert '<error code="0"' in by_xml.result().text
    refused = by_share.result()
    assert refused.status_code == 503
    assert int(refused.headers["retry-after"]) > 0
    assert "is being stopped" in refused.json()["detail"]
    with pytest.raises(httpx.RemoteProtocolError):
        begun.result()
    assert "ERROR" not in log
    assert "Traceback" not in log
