"""What comes first in an order is the same, whether all tracks are sorted for it or not."""

import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import Connection, Select, delete, event, insert, select, update

from hydrophone.domain.ids import ALBUM, ARTIST, TRACK, LibraryId, PlaylistId, UserId
from hydrophone.domain.music import ArtistRef, PartialDate, Track
from hydrophone.domain.nsp import read_rules
from hydrophone.domain.rules import Rules, SortKey
from hydrophone.domain.units import Timestamp
from hydrophone.domain.user import Roles
from hydrophone.scanner.identity import artist_id
from hydrophone.scanner.parsed import Credit
from hydrophone.storage.connection import connect, transaction
from hydrophone.storage.queries import (
    inventory,
    playlists,
    rule_early_marks,
    rule_fields,
    rule_order,
    rules,
    users,
)
from hydrophone.storage.queries.annotated import of_kind
from hydrophone.storage.queries.inventory import OriginRecord
from hydrophone.storage.queries.rule_order import RuleOrder
from hydrophone.storage.queries.rules import Viewpoint
from hydrophone.storage.tables.annotation import annotation
from hydrophone.storage.tables.music import track
from hydrophone.testing.factories import fill_library, make_album, make_track

ANNA, BERTA = UserId(1), UserId(2)
VIEW = Viewpoint(viewer=ANNA, libraries=[1], now=Timestamp(0))
FIELDS = ("album", "sortalbum", "sortalbumartist", "originaldate", "releasedate", "date",
          "originalyear", "releaseyear", "albumversion", "albumcomment", "mbz_album_id",
          "sortartist", "datemodified")  # fmt: skip
MARKS = ("rating", "playcount", "lastplayed", "dateloved", "daterated", "averagerating",
         "albumrating", "albumlastplayed", "artistplaycount", "artistdateloved")  # fmt: skip
TRUTHS = ("loved", "albumloved", "artistloved")
SORTED = ("title", "sorttitle", "year", "compilation")
COUNTS = ("rating", "playcount", "averagerating", "albumrating", "artistplaycount")
EDITIONS = ("Deluxe", "deluxe", "DELUXE edition", "Äther", "Live", "")
SORT_TITLES = ("", "song 1", "", "SONG 1", "Aria", "Zebra", "")
BY_EITHER = "coalesce(track.sort_title, track.name_key)"
ALBUMS = 40
TRACKS = 3
NOW_NS = 1_700_000_000 * 10**9
LATE = (6, 8, 10)


def band(number: int) -> ArtistRef:
    name = f"Band {number % 12:02}"
    return ArtistRef(id=artist_id(Credit(name=name)), name=name)


def marks_of(user: UserId, item: str, number: int) -> dict[str, object]:
    """Leave marks on a thing: of each kind some, many of them equal."""
    return {
        "user_id": user,
        "item_id": item,
        "rating": 0 if number % 5 else 1 + number % 4,
        "rated": None if number % 5 else number,
        "play_count": number * 3 % 7,
        # As by an app whose clock has not been set, too.
        "last_played": number * 3 % 7 - 1 if number % 7 else None,
        "starred": number % 9 or None,
    }


def give_sort_titles(connection: Connection, count: int) -> None:
    """Give so many tracks a sort title, of which some are equal, and none to all others."""
    with transaction(connection):
        connection.execute(update(track).values(sort_title=None))
        rows = connection.execute(select(track.c.row).order_by(track.c.id).limit(count)).scalars()
        for number, row in enumerate(rows.all()):
            title = SORT_TITLES[number % 7] or f"S{number * 31 % 97}"
            connection.execute(update(track).where(track.c.row == row).values(sort_title=title))


def file_of(track: Track, number: int) -> OriginRecord:
    """Put a track into a further file, which was changed at one of some fifty moments.

    Of half the files these are so near to each other that as milliseconds they would be equal.
    """
    moment = number * 7 % 50
    return OriginRecord(
        native_id=f"{number} {track.id}",
        track_id=track.id,
        library_id=track.library_id,
        folder_id=track.folder_id,
        size=1,
        mtime_ns=moment * 10**6 if number % 2 else NOW_NS + moment,
        ctime_ns=1,
        reading=1,
    )


