"""Messages of the chat."""

from sqlalchemy import Connection, func, select

from hydrophone.domain.chat import ChatMessage
from hydrophone.domain.ids import UserId
from hydrophone.domain.units import Timestamp
from hydrophone.storage.tables.chat import chat_message
from hydrophone.storage.tables.user import user


def later_than(connection: Connection, since: Timestamp, limit: int) -> tuple[ChatMessage, ...]:
    """Return the messages after a moment, the newest first."""
    rows = connection.execute(
        select(user.c.name, chat_message.c.time, chat_message.c.text)
        .join(user, user.c.id == chat_message.c.user_id)
        .where(chat_message.c.time > since)
        .order_by(chat_message.c.time.desc())
        .limit(limit)
    )
    return tuple(
        ChatMessage(user_name=row.name, time=Timestamp(row.time), text=row.text) for row in rows
    )


def count_since(connection: Connection, user_id: UserId, since: Timestamp) -> int:
    """Return how many messages a user has written after a moment."""
    statement = select(func.count()).where(
        chat_message.c.user_id == user_id, chat_message.c.time > since
    )
    return connection.execute(statement).scalar_one()


def add(connection: Connection, user_id: UserId, text: str, now: Timestamp) -> None:
    """Add a message as the last one, be the clock behind the one before."""
    newest = connection.execute(select(func.max(chat_message.c.time))).scalar_one()
    time = now if newest is None else max(now, newest + 1)
    connection.execute(chat_message.insert().values(time=time, user_id=user_id, text=text))


def cut(connection: Connection, kept: int) -> None:
    """Delete all but the newest messages."""
    oldest_kept = (
        select(chat_message.c.time)
        .order_by(chat_message.c.time.desc())
        .limit(1)
        .offset(kept - 1)
        .scalar_subquery()
    )
    connection.execute(chat_message.delete().where(chat_message.c.time < oldest_kept))
