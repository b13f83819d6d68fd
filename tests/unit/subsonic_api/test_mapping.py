"""From domain to wire: what is left out, what is always there, how things are written."""

from typing import Any

import msgspec
import pytest
from tests.unit.subsonic_api.asking import MakeAlbum, MakeTrack

from hydrophone.domain.annotation import Annotation
from hydrophone.domain.ids import ArtistId, ArtworkId, FolderId, LibraryId, PlaylistId, UserId
from hydrophone.domain.library import Folder
from hydrophone.domain.lyrics import Lyrics, LyricsLine
from hydrophone.domain.music import (
    Album,
    Artist,
    ArtistRef,
    Contributor,
    Disc,
    PartialDate,
    ReplayGain,
)
from hydrophone.domain.playback import NowPlaying, PlaybackState
from hydrophone.domain.playlist import Playlist
from hydrophone.domain.units import Milliseconds, Seconds, Timestamp
from hydrophone.domain.user import Roles, User
from hydrophone_subsonic.mapping.album import album_id3, album_with_songs
from hydrophone_subsonic.mapping.artist import artist, artist_id3
from hydrophone_subsonic.mapping.browsing import (
    folder_contents,
)
from hydrophone_subsonic.mapping.child import album_directory, folder_directory, song
from hydrophone_subsonic.mapping.lists import now_playing_entry
from hydrophone_subsonic.mapping.lyrics import plain_lyrics, structured_lyrics
from hydrophone_subsonic.mapping.playlist import playlist_entry
from hydrophone_subsonic.mapping.user import user_with_roles
from hydrophone_subsonic.mapping.values import date

NAXOS = ArtistRef(id=ArtistId("ar-naxosnaxosnax"), name="Naxos")
TOUCHED = Annotation(starred=Timestamp(1_000), rating=4, play_count=7, last_played=Timestamp(2_000))


def wire(answer: msgspec.Struct) -> dict[str, Any]:
    converted: dict[str, Any] = msgspec.to_builtins(answer)
    return converted


