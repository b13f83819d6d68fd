"""Encoders against oracles: lxml for XML, msgspec as a whole for JSON."""

import gc
import importlib
import pkgutil
import re
from functools import cache
from typing import Annotated, cast

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from msgspec import NODEFAULT, UNSET, Raw, inspect

from hydrophone_subsonic import responses
from hydrophone_subsonic.encoding.envelope import Encoding, ItemEncoding
from hydrophone_subsonic.encoding.json import JsonEncoding
from hydrophone_subsonic.encoding.jsonp import JsonpEncoding, is_callback
from hydrophone_subsonic.encoding.pieces import PIECE_SIZE, gather
from hydrophone_subsonic.encoding.xml import NAMESPACE, XmlEncoding
from hydrophone_subsonic.encoding.xml_escaping import escape
from hydrophone_subsonic.responses.album import AlbumID3
from hydrophone_subsonic.responses.browsing import Genre, Genres
from hydrophone_subsonic.responses.child import (
    ArtistReference,
    Child,
    FolderChild,
    Marks,
    ReplayGain,
)
from hydrophone_subsonic.responses.information import AlbumInfo
from hydrophone_subsonic.responses.lists import AlbumList2
from hydrophone_subsonic.responses.system import Error, OpenSubsonicExtension
from hydrophone_subsonic.responses.wire import Wire

XML = XmlEncoding("0.1.0")
JSON = JsonEncoding("0.1.0")
TEXT_ELEMENTS = {"biography", "lastFmUrl", "notes"}
TEXT_ELEMENTS_OF_INFORMATION = {*TEXT_ELEMENTS, "musicBrainzId"}
JSON_ONLY_OF_CHILD = {"name", "songCount"}

for module in pkgutil.iter_modules(responses.__path__):
    importlib.import_module(f"{responses.__name__}.{module.name}")


def all_wire_types(base: type[Wire] = Wire) -> list[type[Wire]]:
    return [one for sub in base.__subclasses__() for one in (sub, *all_wire_types(sub))]


hostile_text = st.text(
    st.one_of(
        st.sampled_from("&<>\"'\t\n\r \0\x1f\x7f\x85\u2028\ud800\udfff\ufffe\uffff]\U0001f3b5é"),
        st.characters(exclude_categories=()),
    ),
    max_size=12,
)


def values(kind: inspect.Type) -> st.SearchStrategy[object]:
    match kind:
        case inspect.Metadata(type=inner):
            return values(inner)
        case inspect.StrType(pattern=str(pattern)):
            return st.from_regex(pattern, fullmatch=True)
        case inspect.StrType():
            return hostile_text
        case inspect.BoolType():
            return st.booleans()
        case inspect.IntType():
            return st.integers(-(2**53), 2**53)
        case inspect.FloatType():
            return st.floats(allow_nan=False, allow_infinity=False)
        case inspect.StructType(cls=cls):
            return instances(cls)
        case inspect.VarTupleType(item_type=item):
            return st.lists(values(item), max_size=3).map(tuple)
        case inspect.UnionType(types=types):
            # Items that may have been written already; how those end up has its own test.
            return st.one_of([values(one) for one in types if not isinstance(one, inspect.RawType)])
    raise TypeError(kind)


@cache
def instances(wire: type[Wire]) -> st.SearchStrategy[Wire]:
    fields: dict[str, st.SearchStrategy[object]] = {}
    for field in cast(inspect.StructType, inspect.type_info(wire)).fields:
        fields[field.name] = values(field.type)
        if not field.required and field.default is NODEFAULT:
            fields[field.name] |= st.just(UNSET)
    return st.builds(wire, **fields)


WIRE_TYPES = sorted(all_wire_types(), key=lambda wire: wire.__name__)
answers = st.sampled_from(WIRE_TYPES).flatmap(instances)


def oracle(answer: Wire) -> bytes:
    """Build the document with lxml from what JSON says of the Struct."""
    root = etree.Element(
        f"{{{NAMESPACE}}}subsonic-response", nsmap=cast("dict[str, str]", {None: NAMESPACE})
    )
    for name, value in {
        "status": "ok",
        "version": "1.16.1",
        "type": "hydrophone",
        "serverVersion": "0.1.0",
        "openSubsonic": "true",
    }.items():
        root.set(name, value)
    is_information = "info" in type(answer).__name__.lower()
    append(
        root,
        "thing",
        msgspec.to_builtins(answer),
        TEXT_ELEMENTS_OF_INFORMATION if is_information else TEXT_ELEMENTS,
    )
    return etree.tostring(root, method="c14n")