@pytest.fixture
def library(connection: Connection) -> Connection:
    """Albums of which many share a title, a band or a day, some have none, and half are not ours.

    The first track of each has two artists; of those on a second disc the other artist comes the
    earlier the later the first one does. Every track has two files, and every second one three.
    """
    albums, tracks = [], []
    for number in range(ALBUMS):
        title, artist = f"Album {number * 7 % 25:02}", band(number)
        library_id = LibraryId(1 + number % 2)
        album = make_album(
            f"{title} {number}",
            artist=artist.name,
            sort_name=title,
            library_id=library_id,
            track_count=TRACKS,
            original_date=PartialDate(year=1990 + number % 5) if number % 4 else None,
            release_date=PartialDate(year=2000, month=1 + number % 9) if number % 3 else None,
            edition=EDITIONS[number % len(EDITIONS)],
            musicbrainz_id=f"{number:08x}".upper() if number % 7 else "",
        )
        albums.append(album)
        for at in range(TRACKS):
            both = (artist, band(10 - number)) if at == 0 else (artist,)
            track = make_track(
                f"Song {at}",
                artist=artist.name,
                album=album.name,
                artists=both,
                year=1990 + at,
                track_number=at,
                disc_number=2 if at == 0 and number % 12 in LATE else 1,
                library_id=library_id,
                sort_title=SORT_TITLES[number % len(SORT_TITLES)],
            )
            tracks.append(track)
    with transaction(connection):
        fill_library(connection, tracks, albums=albums)
        users.add(connection, "Berta", "x", Roles(), Timestamp(0))
        marked: list[str] = [track.id for track in tracks]
        marked += [*(album.id for album in albums), *(band(n).id for n in range(12))]
        marks = [*map(marks_of, itertools.cycle((ANNA, ANNA, BERTA)), marked, itertools.count())]
        connection.execute(insert(annotation), marks)
        inventory.put_origins(connection, [*map(file_of, tracks, range(len(tracks)))])
        inventory.put_origins(connection, [*map(file_of, tracks[::2], range(500, 0, -3))])
    return connection


def asked(connection: Connection, chosen: Rules, view: Viewpoint = VIEW) -> list[str]:
    """Return the statements that are run for the rows of rules."""
    statements: list[str] = []

    def note(*call: object) -> None:
        statements.append(str(call[2]))

    event.listen(connection, "before_cursor_execute", note)
    rules.rows(connection, chosen, view)
    event.remove(connection, "before_cursor_execute", note)
    return [statement for statement in statements if "SELECT" in statement]


@pytest.mark.parametrize("field", [*FIELDS, *MARKS, *TRUTHS, *SORTED])
@pytest.mark.parametrize("sign", ["", "-"])
def test_an_order_is_the_same_from_its_beginning_and_as_a_whole(
    library: Connection, monkeypatch: pytest.MonkeyPatch, field: str, sign: str
) -> None:
    for condition, limit, offset in itertools.product(
        ({"gt": {"year": 0}}, {"is": {"year": 1990}}, {"is": {"discnumber": 2}}),
        (1, 2, 4, 20, 33, 500),
        (0, 5),
    ):
        rules_of = {"all": [condition], "sort": f"{sign}{field},-title"}
        chosen = read_rules(json.dumps({**rules_of, "limit": limit, "offset": offset}))
        with monkeypatch.context() as patch:
            patch.setattr(rule_order, "_FEW", 0)
            patch.setattr(rule_fields, "_FEW_ALBUMS", 0)
            whole = rules.rows(library, chosen, VIEW)
        assert rules.rows(library, chosen, VIEW) == whole
        assert rules.extent(library, chosen, VIEW).track_count == len(whole)


