"""What each player has last said, and who is listening now."""

from msgspec import Struct
from msgspec.structs import asdict, replace
from sqlalchemy import Connection, RowMapping, select
from sqlalchemy.dialects.sqlite import insert

from hydrophone.domain.ids import UserId
from hydrophone.domain.listening import Listen, Report, told
from hydrophone.domain.playback import PlaybackState
from hydrophone.domain.units import Timestamp
from hydrophone.storage.queries import plays
from hydrophone.storage.queries.annotated import MAX_ROWS
from hydrophone.storage.tables.playback import player
from hydrophone.storage.tables.user import user

_MOST_PLAYERS = 100
"""Of one user; an app that calls itself otherwise each time must not fill the disk."""
_NAMES = Listen.__struct_fields__


class Player(Struct, frozen=True, kw_only=True):
    """A player with what it is at."""

    number: int
    user_name: str
    client: str
    listen: Listen


def load(connection: Connection, user_id: UserId, client: str) -> Listen | None:
    """Return what a player was at last; `None` if it has never said anything."""
    statement = select(player).where(player.c.user_id == user_id, player.c.client == client)
    row = connection.execute(statement).mappings().one_or_none()
    return None if row is None else _listen(row)


def tell(connection: Connection, user_id: UserId, client: str, report: Report) -> list[Listen]:
    """Note a report, and put on record what has become a play by it; return what has."""
    ended, listen = told(load(connection, user_id, client), report)
    due = [one for one in (ended, listen) if one is not None and one.is_due]
    recorded = [one for one in due if plays.record_listen(connection, user_id, one, client)]
    if listen.is_due:
        listen = replace(listen, is_counted=True)
    elif listen.is_counted:
        plays.extend_listen(connection, user_id, listen, client)
    save(connection, user_id, client, listen)
    return recorded


def save(connection: Connection, user_id: UserId, client: str, listen: Listen) -> None:
    """Replace what is known of a player; the number of a known one stays."""
    values = {**asdict(listen), "state": listen.state.value, "expires": listen.expires}
    connection.execute(
        insert(player)
        .values(user_id=user_id, client=client, **values)
        .on_conflict_do_update(index_elements=[player.c.user_id, player.c.client], set_=values)
    )
    latest = (
        select(player.c.row)
        .where(player.c.user_id == user_id)
        .order_by(player.c.reported.desc(), player.c.row.desc())
        .limit(_MOST_PLAYERS)
    )
    connection.execute(
        player.delete().where(player.c.user_id == user_id, player.c.row.not_in(latest))
    )


def playing(connection: Connection, now: Timestamp) -> list[Player]:
    """Return the players that are at something, the one that spoke last first; at most 500."""
    statement = (
        select(player, user.c.name.label("user_name"))
        .join(user, user.c.id == player.c.user_id)
        .where(player.c.expires > now, player.c.state != PlaybackState.STOPPED.value)
        .order_by(player.c.reported.desc(), player.c.row.desc())
        .limit(MAX_ROWS)
    )
    return [
        Player(
            number=row["row"],
            user_name=row["user_name"],
            client=row["client"],
            listen=_listen(row),
        )
        for row in connection.execute(statement).mappings()
    ]


def _listen(row: RowMapping) -> Listen:
    values = {name: row[name] for name in _NAMES}
    return Listen(**{**values, "state": PlaybackState(row["state"])})
