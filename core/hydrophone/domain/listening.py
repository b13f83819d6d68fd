"""What one player has told of its playing: where it is now, and when that was a play.

Rules of OpenSubsonic's extension playbackReport: the position goes on by the clock and the rate
while the state is `playing`; `starting` always begins a new listen; what is heard of half an
hour after the end that was to be expected is forgotten. A track counts as played once half of
it, or four minutes, were heard (https://www.last.fm/api/scrobbling). Only reports tell what was
heard: the clock alone never makes a play.

Nor does a jump: what the clock did not let pass was skipped. But an app that was offline, or tells
of a whole listen when it is over, sends all its reports at once. So if the clock has gone with none
of them, the positions are believed once the last one says `stopped`.
"""

from msgspec import Struct
from msgspec.structs import replace

from hydrophone.domain.ids import TrackId
from hydrophone.domain.playback import PlaybackState
from hydrophone.domain.units import Milliseconds, Timestamp

_PATIENCE = 30 * 60 * 1000
_LONG_ENOUGH = 4 * 60 * 1000
_DAY = 24 * 3600 * 1000
_AT_ONCE = 2_000
"""Milliseconds between two reports of which the later one was not waited for."""
_LONGEST_STEP = 60_000
"""Milliseconds of music between two reports of a player that plays; more is a jump."""
_RUNNING = (PlaybackState.STARTING, PlaybackState.PLAYING)


class Report(Struct, frozen=True, kw_only=True):
    """What a player says of itself at one moment."""

    track_id: TrackId
    duration: Milliseconds
    """Of the track."""
    state: PlaybackState
    position: Milliseconds
    rate: float
    at: Timestamp
    counts: bool
    """Whether this may make a play; not if the app scrobbles by itself."""
    begins: bool
    """Whether it is of a new listen even if the player has been at this track before."""


class Listen(Struct, frozen=True, kw_only=True):
    """One listening to one track in one player, from its start to the last report."""

    track_id: TrackId
    duration: Milliseconds
    state: PlaybackState
    position: Milliseconds
    rate: float
    started: Timestamp
    reported: Timestamp
    heard: Milliseconds
    """How much music has been heard so far."""
    told_late: Milliseconds | None
    """How much of it reports tell that came all at once; `None` as soon as one has come in time."""
    counts: bool
    is_counted: bool
    """Whether the play is on record."""

    @property
    def expected_end(self) -> Timestamp:
        """Return when the track will be over; when it was heard of last if it does not play."""
        if self.state not in _RUNNING:
            return self.reported
        return Timestamp(self.reported + self._left)

    @property
    def expires(self) -> Timestamp:
        """Return from when on nobody can be taken to be listening any more."""
        return Timestamp(self.reported + self._left + _PATIENCE)

    @property
    def _left(self) -> int:
        """Return how many milliseconds the rest of the track takes."""
        # A rate near 0 would put the end centuries off.
        return round(min((self.duration - self.position) / (self.rate or 1.0), _DAY))

    @property
    def is_due(self) -> bool:
        """Tell whether this was a play that is not on record yet."""
        heard: int = self.heard
        if self.state is PlaybackState.STOPPED:
            heard = max(heard, self.told_late or 0)
        enough = 0 < min(self.duration / 2, _LONG_ENOUGH) <= heard
        return enough and self.counts and not self.is_counted

    def position_at(self, now: Timestamp) -> Milliseconds:
        """Return where the player is now, never behind the track's end."""
        if self.state is not PlaybackState.PLAYING:
            return self.position
        return Milliseconds(self.position + round(self._passed(now)))

    def goes_on(self, report: Report) -> bool:
        """Tell whether a report is of this listen, or of a new one.

        A pause may last for days.
        """
        if report.track_id != self.track_id or report.begins:
            return False
        if self.state is PlaybackState.STOPPED:
            return False
        return self.state is PlaybackState.PAUSED or report.at < self.expires

    def continued(self, report: Report) -> "Listen":
        """Add what was heard since the last report: not what was skipped, nor heard again."""
        heard = 0.0
        if self.state in _RUNNING:
            heard = min(self._passed(report.at), max(0, report.position - self.position))
        return replace(
            self,
            state=report.state,
            position=Milliseconds(min(report.position, self.duration)),
            rate=report.rate,
            reported=report.at,
            heard=Milliseconds(self.heard + round(heard)),
            told_late=self._told_late(report),
            counts=report.counts,
        )

    def _told_late(self, report: Report) -> Milliseconds | None:
        forward = min(report.position, self.duration) - self.position
        passed = report.at - self.reported
        if (
            self.told_late is None
            or passed > _AT_ONCE
            or 0 < forward <= 2 * self._passed(report.at)
        ):
            return None
        is_end = report.state is PlaybackState.STOPPED
        if forward < 0 or (not is_end and forward > min(_LONGEST_STEP, self.duration / 2)):
            return self.told_late
        return Milliseconds(self.told_late + forward)

    def ended(self, now: Timestamp) -> "Listen":
        """End it because the player has begun with something else without a word."""
        if self.state not in _RUNNING or now >= self.expires:
            return self
        return self.continued(
            Report(
                track_id=self.track_id,
                duration=self.duration,
                state=PlaybackState.STOPPED,
                position=Milliseconds(self.position + round(self._passed(now))),
                rate=self.rate,
                at=now,
                counts=self.counts,
                begins=False,
            )
        )

    def _passed(self, now: Timestamp) -> float:
        """Return how much music the clock has let pass since the last report."""
        passed = max(0, now - self.reported) * self.rate
        return min(passed, max(0, self.duration - self.position))


def begin(report: Report) -> Listen:
    """Begin a listen with its first report. Nothing was heard yet, wherever it begins.

    Unless it says `stopped`: then it is all that there is, and tells of a listen that is over.
    """
    is_over = report.state is PlaybackState.STOPPED
    position = Milliseconds(min(report.position, report.duration))
    took = round(min(position / (report.rate or 1.0), _DAY)) if is_over else 0
    return Listen(
        track_id=report.track_id,
        duration=report.duration,
        state=report.state,
        position=position,
        rate=report.rate,
        started=Timestamp(max(0, report.at - took)),
        reported=report.at,
        heard=Milliseconds(0),
        told_late=position if is_over else Milliseconds(0),
        counts=report.counts,
        is_counted=False,
    )


def told(before: Listen | None, report: Report) -> tuple[Listen | None, Listen]:
    """Return the listen that ends by a report, if one does, and the one that it is of."""
    if before is None:
        return None, begin(report)
    if before.goes_on(report):
        return None, before.continued(report)
    listen = begin(report)
    if report.state is PlaybackState.STOPPED and report.track_id == before.track_id:
        # The same end, told again: players do so when they are closed.
        listen = replace(listen, told_late=None)
    return before.ended(report.at), listen
