"""Episodes of podcasts, with what one user has left on them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert

from hydrophone.domain.annotation import Annotation
from hydrophone.domain.ids import EPISODE, ChannelId, EpisodeId, UserId
from hydrophone.domain.library import Page
from hydrophone.domain.podcast import Episode, PodcastStatus
from hydrophone.domain.units import Milliseconds, Timestamp
from hydrophone.storage.queries import counters
from hydrophone.storage.queries.annotated import MAX_ROWS, of_kind
from hydrophone.storage.queries.json_list import among, as_json
from hydrophone.storage.tables.annotation import annotation
from hydrophone.storage.tables.podcast import podcast_channel, podcast_episode

NOBODY = UserId(0)
"""For those who do not ask for anybody's traces."""

_columns = podcast_episode.c
_OF_CHANNEL = {"channel_title": podcast_channel.c.title, "artwork_id": podcast_channel.c.artwork_id}
_FIELDS = tuple(name for name in Episode.__struct_fields__ if name != "annotation")
_NO_TROUBLE = {"error": "", "failures": 0, "due": None}
_NEWEST_FIRST = (func.coalesce(_columns.published, _columns.created).desc(), _columns.id)


# Made once: putting such a statement together takes longer than running it.
_SELECT = (
    select(
        *(_OF_CHANNEL[name] if name in _OF_CHANNEL else _columns[name] for name in _FIELDS),
        annotation.c.rating,
        annotation.c.play_count,
        annotation.c.last_played,
        annotation.c.bookmark_ms,
    )
    .join_from(podcast_episode, podcast_channel)
    .join(
        annotation,
        and_(annotation.c.item_id == _columns.id, annotation.c.user_id == bindparam("viewer")),
        isouter=True,
    )
)
_NEWEST = _SELECT.order_by(*_NEWEST_FIRST).limit(bindparam("size")).offset(bindparam("offset"))
_NEWEST_OF_CHANNEL = _NEWEST.where(_columns.channel_id == bindparam("channel"))
_TOUCHED = (
    _SELECT.where(
        annotation.c.user_id == bindparam("viewer"),
        of_kind(EPISODE),
    )
    .order_by(_columns.id)
    .limit(bindparam("size"))
    .offset(bindparam("offset"))
)
_BY_IDS = _SELECT.where(among(_columns.id, bindparam("identifiers")))


def _all(
    connection: Connection,
    statement: Select[*tuple[Any, ...]],
    user_id: UserId,
    **values: object,
) -> tuple[Episode, ...]:
    found = connection.execute(statement, {"viewer": user_id, **values})
    return tuple(map(_episode, found.all()))


def _episode(row: Row[*tuple[Any, ...]]) -> Episode:
    *fields, rating, plays, last_played, bookmark = row
    known = dict(zip(_FIELDS, fields, strict=True))
    known["status"] = PodcastStatus(known["status"])
    if rating is None:
        return Episode(**known)
    traces = Annotation(
        play_count=plays,
        last_played=None if last_played is None else Timestamp(last_played),
        bookmark=None if bookmark is None else Milliseconds(bookmark),
    )
    return Episode(**known, annotation=traces)


def of_channel(
    connection: Connection, user_id: UserId, channel_id: str, page: Page
) -> tuple[Episode, ...]:
    """Return a channel's episodes, the newest first."""
    return _all(
        connection,
        _NEWEST_OF_CHANNEL,
        user_id,
        channel=channel_id,
        size=page.size,
        offset=page.offset,
    )


def touched(connection: Connection, user_id: UserId, page: Page) -> tuple[Episode, ...]:
    """Return the episodes that a user has left something on, by id."""
    return _all(connection, _TOUCHED, user_id, size=page.size, offset=page.offset)


def newest(connection: Connection, user_id: UserId, limit: int) -> tuple[Episode, ...]:
    """Return the newest episodes of all channels."""
    return _all(connection, _NEWEST, user_id, size=limit, offset=0)


def by_ids(
    connection: Connection, user_id: UserId, identifiers: Sequence[str]
) -> dict[str, Episode]:
    """Return those of these ids (at most MAX_ROWS) that exist."""
    found = _all(connection, _BY_IDS, user_id, identifiers=as_json(identifiers))
    return {episode.id: episode for episode in found}


def _changed(connection: Connection, *those: ColumnElement[bool]) -> None:
    """Say, within the transaction that changes some episodes, that their channels have changed."""
    counters.bump(connection, counters.PODCASTS)
    connection.execute(
        update(podcast_channel)
        .where(podcast_channel.c.id.in_(select(_columns.channel_id).where(*those)))
        .values(mark=counters.value(connection, counters.PODCASTS))
    )


