"""Who is the same artist, and who is not."""

import msgspec
import pytest
from sqlalchemy import select

from hydrophone.domain.ids import ArtistId
from hydrophone.domain.music import Album, Artist
from hydrophone.domain.remote import RemoteArtist
from hydrophone.domain.units import Timestamp
from hydrophone.services.remote_music import Conversion
from hydrophone.storage.queries import artists, catalogue, libraries, remote_origins, remote_writing
from hydrophone.storage.queries.remote import Found
from hydrophone.storage.tables import music
from hydrophone.testing.scanned_library import ANYBODY, ScannedLibrary

NEU = "9d1ebcfe-9c15-4d18-95d3-d919458a1638"
OTHER_NEU = "7b4f06ad-0d9c-4b53-9c51-c1b5ab6d3a9f"


def _add(library: ScannedLibrary, number: int, **tags: str) -> None:
    library.add(f"{number}/{number}.mp3", tags={"title": f"{number}", "album": f"B{number}"} | tags)


def _one(library: ScannedLibrary, artist_id: str) -> Artist | None:
    seen = [each.id for each in library.libraries()]
    return library.query(lambda connection: artists.one(connection, ANYBODY, seen, artist_id))


def test_name_and_musicbrainz_id_become_one(library: ScannedLibrary) -> None:
    _add(library, 1, artist="NEU!", composer="Neu!", artistsort="Neu")
    # The tracks of this album are by others: it is Neu's by its album artist alone.
    _add(library, 2, artist="Ana", albumartist="Neu!")
    library.scan()
    old = library.artists()["NEU!"]
    assert old.album_count == 2
    library.star(old.id)

    _add(library, 3, artist="Neu!", musicbrainz_artistid=NEU)
    library.scan()

    assert set(library.artists()) == {"Neu!", "Ana"}
    new = library.artists()["Neu!"]
    assert (new.id != old.id, new.musicbrainz_id, new.album_count) == (True, NEU, 3)
    assert new.roles == ("albumartist", "artist", "composer")
    assert new.sort_name == "Neu"
    assert new.annotation.starred
    assert _one(library, old.id) == new
    for album in library.albums():
        assert [credit.id for credit in album.artists] == [new.id]
    tracks = library.tracks()
    assert [credit.id for credit in tracks["1/1.mp3"].artists] == [new.id]
    assert [credit.id for credit in tracks["2/2.mp3"].album_artists] == [new.id]
    assert [part.artist.id for part in tracks["1/1.mp3"].contributors] == [new.id]
    # A later file without the id is by the same artist still.
    _add(library, 4, artist="Neu!")
    library.scan()
    assert library.artists()["Neu!"].album_count == 4
    library.scan(full=True)
    assert library.artists()["Neu!"].id == new.id


def _by_artist(library: ScannedLibrary) -> list[str]:
    """Return the names of all albums in the order of their artists."""
    statement = select(music.album.c.document).order_by(music.album.c.artist_sort_key)
    documents = library.query(lambda connection: connection.execute(statement).scalars().all())
    return [msgspec.json.decode(document, type=Album).name for document in documents]


def test_albums_stand_where_their_artists_do(library: ScannedLibrary) -> None:
    _add(library, 1, artist="The Who", album="Tommy")
    _add(library, 2, artist="Zappa", albumartist="Frank Zappa", album="Apostrophe")
    _add(library, 3, artist="Kate Bush", artistsort="Bush, Kate", album="Aerial")
    library.scan()
    assert _by_artist(library) == ["Aerial", "Apostrophe", "Tommy"]
    # The sort name comes with another album of his, and later than this.
    _add(library, 4, artist="Frank Zappa", artistsort="Zappa, Frank", album="Zoot")
    library.scan()
    assert _by_artist(library)[:2] == ["Aerial", "Tommy"]
    both = {"albumartist": "Kate & The Who", "albumartists": ["Kate Bush", "The Who"]}
    library.add("5/5.mp3", tags={"title": "5", "artist": "The Who", "album": "Both", **both})
    library.scan()
    assert _by_artist(library)[:3] == ["Aerial", "Both", "Tommy"]


def test_albums_of_several_stand_with_those_of_the_first(library: ScannedLibrary) -> None:
    _add(library, 1, artist="Simon Bolivar", album="Mambo")
    _add(library, 2, artist="Simon", album="Graceland")
    both = {"albumartist": "Simon & Garfunkel", "albumartists": ["Simon", "Garfunkel"]}
    library.add("3/3.mp3", tags={"title": "3", "artist": "Simon", "album": "Bookends", **both})
    library.scan()
    assert _by_artist(library) == ["Graceland", "Bookends", "Mambo"]


