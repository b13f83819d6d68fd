"""Paths as text: every name that a disk can hold comes back byte for byte."""

import os

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hydrophone.domain.paths import escape_path, file_name, unescape_path


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (b"Homogenic/01 Hunter.flac", "Homogenic/01 Hunter.flac"),
        ("Björk/Jóga.flac".encode(), "Björk/Jóga.flac"),
        ("Björk".encode("latin-1"), r"Bj\xf6rk"),
        (rb"AC\DC", r"AC\\DC"),
        (rb"Bj\xf6rk", r"Bj\\xf6rk"),
        (b"\xed\xa0\x80", r"\xed\xa0\x80"),
        (b"", ""),
    ],
)
def test_names_as_text(name: bytes, text: str) -> None:
    assert escape_path(os.fsdecode(name)) == text
    assert os.fsencode(unescape_path(text)) == name


@given(st.binary(max_size=60))
@example(b"\\x5c\\\\xff\xff")
def test_every_name_comes_back(name: bytes) -> None:
    text = escape_path(os.fsdecode(name))
    assert os.fsencode(unescape_path(text)) == name
    text.encode("utf-8")


@given(st.binary(max_size=20), st.binary(max_size=20))
def test_different_names_are_different_texts(one: bytes, other: bytes) -> None:
    texts = {escape_path(os.fsdecode(name)) for name in (one, other)}
    assert len(texts) == len({one, other})


@given(st.binary(max_size=20), st.binary(max_size=20))
def test_folders_are_escaped_part_by_part(parent: bytes, child: bytes) -> None:
    """The scan joins escaped parts; the whole path must escape to the same."""
    parts = [os.fsdecode(part) for part in (parent, child)]
    assert escape_path("/".join(parts)) == "/".join(map(escape_path, parts))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Sea Talk", "Sea Talk"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("..", "_"),
        (".hidden", "hidden"),
        ("", "_"),
        (" . ", "_"),
        ('a/b\\c:d*e?f"g<h>i|j', "a_b_c_d_e_f_g_h_i_j"),
        ("\0\n\u202ex\ud800", "_x_"),
        ("e\u0301", "\u00e9"),
        ("\u00e9" * 200, "\u00e9" * 50),
        ("x" * 99 + "\u00e9", "x" * 99),
    ],
)
def test_any_text_makes_a_name_of_a_file(text: str, name: str) -> None:
    assert file_name(text, 100) == name
