"""Searches with typing errors: what was meant is found, behind what was typed."""

import asyncio
import random
from collections import Counter

import pytest

from hydrophone.config import Config
from hydrophone.domain.ids import LibraryId
from hydrophone.domain.library import Page
from hydrophone.domain.music import Track
from hydrophone.domain.search import SearchQuery, SearchResult
from hydrophone.domain.units import Timestamp
from hydrophone.domain.user import User
from hydrophone.server.wiring import Server
from hydrophone.storage.connection import connect, transaction
from hydrophone.storage.data_folder import DATABASE
from hydrophone.storage.queries import counters
from hydrophone.testing.factories import fill_library, make_track

pytestmark = pytest.mark.anyio

TITLES = {
    "abcdefghijklmnopqrstuvwxyz": """Northern Lighthouse; Crystal Garden Waltz; Silver Harbour;
        Thunder over Lisbon; Motörhead Tribute; Jóga Revisited; Smørrebrød Blues; 99 Luftballons;
        Winter's Umbrella; Overkill; Señorita Mañana; Façade Tango; Zürich Nachtmusik""",
    "абвгдежзиклмнопрстуфхцчшя": """Группа крови на рукаве; Звезда по имени Солнце;
        Северный ветер; Подмосковные вечера; Колыбельная медведицы; Дорога дальняя""",
    "αβγδεζηθικλμνξοπρστυφχψω": "Θάλασσα πλατιά; Χάρτινο φεγγαράκι; Συννεφιασμένη Κυριακή",
    "ابتجحدرزسعفقكلمنهوي": "نسمة الصباح; القمر والنجوم; مدينة الأحلام; طريق الحرير",
    "אבגדהוזחטילמנסעפצקרשת": "ירושלים הכתומה; מנגינה רחוקה",
    "कखगघचजटडतदनपबमयरलवसह": "कहानी पुरानी; बारिश दोबारा; सितारों तले; समुंदर किनारे",
    "東京群青夜雨花鳥風月春夏秋冬": "東京夜想曲集; 春夏秋冬物語; 真夜中五分前電車",
    "アイウエオカキクケコサシスセソ": "ヒカルソラノハナ; アジアンカンフー; さくらのきのした",
    "가나다라마바사아자차카타파하": "별이빛나는밤에; 봄날은간다; 서울의달빛아래",
    "กขคงจชดตนบปมยรลวสห": "ลูกทุ่งมหานคร; ดวงจันทร์เต็มดวง",
}
"""Letters of a script, and titles in it."""


TYPOS = 200
MISTAKES = {
    "Overkil": "Overkill",
    "ovrekill": "Overkill",
    "motörhaed": "Motörhead Tribute",
    "lighthuose n": "Northern Lighthouse",
    "norhtern lihgthouse": "Northern Lighthouse",
    "cyrs": "Crystal Garden Waltz",
    "thunderr over": "Thunder over Lisbon",
    "gruppa korvi": "Группа крови на рукаве",
    "сонлце": "Звезда по имени Солнце",
    "ヒカルソテノハナ": "ヒカルソラノハナ",
}


def titles() -> list[tuple[str, str]]:
    """Return all titles, each behind the letters of its script."""
    return [
        (letters, " ".join(title.split()))
        for letters, lines in TITLES.items()
        for title in lines.split(";")
    ]


def other_title(number: int) -> str:
    """Make a title of two words; the same number gives the same."""
    chosen = random.Random(number)
    syllables = [chosen.choice("bdfgklmnprst") + chosen.choice("aeiou") for _ in range(6)]
    return f"{''.join(syllables[:3])} {''.join(syllables[3:])}".title()


@pytest.fixture
def tracks() -> list[Track]:
    """Titles of many scripts among many others; the second library is Berta's alone."""
    return [
        *(
            make_track(title, artist="Anybody", album=f"Album {n}")
            for n, (_, title) in enumerate(titles())
        ),
        *(make_track(other_title(n), artist=f"Artist {n % 50}") for n in range(300)),
        make_track("Hush", artist="Björn", album="Quiet"),
        make_track("Hash", artist="Cook", album="Quiet"),
        *(make_track(f"Live {n}", artist="Björk", album="Jóga") for n in range(30)),
        make_track("Bjork", artist="Somebody", album="Covers"),
        make_track("Secret", artist="Zanzibar", album="Hers", library_id=LibraryId(2)),
        make_track("Known", artist="Zanzibas", album="Yours"),
    ]


def mistype(text: str, letters: str, chosen: random.Random) -> str:
    """Make one error in one word of five letters or more."""
    words = text.split()
    which = chosen.choice([at for at, word in enumerate(words) if len(word) >= 5])
    word = words[which]
    at = chosen.randrange(len(word))
    swapped = chosen.choice([n for n in range(len(word) - 1) if word[n] != word[n + 1]])
    wrong = chosen.choice([letter for letter in letters if letter != word[at]])
    words[which] = chosen.choice(
        [
            word[:at] + wrong + word[at + 1 :],
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:swapped] + word[swapped + 1] + word[swapped] + word[swapped + 2 :],
        ]
    )
    return " ".join(words)


