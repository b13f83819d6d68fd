"""What endpoints ask of the services and make of the answers: what is known beyond the music."""

from typing import Any

import pytest
from tests.unit.subsonic_api.asking import AL, AR, NAXOS, TR, Ask, MakeAlbum, MakeTrack, code

from hydrophone.domain.facts import AlbumFacts, ArtistFacts
from hydrophone.domain.library import (
    AlbumWithTracks,
    ArtistWithAlbums,
)
from hydrophone.errors import NotFoundError

pytestmark = pytest.mark.anyio


async def test_information_on_artists(
    ask: Ask, fakes: Any, make_album: MakeAlbum, make_track: MakeTrack
) -> None:
    fakes.artists.answers["artist"] = ArtistWithAlbums(artist=NAXOS, albums=())
    fakes.albums.answers["album"] = AlbumWithTracks(album=make_album(), tracks=())
    fakes.tracks.answers["track"] = make_track()
    fakes.similarity.answers["similar_artists"] = (NAXOS,)
    fakes.metadata.answers["artist"] = ArtistFacts(biography="Sings.", musicbrainz_id="other")
    for identifier in (AR, AL):
        info = (await ask(f"getArtistInfo2?id={identifier}&count=3"))["artistInfo2"]
        assert info["musicBrainzId"] == "mb"
        assert info["biography"] == "Sings."
        assert [artist["albumCount"] for artist in info["similarArtist"]] == [0]
        assert fakes.similarity.calls[-1][3] == 3
    classic = (await ask(f"getArtistInfo?id={AR}&includeNotPresent=true"))["artistInfo"]
    assert classic["similarArtist"] == [{"id": AR, "name": "Naxos"}]


async def test_a_folder_is_asked_about_as_what_it_stands_for(
    ask: Ask, fakes: Any, make_album: MakeAlbum, make_track: MakeTrack
) -> None:
    fakes.artists.answers["artist"] = ArtistWithAlbums(artist=NAXOS, albums=())
    fakes.albums.answers["album"] = AlbumWithTracks(album=make_album(), tracks=())
    fakes.similarity.answers.update(
        similar_artists=(NAXOS,), similar_tracks=(make_track(),), top_tracks_of=(make_track(),)
    )
    fakes.metadata.answers["artist"] = ArtistFacts(biography="Sings.")
    for subject in (AR, AL):
        fakes.folders.answers["subject"] = subject
        info = (await ask("getArtistInfo?id=fo-naxosnaxosnax"))["artistInfo"]
        assert info["similarArtist"] == [{"id": AR, "name": "Naxos"}]
        assert len((await ask("getSimilarSongs?id=fo-naxosnaxosnax"))["similarSongs"]["song"]) == 1
        assert len((await ask("getTopSongs?id=fo-naxosnaxosnax"))["topSongs"]["song"]) == 1
    of_album = make_album().artists[0].id
    assert [(call[0], call[2]) for call in fakes.similarity.calls] == [
        ("similar_artists", AR),
        ("similar_tracks", AR),
        ("top_tracks_of", AR),
        ("similar_artists", of_album),
        ("similar_tracks", AL),
        ("top_tracks_of", of_album),
    ]


async def test_information_on_albums(ask: Ask, fakes: Any, make_album: MakeAlbum) -> None:
    album = make_album(musicbrainz_id="mb")
    fakes.albums.answers["album"] = AlbumWithTracks(album=album, tracks=())
    fakes.metadata.answers["album"] = AlbumFacts(url="https://example.org")
    expected = {"musicBrainzId": "mb", "lastFmUrl": "https://example.org"}
    for name in ("getAlbumInfo", "getAlbumInfo2"):
        assert (await ask(f"{name}?id={AL}"))["albumInfo"] == expected


async def test_nothing_known_is_no_error(ask: Ask, fakes: Any) -> None:
    """airsonic-refix blanks the page, Feishin shows a message."""
    nothing = NotFoundError("There is no such thing.")
    fakes.artists.answers["artist"] = nothing
    fakes.albums.answers["album"] = nothing
    fakes.tracks.answers["track"] = nothing
    fakes.folders.answers.update(folder=nothing, subject=nothing)
    fakes.similarity.answers.update(
        similar_tracks=nothing, top_tracks=nothing, top_tracks_of=nothing
    )
    answers: tuple[tuple[str, str, dict[str, object]], ...] = (
        ("getArtistInfo", "artistInfo", {"similarArtist": []}),
        ("getArtistInfo2", "artistInfo2", {"similarArtist": []}),
        ("getAlbumInfo", "albumInfo", {}),
        ("getAlbumInfo2", "albumInfo", {}),
        ("getSimilarSongs", "similarSongs", {"song": []}),
        ("getSimilarSongs2", "similarSongs2", {"song": []}),
        ("getTopSongs", "topSongs", {"song": []}),
    )
    for identifier in ("-1", AR, AL, TR, "fo-rockrockrockr"):
        for name, element, expected in answers:
            assert (await ask(f"{name}?id={identifier}"))[element] == expected
    assert (await ask("getTopSongs?artist=Nobody"))["topSongs"] == {"song": []}


async def test_top_songs(ask: Ask, fakes: Any, make_track: MakeTrack) -> None:
    fakes.similarity.answers.update(top_tracks=(make_track(),), top_tracks_of=())
    assert len((await ask("getTopSongs?artist=Naxos"))["topSongs"]["song"]) == 1
    await ask("getTopSongs?artist=Naxos&size=20")
    await ask(f"getTopSongs?artist=Other&id={AR}&count=5")
    assert [(call[0], *call[2:]) for call in fakes.similarity.calls] == [
        ("top_tracks", "Naxos", 50),
        ("top_tracks", "Naxos", 20),
        ("top_tracks_of", AR, 5),
    ]
    assert code(await ask("getTopSongs")) == 10