@pytest.mark.parametrize(
    "sort",
    ["rating", "loved", "artistplaycount", "rating,loved", "playcount,-rating", "loved,sorttitle",
     "albumloved,-lastplayed", "artistloved,averagerating,-sorttitle", "loved,random"],
)  # fmt: skip
@pytest.mark.parametrize("condition", [{"gt": {"year": 0}}, {"is": {"year": 1990}}])
def test_the_unmarked_come_first_in_the_order_of_what_else_is_sorted_by(
    library: Connection, monkeypatch: pytest.MonkeyPatch, sort: str, condition: object
) -> None:
    for limit, offset in itertools.product((1, 4, 9, 20, 500), (0, 3)):
        text = {"all": [condition], "sort": sort, "limit": limit, "offset": offset}
        chosen = read_rules(json.dumps(text))
        with monkeypatch.context() as patch:
            patch.setattr(rule_order, "_FEW", 0)
            whole = rules.rows(library, chosen, VIEW)
        if "random" in sort:
            assert len(rules.rows(library, chosen, VIEW)) == len(whole)
        else:
            assert rules.rows(library, chosen, VIEW) == whole
        assert rules.extent(library, chosen, VIEW).track_count == len(whole)


@pytest.mark.parametrize("sort", ["rating,title", "albumloved,title", "artistrating,title"])
def test_no_marks_are_sorted_by_where_those_without_any_are_enough(
    library: Connection, sort: str
) -> None:
    def orders(limit: int) -> list[str]:
        text = {"all": [{"gt": {"year": 0}}], "sort": sort, "limit": limit}
        statements = asked(library, read_rules(json.dumps(text)))
        return [one.rpartition("ORDER BY")[2] for one in statements if "ORDER BY" in one]

    assert not any("annotation" in order for order in orders(3))
    assert any("name_key ASC" in order for order in orders(3))
    assert "annotation" in orders(500)[-1]


@pytest.mark.parametrize("key", ["-artistplaycount", "artistlastplayed", "-artistloved"])
def test_the_marks_of_all_artists_are_not_put_together_for_what_comes_first(
    library: Connection, key: str
) -> None:
    def statements(limit: int) -> list[str]:
        text = {"all": [{"gt": {"year": 0}}], "sort": key, "limit": limit}
        return asked(library, read_rules(json.dumps(text)))

    assert not any("GROUP BY" in statement for statement in statements(3))
    assert "GROUP BY" in statements(500)[-1]


@pytest.mark.parametrize(
    "sort",
    ["artistlastplayed", "-artistdateloved", "-artistloved,-artistplaycount", "-artistrating"],
)
@pytest.mark.parametrize("limit", [1, 2, 5, 9, 14, 30, 50])
def test_more_are_tried_where_too_few_of_the_first_fit(
    library: Connection, monkeypatch: pytest.MonkeyPatch, sort: str, limit: int
) -> None:
    for condition in ({"is": {"year": 1990}}, {"is": {"discnumber": 2}}, {"gt": {"year": 0}}):
        text = {"all": [condition], "sort": sort, "limit": limit}
        chosen = read_rules(json.dumps(text))
        with monkeypatch.context() as patch:
            patch.setattr(rule_order, "_FEW", 0)
            whole = rules.rows(library, chosen, VIEW)
        assert rules.rows(library, chosen, VIEW) == whole
        monkeypatch.setattr(rule_early_marks, "_FEWEST_ARTISTS", 1)
        assert rules.rows(library, chosen, VIEW) == whole


@pytest.mark.parametrize(
    "key",
    ["-rating", "dateloved", "-albumlastplayed", "artistdateloved", "-artistrating", "-loved",
     "-averagerating", "-artistloved"],
)  # fmt: skip
@pytest.mark.parametrize("left", [0, 1, 4])
def test_what_few_have_comes_before_the_oldest_of_all_others(
    library: Connection, monkeypatch: pytest.MonkeyPatch, key: str, left: int
) -> None:
    with transaction(library):
        for kind in (ALBUM, ARTIST, TRACK):
            kept = (
                select(annotation.c.item_id)
                .where(of_kind(kind), annotation.c.user_id == ANNA)
                .order_by(annotation.c.rated.desc(), annotation.c.starred.desc())
                .limit(left)
            )
            few = library.execute(kept).scalars().all()
            library.execute(
                delete(annotation).where(of_kind(kind), annotation.c.item_id.not_in(few))
            )
    for condition, limit in itertools.product(
        ({"gt": {"year": 0}}, {"is": {"year": 1990}}, {"is": {"discnumber": 2}}), (3, 9, 30, 500)
    ):
        text = {"all": [condition], "sort": key, "limit": limit}
        chosen = read_rules(json.dumps(text))
        with monkeypatch.context() as patch:
            patch.setattr(rule_order, "_FEW", 0)
            whole = rules.rows(library, chosen, VIEW)
        assert rules.rows(library, chosen, VIEW) == whole
        assert rules.extent(library, chosen, VIEW).track_count == len(whole)


