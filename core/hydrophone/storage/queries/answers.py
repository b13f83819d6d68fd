"""The cache of what sources have answered."""

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, and_, func, select
from sqlalchemy.dialects.sqlite import insert

from hydrophone.domain.answers import SourceAnswers
from hydrophone.domain.units import Timestamp
from hydrophone.storage.tables.remote import answer_cache


class Shown(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an answer has shown, by our ids, each kind in the source's order."""

    artists: tuple[str, ...] = ()
    albums: tuple[str, ...] = ()
    tracks: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    biography: str = ""
    """Of the artist who was asked for."""
    refusal: str = ""
    """Why the source withholds the album that was asked for; empty if it does not."""


class CachedAnswer(Struct, frozen=True, kw_only=True):
    """An answer with its age."""

    document: str
    """JSON; `null` for: asked, and there is nothing."""
    created: Timestamp


def one(connection: Connection, source: str, kind: str, key: str) -> CachedAnswer | None:
    """Return the answer to a question, however old."""
    row = connection.execute(
        select(answer_cache.c.document, answer_cache.c.created).where(_is(source, kind, key))
    ).one_or_none()
    return None if row is None else CachedAnswer(document=row[0], created=Timestamp(row[1]))


def hit(connection: Connection, source: str, kind: str, key: str) -> None:
    """Count that an answer was served."""
    connection.execute(
        answer_cache.update().where(_is(source, kind, key)).values(hits=answer_cache.c.hits + 1)
    )


def put(
    connection: Connection,
    source: str,
    kind: str,
    key: str,
    document: str,
    now: Timestamp,
) -> None:
    """Store an answer in place of the one that was there."""
    values = {"document": document, "created": now}
    statement = insert(answer_cache).values(source=source, kind=kind, key=key, **values)
    keys = [answer_cache.c.source, answer_cache.c.kind, answer_cache.c.key]
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=values))


def statistics(connection: Connection) -> tuple[SourceAnswers, ...]:
    """Return what is kept of each source, by its name."""
    rows = connection.execute(
        select(
            answer_cache.c.source,
            func.count().label("count"),
            func.sum(func.length(answer_cache.c.document)).label("size"),
            func.sum(answer_cache.c.hits).label("hits"),
            func.min(answer_cache.c.created).label("oldest"),
        )
        .group_by(answer_cache.c.source)
        .order_by(answer_cache.c.source)
    )
    return tuple(SourceAnswers(**row._asdict()) for row in rows)


def clear(connection: Connection, source: str) -> int:
    """Forget the answers of a source, of all if it is empty; return how many there were."""
    statement = answer_cache.delete()
    if source:
        statement = statement.where(answer_cache.c.source == source)
    return connection.execute(statement).rowcount


def _is(source: str, kind: str, key: str) -> ColumnElement[bool]:
    return and_(
        answer_cache.c.source == source, answer_cache.c.kind == kind, answer_cache.c.key == key
    )
