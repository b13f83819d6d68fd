"""Sort all names anew: quotation marks in front, strokes and ligatures do not count."""

from collections.abc import Iterator

import msgspec
import sqlalchemy as sa
from alembic import op
from msgspec import Struct

from hydrophone.domain.collation import sort_key

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_STEP = 500


class _Document(Struct):
    name: str = ""
    sort_name: str = ""
    display_artist: str = ""


def upgrade() -> None:
    decode = msgspec.json.Decoder(_Document).decode
    for rows in _steps("SELECT row, document FROM artist WHERE row > :last ORDER BY row"):
        things = [(decode(document), row) for row, document in rows]
        op.get_bind().exec_driver_sql(
            "UPDATE artist SET sort_key = ? WHERE row = ?",
            [(sort_key(thing.name, thing.sort_name), row) for thing, row in things],
        )
    for rows in _steps("SELECT row, document FROM album WHERE row > :last ORDER BY row"):
        things = [(decode(document), row) for row, document in rows]
        op.get_bind().exec_driver_sql(
            "UPDATE album SET sort_key = ?, artist_sort_key = ? WHERE row = ?",
            [
                (sort_key(thing.name, thing.sort_name), sort_key(thing.display_artist), row)
                for thing, row in things
            ],
        )
    for rows in _steps("SELECT rowid, name FROM folder WHERE rowid > :last ORDER BY rowid"):
        op.get_bind().exec_driver_sql(
            "UPDATE folder SET sort_key = ? WHERE rowid = ?",
            [(sort_key(name), row) for row, name in rows],
        )


def _steps(statement: str) -> Iterator[list[tuple[int, str]]]:
    """Yield rows some hundreds at a time: those of a whole library would be a lot of memory."""
    select = sa.text(f"{statement} LIMIT {_STEP}")
    last = 0
    while rows := op.get_bind().execute(select, {"last": last}).all():
        yield [(row[0], row[1]) for row in rows]
        last = rows[-1][0]
