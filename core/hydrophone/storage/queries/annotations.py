"""Stars, ratings and play counts of a user."""

from collections.abc import Iterable

from sqlalchemy import Connection, func, text
from sqlalchemy.dialects.sqlite import insert

from hydrophone.domain.ids import UserId
from hydrophone.domain.units import Timestamp
from hydrophone.storage.tables.annotation import annotation

_KEY = [annotation.c.user_id, annotation.c.item_id]


def star(
    connection: Connection, user_id: UserId, identifiers: Iterable[str], now: Timestamp
) -> None:
    """Star things; what is starred already keeps its first date."""
    for item_id in identifiers:
        statement = insert(annotation).values(user_id=user_id, item_id=item_id, starred=now)
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=_KEY,
                set_={"starred": statement.excluded.starred},
                where=annotation.c.starred.is_(None),
            )
        )


def unstar(connection: Connection, user_id: UserId, identifiers: Iterable[str]) -> None:
    """Take stars away; things without one stay as they are."""
    connection.execute(
        annotation.update()
        .where(annotation.c.user_id == user_id, annotation.c.item_id.in_(list(identifiers)))
        .values(starred=None)
    )


def rate(connection: Connection, user_id: UserId, item_id: str, rating: int) -> None:
    """Set a rating of 1 to 5, or take it away by 0."""
    statement = insert(annotation).values(user_id=user_id, item_id=item_id, rating=rating)
    connection.execute(
        statement.on_conflict_do_update(index_elements=_KEY, set_={"rating": rating})
    )


def count_play(
    connection: Connection, user_id: UserId, identifiers: Iterable[str], when: Timestamp
) -> None:
    """Count one play on each of these things; `last_played` never goes back."""
    for item_id in identifiers:
        statement = insert(annotation).values(
            user_id=user_id, item_id=item_id, play_count=1, last_played=when
        )
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=_KEY,
                set_={
                    "play_count": annotation.c.play_count + 1,
                    "last_played": func.max(func.coalesce(annotation.c.last_played, 0), when),
                },
            )
        )


def move(connection: Connection, old: str, new: str) -> None:
    """Hand everybody's traces on one thing to another, adding up where both have some.

    The older star, the higher rating and the later play win; plays are added.
    """
    statement = text(
        "INSERT INTO annotation (user_id, item_id, starred, rating, play_count, last_played) "
        "SELECT user_id, :new, starred, rating, play_count, last_played "
        "FROM annotation WHERE item_id = :old "
        "ON CONFLICT (user_id, item_id) DO UPDATE SET "
        "starred = coalesce(min(starred, excluded.starred), starred, excluded.starred), "
        "rating = max(rating, excluded.rating), "
        "play_count = play_count + excluded.play_count, "
        "last_played = coalesce(max(last_played, excluded.last_played), last_played, "
        "excluded.last_played)"
    )
    connection.execute(statement, {"old": old, "new": new})
    connection.execute(annotation.delete().where(annotation.c.item_id == old))
