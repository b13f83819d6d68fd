"""Listening: what is playing now, and what was played."""

from collections.abc import Sequence

from msgspec import Struct

from hydrophone.domain.ids import UserId
from hydrophone.domain.playback import NowPlaying
from hydrophone.domain.units import Timestamp
from hydrophone.domain.user import User
from hydrophone.errors import NotFoundError
from hydrophone.services.clock import Clock
from hydrophone.services.reading import by_ids, steps
from hydrophone.storage.database import Database
from hydrophone.storage.queries import plays
from hydrophone.storage.queries.tracks import TRACKS

_FORGET_MS = 10 * 60 * 1000
"""How long after a track's end somebody is taken to be still listening."""
_MAX_PLAYERS = 1000


class _Announcement(Struct, frozen=True):
    user_name: str
    player_id: int
    track_id: str
    since: Timestamp


class Plays:
    """Keeps the record of listens; what is playing now is known to this process alone."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._playing: dict[tuple[UserId, str], _Announcement] = {}
        self._players = 0

    async def scrobble(
        self, viewer: User, listens: Sequence[tuple[str, Timestamp | None]], client: str
    ) -> None:
        """Put listens (track, when; `None` = now) on record.

        The same track at the same time counts once, so apps may repeat what they sent. Raises
        NotFoundError if one of the tracks does not exist; then none is recorded. Many are
        written in steps, so that others can write in between; a caller that is cancelled leaves
        the first of them on record.
        """
        now = self._clock.now()
        await self._check(viewer, [track_id for track_id, _ in listens])
        heard = [(i, now if when is None else Timestamp(min(when, now))) for i, when in listens]
        for step in steps(heard):
            await self._database.write(plays.record, viewer.id, step, client)

    async def announce(self, viewer: User, track_id: str, client: str) -> None:
        """Note what a player has begun to play. Raises NotFoundError."""
        await self._check(viewer, [track_id])
        key = (viewer.id, client)
        before = self._playing.pop(key, None)
        if before is None:
            self._players += 1
        if len(self._playing) >= _MAX_PLAYERS:
            del self._playing[next(iter(self._playing))]
        self._playing[key] = _Announcement(
            viewer.name,
            before.player_id if before else self._players,
            track_id,
            self._clock.now(),
        )

    async def now_playing(self, viewer: User) -> tuple[NowPlaying, ...]:
        """Return what players are playing that the viewer may see, the latest first."""
        now = self._clock.now()
        found = []
        for (_, client), announced in reversed(self._playing.items()):
            tracks = await by_ids(self._database, TRACKS, viewer, [announced.track_id])
            if tracks and now < announced.since + tracks[0].duration * 1000 + _FORGET_MS:
                found.append(
                    NowPlaying(
                        user_name=announced.user_name,
                        player_id=announced.player_id,
                        player_name=client,
                        track=tracks[0],
                        since=announced.since,
                    )
                )
        return tuple(found)

    async def _check(self, viewer: User, track_ids: Sequence[str]) -> None:
        known = {t.id for t in await by_ids(self._database, TRACKS, viewer, track_ids)}
        for track_id in track_ids:
            if track_id not in known:
                raise NotFoundError(f"There is no track with the id {track_id!r}.")