@pytest.mark.parametrize("sort", ["rating,title", "-sorttitle", "-rating", "-album"])
def test_what_is_drawn_by_lot_is_drawn_once(library: Connection, sort: str) -> None:
    """So many are left as were drawn, and not those that were drawn the first time as well."""
    drawn = PlaylistId("pl-drawn")
    text = {"all": [{"gt": {"year": 0}}], "sort": "random", "limit": 20}
    with transaction(library):
        playlists.put(
            library, drawn, ANNA, name="Drawn", comment="", is_public=True, tracks=[],
            now=Timestamp(0), rules=json.dumps(text),
        )  # fmt: skip
    outer = {"all": [{"inPlaylist": {"id": drawn}}], "sort": sort, "limit": 20}
    view = msgspec.structs.replace(VIEW, playlist_id=drawn)
    for _ in range(10):
        assert len(rules.rows(library, read_rules(json.dumps(outer)), view)) == 20
    for limit in (1, 3):
        statements = asked(library, read_rules(json.dumps(outer | {"limit": limit})), view)
        assert sum("random()" in statement for statement in statements) == 1


@pytest.mark.parametrize("titled", [0, 7, 60, 120])
@pytest.mark.parametrize(
    "sort", ["sorttitle", "-sorttitle", "sorttitle,-rating", "-sorttitle,-year"]
)
def test_titles_come_in_one_order_with_a_sort_title_and_without(
    library: Connection, monkeypatch: pytest.MonkeyPatch, titled: int, sort: str
) -> None:
    give_sort_titles(library, titled)
    monkeypatch.setattr(rule_order, "_SHARE", 0)
    monkeypatch.setattr(rule_order, "_SOME", 2)
    for condition, limit, offset in itertools.product(
        ({"gt": {"year": 0}}, {"is": {"year": 1990}}, {"is": {"discnumber": 2}}),
        (1, 2, 4, 9, 20, 33, 500),
        (0, 5),
    ):
        text = {"all": [condition], "sort": sort, "limit": limit, "offset": offset}
        chosen = read_rules(json.dumps(text))
        with monkeypatch.context() as patch:
            patch.setattr(rule_order, "_FEW", 0)
            whole = rules.rows(library, chosen, VIEW)
        assert rules.rows(library, chosen, VIEW) == whole


@pytest.mark.parametrize("sort", ["sorttitle", "-sorttitle"])
@pytest.mark.parametrize("limit", [1, 5, 9])
def test_a_sort_title_and_a_title_that_are_equal_come_by_their_rows(
    library: Connection, monkeypatch: pytest.MonkeyPatch, sort: str, limit: int
) -> None:
    monkeypatch.setattr(rule_order, "_SHARE", 0)
    monkeypatch.setattr(rule_order, "_SOME", 2)
    equal = select(track.c.row).where(track.c.name_key == "song 1").order_by(track.c.row)
    found = library.execute(equal).scalars().all()
    with transaction(library):
        library.execute(update(track).values(sort_title=None))
        half = track.c.row.in_(found[1::2])
        library.execute(update(track).where(half).values(sort_title="SONG 1"))
    text = {"all": [{"is": {"year": 1991}}], "sort": sort, "limit": limit}
    view = Viewpoint(viewer=ANNA, libraries=[1, 2])
    assert rules.rows(library, read_rules(json.dumps(text)), view) == found[:limit]


