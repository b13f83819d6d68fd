"""Stars, ratings and play counts: what a user wrote is never lost and never another's."""

import pytest
from sqlalchemy import Connection, select

from hydrophone.domain.annotation import UNTOUCHED, Annotation
from hydrophone.domain.ids import UserId
from hydrophone.domain.units import Milliseconds, Timestamp
from hydrophone.storage.queries import annotations, bookmarks, users
from hydrophone.storage.tables.annotation import annotation


def on(connection: Connection, user_id: UserId, item_id: str) -> Annotation:
    statement = select(annotation).where(
        annotation.c.user_id == user_id, annotation.c.item_id == item_id
    )
    row = connection.execute(statement).one_or_none()
    if row is None:
        return UNTOUCHED
    return Annotation(
        starred=row.starred,
        rating=row.rating,
        play_count=row.play_count,
        last_played=row.last_played,
    )


def test_a_star_keeps_its_first_date(connection: Connection, anna: UserId) -> None:
    annotations.star(connection, anna, ["a", "b"], Timestamp(10))
    annotations.star(connection, anna, ["a", "c", "a"], Timestamp(20))
    dates = {item: on(connection, anna, item).starred for item in "abc"}
    assert dates == {"a": 10, "b": 10, "c": 20}
    annotations.unstar(connection, anna, ["a", "never seen"])
    annotations.star(connection, anna, ["a"], Timestamp(30))
    assert on(connection, anna, "a").starred == 30


def test_one_trace_leaves_the_others_alone(connection: Connection, anna: UserId) -> None:
    annotations.rate(connection, anna, "a", 4, Timestamp(1))
    annotations.count_plays(connection, anna, [("a", Timestamp(5))])
    annotations.star(connection, anna, ["a"], Timestamp(6))
    assert on(connection, anna, "a") == Annotation(
        starred=Timestamp(6), rating=4, play_count=1, last_played=Timestamp(5)
    )
    annotations.unstar(connection, anna, ["a"])
    annotations.rate(connection, anna, "a", 0, Timestamp(1))
    assert on(connection, anna, "a") == Annotation(play_count=1, last_played=Timestamp(5))


def test_when_something_was_rated(connection: Connection, anna: UserId) -> None:
    rated = select(annotation.c.item_id, annotation.c.rated)
    for rating, when, kept in ((3, 5, 5), (3, 6, 6), (0, 7, None), (1, 8, 8)):
        annotations.rate(connection, anna, "a", rating, Timestamp(when))
        assert connection.execute(rated).all() == [("a", kept)]
    annotations.move(connection, "a", "b")
    assert connection.execute(rated).all() == [("b", 8)]


def test_everybody_has_traces_of_his_own(connection: Connection, anna: UserId, ben: UserId) -> None:
    annotations.star(connection, anna, ["a"], Timestamp(1))
    annotations.rate(connection, anna, "a", 5, Timestamp(1))
    annotations.unstar(connection, ben, ["a"])
    annotations.rate(connection, ben, "a", 1, Timestamp(1))
    assert on(connection, anna, "a") == Annotation(starred=Timestamp(1), rating=5)
    assert on(connection, ben, "a") == Annotation(rating=1)


def test_the_last_play_never_goes_back(connection: Connection, anna: UserId) -> None:
    """Apps hand in old listens when they are on-line again."""
    annotations.rate(connection, anna, "rated", 1, Timestamp(1))
    times = [Timestamp(20), Timestamp(10)]
    plays = [(item, when) for when in times for item in ("a", "rated")]
    annotations.count_plays(connection, anna, plays)
    for item in ("a", "rated"):
        assert (on(connection, anna, item).play_count, on(connection, anna, item).last_played) == (
            2,
            20,
        )


def test_traces_move_with_the_thing(connection: Connection, anna: UserId, ben: UserId) -> None:
    annotations.star(connection, anna, ["old"], Timestamp(10))
    annotations.rate(connection, anna, "old", 3, Timestamp(1))
    annotations.count_plays(connection, ben, [(i, Timestamp(30)) for i in ("old", "other")])
    annotations.move(connection, "old", "new")
    assert on(connection, anna, "new") == Annotation(starred=Timestamp(10), rating=3)
    assert on(connection, ben, "new") == Annotation(play_count=1, last_played=Timestamp(30))
    assert on(connection, ben, "other").play_count == 1
    for user_id in (anna, ben):
        assert on(connection, user_id, "old") == UNTOUCHED


@pytest.mark.parametrize(
    ("old", "new", "merged"),
    [
        (
            Annotation(starred=Timestamp(10), rating=2, play_count=3, last_played=Timestamp(50)),
            Annotation(starred=Timestamp(20), rating=4, play_count=5, last_played=Timestamp(40)),
            Annotation(starred=Timestamp(10), rating=4, play_count=8, last_played=Timestamp(50)),
        ),
        (
            Annotation(starred=Timestamp(10)),
            Annotation(play_count=1, last_played=Timestamp(40)),
            Annotation(starred=Timestamp(10), play_count=1, last_played=Timestamp(40)),
        ),
        (
            Annotation(rating=5, play_count=1, last_played=Timestamp(40)),
            Annotation(starred=Timestamp(20)),
            Annotation(starred=Timestamp(20), rating=5, play_count=1, last_played=Timestamp(40)),
        ),
        (Annotation(rating=1), UNTOUCHED, Annotation(rating=1)),
        (UNTOUCHED, Annotation(rating=1), Annotation(rating=1)),
    ],
)
def test_traces_on_both_are_added_up(
    connection: Connection, anna: UserId, old: Annotation, new: Annotation, merged: Annotation
) -> None:
    for item, traces in (("old", old), ("new", new)):
        connection.execute(
            annotation.insert().values(
                user_id=anna,
                item_id=item,
                starred=traces.starred,
                rating=traces.rating,
                play_count=traces.play_count,
                last_played=traces.last_played,
            )
        )
    annotations.move(connection, "old", "new")
    assert on(connection, anna, "new") == merged
    assert on(connection, anna, "old") == UNTOUCHED


@pytest.mark.parametrize(
    ("old", "new", "kept"),
    [(None, 5, "new"), (5, None, "old"), (5, 6, "new"), (6, 5, "old")],
)
def test_the_bookmark_set_last_moves(
    connection: Connection, anna: UserId, old: int | None, new: int | None, kept: str
) -> None:
    for item, changed in (("old", old), ("new", new)):
        annotations.rate(connection, anna, item, 3, Timestamp(1))
        if changed is not None:
            when = Timestamp(changed)
            bookmarks.save(connection, anna, item, Milliseconds(changed), item, when)
    annotations.move(connection, "old", "new")
    [(item_id, mark)] = bookmarks.load(connection, anna).items()
    assert (item_id, mark.comment) == ("new", kept)
    last = old if kept == "old" else new
    assert (mark.position, mark.created, mark.changed) == (last, last, last)


def test_a_user_takes_the_traces_along(connection: Connection, anna: UserId, ben: UserId) -> None:
    annotations.star(connection, anna, ["a"], Timestamp(1))
    annotations.star(connection, ben, ["a"], Timestamp(1))
    users.remove(connection, ben)
    assert on(connection, ben, "a") == UNTOUCHED
    assert on(connection, anna, "a").starred == 1
