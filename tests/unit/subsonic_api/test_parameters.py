"""What clients send, and what comes of it."""

from enum import StrEnum
from typing import Annotated
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from msgspec import Meta

from hydrophone.errors import InvalidInputError
from hydrophone_subsonic.arguments import MAX_ARGUMENTS, Arguments
from hydrophone_subsonic.encoding.xml_escaping import escape
from hydrophone_subsonic.errors import MissingParameterError
from hydrophone_subsonic.parameters import (
    ClearableText,
    Count,
    Natural,
    Parameters,
    Since,
    Time,
    decoder,
)

UNWRITABLE = "".join(map(chr, {*range(0x20), 0xFFFE, 0xFFFF} - {9, 10, 13}))
"""XML 1.0, section 2.2, but for surrogates, which are no UTF-8."""
FROM_0 = " from 0 to 9007199254740991"
FROM_BELOW = " from -9007199254740991 to 9007199254740991"


class Order(StrEnum):
    NEWEST = "newest"
    BY_NAME = "alphabeticalByName"


class Everything(Parameters, frozen=True, kw_only=True):
    id: str
    order: Order = Order.NEWEST
    size: Count = 10
    from_year: int | None = None
    rating: Annotated[int, Meta(ge=0, le=5)] = 0
    time_offset: Annotated[float, Meta(ge=0)] = 0.0
    public: bool | None = None
    comment: ClearableText = None
    song_id: tuple[str, ...] = ()
    index: tuple[Natural, ...] = ()
    time: tuple[Time, ...] = ()
    since: Since | None = None


decode = decoder(Everything)


def read(query: str) -> Everything:
    return decode(Arguments(query.encode("utf-8", "surrogateescape")))


def test_an_id_that_has_become_another_is_that() -> None:
    arguments = Arguments(b"id=tr-1&songId=tr%2D1&songId=tr-3", successors={"tr-1": "tr-2"})
    assert arguments.first("id") == "tr-2"
    assert arguments.all("songId") == ["tr-2", "tr-3"]


def test_absent_and_empty_ones_have_their_defaults() -> None:
    assert read("id=1") == Everything(id="1")
    assert read("id=1&order=&size=&fromYear=&public=&songId=&index=&rating") == Everything(id="1")


def test_all_types() -> None:
    query = (
        "id=tr-1&order=alphabeticalByName&size=20&fromYear=0001&rating=5&timeOffset=30.5"
        "&public=true&comment=a+b%20c%2B&songId=1&songId=2&songId=1&index=3&index=0&unknown=%zz"
    )
    assert read(query) == Everything(
        id="tr-1",
        order=Order.BY_NAME,
        size=20,
        from_year=1,
        rating=5,
        time_offset=30.5,
        public=True,
        comment="a b c+",
        song_id=("1", "2", "1"),
        index=(3, 0),
    )


@pytest.mark.parametrize("query", ["", "id=", "id=&id=", "ID=1", "size=1"])
def test_required_ones_have_to_be_there(query: str) -> None:
    with pytest.raises(MissingParameterError, match=r"^Required parameter id is missing\.$"):
        read(query)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("order=oldest", "Parameter order must be one of newest, alphabeticalByName."),
        ("size=abc", f"Parameter size must be a whole number{FROM_0}."),
        ("size=-1", f"Parameter size must be a whole number{FROM_0}."),
        ("size=1" + "0" * 30, f"Parameter size must be a whole number{FROM_0}."),
        ("size=" + "9" * 5000, f"Parameter size must be a whole number{FROM_0}."),
        ("size=1_000", f"Parameter size must be a whole number{FROM_0}."),
        ("size=%2B5", f"Parameter size must be a whole number{FROM_0}."),
        ("size=+5", f"Parameter size must be a whole number{FROM_0}."),
        ("size=1e3", f"Parameter size must be a whole number{FROM_0}."),
        ("size=%D9%A3", f"Parameter size must be a whole number{FROM_0}."),
        ("fromYear=x", f"Parameter fromYear must be a whole number{FROM_BELOW}."),
        ("fromYear=-9007199254740992", f"Parameter fromYear must be a whole number{FROM_BELOW}."),
        ("rating=6", "Parameter rating must be a whole number from 0 to 5."),
        ("timeOffset=nan", "Parameter timeOffset must be a number, not below 0."),
        ("timeOffset=-0.5", "Parameter timeOffset must be a number, not below 0."),
        ("timeOffset=1e999", "Parameter timeOffset must be a number, not below 0."),
        ("public=yes", "Parameter public must be true or false."),
        ("index=0&index=-1", f"Parameter index must be a whole number{FROM_0}."),
        ("comment=%zz", "Parameter comment is wrongly percent-encoded."),
        ("comment=100%", "Parameter comment is wrongly percent-encoded."),
        ("comment=%ff", "Parameter comment is not UTF-8."),
        ("comment=%ED%A0%80", "Parameter comment is not UTF-8."),
        ("comment=\udcff", "Parameter comment is not UTF-8."),
        ("comment=a%00b", "Parameter comment must not contain U+0000."),
        ("comment=%01", "Parameter comment must not contain U+0001."),
        ("comment=\x1f", "Parameter comment must not contain U+001F."),
        ("comment=a%EF%BF%BE", "Parameter comment must not contain U+FFFE."),
        ("songId=1&songId=%c3", "Parameter songId is not UTF-8."),
    ],
)
def test_wrong_ones_are_named(query: str, sentence: str) -> None:
    with pytest.raises(InvalidInputError) as raised:
        read("id=1&" + query)
    assert str(raised.value) == sentence
    assert not isinstance(raised.value, MissingParameterError)


