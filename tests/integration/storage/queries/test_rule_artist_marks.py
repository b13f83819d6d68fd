"""The highest mark that an artist of a track has counts, whether few artists or many have one."""

import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select

from hydrophone.domain.ids import UserId
from hydrophone.domain.music import ArtistRef
from hydrophone.domain.nsp import read_rules
from hydrophone.domain.units import Timestamp
from hydrophone.domain.user import Roles
from hydrophone.scanner.identity import artist_id
from hydrophone.scanner.parsed import Credit
from hydrophone.storage.connection import transaction
from hydrophone.storage.queries import rule_marks, rules, users
from hydrophone.storage.queries.rules import Viewpoint
from hydrophone.storage.tables.annotation import annotation
from hydrophone.storage.tables.music import track
from hydrophone.testing.factories import fill_library, make_track

ANNA = UserId(1)
DAY = 24 * 3600 * 1000
VIEW = Viewpoint(viewer=ANNA, libraries=[1], now=Timestamp(20 * DAY))
COUNTS = {"A": 0, "B": 3, "C": 5, "D": 9}
"""{artist: plays by Anna}, with as many days after 1970 as the last one; E has only Berta's."""
NAMES = ["".join(names) for size in range(4) for names in itertools.combinations("ABCDE", size)]

CASES: list[tuple[str, str, object, Callable[[int | None], bool]]] = [
    ("gt", "artistplaycount", 3, lambda most: (most or 0) > 3),
    ("lt", "artistplaycount", 5, lambda most: (most or 0) < 5),
    ("is", "artistplaycount", 3, lambda most: most == 3),
    ("is", "artistplaycount", 0, lambda most: not most),
    ("isNot", "artistplaycount", 3, lambda most: most != 3),
    ("inTheRange", "artistplaycount", [3, 5], lambda most: most in (3, 5)),
    ("isMissing", "artistplaycount", True, lambda most: not most),
    ("isPresent", "artistplaycount", True, bool),
    ("is", "artistloved", True, bool),
    ("is", "artistloved", False, lambda most: not most),
    ("isNot", "artistloved", True, lambda most: not most),
    ("before", "artistlastplayed", "1970-01-05", lambda most: most is not None and most < 4),
    ("after", "artistlastplayed", "1970-01-05", lambda most: (most or 0) > 4),
    ("notInTheLast", "artistlastplayed", 16, lambda most: not (most or 0) > 4),
    ("isMissing", "artistlastplayed", True, lambda most: most is None),
    ("isPresent", "artistdateloved", True, bool),
]


def ref(name: str) -> ArtistRef:
    return ArtistRef(id=artist_id(Credit(name=name)), name=name)


def mark(user: UserId, name: str, count: int) -> dict[str, Any]:
    return {
        "user_id": user,
        "item_id": ref(name).id,
        "play_count": count,
        "last_played": count * DAY,
        "starred": count or None,
    }


@pytest.mark.parametrize("few", [0, 100])
@pytest.mark.parametrize(("operator", "field", "value", "is_meant"), CASES)
def test_what_is_asked_of_artists_marks(
    connection: Connection,
    monkeypatch: pytest.MonkeyPatch,
    few: int,
    operator: str,
    field: str,
    value: object,
    is_meant: Callable[[int | None], bool],
) -> None:
    tracks = [make_track(f"By {names}", artists=tuple(map(ref, names))) for names in NAMES]
    with transaction(connection):
        fill_library(connection, tracks)
        users.add(connection, "Berta", "x", Roles(), Timestamp(0))
        marks = [mark(ANNA, *one) for one in COUNTS.items()]
        connection.execute(insert(annotation), [*marks, mark(UserId(2), "E", 4)])
    monkeypatch.setattr(rule_marks, "few_artists", lambda _: few)
    text = json.dumps({"all": [{operator: {field: value}}]})
    found = rules.rows(connection, read_rules(text), VIEW)
    named = select(track.c.name_key).where(track.c.row.in_(found))
    assert sorted(connection.execute(named).scalars()) == sorted(
        f"by {names.lower()}".strip()
        for names in NAMES
        if is_meant(max((COUNTS[name] for name in names if name in COUNTS), default=None))
    )
