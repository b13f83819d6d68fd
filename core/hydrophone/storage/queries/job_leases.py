"""Who is at work on which job: taken for a while, held on to, and let go.

Everything that a worker writes bears its lease, and is of no effect if the job is not its own any
more: what hung for too long has been given to another meanwhile.
"""

from collections.abc import Collection, Mapping

from msgspec import Struct
from sqlalchemy import Connection, Update, func, select, update

from hydrophone.domain.job import Job, JobState
from hydrophone.domain.units import Timestamp
from hydrophone.storage.queries.jobs import tell_of
from hydrophone.storage.tables.job import job

_columns = job.c
_NOT_LEASED = {"lease": "", "lease_expires": None}


class Claim(Struct, frozen=True, kw_only=True):
    """A job that a worker has taken."""

    job: Job
    payload: bytes
    lease: str


class Progress(Struct, frozen=True, kw_only=True):
    """How far a job is."""

    done: int = 0
    total: int | None = None
    text: str = ""


def claim(
    connection: Connection, kinds: Collection[str], lease: str, now: Timestamp, expires: Timestamp
) -> Claim | None:
    """Take the next job of some kinds: one that is due, or whose worker is not heard of any more.

    `None` if there is none.
    """
    mine = select(_columns.id, _columns.payload).where(
        _columns.kind.in_(kinds), ~_columns.is_cancelled
    )
    # Two statements, as each has an index that gives it the first row at once.
    forsaken = mine.where(
        _columns.state == JobState.RUNNING, _columns.lease_expires <= now
    ).order_by(_columns.id)
    # Nearly all that waits is due: `+ 0` keeps SQLite from sorting it all by the index on that.
    waiting = mine.where(_columns.state == JobState.WAITING, _columns.due + 0 <= now)
    in_turn = waiting.order_by(_columns.priority, _columns.id)
    taken = (
        connection.execute(forsaken.limit(1)).one_or_none()
        or connection.execute(in_turn.limit(1)).one_or_none()
    )
    if taken is None:
        return None
    connection.execute(
        update(job)
        .where(_columns.id == taken.id)
        .values(
            state=JobState.RUNNING,
            lease=lease,
            lease_expires=expires,
            attempts=_columns.attempts + 1,
            started=now,
        )
    )
    known = tell_of(connection, taken.id, now)
    return Claim(job=known, payload=taken.payload.encode(), lease=lease)


def next_due(connection: Connection, kinds: Collection[str]) -> Timestamp | None:
    """Return when a job of some kinds may be taken next; `None` if nothing waits for the clock."""
    of_kinds = _columns.kind.in_(kinds)
    waiting = select(_columns.due).where(_columns.state == JobState.WAITING, of_kinds)
    running = select(_columns.lease_expires).where(_columns.state == JobState.RUNNING, of_kinds)
    times = (
        connection.execute(waiting.order_by(_columns.due).limit(1)).scalar_one_or_none(),
        connection.execute(select(func.min(running.subquery().c[0]))).scalar_one(),
    )
    return min((Timestamp(time) for time in times if time is not None), default=None)


def keep(
    connection: Connection,
    lease: str,
    now: Timestamp,
    expires: Timestamp,
    progress: Progress,
    *,
    is_news: bool,
) -> bool:
    """Say how far a job is, and go on holding it; `False` if it is another's now, or gone.

    Without `is_news` it is as far as it was, and nobody is told.
    """
    told = {"done": progress.done, "total": progress.total, "text": progress.text}
    job_id = connection.execute(
        _of(lease).values(lease_expires=expires, **told).returning(_columns.id)
    ).scalar_one_or_none()
    if job_id is not None and is_news:
        tell_of(connection, job_id, now)
    return job_id is not None


def finish(
    connection: Connection,
    lease: str,
    state: JobState,
    now: Timestamp,
    progress: Progress,
    *,
    result: str = "",
    error: str = "",
) -> Job | None:
    """Put down how a job has ended; return it, or `None` if it was another's by then."""
    return _released(
        connection,
        lease,
        now,
        progress,
        {"state": state, "finished": now, "result": result, "error": error},
    )


def put_off(
    connection: Connection,
    lease: str,
    now: Timestamp,
    due: Timestamp,
    progress: Progress,
    error: str,
    *,
    counts: bool,
) -> Job | None:
    """Have a job tried again later; return it, or `None` if it was another's by then.

    Without `counts` this was no try.
    """
    values = {"state": JobState.WAITING, "due": due, "error": error}
    if not counts:
        values["attempts"] = _columns.attempts - 1
    return _released(connection, lease, now, progress, values)


def give_back(connection: Connection, lease: str, now: Timestamp, progress: Progress) -> None:
    """Let go of a job that a worker cannot finish now; that was no try."""
    values = {"state": JobState.WAITING, "attempts": _columns.attempts - 1}
    _released(connection, lease, now, progress, values)


def release_all(connection: Connection) -> int:
    """Let go of all jobs, for whoever knows that nobody is at any; return how many there were.

    The tries count, unlike those of `give_back`: one of them may be what ended the process.
    """
    released = connection.execute(
        update(job)
        .where(_columns.state == JobState.RUNNING)
        .values(state=JobState.WAITING, **_NOT_LEASED)
    )
    return released.rowcount


def end_cancelled(connection: Connection, now: Timestamp) -> tuple[Job, ...]:
    """End what is to be cancelled and nobody is at; return it as it is then."""
    marked = connection.execute(
        select(_columns.id, _columns.state, _columns.lease_expires).where(
            _columns.is_cancelled, _columns.finished.is_(None)
        )
    ).all()
    ended = [row.id for row in marked if row.state == JobState.WAITING or row.lease_expires <= now]
    if ended:
        connection.execute(
            update(job)
            .where(_columns.id.in_(ended))
            .values(state=JobState.CANCELLED, finished=now, **_NOT_LEASED)
        )
    return tuple(tell_of(connection, job_id, now) for job_id in ended)


def cancelled(connection: Connection, leases: Collection[str]) -> set[str]:
    """Return those of some leases whose jobs are to be cancelled."""
    is_marked = (_columns.is_cancelled, _columns.finished.is_(None))
    statement = select(_columns.lease).where(_columns.lease.in_(leases), *is_marked)
    return set(connection.execute(statement).scalars())


def _of(lease: str) -> Update:
    return update(job).where(_columns.lease == lease, _columns.state == JobState.RUNNING)


def _released(
    connection: Connection,
    lease: str,
    now: Timestamp,
    progress: Progress,
    values: Mapping[str, object],
) -> Job | None:
    told = {"done": progress.done, "total": progress.total, "text": progress.text}
    job_id = connection.execute(
        _of(lease).values({**told, **values, **_NOT_LEASED}).returning(_columns.id)
    ).scalar_one_or_none()
    return None if job_id is None else tell_of(connection, job_id, now)
