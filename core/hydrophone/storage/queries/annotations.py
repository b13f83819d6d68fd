"""Stars, ratings and play counts of a user."""

from collections.abc import Iterable

from sqlalchemy import Connection, Select, exists, func, select, text, union_all
from sqlalchemy.dialects.sqlite import insert

from hydrophone.domain.ids import UserId
from hydrophone.domain.units import Timestamp
from hydrophone.storage.queries.json_list import among, as_json, listed
from hydrophone.storage.tables.annotation import annotation
from hydrophone.storage.tables.music import album, alias, track

_KEY = [annotation.c.user_id, annotation.c.item_id]


def star(
    connection: Connection, user_id: UserId, identifiers: Iterable[str], now: Timestamp
) -> None:
    """Star things; what is starred already keeps its first date."""
    rows = [{"user_id": user_id, "item_id": i, "starred": now} for i in identifiers]
    if not rows:
        return
    statement = insert(annotation)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=_KEY,
            set_={"starred": statement.excluded.starred},
            where=annotation.c.starred.is_(None),
        ),
        rows,
    )


def unstar(connection: Connection, user_id: UserId, identifiers: Iterable[str]) -> None:
    """Take stars away, also from what is gone and goes by these things now."""
    things = as_json(identifiers)
    # One list: of two conditions SQLite would look at all that the user has ever starred.
    everything = union_all(select(listed(things).c.value), _behind(things))
    connection.execute(
        annotation.update()
        .where(annotation.c.user_id == user_id, annotation.c.item_id.in_(everything))
        .values(starred=None)
    )


def rate(
    connection: Connection, user_id: UserId, item_id: str, rating: int, now: Timestamp
) -> None:
    """Set a rating of 1 to 5, or take it away by 0.

    It is also that of what is gone and goes by this thing now, if that was rated.
    """
    values = {"rating": rating, "rated": now if rating else None}
    statement = insert(annotation).values(user_id=user_id, item_id=item_id, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=_KEY, set_=values))
    connection.execute(
        annotation.update()
        .where(
            annotation.c.user_id == user_id,
            annotation.c.rating > 0,
            annotation.c.item_id.in_(_behind(as_json([item_id]))),
        )
        .values(values)
    )


def count_plays(
    connection: Connection, user_id: UserId, plays: Iterable[tuple[str, Timestamp]]
) -> None:
    """Count plays (thing, when), each as one; `last_played` never goes back."""
    rows = [
        {"user_id": user_id, "item_id": item_id, "play_count": 1, "last_played": when}
        for item_id, when in plays
    ]
    if not rows:
        return
    statement = insert(annotation)
    last_played = func.coalesce(annotation.c.last_played, 0)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=_KEY,
            set_={
                "play_count": annotation.c.play_count + 1,
                "last_played": func.max(last_played, statement.excluded.last_played),
            },
        ),
        rows,
    )


def move(connection: Connection, old: str, new: str) -> None:
    """Hand everybody's traces on one thing to another, adding up where both have some.

    The older star, the higher rating, the later of all else and the bookmark set last win;
    plays are added.
    """
    _add(connection, old, new)
    connection.execute(annotation.delete().where(annotation.c.item_id == old))


def hand_on(connection: Connection, old: str, new: str) -> None:
    """Do what `move` does, but leave stars and ratings also where they were.

    Nobody sees them on what is not there; should it come back, they are on it again.
    """
    _add(connection, old, new)
    connection.execute(
        annotation.update()
        .where(annotation.c.item_id == old)
        .values(
            play_count=0,
            last_played=None,
            bookmark_ms=None,
            bookmark_comment="",
            bookmark_created=None,
            bookmark_changed=None,
        )
    )


def share(connection: Connection, old: str, new: str) -> None:
    """Let everybody's star and rating of one thing also be those of another that has none."""
    statement = text(
        "INSERT INTO annotation (user_id, item_id, starred, rating, rated) "
        "SELECT user_id, :new, starred, rating, rated FROM annotation "
        "WHERE item_id = :old AND (starred IS NOT NULL OR rating > 0) "
        "ON CONFLICT (user_id, item_id) DO UPDATE SET "
        "starred = coalesce(starred, excluded.starred), "
        "rated = iif(rating > 0, rated, excluded.rated), "
        "rating = iif(rating > 0, rating, excluded.rating)"
    )
    connection.execute(statement, {"old": old, "new": new})


def _behind(things: str) -> Select[tuple[str]]:
    """Select what these things (a text of `as_json`) stand in for, and what has joined them.

    Only what is not there itself: should that come back, or take over anew, an opinion that was
    taken back in the meantime would be there again.
    """
    here = exists().where(track.c.id == alias.c.old_id, track.c.missing_since.is_(None))
    has_tracks = exists().where(album.c.id == alias.c.old_id, album.c.track_count > 0)
    return select(alias.c.old_id).where(among(alias.c.new_id, things), ~here, ~has_tracks)


def _add(connection: Connection, old: str, new: str) -> None:
    statement = text(
        "INSERT INTO annotation (user_id, item_id, starred, rating, rated, play_count, "
        "last_played, bookmark_ms, bookmark_comment, bookmark_created, bookmark_changed) "
        "SELECT user_id, :new, starred, rating, rated, play_count, last_played, "
        "bookmark_ms, bookmark_comment, bookmark_created, bookmark_changed "
        "FROM annotation WHERE item_id = :old "
        "ON CONFLICT (user_id, item_id) DO UPDATE SET "
        "starred = coalesce(min(starred, excluded.starred), starred, excluded.starred), "
        "rating = max(rating, excluded.rating), "
        "rated = coalesce(max(rated, excluded.rated), rated, excluded.rated), "
        "play_count = play_count + excluded.play_count, "
        "last_played = coalesce(max(last_played, excluded.last_played), last_played, "
        "excluded.last_played), "
        "(bookmark_ms, bookmark_comment, bookmark_created, bookmark_changed) = ("
        "SELECT iif(later, excluded.bookmark_ms, bookmark_ms), "
        "iif(later, excluded.bookmark_comment, bookmark_comment), "
        "iif(later, excluded.bookmark_created, bookmark_created), "
        "iif(later, excluded.bookmark_changed, bookmark_changed) "
        "FROM (SELECT coalesce(excluded.bookmark_changed, -1) "
        "> coalesce(bookmark_changed, -1) AS later))"
    )
    connection.execute(statement, {"old": old, "new": new})
