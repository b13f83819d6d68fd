"""What is starred, as far as a user may see it."""

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, event, select

from hydrophone.domain.ids import ALBUM, ARTIST, TRACK, VIDEO, LibraryId, UserId
from hydrophone.domain.library import AlbumListKind, Page
from hydrophone.domain.music import Track
from hydrophone.domain.units import Timestamp
from hydrophone.storage.connection import transaction
from hydrophone.storage.queries import albums, annotations, stars, video_files
from hydrophone.storage.tables.music import album, artist, track
from hydrophone.storage.tables.video import video
from hydrophone.testing.factories import fill_library, make_track, make_video

HERE, THERE = (
    make_track(name, artist=name, album=name, library_id=LibraryId(number))
    for number, name in enumerate(("Here", "There"), 1)
)
FILMS = {
    one.id: make_video(one.title, library_id=one.library_id, folder_id=one.folder_id)
    for one in (HERE, THERE)
}
TABLES = {ARTIST: artist, ALBUM: album, TRACK: track, VIDEO: video}
NOTHING: dict[str, list[str]] = {kind: [] for kind in TABLES}


@pytest.fixture(autouse=True)
def _library(connection: Connection) -> None:
    with transaction(connection):
        fill_library(connection, [HERE, THERE])
        for film in FILMS.values():
            video_files.put_video(connection, film, film.id)


def ids_of(found: Track) -> dict[str, str]:
    return {
        ARTIST: found.artists[0].id,
        ALBUM: found.album_id,
        TRACK: found.id,
        VIDEO: FILMS[found.id].id,
    }


def starred(connection: Connection, user: UserId, libraries: list[int]) -> dict[str, list[str]]:
    rows = stars.rows(connection, user, libraries)
    return {
        kind: [
            connection.execute(
                select(TABLES[kind].c.id).where(TABLES[kind].c.row == row)
            ).scalar_one()
            for row in found
        ]
        for kind, found in rows.items()
    }


def test_the_newest_star_comes_first(connection: Connection, anna: UserId) -> None:
    for when, one in enumerate((HERE, THERE), 1):
        annotations.star(connection, anna, list(ids_of(one).values()), Timestamp(when))
    newest, oldest = ids_of(THERE), ids_of(HERE)
    assert starred(connection, anna, [1, 2]) == {
        kind: [newest[kind], oldest[kind]] for kind in TABLES
    }


def test_only_what_is_in_these_libraries_is_there(connection: Connection, anna: UserId) -> None:
    everything = [*ids_of(HERE).values(), *ids_of(THERE).values()]
    annotations.star(connection, anna, everything, Timestamp(1))
    for libraries, one in (([1], HERE), ([2], THERE)):
        assert starred(connection, anna, libraries) == {
            kind: [identifier] for kind, identifier in ids_of(one).items()
        }
    for nothing in ([], [3]):
        assert starred(connection, anna, nothing) == NOTHING
    assert starred(connection, UserId(2), [1, 2]) == NOTHING


def test_what_was_only_heard_or_rated_is_not_starred(connection: Connection, anna: UserId) -> None:
    annotations.rate(connection, anna, HERE.id, 5, Timestamp(1))
    annotations.star(connection, anna, [HERE.album_id], Timestamp(1))
    annotations.unstar(connection, anna, [HERE.album_id])
    assert starred(connection, anna, [1, 2]) == NOTHING


def test_what_has_no_file_any_more_is_not_there(connection: Connection, anna: UserId) -> None:
    film = FILMS[HERE.id]
    annotations.star(connection, anna, [HERE.id, film.id], Timestamp(1))
    assert starred(connection, anna, [1]) == {**NOTHING, TRACK: [HERE.id], VIDEO: [film.id]}
    for table in (track, video):
        connection.execute(table.update().values(missing_since=1))
    assert starred(connection, anna, [1]) == NOTHING


def test_only_what_is_starred_is_looked_at(connection: Connection, anna: UserId) -> None:
    """Not all that was heard: that may be a hundred thousand tracks."""
    plans: list[str] = []
    explaining = False

    def explain(_: object, cursor: object, statement: str, values: object, *__: object) -> None:
        nonlocal explaining
        if not explaining:
            explaining = True
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)  # type: ignore[arg-type]
            plans.append("\n".join(row[3] for row in plan))
            explaining = False

    asked: list[Callable[[], object]] = [
        lambda: stars.rows(connection, anna, [1, 2]),
        lambda: stars.track_ids(connection, anna, 10),
        lambda: albums.by_annotation(connection, anna, [1], AlbumListKind.STARRED, Page()),
    ]
    event.listen(connection, "before_cursor_execute", explain)
    for ask in asked:
        ask()
    event.remove(connection, "before_cursor_execute", explain)
    assert len(plans) == len(TABLES) + 2
    assert all("COVERING INDEX ix_annotation_starred" in plan for plan in plans), plans
