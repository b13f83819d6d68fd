"""Names of every script, tagged in real files, found by a real server while they are typed."""

from collections.abc import Iterator
from typing import Any

import pytest

from hydrophone.testing.audio_files import make_audio
from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.server import running_server

FOUND_BY = [
    ("कहानी", ["कहानी", "कहा"]),
    ("Björk", ["bjork", "Björk"]),
    ("Jóga", ["joga", "JÓGA"]),
    ("AC/DC", ["ac dc", "ac/dc", "AC/DC", "acdc"]),
    ("Don't Stop", ["don't", "dont", "don\N{RIGHT SINGLE QUOTATION MARK}t"]),
    ("R.E.M.", ["R.E.M.", "rem"]),
    ("Sigur Rós", ["sigur ros", "Sigur Rós"]),
    ("東京事変", ["東京", "事変"]),
    ("群青", ["群青"]),
    ("宇多田ヒカル", ["ヒカル", "宇多田"]),
    ("Кино", ["kino", "кино", "КИНО"]),
    ("فيروز", ["fyrwz", "فيروز"]),
    ("봄날", ["봄날", "bomnal"]),
    ("ลูกทุ่ง", ["ลูก"]),
    ("P!nk", ["P!nk", "pink"]),
    ("Motörhead", ["motorhead", "Motörhead"]),
    ("99 Luftballons", ["99 luft", "luftballons 99"]),
    ("!!!", ["!!!"]),
    ("+/-", ["+/-"]),
]
MISTYPED = [
    ("Björk", "bjokr"),
    ("Björk", "björrk"),
    ("Sigur Rós", "sgiur ros"),
    ("Motörhead", "otorhead"),
    ("Motörhead", "motörhaed"),
    ("99 Luftballons", "99 luftbalons"),
    ("99 Luftballons", "luftbellon"),
    ("فيروز", "فيروس"),
]
NAMES = ["Onerous", "One", "The One", *(name for name, _ in FOUND_BY)]
ELEMENTS = {"search2": "searchResult2", "search3": "searchResult3"}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SubsonicClient]:
    """Log in at a server that has scanned a song, an album and an artist of each name."""
    music = tmp_path_factory.mktemp("names")
    for number, name in enumerate(NAMES):
        tags = dict.fromkeys(("title", "artist", "albumartist", "album"), name)
        make_audio(music / f"{number:02}" / "song.mp3", tags=tags)
    with (
        running_server(tmp_path_factory.mktemp("data"), music=[music]) as server,
        server.client() as client,
    ):
        client.await_scan(tracks=len(NAMES))
        yield client


def search(client: SubsonicClient, endpoint: str, query: str) -> dict[str, list[str]]:
    """Return the names of the artists, albums and songs that are found, in their order."""
    found: dict[str, Any] = client.ask(endpoint, query=query)[ELEMENTS[endpoint]]
    return {
        kind: [thing.get("name") or thing["title"] for thing in found.get(kind, [])]
        for kind in ("artist", "album", "song")
    }


@pytest.mark.parametrize("endpoint", ELEMENTS)
@pytest.mark.parametrize(
    ("name", "query"),
    [*((name, query) for name, queries in FOUND_BY for query in queries), *MISTYPED],
)
def test_a_name_is_found_and_first(
    library: SubsonicClient, endpoint: str, name: str, query: str
) -> None:
    found = search(library, endpoint, query)
    assert {kind: names[:1] for kind, names in found.items()} == {kind: [name] for kind in found}


@pytest.mark.parametrize("endpoint", ELEMENTS)
@pytest.mark.parametrize(("name", "queries"), FOUND_BY)
def test_a_name_is_found_while_it_is_typed(
    library: SubsonicClient, endpoint: str, name: str, queries: list[str]
) -> None:
    for query in queries:
        for length in range(1, len(query) + 1):
            found = search(library, endpoint, query[:length])
            assert [name in names for names in found.values()] == [True] * 3, query[:length]


@pytest.mark.parametrize("endpoint", ELEMENTS)
def test_one_comes_before_onerous(library: SubsonicClient, endpoint: str) -> None:
    for query in ("one", "One", "ONE*"):
        found = search(library, endpoint, query)
        assert found == {kind: ["One", "Onerous", "The One"] for kind in found}


@pytest.mark.parametrize("endpoint", ELEMENTS)
def test_a_short_word_with_a_hit_is_taken_at_its_word(
    library: SubsonicClient, endpoint: str
) -> None:
    """The Latin letters of 東京 begin with "dong"."""
    found = search(library, endpoint, "dont")
    assert found == {kind: ["Don't Stop"] for kind in found}


@pytest.mark.parametrize("endpoint", ELEMENTS)
def test_what_nobody_has_is_not_found(library: SubsonicClient, endpoint: str) -> None:
    for query in ("xyzzy", "q" * 60, "word " * 200, "🎵", "京東", "?!?"):
        found = search(library, endpoint, query)
        assert found == {kind: [] for kind in found}, query
