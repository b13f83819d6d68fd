"""Listening: what is playing now, and what was played."""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace
from sqlalchemy import Connection

from hydrophone.domain.event import EventKind, PlayerNews, PlayNews, encode_event
from hydrophone.domain.ids import STATION, TRACK, TrackId, UserId, kind_of
from hydrophone.domain.listening import Listen, Report, told
from hydrophone.domain.playback import NowPlaying, PlaybackState, Watchable
from hydrophone.domain.podcast import Episode
from hydrophone.domain.radio import OnAir
from hydrophone.domain.units import Milliseconds, Timestamp
from hydrophone.domain.user import User
from hydrophone.errors import NotFoundError
from hydrophone.services.catalogue import Catalogue
from hydrophone.services.clock import Clock
from hydrophone.services.events import Events
from hydrophone.services.playables import playables
from hydrophone.services.radio import Radio
from hydrophone.services.reading import steps
from hydrophone.storage.database import Database
from hydrophone.storage.queries import players, plays, remote

_ONE_START_MS = 60_000
"""Within it a second word on the beginning of a track is on the same beginning."""

_REPEAT_MS = 30_000
"""How long apps try again when no answer came, or tell twice of one end, as DSub does."""
_SAME_MOMENT_MS = 1_000

_STATION_MS = Milliseconds(60 * 60 * 1000)
"""How long somebody is taken to listen to a station: it has no end, and apps announce it once."""


class Plays:
    """Keeps the record of listens, and what each player is at; all of it in the database.

    So all server processes on one database know who is listening, and a restart forgets nothing.
    """

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        radio: Radio,
        events: Events,
        catalogue: Catalogue,
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._events = events
        self._clock = clock
        self._radio = radio

    async def scrobble(
        self, viewer: User, listens: Sequence[tuple[str, Timestamp | None]], client: str
    ) -> None:
        """Put listens (track, episode or video, when; `None` = now) on record.

        The same track at the same time counts once, so apps may repeat what they sent; and so
        does one that the client has reported while it played. One without a time counts once, too,
        if the client says it again before half the track could be heard, or within half a minute.

        Raises NotFoundError if one of the tracks does not exist, when the others are on record:
        an app that sends what was heard on a journey has nobody to ask what to do about it. Many
        are written in steps, so that others can write in between; a caller that is cancelled
        leaves the first of them on record.
        """
        now = self._clock.now()
        found = await self._heard(viewer, [track_id for track_id, _ in listens])
        known = [(track_id, when) for track_id, when in listens if track_id in found]
        await self._catalogue.adopt(viewer, [track_id for track_id, _ in known])
        spans = {track_id: _span_of_repeats(item) for track_id, item in found.items()}
        for step in steps(known):
            new = await self._database.write(_record, viewer.id, step, client, now, spans)
            await self._tell_of_plays(viewer, client, new)
        for track_id, _ in listens:
            if track_id not in found:
                raise _unknown(track_id)

    async def announce(self, viewer: User, track_id: str, client: str) -> None:
        """Note what a player has begun to play that tells no more of it.

        It may be a station, of which the title is looked for. Raises NotFoundError.
        """
        report = await self._report(
            viewer, track_id, PlaybackState.PLAYING, Milliseconds(0), 1.0, counts=False, begins=True
        )
        before = await self._database.read(players.load, viewer.id, client)
        # Apps that report announce as well, when they begin or go on after a pause.
        if (
            before is not None
            and before.goes_on(replace(report, begins=False))
            and (before.counts or report.at - before.started < _ONE_START_MS)
        ):
            return
        await self._tell(viewer, client, report)

    async def report(
        self,
        viewer: User,
        track_id: str,
        state: PlaybackState,
        position: Milliseconds,
        *,
        rate: float,
        counts: bool,
        client: str,
    ) -> None:
        """Note what a player is at, and count the play once enough was heard.

        A play is on disk on return. Without `counts` none is made. Raises NotFoundError.
        """
        begins = state is PlaybackState.STARTING
        report = await self._report(
            viewer, track_id, state, position, rate, counts=counts, begins=begins
        )
        await self._tell(viewer, client, report)

    async def now_playing(self, viewer: User) -> tuple[NowPlaying, ...]:
        """Return what players are at that the viewer may see, the one that spoke last first."""
        now = self._clock.now()
        playing = await self._database.read(players.playing, now)
        ids = [player.listen.track_id for player in playing]
        items = await self._items(viewer, ids)
        return tuple(
            NowPlaying(
                user_name=player.user_name,
                player_id=player.number,
                player_name=player.client,
                item=item,
                state=player.listen.state,
                position=player.listen.position_at(now),
                rate=player.listen.rate,
                since_report=Milliseconds(max(0, now - player.listen.reported)),
            )
            for player in playing
            if (item := items.get(player.listen.track_id)) is not None
        )

    async def _items(self, viewer: User, ids: Sequence[str]) -> dict[str, Watchable | OnAir]:
        found: dict[str, Watchable | OnAir] = {**await self._heard(viewer, ids)}
        if any(kind_of(identifier) == STATION for identifier in ids):
            for station in await self._radio.stations():
                if station.id in ids:
                    found[station.id] = self._radio.on_air(station)
        return found

    async def _report(
        self,
        viewer: User,
        track_id: str,
        state: PlaybackState,
        position: Milliseconds,
        rate: float,
        *,
        counts: bool,
        begins: bool,
    ) -> Report:
        if kind_of(track_id) == STATION:
            self._radio.on_air(await self._radio.station(track_id))
            # Nothing that could have been heard to its end, and so no play.
            duration, counts = _STATION_MS, False
        else:
            track = (await self._check(viewer, [track_id]))[track_id]
            duration = Milliseconds(round(track.duration * 1000))
        return Report(
            track_id=TrackId(track_id),
            duration=duration,
            state=state,
            position=position,
            rate=rate,
            at=self._clock.now(),
            counts=counts,
            begins=begins,
        )

    async def _tell(self, viewer: User, client: str, report: Report) -> None:
        before = await self._database.read(players.load, viewer.id, client)
        due = [one.track_id for one in told(before, report) if one is not None and one.is_due]
        await self._catalogue.adopt(viewer, due)
        # Players speak every few seconds: only what counts is worth a wait for the disk.
        write = self._database.write if due else self._database.write_soon
        recorded = await write(players.tell, viewer.id, client, report)
        new = [(listen.track_id, listen.started) for listen in recorded]
        await self._tell_of_plays(viewer, client, new)
        is_news = (
            before is None
            or report.begins
            or (before.track_id, before.state) != (report.track_id, report.state)
        )
        if is_news:
            await self._tell_others(viewer, client, report, begins=_begins(before, report))

    async def _tell_of_plays(
        self, viewer: User, client: str, new: Sequence[tuple[str, Timestamp]]
    ) -> None:
        await self._events.publish(
            *(
                encode_event(
                    EventKind.PLAYED,
                    PlayNews(user_name=viewer.name, item_id=track_id, client=client, played=played),
                    only_for=viewer.id,
                )
                for track_id, played in new
            )
        )

    async def _tell_others(
        self, viewer: User, client: str, report: Report, *, begins: bool
    ) -> None:
        """Tell of what a player has begun with or ended, not of how far it is."""
        news = PlayerNews(
            user_name=viewer.name,
            player=client,
            item_id=report.track_id,
            state=report.state,
            begins=begins,
        )
        found = (await self._heard(viewer, [report.track_id])).get(report.track_id)
        library_id = None if found is None or isinstance(found, Episode) else found.library_id
        event = encode_event(EventKind.NOW_PLAYING, news)
        await self._events.publish(replace(event, library_id=library_id))

    async def _check(self, viewer: User, track_ids: Sequence[str]) -> dict[str, Watchable]:
        """Return {id: what is played}; raises NotFoundError if one of them does not exist."""
        found = await self._heard(viewer, track_ids)
        for track_id in track_ids:
            if track_id not in found:
                raise _unknown(track_id)
        return found

    async def _heard(self, viewer: User, ids: Sequence[str]) -> dict[str, Watchable]:
        """Return {id: what is played}, also of tracks whose source has yet to give a byte.

        Apps announce a track when they ask for it. It may never be heard, and so stays what it is.
        """
        found: dict[str, Watchable] = {
            item.id: item for item in await playables(self._database, viewer, ids)
        }
        for step in steps([one for one in ids if one not in found and kind_of(one) == TRACK]):
            shown = await self._database.read(remote.TRACKS.by_ids, viewer.id, step)
            found |= {one: it for one, it in shown.items() if it.library_id in viewer.libraries}
        return found


