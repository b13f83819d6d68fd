"""What nearly all artists or albums have is the same, whichever of them are looked for."""

import json

import pytest
from sqlalchemy import Connection, select

from hydrophone.domain.ids import UserId
from hydrophone.domain.music import ArtistRef
from hydrophone.domain.nsp import read_rules
from hydrophone.scanner.identity import artist_id
from hydrophone.scanner.parsed import Credit
from hydrophone.storage.connection import transaction
from hydrophone.storage.queries import catalogue, rules
from hydrophone.storage.queries.rules import Viewpoint
from hydrophone.storage.tables.music import track
from hydrophone.testing.factories import fill_library, make_album, make_artist, make_track

VIEW = Viewpoint(viewer=UserId(1), libraries=[1])
TITLES = {"Alone": "A", "Both": "AX", "Turned": "XA", "Other": "X", "Two": "AB", "Nobody": ""}
"""{title: its artists, of whom X is the one who is unlike the others}."""


def ref(name: str) -> ArtistRef:
    return ArtistRef(id=artist_id(Credit(name=name)), name=name)


def chosen(connection: Connection, operator: str, field: str, value: object) -> set[str]:
    text = json.dumps({"all": [{operator: {field: value}}]})
    rows = rules.rows(connection, read_rules(text), VIEW)
    named = select(track.c.name_key).where(track.c.row.in_(rows))
    return set(connection.execute(named).scalars())


def fill(connection: Connection, *, most: bool) -> None:
    """Let X be the only artist without (or with) a sort name and an id of MusicBrainz."""
    tracks = [
        make_track(title, album=title, artists=tuple(map(ref, names)))
        for title, names in TITLES.items()
    ]
    albums = [
        make_album(
            title,
            artists=tuple(map(ref, names)),
            labels=("Label",) if ("X" not in names) is most else (),
        )
        for title, names in TITLES.items()
    ]
    artists = [
        make_artist(name, sort_name=f"{name}, Known", musicbrainz_id=f"id-{name}")
        if (name != "X") is most
        else make_artist(name)
        for name in "ABCDEFGHX"
    ]
    with transaction(connection):
        fill_library(connection, tracks, albums=albums)
        catalogue.put_artists(connection, artists)


@pytest.mark.parametrize("field", ["sortartist", "mbz_artist_id"])
@pytest.mark.parametrize("most", [True, False])
def test_a_track_lacks_what_none_of_its_artists_has(
    connection: Connection, field: str, most: bool
) -> None:
    fill(connection, most=most)
    missing = {"other", "nobody"} if most else {"alone", "two", "nobody"}
    everything = {title.lower() for title in TITLES}
    assert chosen(connection, "isMissing", field, value=True) == missing
    assert chosen(connection, "isPresent", field, value=True) == everything - missing


@pytest.mark.parametrize("most", [True, False])
def test_an_album_lacks_what_few_or_most_of_them_lack(connection: Connection, most: bool) -> None:
    fill(connection, most=most)
    other = {"both", "turned", "other"}
    everything = {title.lower() for title in TITLES}
    missing = other if most else everything - other
    assert chosen(connection, "isMissing", "recordlabel", value=True) == missing
    assert chosen(connection, "isPresent", "recordlabel", value=True) == everything - missing
    assert chosen(connection, "isMissing", "albumartist", value=True) == {"nobody"}
    assert chosen(connection, "notContains", "artist", "x") == {"alone", "two", "nobody"}


def test_tracks_of_all_artists_are_not_remembered(connection: Connection) -> None:
    """Of 100,000 tracks that took 150 ms and more."""
    fill(connection, most=True)
    text = json.dumps({"all": [{"isMissing": {"sortartist": True}}]})
    statement = str(rules.select_rows(connection, read_rules(text), VIEW))
    assert "has_artist" in statement
    fill(connection, most=False)
    assert "has_artist" not in str(rules.select_rows(connection, read_rules(text), VIEW))
