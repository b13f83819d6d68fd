"""The server and the command line together: a backup of what people have, and its way back."""

import json
import threading
from pathlib import Path

import httpx
import pytest
from tests.e2e.commands import run

from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.server import RunningServer, running_server
from hydrophone.testing.video_files import FilmStock


def done(*words: str | Path) -> str:
    return run(*words, code=0).stdout


@pytest.fixture(scope="module")
def home(music: Path, films: FilmStock, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a data folder with a configuration in it, of music and of a film."""
    data = tmp_path_factory.mktemp("home") / "data"
    data.mkdir()
    film = films.put(data.parent / "films" / "Tea.mkv", captions=["fre"])
    (data / "config.toml").write_text(
        # Else a run after the time of the nightly backup has one more than these tests make.
        "[backup]\nenabled = false\n"
        f'[server]\nbase_path = "/music"\n[[libraries]]\nname = "Music"\npath = "{music}"\n'
        f'[[libraries]]\nname = "Films"\npath = "{film.parent}"\n'
    )
    return data


def use(server: RunningServer) -> None:
    """Leave something of everything."""
    with server.client() as client:
        client.await_scan(tracks=5)
        ids = [song["id"] for song in client.songs()]
        client.ask("createPlaylist", name="Evening", songId=[ids[2], ids[0], ids[2]])
        client.ask("star", id=ids[1])
        client.ask("setRating", id=ids[1], rating=4)
        client.ask("scrobble", id=ids[0], time=1_700_000_000_000)
        [film] = client.ask("getVideos")["videos"]["video"]
        client.ask("star", id=film["id"])
        client.ask("setRating", id=film["id"], rating=2)
        client.ask("createBookmark", id=film["id"], position=700, comment="the kettle")
        client.ask("savePlayQueue", id=[ids[3], film["id"], ids[4]], current=ids[4], position=1234)


def state(client: SubsonicClient) -> dict[str, object]:
    """Return what a person would miss; every list without what changes by itself."""
    playlists = client.ask("getPlaylists")["playlists"]["playlist"]
    return {
        "songs": client.songs(),
        "starred": client.ask("getStarred2")["starred2"],
        "playlists": [client.ask("getPlaylist", id=one["id"])["playlist"] for one in playlists],
        "queue": client.ask("getPlayQueue")["playQueue"],
        "videos": client.ask("getVideos")["videos"],
        "bookmarks": client.ask("getBookmarks")["bookmarks"],
        "captions": [
            client.get("getCaptions", id=one["id"]).text
            for one in client.ask("getVideos")["videos"]["video"]
        ],
        "user": client.ask("getUser", username="admin")["user"],
    }


def test_everything_works_after_a_restore_into_an_empty_folder(home: Path, tmp_path: Path) -> None:
    new = tmp_path / "new"
    with running_server(home) as server:
        use(server)
        login = server.user, server.password
        with server.client() as client:
            before = state(client)
        assert "Good evening." in str(before["captions"])
        made = json.loads(done("backup", "create", "--data", home, "--json"))
        done("backup", "restore", made["path"], "--data", new)
    assert (new / "config.toml").read_text() == (home / "config.toml").read_text()
    assert not (new / "first-password.txt").exists()
    with (
        running_server(new) as restored,
        SubsonicClient(restored.url, *login) as client,
    ):
        assert restored.url.endswith("/music")
        client.await_scan(tracks=5)
        assert state(client) == before


def test_a_backup_is_consistent_while_people_write(music: Path, tmp_path: Path) -> None:
    data, acknowledged, stop = tmp_path / "data", [0], threading.Event()
    with running_server(data, music=[music]) as server:
        login = server.user, server.password
        with server.client() as client:
            client.await_scan(tracks=5)
            track = client.songs()[0]["id"]
            made = client.ask("createPlaylist", name="List", songId=[])["playlist"]["id"]

            def edit() -> None:
                with server.client(name="editor") as editor:
                    while not stop.is_set():
                        editor.ask("updatePlaylist", playlistId=made, songIdToAdd=track)
                        acknowledged[0] += 1

            thread = threading.Thread(target=edit)
            thread.start()
            try:
                least = acknowledged[0]
                backup = json.loads(done("backup", "create", "--data", data, "--json"))["path"]
                most = acknowledged[0] + 1
            finally:
                stop.set()
                thread.join(60)
        assert most - least > 2, "nobody wrote meanwhile"
        done("backup", "verify", backup, "--data", data)
    done("backup", "restore", backup, "--data", data)
    with (
        running_server(data, music=[music]) as server,
        SubsonicClient(server.url, *login) as client,
    ):
        entries = client.ask("getPlaylist", id=made)["playlist"].get("entry", [])
        assert least <= len(entries) <= most


def test_one_server_on_a_folder_and_no_restore_beside_it(
    server: RunningServer, tmp_path: Path
) -> None:
    made = json.loads(done("backup", "create", "--data", server.data, "--json"))
    # The server may have made one of its own: it is later than the time of the nightly one.
    listed = json.loads(done("backup", "list", "--data", server.data, "--json"))
    assert made["name"] in [one["name"] for one in listed]
    second = run("serve", "--data", server.data, "--host", "127.0.0.1", "--port", "0")
    assert second.returncode == 1
    assert "is running on" in second.stderr
    refused = run("backup", "restore", made["name"], "--data", server.data)
    assert refused.returncode == 1
    assert "A server is running" in refused.stderr
    assert not list(server.data.glob("before-restore*"))
    ready = httpx.get(f"{server.url}/health/ready").json()
    assert (ready["status"], "warning" in ready) == ("ok", False)


def test_what_is_not_good_is_exit_code_1_and_one_line(tmp_path: Path) -> None:
    (tmp_path / "bad.zip").write_text("no backup")
    for words, reason in (
        (("verify", tmp_path / "bad.zip"), "is none"),
        (("restore", tmp_path / "bad.zip"), "is none"),
        (("verify", "nothing"), "There is no backup nothing"),
        (("create",), "There is no database"),
    ):
        ended = run("backup", *words, "--data", tmp_path / "data")
        assert ended.returncode == 1
        assert reason in ended.stderr
        assert len(ended.stderr.splitlines()) == 1
    assert run("backup", "verify").returncode == 2


def test_people_are_told_what_was_done(tmp_path: Path) -> None:
    data = tmp_path / "data"
    done("users", "add", "anna", "--data", data)
    (tmp_path / "usb").mkdir()
    shown = done("backup", "create", "--data", data, "--to", tmp_path / "usb")
    (made,) = (tmp_path / "usb").iterdir()
    assert str(made) in shown
    assert "1 user," in done("backup", "verify", made, "--data", data)
    restored = run("backup", "restore", made, "--data", data)
    assert "before-restore-" in restored.stdout
    assert str(made) in restored.stderr
    assert "anna" in done("users", "list", "--data", data)
    shown = done("backup", "create", "--data", data, "--to", f"{tmp_path}/new/deep/")
    assert Path(shown.rpartition("  ")[0]).parent == tmp_path / "new" / "deep"
    done("backup", "create", "--data", data)
    listed = done("backup", "list", "--data", data)
    assert "manual" in listed
    assert "kB" in listed
