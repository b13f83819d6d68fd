"""Tracks in the order of their sort titles, which few libraries have: by one index or another."""

from sqlalchemy import ColumnElement, Select, SelectBase, select
from sqlalchemy.sql import visitors

from hydrophone.storage.folding import lower_ascii
from hydrophone.storage.queries.any_case import any_case
from hydrophone.storage.tables.music import track

_SORT_TITLE = any_case(track.c.sort_title)
_IS_TITLED = track.c.sort_title.is_not(None)


def sort_title_at(offset: int, *, descending: bool) -> Select[str]:
    """Select the sort title of the track that comes behind so many; none if these are all."""
    order = _directed(_SORT_TITLE, descending=descending)
    return select(track.c.sort_title).where(_IS_TITLED).order_by(order).offset(offset).limit(1)


def first_sort_titles(count: int, *, descending: bool) -> Select[int]:
    """Select the rows of so many tracks that come first of those that have a sort title."""
    order = _directed(_SORT_TITLE, descending=descending)
    return select(track.c.row).where(_IS_TITLED).order_by(order).limit(count)


def by_sort_title(
    fitting: Select[int, float], last: str | None, *, descending: bool
) -> Select[int, float]:
    """Leave tracks that have a sort title, in this order; only up to the last one if not `None`."""
    titled = fitting.where(_IS_TITLED)
    if last is not None:
        titled = titled.where(last <= _SORT_TITLE if descending else last >= _SORT_TITLE)
    return titled.order_by(_directed(_SORT_TITLE, descending=descending))


def by_title(
    fitting: Select[int, float], last: str | None = None, *, descending: bool
) -> Select[int, float]:
    """Leave the others, which count by their titles, up to a sort title in whichever case."""
    key = track.c.name_key
    untitled = fitting.where(track.c.sort_title.is_(None))
    if last is not None:
        # There are no capitals in it: so its index, which tells them apart, has the same order.
        bound = lower_ascii(last)
        untitled = untitled.where(key >= bound if descending else key <= bound)
    return untitled.order_by(_directed(key, descending=descending))


def asks_elsewhere(fitting: Select[int, float]) -> bool:
    """Tell whether more is looked at than the tracks, which should not be done twice."""
    condition = fitting.whereclause
    if condition is None:
        return False
    return any(isinstance(part, SelectBase) for part in visitors.iterate(condition))


def _directed(title: ColumnElement[str], *, descending: bool) -> ColumnElement[str]:
    return title.desc() if descending else title.asc()
