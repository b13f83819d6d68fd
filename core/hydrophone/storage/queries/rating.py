"""How all users together have rated things."""

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Function,
    ScalarSelect,
    func,
    literal_column,
    select,
)

from hydrophone.storage.tables.annotation import annotation

_EVERYBODY = annotation.alias()


def average_rating(item_id: ColumnElement[str]) -> ScalarSelect[float]:
    """Select the average of one thing within another statement; NULL if nobody has rated it."""
    theirs = (_EVERYBODY.c.item_id == item_id, is_rated(_EVERYBODY))
    return select(average_of(_EVERYBODY)).where(*theirs).scalar_subquery()


def average_of(annotations: FromClause) -> Function[float]:
    """Take the average over a group of annotations, to two digits."""
    return func.round(func.avg(annotations.c.rating), 2)


def is_rated(annotations: FromClause) -> ColumnElement[bool]:
    """Leave out annotations without a rating."""
    # The 0 stands in the statement itself, or SQLite could not tell that its index covers this.
    return annotations.c.rating > literal_column("0")
