"""Whatever happens to files, what users wrote on them stays: by the real server, as apps see it."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.ids_for_life.house import NUMBERS, House

from hydrophone.testing.audio_files import make_audio, make_picture
from hydrophone.testing.audio_tags import write_tags
from hydrophone.testing.server import RunningServer, running_server


@pytest.fixture
def house(server: RunningServer, root: Path) -> Iterator[House]:
    """Make an album, and remove it afterwards."""
    with server.client() as client:
        house = House(client, root, f"Artist{next(NUMBERS)}")
        yield house
        shutil.rmtree(root / house.artist, ignore_errors=True)


def test_moved_to_another_folder(house: House) -> None:
    target = house.root / "Elsewhere" / "deep"
    target.parent.mkdir(exist_ok=True)
    house.folder.rename(target)
    house.scan(lambda: all("Elsewhere" in song["path"] for song in house.found()))
    assert house.state() == house.before
    shutil.rmtree(target.parent)


def test_renamed(house: House) -> None:
    first, second = house.songs
    first.rename(first.with_name("b.mp3"))
    second.rename(second.with_name("a.mp3"))
    house.scan(lambda: {song["path"][-5:] for song in house.found()} == {"a.mp3", "b.mp3"})
    assert house.state() == house.before


def test_names_exchanged(house: House) -> None:
    first, second = house.songs
    aside = first.with_name("aside.mp3")
    first.rename(aside)
    second.rename(first)
    aside.rename(second)
    house.scan(lambda: house.found()[0]["path"].endswith(second.name))
    assert house.state() == house.before


def test_retagged(house: House) -> None:
    tags = {"artist": house.artist, "albumartist": house.artist, "album": "Album"}
    write_tags(house.songs[0], tags | {"title": "Another", "tracknumber": "1", "genre": "Jazz"})
    house.scan(lambda: house.found()[0]["title"] == "Another")
    assert house.state() == house.before


def test_covers_changed(house: House) -> None:
    old = house.found()[0]["coverArt"]
    tags = {"artist": house.artist, "albumartist": house.artist, "album": "Album"}
    for number, song in enumerate(house.songs, 1):
        numbered = tags | {"title": f"Song {number}", "tracknumber": str(number)}
        write_tags(song, numbered, picture=make_picture(color="red", size=200 + number))
    (house.folder / "cover.jpg").write_bytes(make_picture(color="blue"))
    house.scan(lambda: house.found()[0]["coverArt"] != old)
    assert house.state() == house.before


def test_copied_while_scanning(house: House) -> None:
    """A file that grows is never taken for what it is not, and disturbs nobody."""
    whole = house.song(3)
    content = whole.read_bytes()
    whole.unlink()
    house.scan(lambda: len(house.found()) == 2)
    with whole.open("wb") as file:
        for start in range(0, len(content), 1000):
            file.write(content[start : start + 1000])
            file.flush()
            if start % 5000 == 0:
                house.client.ask("startScan")
            time.sleep(0.02)
    house.scan(lambda: len(house.found()) == 3 and house.found()[2]["size"] == len(content))
    grown = house.found()[2]["id"]
    moved = whole.rename(house.root / house.artist / "moved.mp3")
    house.scan(lambda: house.found()[2]["path"].endswith(moved.name))
    assert house.found()[2]["id"] == grown
    moved.unlink()
    house.scan(lambda: len(house.found()) == 2)
    assert house.state() == house.before


def test_replaced_by_a_better_file(house: House) -> None:
    house.songs[0].unlink()
    house.song(1, suffix="flac")
    house.scan(lambda: house.found()[0]["suffix"] == "flac")
    assert house.state() == house.before


def test_overwritten_by_other_audio(house: House) -> None:
    other = house.song(9)
    other.replace(house.songs[0])
    tags = {"artist": house.artist, "albumartist": house.artist, "album": "Album"}
    write_tags(house.songs[0], tags | {"title": "Remaster", "tracknumber": "1"})
    house.scan(lambda: house.found()[0]["title"] == "Remaster")
    assert house.state() == house.before


def test_album_retagged_as_a_whole(house: House) -> None:
    for number, song in enumerate(house.songs, 1):
        write_tags(
            song,
            {
                "artist": f"{house.artist} Orchestra",
                "albumartist": f"{house.artist} Orchestra",
                "album": "Quite another title",
                "title": f"Song {number}",
                "tracknumber": str(number),
            },
        )
    house.scan(lambda: {song["album"] for song in house.found()} == {"Quite another title"})
    after = house.state()
    album = {song["albumId"] for song in house.before["songs"].values()}
    starred = house.client.ask("getStarred2")["starred2"]["album"]
    assert album <= {one["id"] for one in starred if one["name"] == "Quite another title"}
    for what in ("songs", "playlist", "queue", "bookmarks"):
        assert after[what] == house.before[what]


def test_two_copies_of_one_file(house: House) -> None:
    copy = Path(shutil.copy(house.songs[0], house.folder / "copy.mp3"))
    house.scan(lambda: len(house.found()) == 3)
    ids = {song["id"] for song in house.found()}
    assert len(ids) == 3
    assert house.before["songs"][1]["id"] in ids
    copy.unlink()
    house.scan(lambda: len(house.found()) == 2)
    assert house.state() == house.before


def test_copied_to_another_folder_and_deleted_later(house: House) -> None:
    """As `mv` does it from one file system to another, with a scan in between."""
    target = house.root / "Archive" / house.artist
    shutil.copytree(house.folder, target)
    house.scan(lambda: len(house.found()) == 4)
    copies = [song for song in house.found() if "Archive" in song["path"]]
    shutil.rmtree(house.folder)
    house.scan(lambda: ["Archive" in song["path"] for song in house.found()] == [True, True])
    assert house.state() == house.before
    _go_on_working(house, copies)
    shutil.rmtree(target.parent)


def test_better_file_beside_the_other_for_a_while(house: House) -> None:
    """The watched library is scanned before its owner deletes what he no longer needs."""
    house.song(1, suffix="flac")
    house.scan(lambda: len(house.found()) == 3)
    better = [song for song in house.found() if song["suffix"] == "flac"]
    house.songs[0].unlink()
    house.scan(lambda: len(house.found()) == 2)
    assert house.found()[0]["suffix"] == "flac"
    assert house.state() == house.before
    _go_on_working(house, better)


def _go_on_working(house: House, copies: list[dict[str, Any]]) -> None:
    """Ask by the ids that apps got to know while there were two files, in all ways there are."""
    ask = house.client.ask
    for copy in copies:
        present = house.before["songs"][copy["track"]]["id"]
        old = copy["id"]
        assert old != present
        assert ask("getSong", id=old)["song"]["id"] == present
        assert house.client.get("stream", id=old, format="raw").status_code == 200
        assert house.client.get("getCoverArt", id=old).status_code == 200
        assert ask("getAlbum", id=copy["albumId"])["album"]["songCount"] == 2
        ask("star", id=old)
        ask("setRating", id=old, rating=4)
        ask("scrobble", id=old, time=1_700_000_000_000)
        ask("createBookmark", id=old, position=99)
        assert ask("getSong", id=present)["song"]["bookmarkPosition"] == 99
        made = ask("createPlaylist", name="By old ids", songId=[old])["playlist"]
        assert [entry["id"] for entry in made["entry"]] == [present]
        ask("deletePlaylist", id=made["id"])
        ask("savePlayQueue", id=[old], current=old)
        assert ask("getPlayQueue")["playQueue"]["current"] == present
        song = ask("getSong", id=old)["song"]
        assert (song["userRating"], "starred" in song, song["playCount"] > 0) == (4, True, True)


def test_missing_and_back(house: House, tmp_path: Path) -> None:
    away = tmp_path / "away"
    shutil.move(house.folder, away)
    house.scan(lambda: house.found() == [])
    shown = house.client.ask("getPlaylists")["playlists"]["playlist"]
    [mine] = [one for one in shown if one["name"] == house.artist]
    assert mine["songCount"] == 3
    shutil.move(away, house.folder)
    house.scan(lambda: len(house.found()) == 2)
    assert house.state() == house.before


def test_library_on_another_disk(tmp_path: Path) -> None:
    shared_memory = Path("/dev/shm")
    if (
        not os.access(shared_memory, os.W_OK)
        or shared_memory.stat().st_dev == tmp_path.stat().st_dev
    ):
        pytest.skip("there is no second file system to move to")
    data, here = tmp_path / "data", tmp_path / "music"
    make_audio(here / "Keeper" / "Album" / "1.mp3")
    configuration = '[[libraries]]\nname = "Music"\npath = "{}"\n'
    data.mkdir()
    (data / "config.toml").write_text(configuration.format(here))
    with running_server(data) as server, server.client() as client:
        house = House(client, here, "Traveller")
        login = server.password
    with tempfile.TemporaryDirectory(dir=shared_memory) as there:
        shutil.copytree(here, there, dirs_exist_ok=True)
        shutil.rmtree(here)
        (data / "config.toml").write_text(configuration.format(there))
        with running_server(data) as server, server.client() as client:
            assert server.password == login
            house.client, house.root = client, Path(there)
            house.scan(lambda: len(house.found()) == 2)
            assert house.state() == house.before


def test_missing_and_back_with_copies_on_another_album(house: House, tmp_path: Path) -> None:
    """A part of the library drops out, while a collection of favourites has copies of it."""
    copies = house.root / house.artist / "Favourites"
    shutil.copytree(house.folder, copies)
    tags = {"artist": house.artist, "albumartist": house.artist, "album": "Favourites"}
    for number, path in enumerate(sorted(copies.iterdir()), 1):
        write_tags(path, tags | {"title": f"Song {number}", "tracknumber": str(number)})
    house.scan(lambda: len(house.found()) == 4)
    before = {song["path"]: (song["id"], song["albumId"]) for song in house.found()}
    state = house.state()
    away = tmp_path / "away"
    shutil.move(house.folder, away)
    house.scan(lambda: len(house.found()) == 2)
    shutil.move(away, house.folder)
    house.scan(lambda: len(house.found()) == 4)
    assert {song["path"]: (song["id"], song["albumId"]) for song in house.found()} == before
    assert house.state() == state
