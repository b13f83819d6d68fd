"""What users have searched, and what sources had found when the first page was shown."""

from collections.abc import Mapping

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, func, literal, select
from sqlalchemy.dialects.sqlite import insert

from hydrophone.domain.ids import UserId
from hydrophone.domain.units import Timestamp
from hydrophone.storage.search_index import Kind
from hydrophone.storage.tables.remote import past_search

_MOST = 100
"""Of one user; older ones are forgotten."""
_TYPING_MS = 60_000
"""What was searched so shortly before and goes on like this was but the beginning of it."""

Lists = tuple[tuple[str, ...], ...]
"""What each source has found, in the order of the sources and of each source."""
Snapshot = Mapping[Kind, Lists]

_decode = msgspec.json.Decoder(dict[Kind, Lists]).decode


class PastSearch(Struct, frozen=True, kw_only=True):
    """Words that a user has searched for."""

    text: str
    searched: Timestamp


def snapshot(
    connection: Connection, user_id: UserId, library_id: int, text: str, since: Timestamp
) -> dict[Kind, Lists]:
    """Return what is kept of a search that is not older; nothing if there was none."""
    document = connection.execute(
        select(past_search.c.snapshot).where(
            past_search.c.user_id == user_id,
            past_search.c.library_id == library_id,
            past_search.c.text == text,
            past_search.c.searched >= since,
        )
    ).scalar_one_or_none()
    return {} if document is None else _decode(document)


def put(
    connection: Connection,
    user_id: UserId,
    library_id: int,
    text: str,
    found: Snapshot,
    now: Timestamp,
) -> None:
    """Put a search on record; kinds that are not in `found` stay as they were."""
    kept = snapshot(connection, user_id, library_id, text, Timestamp(0))
    document = msgspec.json.encode({**kept, **found}).decode()
    statement = insert(past_search).values(
        user_id=user_id, library_id=library_id, text=text, searched=now, snapshot=document
    )
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["user_id", "library_id", "text"],
            set_={"searched": now, "snapshot": document},
        )
    )
    own = past_search.c.user_id == user_id
    connection.execute(
        past_search.delete().where(
            own,
            past_search.c.text != text,
            past_search.c.searched >= now - _TYPING_MS,
            func.substr(literal(text), 1, func.length(past_search.c.text)) == past_search.c.text,
        )
    )
    newest = (
        select(past_search.c.searched)
        .where(own)
        .order_by(past_search.c.searched.desc())
        .limit(1)
        .offset(_MOST)
        .scalar_subquery()
    )
    connection.execute(past_search.delete().where(own, past_search.c.searched <= newest))


def recent(connection: Connection, user_id: UserId, limit: int) -> tuple[PastSearch, ...]:
    """Return what a user has searched, the latest first, whatever the library."""
    rows = connection.execute(
        select(past_search.c.text, past_search.c.searched)
        .where(past_search.c.user_id == user_id)
        .order_by(past_search.c.searched.desc())
        .limit(limit)
    )
    latest: dict[str, PastSearch] = {}
    for row in rows:
        latest.setdefault(row.text, PastSearch(**row._asdict()))
    return tuple(latest.values())


def clear(connection: Connection, user_id: UserId) -> int:
    """Forget what a user has searched; return how much that was."""
    return connection.execute(past_search.delete().where(past_search.c.user_id == user_id)).rowcount
