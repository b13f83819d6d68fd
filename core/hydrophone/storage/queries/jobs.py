"""Jobs as those see them who want something done; their workers' side is in job_leases.py.

What changes a job tells of it (queries/events.py) in the same transaction.
"""

from typing import Any

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    delete,
    func,
    select,
    update,
)

from hydrophone.domain.event import EventKind, NewEvent
from hydrophone.domain.job import Job, JobId, JobPriority, JobQuery, JobState, NewJob
from hydrophone.domain.units import Timestamp
from hydrophone.storage.queries import events
from hydrophone.storage.tables.job import IS_ACTIVE, job
from hydrophone.storage.tables.user import user

_columns = job.c
_SHOWN = tuple(name for name in Job.__struct_fields__ if name != "user_name")
_SELECT = select(
    *(_columns[name] for name in _SHOWN), func.coalesce(user.c.name, "").label("user_name")
).join_from(job, user, user.c.id == _columns.user_id, isouter=True)
_PRUNE_STEP = 500


def add(connection: Connection, new: NewJob, now: Timestamp) -> Job:
    """Queue a job, or return the one of its kind and key that is active.

    That one gets more urgent if need be, and is cancelled no longer if it was.
    """
    known = connection.execute(
        _SELECT.where(_columns.kind == new.kind, _columns.key == new.key, IS_ACTIVE)
    ).one_or_none()
    if known is None:
        inserted = connection.execute(
            job.insert()
            .values(
                kind=new.kind,
                key=new.key,
                title=new.title,
                user_id=new.user_id,
                payload=new.payload.decode(),
                state=JobState.WAITING,
                priority=new.priority,
                due=now,
                created=now,
            )
            .returning(_columns.id)
        )
        job_id = JobId(inserted.scalar_one())
    else:
        job_id = known.id
        connection.execute(
            update(job)
            .where(_columns.id == job_id)
            .values(priority=min(known.priority, new.priority), is_cancelled=False)
        )
    return tell_of(connection, job_id, now)


def cancel(connection: Connection, job_id: int, now: Timestamp) -> Job | None:
    """Mark a job that is active, so that a runner ends it (`end_cancelled`); return it.

    `None` if there is none with this number. One that has ended stays as it is.
    """
    marked = connection.execute(
        update(job).where(_columns.id == job_id, IS_ACTIVE).values(is_cancelled=True)
    )
    return tell_of(connection, job_id, now) if marked.rowcount else one(connection, job_id)


def active(connection: Connection, kind: str, key: str) -> Job | None:
    """Return the active job of a kind and key."""
    row = connection.execute(
        _SELECT.where(_columns.kind == kind, _columns.key == key, IS_ACTIVE)
    ).one_or_none()
    return None if row is None else _job(row)


def one(connection: Connection, job_id: int) -> Job | None:
    """Return a job by its number."""
    row = connection.execute(_SELECT.where(_columns.id == job_id)).one_or_none()
    return None if row is None else _job(row)


def search(connection: Connection, query: JobQuery) -> tuple[tuple[Job, ...], int]:
    """Return a page of jobs and the number of all that the query means."""
    conditions: list[ColumnElement[bool]] = [_columns.state.in_(query.states)]
    if query.user_id is not None:
        conditions.append(_columns.user_id == query.user_id)
    if query.kind:
        conditions.append(_columns.kind == query.kind)
    rows = connection.execute(
        _SELECT.where(*conditions)
        .order_by(_columns.finished.is_not(None), _columns.id.desc())
        .limit(query.size)
        .offset(query.offset)
    )
    found = tuple(map(_job, rows))
    total = select(func.count()).select_from(job).where(*conditions)
    return found, connection.execute(total).scalar_one()


def prune(connection: Connection, before: Timestamp, most: int) -> int:
    """Forget jobs that ended before a time, and the oldest of those that ended above a number.

    Some hundreds at once; returns how many.
    """
    has_ended = _columns.finished.is_not(None)
    newest = select(_columns.id).where(has_ended).order_by(_columns.id.desc())
    surplus = connection.execute(newest.offset(most).limit(1)).scalar_one_or_none() or 0
    is_old = (_columns.finished < before) | (_columns.id <= surplus)
    old = select(_columns.id).where(has_ended, is_old).limit(_PRUNE_STEP)
    return connection.execute(delete(job).where(_columns.id.in_(old))).rowcount


def tell_of(connection: Connection, job_id: int, now: Timestamp) -> Job:
    """Return a job that has just changed, and tell of it."""
    changed = _job(connection.execute(_SELECT.where(_columns.id == job_id)).one())
    news = NewEvent(
        kind=EventKind.JOB,
        data=msgspec.json.encode(changed),
        is_public=False,
        user_id=changed.user_id,
    )
    events.add(connection, [news], now)
    return changed


def _job(row: Row[*tuple[Any, ...]]) -> Job:
    values = row._asdict()
    values["state"] = JobState(values["state"])
    values["priority"] = JobPriority(values["priority"])
    return Job(**values)