async def search(
    server: Server, user: User, text: str, *, offset: int = 0, size: int = 20
) -> SearchResult:
    page = Page(offset=offset, size=size)
    query = SearchQuery(text=text, artists=page, albums=page, tracks=page)
    return await server.services.search.search(user, query)


async def test_what_was_mistyped_is_found(server: Server, anna: User) -> None:
    """One letter wrong, missing, doubled or swapped; on the first page of an app."""
    chosen = random.Random(7)
    asked: Counter[str] = Counter()
    missed = []
    for number in range(TYPOS):
        letters, title = titles()[number % len(titles())]
        typed = mistype(title, letters, chosen)
        found = await search(server, anna, typed)
        asked[letters] += 1
        if title not in [track.title for track in found.tracks]:
            missed.append((title, typed))
    assert len(missed) <= TYPOS * 5 // 100, missed
    assert set(asked) == set(TITLES)


async def test_common_mistakes(server: Server, anna: User) -> None:
    for typed, title in MISTAKES.items():
        found = await search(server, anna, typed)
        assert found.tracks[0].title == title, typed


async def test_albums_and_artists_are_corrected_too(server: Server, anna: User) -> None:
    found = await search(server, anna, "zanzibaz")
    assert [artist.name for artist in found.artists] == ["Zanzibas"]
    assert [album.name for album in found.albums] == ["Yours"]
    assert [track.title for track in found.tracks] == ["Known"]


async def test_what_was_typed_comes_before_what_may_be_meant(server: Server, anna: User) -> None:
    found = await search(server, anna, "björn", size=50)
    assert [artist.name for artist in found.artists] == ["Björn", "Björk"]
    assert [album.name for album in found.albums] == ["Quiet", "Jóga"]
    titles = [track.title for track in found.tracks]
    assert titles == ["Hush", "Bjork", *(f"Live {n}" for n in range(30))]


async def test_a_query_with_hits_is_taken_at_its_word(server: Server, anna: User) -> None:
    found = await search(server, anna, "bjork", size=50)
    assert "Hush" not in [track.title for track in found.tracks]
    assert [artist.name for artist in found.artists] == ["Björk"]
    # "Hash" would be near, and several words with a hit are meant as they are.
    assert [track.title for track in (await search(server, anna, "hush quiet")).tracks] == ["Hush"]


async def test_pages_of_a_corrected_query_follow_each_other(server: Server, anna: User) -> None:
    """However small they are, and whichever of the lists still goes on."""
    everything = (await search(server, anna, "björn", size=50)).tracks
    for size in (1, 3, 7, 20, 32):
        paged = [
            track
            for offset in range(0, 40, size)
            for track in (await search(server, anna, "björn", offset=offset, size=size)).tracks
        ]
        assert paged == list(everything), size
    assert (await search(server, anna, "björn", offset=10**9)).tracks == ()
    nothing = Page(size=0)
    only = SearchQuery(text="björn", artists=nothing, albums=nothing, tracks=Page(size=2))
    found = await server.services.search.search(anna, only)
    assert (found.artists, found.albums) == ((), ())
    assert found.tracks == everything[:2]


async def test_what_is_meant_is_looked_for_in_ones_own_libraries(
    server: Server, anna: User, berta: User
) -> None:
    """Words of other libraries are known, and give nothing."""
    for user, expected in ((anna, ["Known"]), (berta, ["Known", "Secret"])):
        for typed in ("zanzibat", "zanzibar", "xanziba"):
            found = await search(server, user, typed)
            assert sorted(track.title for track in found.tracks) == expected, typed
            assert len(found.artists) == len(expected)
    assert (await search(server, anna, "secert")).tracks == ()
    assert [track.title for track in (await search(server, berta, "secert")).tracks] == ["Secret"]


async def test_nonsense_finds_nothing(server: Server, anna: User) -> None:
    for text in ("q" * 60, "xyzzy", " ".join(f"word{n}" for n in range(200)), "🎵🎵", "x" * 9_999):
        found = await search(server, anna, text)
        assert (found.artists, found.albums, found.tracks) == ((), (), ()), text


async def test_new_words_are_near_once_they_are_in_the_library(
    server: Server, anna: User, config: Config
) -> None:
    assert (await search(server, anna, "kaleidosocpe")).tracks == ()

    def scan() -> None:
        database = config.server.data_dir / DATABASE
        with connect(database, durable=False) as connection, transaction(connection):
            fill_library(connection, [make_track("Kaleidoscope")])
            counters.bump(connection, counters.LIBRARY, Timestamp(1))

    # Not on the loop: the server may be in the middle of a transaction.
    await asyncio.to_thread(scan)
    async with asyncio.timeout(30):
        while not (await search(server, anna, "kaleidosocpe")).tracks:  # noqa: ASYNC110 - what is awaited has no event of the test's
            await asyncio.sleep(0.05)
