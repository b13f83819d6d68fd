"""The native API takes the ids that something had before, as all apps' requests do."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.e2e.ids_for_life.house import NUMBERS, House

from hydrophone.testing.audio_tags import write_tags
from hydrophone.testing.server import RunningServer


@dataclass
class Native:
    """The first admin, asking."""

    server: RunningServer

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """Return what the route answers; it has to be content with the request."""
        login = (self.server.user, self.server.password)
        url = f"{self.server.url}/api/v1{path}"
        answer = httpx.request(method, url, auth=login, json=body, timeout=20)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None


@pytest.fixture
def native(server: RunningServer) -> Native:
    return Native(server)


@pytest.fixture
def house(server: RunningServer, root: Path) -> Iterator[House]:
    with server.client() as client:
        house = House(client, root, f"Artist{next(NUMBERS)}")
        yield house
        shutil.rmtree(root / house.artist, ignore_errors=True)


def test_tracks(house: House, native: Native) -> None:
    present, second = (song["id"] for song in house.found())
    shutil.copy(house.songs[0], house.folder / "3 copy.mp3")
    house.scan(lambda: len(house.found()) == 3)
    [old] = {song["id"] for song in house.found()} - {present, second}
    house.songs[0].unlink()
    house.scan(lambda: len(house.found()) == 2)
    assert house.state() == house.before

    assert native.ask("GET", f"/tracks/{old}/analyses") == []
    native.ask("PUT", f"/tracks/{old}/links/{second}", {"is_same": True})
    for one in (old, present):
        assert [link["track"] for link in native.ask("GET", f"/tracks/{one}/links")] == [second]
        assert [link["track"] for link in native.ask("POST", f"/tracks/{one}/links")] == [second]
    assert [link["track"] for link in native.ask("GET", f"/tracks/{second}/links")] == [present]
    native.ask("DELETE", f"/tracks/{second}/links/{old}")
    assert native.ask("GET", f"/tracks/{present}/links") == []

    native.ask("PUT", f"/keeps/{old}")
    assert [one["id"] for one in native.ask("GET", "/keeps")] == [present]
    native.ask("DELETE", f"/keeps/{old}")
    assert native.ask("GET", "/keeps") == []


def test_albums(house: House, native: Native) -> None:
    common = {"artist": house.artist, "albumartist": house.artist, "album": "Renamed"}
    write_tags(house.songs[0], common | {"title": "Song 1", "tracknumber": "1"})
    house.scan(lambda: {song["album"] for song in house.found()} == {"Album", "Renamed"})
    [interim] = {song["albumId"] for song in house.found() if song["album"] == "Renamed"}
    write_tags(house.songs[1], common | {"title": "Song 2", "tracknumber": "2"})
    house.scan(lambda: {song["album"] for song in house.found()} == {"Renamed"})
    assert house.state() == house.before
    native.ask("PUT", f"/keeps/{interim}")
    kept = {one["id"] for one in native.ask("GET", "/keeps")}
    assert kept == {song["id"] for song in house.found()}
    native.ask("DELETE", f"/keeps/{interim}")
    assert native.ask("GET", "/keeps") == []
