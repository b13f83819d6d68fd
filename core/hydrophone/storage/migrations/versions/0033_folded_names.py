"""Fold names anew: Arabic and Hebrew as people type them, and no name by signs that nobody sees.

Only what changes is written, which in most libraries is nothing.
"""

from collections.abc import Iterator

import msgspec
import sqlalchemy as sa
from alembic import op
from msgspec import Struct

from hydrophone.storage.folding import index_text, name_key

revision = "0033"
down_revision = "0032"
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
            keys: list[tuple[str, int]] = []
            texts: list[tuple[str, int]] = []
            for row, document, key, text in rows:
                thing = decode(document)
                if (new := name_key(thing.title or thing.name)) != key:
                    keys.append((new, row))
                if (new := _text(kind, thing)) != text:
                    texts.append((new, row))
            _write(f"UPDATE {kind} SET name_key = ? WHERE row = ?", keys)  # noqa: S608 - constants
            _write(f"UPDATE search_{kind} SET text = ? WHERE rowid = ?", texts)  # noqa: S608 - constants


def _steps(kind: str) -> Iterator[list[tuple[int, str, str, str]]]:
    """Yield (row, document, key of the name, indexed text) some hundreds at a time.

    Plain Latin documents, most of all, have nothing that is folded otherwise now.
    """
    select = sa.text(
        f"SELECT {kind}.row, {kind}.document, {kind}.name_key, search_{kind}.text FROM {kind} "  # noqa: S608 - constants
        f"JOIN search_{kind} ON search_{kind}.rowid = {kind}.row "
        f"WHERE {kind}.row > :last ORDER BY {kind}.row LIMIT {_STEP}"
    )
    last = 0
    while rows := op.get_bind().execute(select, {"last": last}).all():
        yield [(row[0], row[1], row[2], row[3]) for row in rows if not row[1].isascii()]
        last = rows[-1][0]


def _write(statement: str, changes: list[tuple[str, int]]) -> None:
    if changes:
        op.get_bind().exec_driver_sql(statement, changes)


def _text(kind: str, thing: _Document) -> str:
    credits_ = (credit.name for credit in thing.artists)
    match kind:
        case "artist":
            return index_text(thing.name, thing.sort_name)
        case "album":
            return index_text(thing.name, thing.display_artist, *credits_)
        case _:
            return index_text(thing.title, thing.display_artist, *credits_, thing.album_name)