def append(parent: etree._Element, name: str, value: object, texts: set[str]) -> None:
    element = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    if not isinstance(value, dict):
        element.text = spelled(value)
        return
    for key, inner in value.items():
        if "isDir" in value and key in JSON_ONLY_OF_CHILD:
            continue
        if key == "value":
            element.text = spelled(inner)
        elif isinstance(inner, dict) or key in texts:
            append(element, key, inner, TEXT_ELEMENTS)
        elif isinstance(inner, list | tuple):
            for item in inner:
                append(element, key, item, TEXT_ELEMENTS)
        else:
            element.set(key, spelled(inner))


def spelled(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    # XML 1.0, production 2 (Char).
    forbidden = "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
    return re.sub(forbidden, "", str(value))


def written(encoding: Encoding, answer: Wire) -> bytes:
    return b"".join(encoding.parts("ok", "thing", answer))


@settings(max_examples=150, deadline=None)
@given(answers)
def test_xml_is_what_lxml_makes_of_the_json_form(answer: Wire) -> None:
    document = written(XML, answer)

    assert etree.tostring(etree.fromstring(document), method="c14n") == oracle(answer)


@settings(max_examples=50, deadline=None)
@given(answers)
def test_xml_uses_double_quotes_and_no_line_breaks(answer: Wire) -> None:
    """DSub rewrites the text of getGenres by regular expressions and joins its lines."""
    document = written(XML, answer).decode()

    assert document.startswith('<?xml version="1.0" encoding="UTF-8"?><subsonic-response xmlns="')
    assert "='" not in re.sub('"[^"]*"', '""', re.sub(">[^<]*<", "><", document))
    assert "\n" not in document


@settings(max_examples=100, deadline=None)
@given(answers.filter(lambda answer: "\\ud" not in ascii(answer)))
def test_json_is_what_msgspec_makes_of_the_whole(answer: Wire) -> None:
    decoded = msgspec.json.decode(written(JSON, answer))

    assert decoded == {
        "subsonic-response": {
            "status": "ok",
            "version": "1.16.1",
            "type": "hydrophone",
            "serverVersion": "0.1.0",
            "openSubsonic": True,
            "thing": msgspec.json.decode(msgspec.json.encode(answer)),
        }
    }


@settings(max_examples=50, deadline=None)
@given(st.lists(instances(AlbumID3).filter(lambda album: "\\ud" not in ascii(album)), max_size=40))
@pytest.mark.parametrize(
    ("items", "encoding"), [(XML, XML), (JSON, JSON), (JSON, JsonpEncoding(JSON, "f"))]
)
def test_items_that_were_written_before_end_up_the_same(
    items: ItemEncoding, encoding: Encoding, albums: list[Wire]
) -> None:
    before = tuple(Raw(items.item("album", album)) for album in albums)
    new = AlbumList2(album=tuple(cast("list[AlbumID3]", albums)))
    assert written(encoding, AlbumList2(album=before)) == written(encoding, new)


def test_songs_that_share_their_artists_are_written_with_their_own() -> None:
    """A list that comes again is not written again; another one is, however equal its place."""

    def credited(*names: str) -> tuple[ArtistReference, ...]:
        return tuple(ArtistReference(id=name.lower(), name=name) for name in names)

    def names(artists: tuple[ArtistReference, ...], peak: float) -> tuple[str, ...]:
        song = Child("s", False, "S", "s", artists=artists, replay_gain=ReplayGain(track_peak=peak))
        element = etree.fromstring(XML.item("song", song))
        (gain,) = element.iter("replayGain")
        assert gain.get("trackPeak") == repr(peak)
        return tuple(artist.get("name", "") for artist in element.iter("artists"))

    one, two = credited("Abba"), credited("Bela", "Céline")
    for artists in (one, one, two, (), two, one, credited("Abba"), credited("Dora")):
        for peak in (0.5, 0.0, -0.0, 0.5):
            assert names(artists, peak) == tuple(artist.name for artist in artists)


def test_lists_directly_in_the_envelope() -> None:
    extensions = tuple(
        OpenSubsonicExtension(name=name, versions=(1, 2)) for name in ("formPost", "songLyrics")
    )
    xml = b"".join(XML.parts("ok", "openSubsonicExtensions", extensions))
    json = b"".join(JSON.parts("ok", "openSubsonicExtensions", extensions))

    first, second = etree.fromstring(xml)
    assert (first.get("name"), second.get("name")) == ("formPost", "songLyrics")
    assert [version.text for version in first] == ["1", "2"]
    assert msgspec.json.decode(json)["subsonic-response"]["openSubsonicExtensions"] == [
        {"name": "formPost", "versions": [1, 2]},
        {"name": "songLyrics", "versions": [1, 2]},
    ]


def test_an_empty_answer_is_the_envelope_alone() -> None:
    assert b"".join(JSON.parts("ok", "", None)) == (
        b'{"subsonic-response":{"status":"ok","version":"1.16.1","type":"hydrophone",'
        b'"serverVersion":"0.1.0","openSubsonic":true}}'
    )
    root = etree.fromstring(b"".join(XML.parts("ok", "", None)))
    assert (root.tag, len(root)) == (f"{{{NAMESPACE}}}subsonic-response", 0)


def test_failures_have_the_full_envelope() -> None:
    """aonsoku reads version and type from a login that fails on purpose."""
    error = Error(code=40, message='Wrong "name" or password.')
    root = etree.fromstring(b"".join(XML.parts("failed", "error", error)))
    json = msgspec.json.decode(b"".join(JSON.parts("failed", "error", error)))

    assert (root.get("status"), root.get("openSubsonic")) == ("failed", "true")
    assert dict(root[0].items()) == {"code": "40", "message": 'Wrong "name" or password.'}
    assert json["subsonic-response"]["error"] == {"code": 40, "message": error.message}


def test_texts_that_the_schema_wants_as_elements() -> None:
    root = etree.fromstring(b"".join(XML.parts("ok", "albumInfo", AlbumInfo(notes="a < b"))))

    assert [(child.tag, child.text) for child in root[0]] == [(f"{{{NAMESPACE}}}notes", "a < b")]


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("plain", "plain"),
        ("", ""),
        ("R&B", "R&amp;B"),
        ('"<>', "&quot;&lt;&gt;"),
        ("a\tb\nc\rd", "a&#9;b&#10;c&#13;d"),
        ("a\0b\x1bc\ud800d\ufffee", "abcde"),
        ("\u00a0\u3000é東\U0001f3b5", "\u00a0\u3000é東\U0001f3b5"),
    ],
)
def test_escape(text: str, escaped: str) -> None:
    assert escape(text) == escaped


