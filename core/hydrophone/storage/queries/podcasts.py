"""Podcast channels: which there are, and when their feeds are to be read."""

from typing import Any

from sqlalchemy import Connection, Row, func, select, update
from sqlalchemy.dialects.sqlite import insert

from hydrophone.domain.ids import ArtworkId, ChannelId
from hydrophone.domain.podcast import Channel, PodcastStatus
from hydrophone.domain.units import Timestamp
from hydrophone.storage.tables.podcast import podcast_channel

_FIELDS = Channel.__struct_fields__
_SHOWN = tuple(podcast_channel.c[name] for name in _FIELDS)


def _channel(row: Row[*tuple[Any, ...]]) -> Channel:
    # SQLAlchemy's own dict of a row takes twice as long to make.
    known = dict(zip(_FIELDS, row, strict=True))
    known["status"] = PodcastStatus(known["status"])
    return Channel(**known)


def count(connection: Connection) -> int:
    """Return how many channels there are."""
    return connection.execute(select(func.count()).select_from(podcast_channel)).scalar_one()


def load(connection: Connection) -> tuple[Channel, ...]:
    """Return all channels, the oldest first."""
    statement = select(*_SHOWN).order_by(podcast_channel.c.created, podcast_channel.c.id)
    return tuple(map(_channel, connection.execute(statement).all()))


def one(connection: Connection, channel_id: str) -> Channel | None:
    """Return a channel; `None` if there is none with this id."""
    row = connection.execute(select(*_SHOWN).where(podcast_channel.c.id == channel_id)).first()
    return None if row is None else _channel(row)


def add(
    connection: Connection, channel_id: ChannelId, url: str, title: str, now: Timestamp
) -> None:
    """Add a channel, due at once; one with this address stays, and becomes due."""
    statement = insert(podcast_channel).values(
        id=channel_id, url=url, title=title, status=PodcastStatus.NEW, due=now, created=now
    )
    connection.execute(
        statement.on_conflict_do_update(index_elements=[podcast_channel.c.url], set_={"due": now})
    )


def delete(connection: Connection, channel_id: str) -> None:
    """Forget a channel and its episodes."""
    connection.execute(podcast_channel.delete().where(podcast_channel.c.id == channel_id))


def make_due(connection: Connection, now: Timestamp) -> None:
    """Let all feeds be read now."""
    connection.execute(update(podcast_channel).values(due=now))


def due(connection: Connection, now: Timestamp) -> tuple[Channel, ...]:
    """Return the channels whose feeds are to be read, those that have waited longest first."""
    statement = select(*_SHOWN).where(podcast_channel.c.due <= now).order_by(podcast_channel.c.due)
    return tuple(_channel(row) for row in connection.execute(statement))


def save_success(
    connection: Connection,
    channel: Channel,
    now: Timestamp,
    next_due: Timestamp | None,
) -> None:
    """Keep what a feed says of itself; an address that another channel has is not taken over."""
    taken = connection.execute(
        select(podcast_channel.c.id).where(
            podcast_channel.c.url == channel.url, podcast_channel.c.id != channel.id
        )
    ).first()
    connection.execute(
        update(podcast_channel)
        .where(podcast_channel.c.id == channel.id)
        .values(
            **({} if taken else {"url": channel.url}),
            title=channel.title,
            description=channel.description,
            image_url=channel.image_url,
            etag=channel.etag,
            last_modified=channel.last_modified,
            status=PodcastStatus.COMPLETED,
            error="",
            failures=0,
            refreshed=now,
            due=next_due,
        )
    )


def save_failure(
    connection: Connection, channel_id: ChannelId, reason: str, next_due: Timestamp | None
) -> None:
    """Say why a feed could not be read; its episodes stay."""
    connection.execute(
        update(podcast_channel)
        .where(podcast_channel.c.id == channel_id)
        .values(
            status=PodcastStatus.ERROR,
            error=reason,
            failures=podcast_channel.c.failures + 1,
            due=next_due,
        )
    )


def save_artwork(connection: Connection, channel_id: ChannelId, artwork_id: ArtworkId) -> None:
    """Give a channel its picture."""
    connection.execute(
        update(podcast_channel)
        .where(podcast_channel.c.id == channel_id)
        .values(artwork_id=artwork_id)
    )
