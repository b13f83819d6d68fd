"""Orders of the library: what comes after what, for whom, and when a change is seen."""

import asyncio
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from hydrophone.domain.ids import LibraryId
from hydrophone.domain.library import AlbumListKind
from hydrophone.domain.music import Track
from hydrophone.domain.units import Timestamp
from hydrophone.storage.connection import transaction
from hydrophone.storage.queries import inventory
from hydrophone.storage.read_model import MAX_SETS, Orders, ReadModel
from hydrophone.storage.tables.music import album, artist, track
from hydrophone.testing.factories import fill_library, make_album, make_track

pytestmark = pytest.mark.anyio

FIRST, SECOND = LibraryId(1), LibraryId(2)
SHELF = [
    make_track("a", artist="The Zombies", album="Odessey", year=1968, created=Timestamp(30)),
    make_track("b", artist="Abba", album="Waterloo", year=1974, created=Timestamp(10)),
    make_track("c", artist="Abba", album="Arrival", year=1976, created=Timestamp(20)),
    make_track("d", artist="Björk", album="The Best", created=Timestamp(40)),
    make_track("e", artist="Bjork 2", album="Zoo", year=1974, created=Timestamp(40)),
    make_track("f", artist="Abba", album="Elsewhere", year=1976, library_id=SECOND),
]


def fill(connection: Connection, tracks: Sequence[Track]) -> None:
    with transaction(connection):
        fill_library(connection, tracks)


def albums(connection: Connection, rows: Iterable[int]) -> list[str]:
    names = {make_album(t.album_name, artist=t.display_artist).id: t.album_name for t in SHELF}
    found = {row.row: names[row.id] for row in connection.execute(select(album.c.row, album.c.id))}
    return [found[row] for row in rows]


def artists(connection: Connection, orders: Orders) -> list[tuple[str, int]]:
    rows = connection.execute(select(artist.c.row, artist.c.name))
    names = {row.row: row.name for row in rows}
    counts = {
        row: count
        for letter in orders.artist_letters
        for row, count in zip(letter.keys, letter.album_counts, strict=True)
    }
    assert len(counts) == len(orders.artists)
    return [(names[row], counts[row]) for row in orders.artists]


@pytest.fixture
def model(connection: Connection, path: Path) -> ReadModel:
    fill(connection, SHELF)
    return ReadModel(path)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (AlbumListKind.NEWEST, ["Zoo", "The Best", "Odessey", "Arrival", "Waterloo"]),
        (AlbumListKind.BY_NAME, ["Arrival", "The Best", "Odessey", "Waterloo", "Zoo"]),
        (AlbumListKind.BY_ARTIST, ["Waterloo", "Arrival", "The Best", "Zoo", "Odessey"]),
        (AlbumListKind.BY_YEAR, ["Odessey", "Waterloo", "Zoo", "Arrival"]),
    ],
)
async def test_albums_in_order(
    model: ReadModel, connection: Connection, kind: AlbumListKind, expected: list[str]
) -> None:
    orders = await model.orders([FIRST])
    assert albums(connection, orders.albums[kind]) == expected


@pytest.mark.parametrize(
    ("years", "expected"),
    [
        ((1974, 1976), ["Waterloo", "Zoo", "Arrival"]),
        ((1976, 1974), ["Arrival", "Zoo", "Waterloo"]),
        ((1974, 1974), ["Waterloo", "Zoo"]),
        ((0, 1968), ["Odessey"]),
        ((1968, 0), ["Odessey"]),
        ((9999, 0), ["Arrival", "Zoo", "Waterloo", "Odessey"]),
        ((1969, 1973), []),
        ((2000, 3000), []),
    ],
)
async def test_albums_of_some_years(
    model: ReadModel, connection: Connection, years: tuple[int, int], expected: list[str]
) -> None:
    """Both ends are included, and from late to early means the newest first."""
    orders = await model.orders([FIRST])
    assert albums(connection, orders.between_years(*years)) == expected


async def test_artists_with_what_the_user_sees_of_them(
    model: ReadModel, connection: Connection
) -> None:
    first = [("Abba", 2), ("Björk", 1), ("Bjork 2", 1), ("The Zombies", 1)]
    assert artists(connection, await model.orders([FIRST])) == first
    assert artists(connection, await model.orders([SECOND])) == [("Abba", 1)]
    assert artists(connection, await model.orders([FIRST, SECOND]))[0] == ("Abba", 3)
    assert artists(connection, await model.orders([])) == []


