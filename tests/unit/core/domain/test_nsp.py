"""Smart playlists as text, and what is said about faults in them."""

import json

import pytest

from hydrophone.domain.nsp import (
    MAX_TRACKS,
    read_rules,
    read_smart_playlist,
    write_smart_playlist,
)
from hydrophone.domain.rules import Condition, Group, Operator, SortKey
from hydrophone.errors import InvalidInputError

LOVED = '{"is": {"loved": true}}'


def test_a_file_of_navidrome_is_read() -> None:
    read = read_smart_playlist("""\ufeff{
      // Comments are common in these files.
      "name": "80's // Top", /* and
      these */ "comment": "All of the 80's", "public": true,
      "all": [
        {"any": [{"is": {"loved": true}}, {"gt": {"rating": 3}}]},
        {"inTheRange": {"Year": [1981, 1990]}},
        {"inTheLast": {"lastPlayed": 30}}
      ],
      "sort": "-year,title", "order": "desc", "limit": 25
    }""")
    assert (read.name, read.comment, read.is_public) == ("80's // Top", "All of the 80's", True)
    rules = read_rules(read.rules)
    assert rules.choice == Group(
        every=True,
        members=(
            Group(
                every=False,
                members=(
                    Condition(operator=Operator.IS, field="loved", value=True),
                    Condition(operator=Operator.GREATER, field="rating", value=3.0),
                ),
            ),
            Condition(operator=Operator.IN_THE_RANGE, field="year", value=(1981.0, 1990.0)),
            Condition(operator=Operator.IN_THE_LAST, field="lastplayed", value=30.0),
        ),
    )
    assert rules.sort == (
        SortKey(field="year", descending=False),
        SortKey(field="title", descending=True),
    )
    assert rules.limit == 25


def test_what_is_written_is_read_again() -> None:
    read = read_smart_playlist('{"any": [' + LOVED + '], "limit": 3}')
    text = write_smart_playlist(name="Ä", comment="c", is_public=True, rules=read.rules)
    again = read_smart_playlist(text)
    assert (again.name, again.comment, again.is_public) == ("Ä", "c", True)
    assert again.rules == read.rules


def test_a_number_may_be_in_quotes() -> None:
    quoted = read_rules(
        '{"all": [{"inTheRange": {"year": ["1980", "1989"]}}, {"gt": {"bpm": "-1"}}]}'
    )
    bare = read_rules('{"all": [{"inTheRange": {"year": [1980, 1989]}}, {"gt": {"bpm": -1}}]}')
    assert quoted == bare
    fine = read_rules('{"all": [{"lt": {"rgTrackGain": "-6.5"}}, {"is": {"loved": "True"}}]}')
    assert [one.value for one in fine.choice.conditions()] == [-6.5, True]


def test_one_of_several_values() -> None:
    read = read_rules('{"all": [{"is": {"year": [1, 2]}}, {"isNot": {"genre": ["A", "B"]}}]}')
    years = [Condition(operator=Operator.IS, field="year", value=float(n)) for n in (1, 2)]
    genres = [Condition(operator=Operator.IS_NOT, field="genre", value=name) for name in "AB"]
    assert read.choice.members == (
        Group(every=False, members=tuple(years)),
        Group(every=True, members=tuple(genres)),
    )


def test_a_year_has_many_days() -> None:
    asked = '{"all": [{"is": {"releaseDate": "1999"}}, {"isPresent": {"bpm": false}}]}'
    assert read_rules(asked).choice.members == (
        Condition(operator=Operator.IS, field="releasedate", value=(19990000.0, 19999999.0)),
        Condition(operator=Operator.IS_MISSING, field="bpm", value=True),
    )


def test_what_changes_nothing() -> None:
    read = read_smart_playlist('{"title": 1, "all": [' + LOVED + '], "refreshDelay": "1h"}')
    assert read.name == ""
    assert read_rules(read.rules).limit == MAX_TRACKS


