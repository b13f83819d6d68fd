"""`hydrophone cache keep`: what is named there comes, and stays."""

import os
import subprocess
import sys
from pathlib import Path

from tests.e2e.waiting import until

from hydrophone.services.remote_music import album_id, track_id
from hydrophone.testing.synthetic_place import synthetic_place

ALBUM = album_id("synthetic", "album-1")
TRACKS = [track_id("synthetic", f"track-{one}") for one in (1, 2, 3)]


def run(data: Path, *words: str, code: int = 0) -> str:
    command = [sys.executable, "-m", "hydrophone", "cache", "keep", *words, "--data", str(data)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, env=os.environ)
    assert done.returncode == code, done.stderr
    return done.stderr


def test_an_album_that_was_only_shown_comes_with_all_its_tracks(tmp_path: Path) -> None:
    with synthetic_place(tmp_path) as place, place.start("data") as server:
        with server.client() as client:
            client.ask("search3", query="First Signal")
            client.ask("getAlbum", id=ALBUM)
        said = run(server.data, ALBUM, "--user", server.user)
        assert said == f"{ALBUM} is kept.\n"
        login = (server.user, server.password)
        with server.client() as client:
            kept = client.http.get("/api/v1/keeps", auth=login).json()
            assert sorted(one["id"] for one in kept) == sorted(TRACKS)
            until(lambda: all(place.service.downloads(f"track-{one}") for one in (1, 2, 3)))
            run(server.data, *TRACKS[:2], "--user", server.user, "--off")
            kept = client.http.get("/api/v1/keeps", auth=login).json()
            assert [one["id"] for one in kept] == TRACKS[2:]
        unknown = run(server.data, track_id("synthetic", "nobody"), "--user", server.user, code=1)
        assert "There is no such track or album." in unknown