async def test_an_artist_named_twice_on_an_album_has_one_album(
    connection: Connection, path: Path
) -> None:
    credit = make_album(artist="Echo").artists
    fill(connection, [make_track(artist="Echo", album_artists=credit + credit)])
    assert artists(connection, await ReadModel(path).orders([FIRST])) == [("Echo", 1)]


async def test_libraries_in_any_order_are_one_set(model: ReadModel) -> None:
    one = await model.orders([FIRST, SECOND])
    assert await model.orders([SECOND, FIRST, FIRST]) is one
    assert len(one.tracks) == 6
    assert (await model.orders([])).tracks == (await model.orders([LibraryId(9)])).tracks


async def test_tracks_keep_their_order_when_the_library_grows(
    model: ReadModel, connection: Connection
) -> None:
    before = list((await model.orders([FIRST])).tracks)
    fill(connection, [make_track("0", artist="Aardvark", year=1900), *SHELF])
    await model.refresh()
    after = list((await model.orders([FIRST])).tracks)
    assert after[: len(before)] == before
    assert len(after) == len(before) + 1


async def test_what_is_missing_is_in_no_order(model: ReadModel, connection: Connection) -> None:
    gone = SHELF[0]
    with transaction(connection):
        inventory.forget_origins(connection, [f"1/{gone.path}"])
        inventory.mark_missing(connection, [gone.id], Timestamp(1))
        connection.execute(album.update().where(album.c.id == gone.album_id).values(track_count=0))
    orders = await model.orders([FIRST])
    row = connection.execute(select(track.c.row).where(track.c.id == gone.id)).scalar_one()
    assert row not in orders.tracks
    assert all("Odessey" not in albums(connection, rows) for rows in orders.albums.values())
    assert ("The Zombies", 1) not in artists(connection, orders)


async def test_a_change_is_seen_after_a_refresh_and_in_all_orders_at_once(
    model: ReadModel, connection: Connection
) -> None:
    before = await model.orders([FIRST])
    await model.orders([SECOND])
    fill(connection, [make_track("new", artist="New", album="Arrival", library_id=SECOND)])
    assert await model.orders([FIRST]) is before
    refreshing = asyncio.create_task(model.refresh())
    while not refreshing.done():
        # Until the last set has been read, all of them are the old ones.
        assert await model.orders([FIRST]) is before
        assert len((await model.orders([SECOND])).tracks) == 1 or refreshing.done()
        await asyncio.sleep(0)
    assert await model.orders([FIRST]) is not before
    assert len((await model.orders([SECOND])).tracks) == 2
    assert len(before.tracks) == 5


async def test_at_the_same_moment_a_set_is_read_once(model: ReadModel) -> None:
    answers = await asyncio.gather(*(model.orders([FIRST]) for _ in range(10)))
    assert all(answer is answers[0] for answer in answers)


async def test_only_so_many_sets_are_kept(model: ReadModel) -> None:
    first = await model.orders([FIRST])
    for number in range(MAX_SETS):
        await model.orders([LibraryId(100 + number)])
    again = await model.orders([FIRST])
    assert again is not first
    assert again.tracks == first.tracks


async def test_a_caller_who_gives_up_spoils_nothing(model: ReadModel) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await model.orders([FIRST])
    assert len((await model.orders([FIRST])).tracks) == 5


async def test_genres_of_some_libraries(connection: Connection, path: Path) -> None:
    shelf = [
        make_track("a", album="Zoo", genres=("Rock", "Pop"), year=1970),
        make_track("b", album="Zoo", genres=("rock",)),
        make_track("c", album="Ark", genres=("Rock",), year=1980),
        make_track("d", album="Other", genres=("Rock",), library_id=SECOND),
    ]
    fill(connection, shelf)
    model = ReadModel(path)

    found = await model.genres([FIRST])
    assert [(one.genre.name, one.genre.track_count) for one in found.values()] == [
        ("Pop", 1),
        ("Rock", 3),
    ]
    assert list(found["rock"].tracks) == list((await model.orders([FIRST])).tracks)
    assert list(found["rock"].years) == [1970, 0, 1980]
    names = {row.row: row.name_key for row in connection.execute(select(album))}
    assert [names[row] for row in found["rock"].albums] == ["ark", "zoo"]
    assert len((await model.genres([FIRST, SECOND]))["rock"].tracks) == 4

    fill(connection, [make_track("e", album="Ark", genres=("Pop",))])
    assert (await model.genres([FIRST]))["pop"].genre.track_count == 1
    await model.refresh()
    assert (await model.genres([FIRST]))["pop"].genre.track_count == 2
