"""Conditions of requests (RFC 9110, section 13): whether the client's copy is the one here."""

import re
from datetime import UTC
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from litestar.types import Scope

_ENTITY_TAG = re.compile(rb'(W/)?("[^"]*")')


def judge(scope: Scope, *, tag: bytes, modified: int | None = None) -> HTTPStatus | None:
    """Return the status that the conditions of a request ask for; `None` to answer it.

    412 if what the client wants is not what is here, 304 if he has it already, in the order of
    section 13.2.2. `tag` is strong, with its quotes; `modified` are seconds since 1970, absent
    where nobody knows: then dates count for nothing, as those do that are none. POST is judged as
    GET: here it is a form that asks for the same.
    """
    wanted = _field(scope, b"if-match")
    if wanted is not None:
        if not _matches(wanted, tag, is_strong=True):
            return HTTPStatus.PRECONDITION_FAILED
    elif _is_newer(modified, _date(scope, b"if-unmodified-since")):
        return HTTPStatus.PRECONDITION_FAILED
    known = _field(scope, b"if-none-match")
    if known is not None:
        return HTTPStatus.NOT_MODIFIED if _matches(known, tag, is_strong=False) else None
    since = _date(scope, b"if-modified-since")
    if modified is not None and since is not None and not _is_newer(modified, since):
        return HTTPStatus.NOT_MODIFIED
    return None


def _field(scope: Scope, name: bytes) -> bytes | None:
    """Return a field with all its lines as one list; `None` if it is absent."""
    lines = [value for known, value in scope["headers"] if known == name]
    return b", ".join(lines) if lines else None


def _matches(field: bytes, tag: bytes, *, is_strong: bool) -> bool:
    if field.strip() == b"*":
        return True
    return any(
        known == tag and not (weak and is_strong) for weak, known in _ENTITY_TAG.findall(field)
    )


def _date(scope: Scope, name: bytes) -> float | None:
    """Return the seconds since 1970 of a date; `None` if it is absent or no date."""
    field = _field(scope, name)
    if field is None:
        return None
    try:
        date = parsedate_to_datetime(field.decode("latin-1"))
    except (ValueError, OverflowError):
        return None
    # The old form of asctime names no zone: it is UTC (section 5.6.7).
    return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()


def _is_newer(modified: int | None, date: float | None) -> bool:
    return modified is not None and date is not None and modified > date