def _begins(before: Listen | None, report: Report) -> bool:
    """Say whether a player has begun with something, which it may tell of twice."""
    if report.state not in (PlaybackState.STARTING, PlaybackState.PLAYING):
        return False
    if before is None or before.track_id != report.track_id:
        return True
    return not before.goes_on(report) and report.at - before.started >= _ONE_START_MS


def _record(
    connection: Connection,
    user_id: UserId,
    listens: Sequence[tuple[str, Timestamp | None]],
    client: str,
    now: Timestamp,
    spans: Mapping[str, Milliseconds],
) -> list[tuple[str, Timestamp]]:
    """Put listens on record but those that came a moment ago; return the new ones."""
    untimed = {track_id for track_id, when in listens if when is None}
    last = plays.last_scrobbled(connection, user_id, untimed, client)
    repeated = {i for i in untimed if i in last and 0 <= now - last[i] < spans[i]}
    heard = [
        (track_id, now if when is None else Timestamp(min(when, now)))
        for track_id, when in listens
        if when is not None or track_id not in repeated
    ]
    return plays.record(connection, user_id, heard, client)


def _span_of_repeats(item: Watchable) -> Milliseconds:
    """Return how long the same app cannot mean another listen by what it says again."""
    half = round(item.duration * 500)
    return Milliseconds(min(max(half, _SAME_MOMENT_MS), _REPEAT_MS))


def _unknown(track_id: str) -> NotFoundError:
    return NotFoundError(f"There is no track with the id {track_id!r}.")