@pytest.mark.parametrize("titled", [0, 7, 120])
@pytest.mark.parametrize("sort", ["sorttitle", "-sorttitle"])
def test_the_first_titles_are_found_without_sorting_all(
    library: Connection, titled: int, sort: str
) -> None:
    give_sort_titles(library, titled)

    def sorted_by_both(condition: object, limit: int = 3) -> list[str]:
        chosen = read_rules(json.dumps({"all": [condition], "sort": sort, "limit": limit}))
        statements = asked(library, chosen, Viewpoint(viewer=ANNA, libraries=[1, 2]))
        return [one for one in statements if BY_EITHER in one and "json_each" not in one]

    assert not sorted_by_both({"gt": {"year": 0}})
    # Not twice what is looked for elsewhere, nor tracks one by one where a part of all is wanted.
    for condition, limit in (({"is": {"loved": False}}, 3), ({"gt": {"year": 0}}, 30)):
        statements = sorted_by_both(condition, limit)
        assert bool(statements) == (titled > 0)
        if statements and sort.startswith("-") and titled < 120:
            assert 'COLLATE "NOCASE") >= ' in statements[-1]


@pytest.mark.parametrize(
    "sort",
    ["-artistrating,-artistplaycount", "-artistloved,-artistdateloved", "-artistrating",
     "-artistloved,-artistrating,-artistplaycount", "-artistlastplayed,-artistloved",
     "-artistrating,-artistlastplayed,title", "-artistloved,title",
     "-artistrating,artistplaycount"],
)  # fmt: skip
def test_of_several_artists_the_highest_of_each_mark_counts(
    library: Connection, monkeypatch: pytest.MonkeyPatch, sort: str
) -> None:
    """Some tracks have one artist who is rated best, and another who was played most."""
    marks = {
        band(number).id: {
            "rating": (5, 5, 5, 5, 4, 1, 0)[number % 7],
            "play_count": number * 5 % 11,
            "last_played": (None, 3, 9, 4, 0)[number % 5],
            "starred": (None, 1, 1, 2)[number % 4],
        }
        for number in range(11)
    }
    with transaction(library):
        library.execute(delete(annotation).where(of_kind(ARTIST)))
        rows = [{"user_id": ANNA, "item_id": item, **mark} for item, mark in marks.items()]
        library.execute(insert(annotation), rows)
    monkeypatch.setattr(rule_early_marks, "_TRACKS_OF_ARTIST", 1000)
    for condition, limit, artists in itertools.product(
        ({"gt": {"year": 0}}, {"is": {"year": 1990}}, {"is": {"discnumber": 2}}),
        (1, 2, 3, 5, 9, 14, 20, 33),
        (0, 1, 2, 3, 5, 8),
    ):
        chosen = read_rules(json.dumps({"all": [condition], "sort": sort, "limit": limit}))
        with monkeypatch.context() as patch:
            patch.setattr(rule_order, "_FEW", 0)
            whole = rules.rows(library, chosen, VIEW)
        monkeypatch.setattr(rule_early_marks, "_FEWEST_ARTISTS", artists)
        assert rules.rows(library, chosen, VIEW) == whole


def test_marks_that_are_taken_back_meanwhile_leave_the_list_whole(
    library: Connection, path: Path
) -> None:
    """That enough comes first has been counted by a statement of its own."""
    chosen = read_rules(json.dumps({"all": [{"gt": {"year": 0}}], "sort": "-rating", "limit": 3}))
    before = rules.rows(library, chosen, VIEW)

    def take_back(*call: object) -> None:
        if "json_group_array" in str(call[2]):
            with connect(path, durable=False) as other, transaction(other):
                other.execute(delete(annotation))

    event.listen(library, "before_cursor_execute", take_back)
    assert rules.rows(library, chosen, VIEW) == before
    assert rules.rows(library, chosen, VIEW)


