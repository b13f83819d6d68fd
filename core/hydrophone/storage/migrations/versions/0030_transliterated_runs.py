"""Index the transliteration of each script within a word: `hikaru` finds 宇多田ヒカル.

Only what changes is written, which in most libraries is nothing.
"""

from collections.abc import Iterator

import msgspec
import sqlalchemy as sa
from alembic import op
from msgspec import Struct

from hydrophone.storage.folding import index_text

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_STEP = 500


class _Credit(Struct):
    name: str = ""


class _Document(Struct):
    """What is searched for of an artist, album or track."""

    name: str = ""
    sort_name: str = ""
    title: str = ""
    display_artist: str = ""
    artists: tuple[_Credit, ...] = ()
    album_name: str = ""


def upgrade() -> None:
    decode = msgspec.json.Decoder(_Document).decode
    for kind in ("artist", "album", "track"):
        for rows in _steps(kind):
            texts = [(row, before, _text(kind, decode(document))) for row, document, before in rows]
            changed = [(text, row) for row, before, text in texts if text != before]
            if changed:
                op.get_bind().exec_driver_sql(
                    f"UPDATE search_{kind} SET text = ? WHERE rowid = ?",  # noqa: S608 - constants
                    changed,
                )


def _steps(kind: str) -> Iterator[list[tuple[int, str, str]]]:
    """Yield (row, document, indexed text) some hundreds at a time."""
    select = sa.text(
        f"SELECT {kind}.row, {kind}.document, search_{kind}.text FROM {kind} "  # noqa: S608 - constants
        f"JOIN search_{kind} ON search_{kind}.rowid = {kind}.row "
        f"WHERE {kind}.row > :last ORDER BY {kind}.row LIMIT {_STEP}"
    )
    last = 0
    while rows := op.get_bind().execute(select, {"last": last}).all():
        yield [(row[0], row[1], row[2]) for row in rows]
        last = rows[-1][0]


def _text(kind: str, thing: _Document) -> str:
    credits_ = (credit.name for credit in thing.artists)
    match kind:
        case "artist":
            return index_text(thing.name, thing.sort_name)
        case "album":
            return index_text(thing.name, thing.display_artist, *credits_)
        case _:
            return index_text(thing.title, thing.display_artist, *credits_, thing.album_name)
