"""What endpoints ask of the services and make of the answers: playlists."""

import json
from typing import Any

import pytest
from msgspec import Raw
from tests.unit.subsonic_api.asking import Ask, MakeTrack, code

from hydrophone.domain.ids import PlaylistId
from hydrophone.domain.music import Track
from hydrophone.domain.playlist import Playlist, PlaylistEdit, PlaylistWithTracks
from hydrophone.domain.units import Seconds, Timestamp

pytestmark = pytest.mark.anyio


def playlist(*tracks: Track) -> PlaylistWithTracks:
    described = Playlist(
        id=PlaylistId("pl-1"),
        name="Morning",
        owner="Alice",
        track_count=len(tracks),
        duration=Seconds(0),
        created=Timestamp(0),
        changed=Timestamp(0),
        picture_id="mo-1",
    )
    return PlaylistWithTracks(playlist=described, tracks=tracks)


async def test_playlists(ask: Ask, fakes: Any, make_track: MakeTrack) -> None:
    fakes.playlists.answers.update(
        all=(playlist().playlist,), show=(playlist().playlist, (Raw(b"1"), Raw(b"2")))
    )
    assert len((await ask("getPlaylists"))["playlists"]["playlist"]) == 1
    await ask("getPlaylists?username=bob")
    assert [call[2] for call in fakes.playlists.calls] == [None, "bob"]
    assert (await ask("getPlaylist?id=pl-1"))["playlist"]["entry"] == [1, 2]
    *_, show = fakes.playlists.calls[-1]
    assert json.loads(bytes(show(make_track())))["id"] == "tr-songsongsongs"
    assert code(await ask("deletePlaylist?id=pl-1")) is None
    assert fakes.playlists.calls[-1][0] == "delete"


async def test_new_playlists(ask: Ask, fakes: Any) -> None:
    fakes.playlists.answers.update(create=playlist(), replace=playlist())
    assert (await ask("createPlaylist?name=A&songId=1&songId=1"))["playlist"]["entry"] == []
    assert (await ask("createPlaylist?playlistId=pl-1&songId=2"))["playlist"]["id"] == "pl-1"
    await ask("createPlaylist?playlistId=pl-1&name=B")
    assert [(call[0], *call[2:]) for call in fakes.playlists.calls] == [
        ("create", "A", ("1", "1")),
        ("replace", "pl-1", None, ("2",)),
        ("replace", "pl-1", "B", ()),
    ]
    assert code(await ask("createPlaylist?songId=1")) == 10


async def test_changes_of_playlists(ask: Ask, fakes: Any) -> None:
    await ask(
        "updatePlaylist?playlistId=pl-1&name=A&comment=&public=true"
        "&songIdToAdd=3&songIndexToRemove=0&songIdToAdd=4&songIndexToRemove=1"
    )
    await ask("updatePlaylist?playlistId=pl-1&public=false")
    assert [call[3] for call in fakes.playlists.calls] == [
        PlaylistEdit(name="A", comment="", is_public=True, remove=(0, 1), append=("3", "4")),
        PlaylistEdit(is_public=False),
    ]
    assert code(await ask("updatePlaylist?name=A")) == 10