def store(
    connection: Connection, channel_id: ChannelId, episodes: Sequence[Episode]
) -> list[EpisodeId]:
    """Keep what a feed says of its episodes (at most MAX_ROWS); return the ids of new ones.

    Of an episode that is here, size and kind stay those of the file.
    """
    identifiers = [episode.id for episode in episodes]
    known = set(
        connection.execute(
            select(_columns.id).where(among(_columns.id, as_json(identifiers)))
        ).scalars()
    )
    rows = [
        {name: getattr(episode, name) for name in _FIELDS if name not in _OF_CHANNEL}
        for episode in episodes
    ]
    if not rows:
        return []
    statement = insert(podcast_episode)
    new = statement.excluded
    is_here = _columns.path != ""
    of_feed = {name: new[name] for name in ("title", "description", "published", "url")}
    of_file = {
        name: func.iif(is_here, _columns[name], new[name])
        for name in ("duration", "size", "suffix", "content_type")
    }
    shown = {**of_feed, **of_file}
    written = connection.execute(
        statement.on_conflict_do_update(
            index_elements=[_columns.id],
            set_=shown,
            where=and_(
                _columns.channel_id == channel_id,
                or_(*(_columns[name].is_distinct_from(value) for name, value in shown.items())),
            ),
        ).execution_options(preserve_rowcount=True),
        rows,
    )
    if written.rowcount:
        _changed(connection, _columns.channel_id == channel_id)
    return [identifier for identifier in identifiers if identifier not in known]


def with_status(connection: Connection, status: PodcastStatus) -> tuple[EpisodeId, ...]:
    """Return the ids of all episodes of a status, the newest first."""
    statement = select(_columns.id).where(_columns.status == status).order_by(*_NEWEST_FIRST)
    return tuple(connection.execute(statement).scalars())


def set_status(connection: Connection, identifiers: Sequence[str], status: PodcastStatus) -> None:
    """Say how episodes stand; what failed before is forgotten."""
    those = among(_columns.id, as_json(identifiers))
    connection.execute(update(podcast_episode).where(those).values(**_NO_TROUBLE, status=status))
    _changed(connection, those)


def fail(
    connection: Connection, episode_id: EpisodeId, reason: str, next_due: Timestamp | None
) -> None:
    """Say why an episode could not be downloaded, and when that is tried again."""
    connection.execute(
        update(podcast_episode)
        .where(_columns.id == episode_id)
        .values(
            status=PodcastStatus.ERROR,
            error=reason,
            failures=_columns.failures + 1,
            due=next_due,
        )
    )
    _changed(connection, _columns.id == episode_id)


def make_due(connection: Connection, now: Timestamp) -> None:
    """Let all downloads that are to be tried again be tried now."""
    connection.execute(update(podcast_episode).where(_columns.due.is_not(None)).values(due=now))


def due(connection: Connection, now: Timestamp) -> tuple[EpisodeId, ...]:
    """Return the ids of episodes whose downloads are to be tried again, the newest first."""
    statement = select(_columns.id).where(_columns.due <= now).order_by(*_NEWEST_FIRST)
    return tuple(connection.execute(statement.limit(MAX_ROWS)).scalars())


def resume(connection: Connection, identifiers: Sequence[str]) -> None:
    """Mark failed episodes as on their way again; how often they failed stays known."""
    those = among(_columns.id, as_json(identifiers))
    connection.execute(
        update(podcast_episode)
        .where(those, _columns.status == PodcastStatus.ERROR)
        .values(status=PodcastStatus.DOWNLOADING, error="", due=None)
    )
    _changed(connection, those)


def set_validator(connection: Connection, episode_id: EpisodeId, validator: str) -> None:
    """Remember of which version of its file a part is here."""
    connection.execute(
        update(podcast_episode).where(_columns.id == episode_id).values(validator=validator)
    )


def save_file(connection: Connection, episode: Episode) -> bool:
    """Say that an episode is here, at its path; return False if it is not known any more."""
    names = (
        *("duration", "size", "suffix", "content_type", "path", "codec", "codec_profile"),
        *("bit_rate", "bit_depth", "sampling_rate", "channel_count"),
    )
    values = {name: getattr(episode, name) for name in names}
    result = connection.execute(
        update(podcast_episode)
        .where(_columns.id == episode.id)
        .values(**values, **_NO_TROUBLE, status=PodcastStatus.COMPLETED, validator="")
    )
    _changed(connection, _columns.id == episode.id)
    return result.rowcount > 0


def forget_files(connection: Connection, identifiers: Sequence[str]) -> None:
    """Say that episodes are not here any more."""
    those = among(_columns.id, as_json(identifiers))
    connection.execute(
        update(podcast_episode)
        .where(those)
        .values(**_NO_TROUBLE, path="", status=PodcastStatus.DELETED, validator="")
    )
    _changed(connection, those)


def beyond(connection: Connection, channel_id: str, kept: int) -> tuple[EpisodeId, ...]:
    """Return the ids of the episodes that are here, but for the newest `kept`."""
    statement = (
        select(_columns.id)
        .where(_columns.channel_id == channel_id, _columns.path != "")
        .order_by(*_NEWEST_FIRST)
        .offset(kept)
    )
    return tuple(connection.execute(statement.limit(-1)).scalars())


def prune(connection: Connection, channel_id: str, most: int) -> None:
    """Forget the oldest episodes above a number, but for those that are here or on their way."""
    too_old = (
        select(_columns.id)
        .where(_columns.channel_id == channel_id)
        .order_by(*_NEWEST_FIRST)
        .limit(-1)
        .offset(most)
    )
    forgotten = connection.execute(
        podcast_episode.delete().where(
            _columns.id.in_(too_old),
            _columns.path == "",
            _columns.status != PodcastStatus.DOWNLOADING,
        )
    )
    if forgotten.rowcount:
        _changed(connection, _columns.channel_id == channel_id)