@pytest.mark.parametrize(
    ("timestamp", "written"),
    [
        (0, "1970-01-01T00:00:00.000Z"),
        (1_769_860_800_000, "2026-01-31T12:00:00.000Z"),
        (1_769_860_799_999, "2026-01-31T11:59:59.999Z"),
        (951_782_400_000, "2000-02-29T00:00:00.000Z"),
        (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        (2**53, "9999-12-31T23:59:59.999Z"),
        (-5, "1970-01-01T00:00:00.000Z"),
    ],
)
def test_dates(timestamp: int, written: str) -> None:
    assert date(Timestamp(timestamp)) == written


def test_a_song_of_which_little_is_known(make_track: MakeTrack) -> None:
    """Classic fields that are unknown are left out, those of OpenSubsonic are there and empty."""
    assert wire(song(make_track())) == {
        "id": "tr-songsongsongs",
        "parent": "fo-folderfolder",
        "isDir": False,
        "title": "Song",
        "album": "Album",
        "artist": "",
        "coverArt": "tr-songsongsongs",
        "size": 1_000_000,
        "contentType": "audio/flac",
        "suffix": "flac",
        "duration": 181,
        "bitRate": 900,
        "path": "Naxos/Album/Song.flac",
        "isVideo": False,
        "playCount": 0,
        "created": "2026-01-31T12:00:00.123Z",
        "albumId": "al-albumalbumal",
        "type": "music",
        "mediaType": "song",
        "bpm": 0,
        "comment": "",
        "sortName": "",
        "musicBrainzId": "",
        "displayArtist": "",
        "displayAlbumArtist": "",
        "displayComposer": "",
        "explicitStatus": "",
        "bitDepth": 0,
        "samplingRate": 0,
        "channelCount": 0,
        "isrc": (),
        "genres": (),
        "artists": (),
        "albumArtists": (),
        "contributors": (),
        "moods": (),
        "groupings": (),
        "works": (),
        "movements": (),
        "replayGain": {},
    }


def test_a_song_of_which_much_is_known(make_track: MakeTrack) -> None:
    track = make_track(
        artists=(NAXOS,),
        display_artist="Naxos feat. Somebody",
        album_artists=(NAXOS,),
        contributors=(Contributor(role="performer", sub_role="oud", artist=NAXOS),),
        disc_number=2,
        track_number=3,
        year=1999,
        genres=("Rock", "Pop"),
        works=("Suite",),
        movements=("Prelude",),
        isrcs=("USSM18300073",),
        replay_gain=ReplayGain(
            track_gain=-7.5,
            track_peak=float("inf"),
            album_gain=float("nan"),
            album_peak=0.0,
            base_gain=1.5,
        ),
        artwork_id=ArtworkId("im-picturepictur"),
        annotation=TOUCHED,
    )
    described = wire(song(track, parent="al-albumalbumal"))

    assert described["parent"] == "al-albumalbumal"
    assert described["artist"] == described["displayArtist"] == "Naxos feat. Somebody"
    assert described["artistId"] == NAXOS.id
    assert described["artists"] == ({"id": NAXOS.id, "name": "Naxos"},)
    assert described["contributors"] == (
        {"role": "performer", "subRole": "oud", "artist": {"id": NAXOS.id, "name": "Naxos"}},
    )
    assert (described["discNumber"], described["track"], described["year"]) == (2, 3, 1999)
    assert described["genre"] == "Rock"
    assert described["genres"] == ({"name": "Rock"}, {"name": "Pop"})
    assert (described["works"], described["movements"]) == (
        ({"name": "Suite"},),
        ({"name": "Prelude"},),
    )
    assert described["isrc"] == ("USSM18300073",)
    assert described["replayGain"] == {"trackGain": -7.5, "albumPeak": 0.0, "baseGain": 1.5}
    assert described["coverArt"] == "im-picturepictur"
    assert described["starred"] == "1970-01-01T00:00:01.000Z"
    assert described["played"] == "1970-01-01T00:00:02.000Z"
    assert (described["userRating"], described["playCount"]) == (4, 7)


def test_albums(make_album: MakeAlbum) -> None:
    described = wire(album_id3(make_album()))
    assert described == {
        "id": "al-albumalbumal",
        "name": "Album",
        "version": "",
        "artist": "Naxos",
        "artistId": NAXOS.id,
        "coverArt": "al-albumalbumal",
        "songCount": 2,
        "duration": 361,
        "playCount": 0,
        "created": "2026-01-31T12:00:00.123Z",
        "recordLabels": (),
        "musicBrainzId": "",
        "genres": (),
        "artists": ({"id": NAXOS.id, "name": "Naxos"},),
        "displayArtist": "Naxos",
        "releaseTypes": (),
        "moods": (),
        "sortName": "",
        "originalReleaseDate": {},
        "releaseDate": {},
        "isCompilation": False,
        "explicitStatus": "",
        "discTitles": (),
    }


def test_albums_with_dates_and_discs(make_album: MakeAlbum) -> None:
    album = make_album(
        original_date=PartialDate(year=1999),
        release_date=PartialDate(year=2009, month=9, day=9),
        discs=(Disc(number=2, title="Live"),),
        labels=("4AD",),
        annotation=TOUCHED,
    )
    described = wire(album_with_songs(album, ()))
    assert described["originalReleaseDate"] == {"year": 1999}
    assert described["releaseDate"] == {"year": 2009, "month": 9, "day": 9}
    assert described["discTitles"] == ({"disc": 2, "title": "Live"},)
    assert described["recordLabels"] == ({"name": "4AD"},)
    assert (described["userRating"], described["song"]) == (4, ())


def test_albums_as_directories(make_album: MakeAlbum) -> None:
    """py-opensonic demands name, songCount, duration and created."""
    described = wire(album_directory(make_album()))
    assert described["isDir"]
    assert described["title"] == described["name"] == described["album"] == "Album"
    assert (described["parent"], described["mediaType"]) == (NAXOS.id, "album")
    assert (described["songCount"], described["duration"]) == (2, 361)
    assert "parent" not in wire(album_directory(make_album(artists=())))


def test_artists() -> None:
    naxos = Artist(id=NAXOS.id, name="Naxos")
    assert wire(artist(naxos)) == {"id": NAXOS.id, "name": "Naxos"}
    assert wire(artist_id3(naxos)) == {
        "id": NAXOS.id,
        "name": "Naxos",
        "coverArt": NAXOS.id,
        "albumCount": 0,
        "musicBrainzId": "",
        "sortName": "",
        "roles": (),
    }
    starred = Artist(id=NAXOS.id, name="Naxos", annotation=TOUCHED)
    assert wire(artist(starred))["starred"] == "1970-01-01T00:00:01.000Z"
    assert wire(artist(starred))["userRating"] == 4


def folder(name: str, album: Album | None = None, *, is_root: bool = False) -> Folder:
    return Folder(
        id=FolderId("fo-" + name.lower()),
        library_id=LibraryId(1),
        parent_id=None if is_root else FolderId("fo-root"),
        name=name,
        album=album,
    )


def test_folders(make_album: MakeAlbum) -> None:
    mere = wire(folder_directory(folder("Naxos"), "1"))
    assert (mere["id"], mere["parent"], mere["isDir"], mere["title"], mere["coverArt"]) == (
        "fo-naxos", "1", True, "Naxos", "fo-naxos",
    )  # fmt: skip
    assert "mediaType" not in mere
    with_album = wire(folder_directory(folder("CD1", make_album(annotation=TOUCHED)), "1"))
    assert (with_album["title"], with_album["album"]) == ("CD1", "Album")
    assert with_album["userRating"] == 4
    # An app that finds an empty list of artists does not look for the name of one.
    assert with_album["artist"] == "Naxos"
    for described in (mere, with_album):
        assert described.keys().isdisjoint({"artists", "displayArtist", "genres", "bpm"})


def test_the_root_has_no_parent() -> None:
    assert "parent" not in wire(folder_contents(folder("Music", is_root=True), "1", ()))
    below = wire(folder_contents(folder("Naxos"), "fo-naxos", ()))
    assert (below["id"], below["parent"], below["child"]) == ("fo-naxos", "fo-root", ())


def test_playlists() -> None:
    playlist = Playlist(
        id=PlaylistId("pl-1"),
        name="Morning",
        owner="Alice",
        track_count=1,
        duration=Seconds(1.5),
        created=Timestamp(0),
        changed=Timestamp(1),
        picture_id="mo-1",
    )
    alice = User(id=UserId(1), name="alice", libraries=(), created=Timestamp(0))
    described = wire(playlist_entry(playlist, alice))
    assert described == {
        "id": "pl-1",
        "name": "Morning",
        "comment": "",
        "owner": "Alice",
        "public": False,
        "songCount": 1,
        "duration": 2,
        "created": "1970-01-01T00:00:00.000Z",
        "changed": "1970-01-01T00:00:00.001Z",
        "coverArt": "mo-1",
        "readonly": False,
    }
    bob = msgspec.structs.replace(alice, name="bob")
    assert playlist_entry(playlist, bob).readonly
    admin = msgspec.structs.replace(bob, roles=Roles(admin=True))
    assert not playlist_entry(playlist, admin).readonly
    smart = msgspec.structs.replace(playlist, valid_until=Timestamp(2))
    assert wire(playlist_entry(smart, alice))["validUntil"] == "1970-01-01T00:00:00.002Z"


def test_minutes_are_whole(make_track: MakeTrack) -> None:
    """The XSD finds fractions in other servers."""
    playing = NowPlaying(
        user_name="alice",
        player_id=UserId(1),
        player_name="DSub",
        item=make_track(),
        state=PlaybackState.PAUSED,
        position=Milliseconds(1500),
        rate=1.5,
        since_report=Milliseconds(179_999),
    )
    assert now_playing_entry(playing).minutes_ago == 2
    entry = wire(now_playing_entry(playing))
    assert (entry["playerName"], entry["state"]) == ("DSub", "paused")
    assert (entry["positionMs"], entry["playbackRate"]) == (1500, 1.5)


def test_users() -> None:
    user = User(
        id=UserId(1),
        name="alice",
        roles=Roles(share=True),
        libraries=(LibraryId(1), LibraryId(2)),
        created=Timestamp(0),
    )
    described = wire(user_with_roles(user))
    assert "email" not in described
    assert "maxBitRate" not in described
    assert (described["shareRole"], described["videoConversionRole"]) == (True, False)
    assert described["folder"] == (1, 2)


def test_lyrics() -> None:
    lyrics = Lyrics(
        is_synced=True,
        offset=Milliseconds(-100),
        display_artist="Naxos",
        lines=(
            LyricsLine(start=Milliseconds(0), text="La"),
            LyricsLine(start=Milliseconds(1500), text=""),
        ),
    )
    assert wire(structured_lyrics(lyrics)) == {
        "displayArtist": "Naxos",
        "lang": "und",
        "offset": -100,
        "synced": True,
        "line": ({"start": 0, "value": "La"}, {"start": 1500, "value": ""}),
    }
    assert wire(plain_lyrics(lyrics)) == {"artist": "Naxos", "value": "La\n"}