def test_marks_do_not_keep_texts_from_being_escaped() -> None:
    class Marked(Wire, frozen=True, kw_only=True):
        name: Annotated[str, msgspec.Meta(description="A name")]

    assert b'name="&lt;&amp;&quot;"' in written(XML, Marked(name='<&"'))


@pytest.mark.parametrize("encoding", [XML, JSON])
@pytest.mark.parametrize(
    "marks", [Marks(), Marks(play_count=0), Marks(starred="1970", user_rating=4)]
)
def test_marks_stand_where_it_is_said_and_may_be_none(encoding: ItemEncoding, marks: Marks) -> None:
    folder = FolderChild(id="fo-é", title="R&é", cover_art="fo-é", parent="1")
    bare, added = encoding.bare(folder), encoding.marks(marks)
    whole = encoding.marked("child", bare, added)
    at = encoding.marks_at("child", bare)
    assert whole[at : at + len(added)] == added
    others = encoding.marks(Marks(average_rating=2.5))
    replaced = whole[:at] + others + whole[at + len(added) :]
    assert replaced == encoding.marked("child", bare, others)
    if marks == Marks() and encoding is JSON:
        assert whole == encoding.item("child", folder)


def test_types_without_a_form_in_xml_are_found_at_once() -> None:
    class Wrong(Wire, frozen=True, kw_only=True):
        when: bytes

    with pytest.raises(TypeError, match="has no form in XML"):
        written(XML, Wrong(when=b""))


def test_jsonp_is_a_call_that_old_javascript_can_read() -> None:
    genre = Genre(value="a\u2028b", song_count=1, album_count=1)
    document = written(JsonpEncoding(JSON, "cb.f$_1"), genre).decode()

    assert document.startswith('cb.f$_1({"subsonic-response":{')
    assert document.endswith("}});")
    assert "a\\u2028b" in document


@pytest.mark.parametrize("name", ["f", "$", "_cb", "jQuery123_4", "angular.callbacks._0"])
def test_names_of_functions(name: str) -> None:
    assert is_callback(name)


@pytest.mark.parametrize(
    "name", ["", "1f", "alert(1)", "a;b", "a b", "f\n", "<script>", "a[0]", "é", "x" * 200]
)
def test_other_callbacks(name: str) -> None:
    assert not is_callback(name)


@pytest.mark.parametrize("encoding", [XML, JSON])
def test_long_answers_come_in_pieces(encoding: XmlEncoding | JsonEncoding) -> None:
    genres = tuple(Genre(value=f"Genre {i}", song_count=i, album_count=1) for i in range(9000))
    pieces = list(gather(encoding.parts("ok", "genres", Genres(genre=genres))))

    assert len(pieces) > 3
    assert max(map(len, pieces)) < PIECE_SIZE * 1.1
    document = b"".join(pieces).decode()
    assert document.count("Genre ") == 9000
    assert gather(iter([b""])).__next__() == b""


def test_wire_structs_cost_the_garbage_collector_nothing() -> None:
    assert not gc.is_tracked(Genre(value="Rock", song_count=1, album_count=1))