def test_without_sort_and_limit() -> None:
    rules = read_rules('{"any": [' + LOVED + "]}")
    assert rules.sort == (SortKey(field="title"),)
    assert rules.limit == MAX_TRACKS


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not JSON"),
        ('{\n "all": [,]}', "line 2, column 10"),
        ("[" * 60_000, "not JSON"),
        ("[]", "JSON object"),
        ("{}", "either `all` or `any`"),
        ('{"all": [], "any": []}', "either `all` or `any`"),
        ('{"all": []}', "At all: must be a list"),
        ('{"all": {}}', "At all: must be a list"),
        ('{"all": [' + LOVED + '], "limt": 3}', "At limt: is unknown (is 'limit' meant?)."),
        ('{"all": [' + LOVED + '], "limit": -1}', "At limit"),
        ('{"all": [' + LOVED + '], "limit": 1.5}', "At limit"),
        ('{"all": [' + LOVED + '], "limit": 1e999}', "At limit"),
        ('{"all": [' + LOVED + '], "sort": "mood"}', "At sort: 'mood' is nothing to sort by"),
        ('{"all": [' + LOVED + '], "order": "up"}', "At order"),
        ('{"all": [' + LOVED + '], "name": 7}', "At name: must be a text"),
        ('{"all": [' + LOVED + '], "public": "yes"}', "At public: must be true or false"),
        ('{"all": [' + LOVED + ', {"any": [{"iz": {}}]}]}', "At all[1].any[0]: 'iz' is no operat"),
        ('{"all": [{"is": {"yaer": 1}}]}', "At all[0].is: 'yaer' is no field (is 'year' meant?)."),
        ('{"all": [{"is": {}}]}', "At all[0].is: must be an object with a field"),
        ('{"all": [7]}', "At all[0]: must be an object with one key"),
        ('{"all": [{"contains": {"year": 1}}]}', "At all[0].contains: 'year' cannot be asked so"),
        ('{"all": [{"is": {"year": "x"}}]}', "At all[0].is.year: must be a number"),
        ('{"all": [{"is": {"year": true}}]}', "At all[0].is.year: must be a number"),
        ('{"all": [{"is": {"year": ' + "9" * 400 + "}}]}", "At all[0].is.year: must be a number"),
        ('{"all": [{"is": {"loved": 1}}]}', "must be true or false"),
        ('{"all": [{"before": {"dateAdded": "May"}}]}', 'must be a date such as "2026-01-31"'),
        ('{"all": [{"is": {"year": []}}]}', "At all[0].is.year: must be a number"),
        ('{"all": [{"is": {"year": [1, "x"]}}]}', "At all[0].is.year: must be a number"),
        ('{"all": [{"gt": {"year": [1]}}]}', "At all[0].gt.year: must be a number"),
        ('{"all": [{"is": {"releaseDate": "May"}}]}', 'must be a day such as "2026-01-31"'),
        ('{"all": [{"is": {"releaseDate": "26-1"}}]}', "must be a day"),
        ('{"all": [{"is": {"date": true}}]}', "must be a day"),
        ('{"all": [{"isMissing": {"genre": 1}}]}', "must be true or false"),
        ('{"all": [{"isMissing": {"loved": true}}]}', "'loved' cannot be asked so"),
        ('{"all": [{"is": {"catalogNumber": "1"}}]}', "'catalogNumber' is no field"),
        ('{"all": [{"is": {"mbz_release_group_id": ""}}]}', "'mbz_release_group_id' is no field"),
        ('{"all": [' + LOVED + '], "limitPercent": 101}', "At limitPercent"),
        ('{"all": [' + LOVED + '], "offset": -1}', "At offset"),
        ('{"all": [{"inTheRange": {"year": 3}}]}', "must be a list of two values"),
        ('{"all": [{"inTheLast": {"lastPlayed": "a"}}]}', "must be a number of days"),
        ('{"all": [' + ",".join([LOVED] * 301) + "]}", "at most 300 conditions"),
        ('{"all": [' * 9 + LOVED + "]}" * 9, "more than 8 deep"),
        (json.dumps({"all": [{"is": {"title": "x" * 501}}]}), "at most 500 characters"),
        (" " * 70_000, "at most 65536 characters"),
    ],
)
def test_a_fault_is_said_with_its_place(text: str, said: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        read_smart_playlist(text)
    assert said in str(caught.value)