@pytest.mark.parametrize(
    "key",
    [
        # Not "datemodified": of tracks with copies few are early by the last of them.
        *(field for field in (*FIELDS, *MARKS) if field not in {*COUNTS, "datemodified"}),
        *(f"-{field}" for field in (*FIELDS, *MARKS)),
    ],
)
def test_not_all_is_sorted_for_what_comes_first(
    library: Connection, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    """As a look at which of what fits is given to what sorts it tells."""
    given: list[str] = []
    of, begun = RuleOrder.of, RuleOrder._begun

    def note_all(self: RuleOrder, fitting: Select[int, float], *order: Any) -> Any:
        given.append(str(fitting))
        return of(self, fitting, *order)

    def note(self: RuleOrder, fitting: Select[int, float], *order: Any, of_few: bool) -> Any:
        given.append(str(fitting))
        return begun(self, fitting, *order, of_few=of_few)

    monkeypatch.setattr(RuleOrder, "of", note_all)
    monkeypatch.setattr(RuleOrder, "_begun", note)

    def is_all_sorted(condition: object) -> bool:
        given.clear()
        chosen = read_rules(json.dumps({"all": [condition], "sort": key, "limit": 3}))
        rules.rows(library, chosen, Viewpoint(viewer=ANNA, libraries=[1, 2]))
        everything, *sorted_first = given
        assert sorted_first
        return everything in sorted_first

    assert not is_all_sorted({"gt": {"year": 0}})
    assert is_all_sorted({"is": {"title": "Nothing"}})


@pytest.fixture
def tries(library: Connection, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[int]]:
    """Return how many tracks are hoped for each time from what comes early."""
    found: list[int] = []
    comes_early = rule_fields.comes_early

    def note(keys: tuple[SortKey, ...], viewer: UserId, count: int, counted: Connection) -> Any:
        found.append(count)
        return comes_early(keys, viewer, count, counted)

    def tried(sort: str, limit: int, condition: object) -> list[int]:
        found.clear()
        chosen = read_rules(json.dumps({"all": [condition], "sort": sort, "limit": limit}))
        rules.rows(library, chosen, Viewpoint(viewer=ANNA, libraries=[1, 2]))
        return list(found)

    monkeypatch.setattr(rule_order, "comes_early", note)
    monkeypatch.setattr(rule_early_marks, "_FEWEST_ARTISTS", 1)
    return tried


def test_so_many_are_tried_as_the_part_that_fits_tells(
    tries: Callable[..., list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    everything, second = {"gt": {"year": 0}}, {"is": {"discnumber": 2}}
    assert tries("-album", 12, everything) == [12]
    # One of the three fits: of nine as many as are wanted would, and half as many more are tried.
    assert tries("-album", 3, second) == [3, 14]
    assert tries("-album", 3, {"is": {"title": "Nothing"}}) == [3]
    for most, tried in ((10, [3, 10]), (8, [3])):
        monkeypatch.setattr(rule_order, "_MOST", most)
        assert tries("-album", 3, second) == tried


def test_first_artists_are_tried_where_half_as_many_are_marked(
    tries: Callable[..., list[int]],
) -> None:
    everything, second = {"gt": {"year": 0}}, {"is": {"discnumber": 2}}
    assert tries("-artistplaycount", 14, everything) == [14]
    # Ten artists have been heard: fewer than half.
    assert tries("-artistplaycount", 21, everything) == []
    # Of four times as many tracks all of them would be looked through.
    assert tries("-artistplaycount", 12, second) == [12, 36]
    # All that are equal have been tried.
    assert tries("-artistloved", 1, {"is": {"title": "Nothing"}}) == []


def test_editions_are_the_same_in_either_case_and_the_unknown_come_last(
    library: Connection,
) -> None:
    chosen = read_rules(json.dumps({"all": [{"is": {"tracknumber": 1}}], "sort": "albumversion"}))
    view = Viewpoint(viewer=ANNA, libraries=[1, 2])
    found = [(row - 1) // TRACKS % len(EDITIONS) for row in rules.rows(library, chosen, view)]
    order = [EDITIONS[at] for at, _ in itertools.groupby(found)]
    assert [edition.lower() for edition in order][-3:] == ["live", "Äther".lower(), ""]
    deluxe = [at for at in found if EDITIONS[at].lower() == "deluxe"]
    assert set(deluxe) == {0, 1}
    assert deluxe != sorted(deluxe)