def test_times_lose_their_fraction() -> None:
    found = read("id=1&time=1795596013051.677&time=7&time=0.0&time=9007199254740991.9")
    assert found.time == (1795596013051, 7, 0, 9007199254740991)


def test_what_an_app_has_may_be_as_old_as_it_likes() -> None:
    assert read("id=1&since=1795596013051.677").since == 1795596013051
    assert read("id=1&since=-1").since == -1


@pytest.mark.parametrize(
    "time", ["1.", ".5", ".", "1.-5", "1.5.5", "-1.5", "-0.5", "1.5e3", "1.%D9%A3"]
)
def test_what_is_no_decimal_number_is_no_time(time: str) -> None:
    with pytest.raises(InvalidInputError) as raised:
        read(f"id=1&time={time}")
    assert str(raised.value) == f"Parameter time must be a whole number{FROM_0}."


def test_counts_are_cut_rather_than_refused() -> None:
    assert read("id=1&size=500").size == 500
    assert read("id=1&size=501").size == 500
    assert read("id=1&size=9007199254740991").size == 500
    assert read("id=1&size=0").size == 0


def test_an_empty_comment_is_a_comment() -> None:
    assert read("id=1&comment=").comment == ""
    assert read("id=1").comment is None


def test_a_text_may_have_all_that_xml_can_carry() -> None:
    text = "\t\n\r ~\x7f\x85\ud7ff\ue000\ufffd\U00010000\U0010ffff"
    assert read(f"id=1&comment={quote_plus(text)}").comment == text


def test_truth_in_all_spellings() -> None:
    assert [read(f"id=1&public={text}").public for text in ("true", "TRUE", "1")] == [True] * 3
    assert [read(f"id=1&public={text}").public for text in ("false", "False", "0")] == [False] * 3


def test_the_first_value_that_is_not_empty_counts() -> None:
    assert Arguments(b"p=&p=a&p=b").first("p") == "a"


def test_query_comes_before_form() -> None:
    arguments = Arguments(b"songId=1&u=query", b"songId=2&u=form")
    assert arguments.all("songId") == ["1", "2"]
    assert arguments.first("u") == "query"


def test_user_names_without_percent_encoding() -> None:
    """DSub sends them so."""
    assert Arguments("u=Jürgen".encode()).first("u") == "Jürgen"


def test_encoded_names() -> None:
    assert Arguments(b"song%49d=1").first("songId") == "1"


def test_too_many_are_refused() -> None:
    most = Arguments(b"a=1&" * (MAX_ARGUMENTS - 1))
    most.check()
    assert most.first("a") == "1"
    with pytest.raises(InvalidInputError, match="more than 50000 parameters"):
        Arguments(b"a=1&" * MAX_ARGUMENTS).check()


@given(st.text(st.characters(exclude_characters=UNWRITABLE, codec="utf-8"), min_size=1))
def test_every_text_that_xml_can_carry_comes_through(text: str) -> None:
    assert Arguments(f"query={quote_plus(text)}".encode()).first("query") == text
    etree.fromstring(f"<a>{escape(text)}</a>")


@pytest.mark.parametrize("character", UNWRITABLE, ids=ascii)
def test_what_xml_cannot_carry_is_refused(character: str) -> None:
    with pytest.raises(InvalidInputError, match=r"^Parameter query must not contain U\+"):
        Arguments(f"query=a{quote_plus(character)}".encode()).first("query")


@given(st.binary())
def test_hostile_queries_are_read_or_refused_with_a_sentence(query: bytes) -> None:
    sentence = "Parameter size was read."
    try:
        decode(Arguments(b"id=1", b"size=" + query))
    except InvalidInputError as error:
        sentence = str(error)

    assert sentence.startswith("Parameter size ")


def test_types_without_a_reader_are_found_at_import() -> None:
    class Wrong(Parameters, frozen=True, kw_only=True):
        when: bytes

    with pytest.raises(TypeError, match="No parameter can be of the type"):
        decoder(Wrong)