def test_albums_of_an_artist_who_became_another_stand_with_those_of_that(
    library: ScannedLibrary,
) -> None:
    _add(library, 1, artist="Neu!", album="Neu! 75")
    _add(library, 2, artist="Can", album="Tago Mago")
    library.scan()
    assert _by_artist(library) == ["Tago Mago", "Neu! 75"]
    _add(library, 3, artist="Neu!", musicbrainz_artistid=NEU, artistsort="Aneu", album="Neu! 2")
    library.scan()
    assert set(_by_artist(library)[:2]) == {"Neu! 75", "Neu! 2"}


def test_whom_sources_have_shown_by_name_is_known_when_the_library_tells_who_he_is(
    library: ScannedLibrary,
) -> None:
    _add(library, 1, artist="Ana")
    library.scan()
    source = library.query(lambda one: libraries.register_source(one, "archive", "Archive"))
    shown = Conversion(source, {}).artist(RemoteArtist(native_id="neu", name="NEU!"))
    found = Found(artists=(shown,))
    library.query(lambda one: remote_writing.put(one, source.id, found, Timestamp(1)))
    _add(library, 2, artist="Neu!", musicbrainz_artistid=NEU)
    library.scan()
    new = library.artists()["Neu!"]
    assert new.id != shown.artist.id
    assert _one(library, shown.artist.id) == new
    (origin,) = library.query(lambda one: remote_origins.artist_origins(one, [source.id], new.id))
    assert origin.native_id == "neu"


def test_signs_that_nobody_sees_make_no_other_artist(library: ScannedLibrary) -> None:
    seen = ("Bom", "\ufeffBom", "Bom\u200b", "Bom\u200e", "\u202aBom\u202c", "Bo\u2060m")
    for number, name in enumerate(seen, 1):
        _add(library, number, artist=name, album="\u200bOne")
    library.scan()
    assert set(library.artists()) == {"Bom"}
    assert library.artists()["Bom"].album_count == 1


def test_what_looks_empty_counts_as_blank(library: ScannedLibrary) -> None:
    library.add("Artist/Album/03 - Title.mp3", tags={"title": "\u200b", "artist": "\ufeff "})
    library.scan()
    (track,) = library.tracks().values()
    assert (track.title, track.display_artist) == ("Title", "Artist")


def test_an_artist_whose_name_was_taken_for_another_one_keeps_what_people_left(
    library: ScannedLibrary,
) -> None:
    before = Artist(id=ArtistId("ar-before"), name="\ufeffBom", roles=("artist",))
    library.query(lambda connection: catalogue.put_artists(connection, [before]))
    library.star(before.id)
    _add(library, 1, artist="\ufeffBom")
    library.scan()
    (bom,) = library.artists().values()
    assert (bom.name, bom.id == before.id) == ("Bom", False)
    assert bom.annotation.starred
    assert _one(library, before.id) == bom


def test_two_musicbrainz_ids_of_one_name_stay_two(library: ScannedLibrary) -> None:
    _add(library, 1, artist="Neu!", musicbrainz_artistid=NEU)
    _add(library, 2, artist="Neu!", musicbrainz_artistid=OTHER_NEU)
    _add(library, 3, artist="Neu!")
    library.scan()
    library.scan(full=True)
    credited = {track.artists[0].id for track in library.tracks().values()}
    assert len(credited) == 3
    assert all(_one(library, artist_id) for artist_id in credited)
    assert len(library.albums()) == 3


@pytest.mark.parametrize(
    ("one", "other"), [("!!!", "+/-"), ("∆", "!!!"), ("ガ", "カ"), ("AC/DC", "ACDC")]
)
def test_names_that_look_alike_to_a_computer(library: ScannedLibrary, one: str, other: str) -> None:
    _add(library, 1, artist=one)
    _add(library, 2, artist=other)
    library.scan()
    assert set(library.artists()) == {one, other}


@pytest.mark.parametrize(("one", "other"), [("Björk", "bjork"), ("The  Knife", "the knife")])
def test_spellings_of_one_name(library: ScannedLibrary, one: str, other: str) -> None:
    _add(library, 1, artist=one)
    _add(library, 2, artist=other)
    library.scan()
    assert set(library.artists()) == {one}
    # Each record keeps the name that is printed on it.
    assert library.tracks()["2/2.mp3"].artists[0].name == other
