"""Lines of keys, compared with a slow oracle that knows TOML only through tomllib."""

import tomllib
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hydrophone.config.toml_lines import KeyPath, key_lines

KEYS = st.sampled_from(["a", "b-1", '"c.d"', "'[e]'", '"f\\"#"', '"\\u0067"', "a . b", "c.'d'.e"])
PLAIN_VALUES = st.sampled_from(
    [
        "1",
        "-1.5e3",
        "true",
        "1979-05-27 07:32:00",
        "07:32:00",
        '"#"',
        '"a\\"]"',
        "'\\'",
        '"""\n[a]\nb = 1 # """',
        '"""x\\"""\ny"""""',
        "'''\n'a' = 2\n''''",
        "[]",
        '[ # "\n 1,\n "]", # ]\n]',
        "[\n[1, '''\n''']\n,\n[]]",
        "{}",
        '{ x = 1, "y.z" = [ \n 2, {w = "}"} ] }',
    ]
)
BLANKS = st.sampled_from(["", "# [a]", "  ", "\t# \"\"\" '''", "# a = 1"])
STATEMENTS = st.one_of(
    st.builds("{} = {}".format, KEYS, PLAIN_VALUES),
    st.builds(" {}={} # {}".format, KEYS, PLAIN_VALUES, KEYS),
    st.builds("[{}]".format, KEYS),
    st.builds(" [[ {} ]] # x".format, KEYS),
    BLANKS,
)


def paths(value: Any, path: KeyPath = ()) -> Iterator[KeyPath]:
    if path:
        yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from paths(inner, (*path, index))


def statement_lines(text: str) -> dict[KeyPath, int]:
    """Line of the statement that brings each path: where the document's beginning grows by it.

    A beginning of the document is valid only up to the end of a statement, so each statement
    stands between two such places. Blank lines end one, too, so a statement has no others
    before it.
    """
    lines = text.split("\n")
    valid: list[tuple[int, set[KeyPath]]] = []
    for count in range(len(lines) + 1):
        try:
            found = tomllib.loads("\n".join(lines[:count]))
        except tomllib.TOMLDecodeError:
            continue
        valid.append((count, set(paths(found))))
    return {path: before + 1 for (before, old), (_, new) in pairwise(valid) for path in new - old}


def is_valid(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Join statements into a valid document by leaving out those that do not fit."""
    text = ""
    for statement in draw(st.lists(STATEMENTS, max_size=12)):
        longer = f"{text}{statement}\n"
        if is_valid(longer):
            text = longer
    return text


@settings(max_examples=300, deadline=None)
@given(documents())
def test_every_path_is_found_and_stands_where_its_statement_begins(text: str) -> None:
    found = key_lines(text)
    wanted = statement_lines(text)
    assert found.keys() == wanted.keys() == set(paths(tomllib.loads(text)))
    ends = sorted({*wanted.values(), text.count("\n") + 2})
    for path, line in found.items():
        # Within a value of several lines the oracle knows only where the statement begins.
        next_statement = next(end for end in ends if end > wanted[path])
        assert wanted[path] <= line < next_statement
        if not any(isinstance(part, int) for part in path):
            assert line == wanted[path]


def test_items_of_arrays_stand_on_their_own_lines() -> None:
    text = 'libraries = [\n  { name = "a", path = "/a" },\n\n  # b\n  { name = "b" },\n]\n'
    lines = key_lines(text)
    assert lines["libraries",] == 1
    assert lines["libraries", 0, "path"] == 2
    assert lines["libraries", 1, "name"] == 5


def test_arrays_of_tables_are_counted_within_their_parent() -> None:
    text = "[[a]]\n[[a.b]]\nx=1\n[[a.b]]\nx=2\n[[a]]\n[[a.b]]\nx=3\n[a.c]\ny=4\n"
    lines = key_lines(text)
    assert lines["a", 0, "b", 1, "x"] == 5
    assert lines["a", 1, "b", 0, "x"] == 8
    assert lines["a", 1, "c", "y"] == 10


def test_lines_of_windows_count_once() -> None:
    assert key_lines('a = """\r\nx\r\n"""\r\n[b]\r\nc = 1\r\n')["b", "c"] == 5
