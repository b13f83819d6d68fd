"""XML, by encoders that are generated once for each type of wire Struct.

The form is that of the Subsonic XSD; the types of the fields decide it:

- text, number, truth value: an attribute;
- a text marked `XML_ELEMENT`: a child element with that text;
- a field named `value`: the text of the element itself;
- a Struct: a child element;
- a tuple: one child element for each item, a Struct or a scalar;
- a field marked `JSON_ONLY`: nothing.

OpenSubsonic does not say how its additions look in XML; this is what Navidrome and LMS write.
Source text is generated, as dataclasses do, because songs have some fifty fields: building
elements with lxml takes five times as long.
"""

from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from types import CodeType
from typing import Any, NamedTuple, cast

from msgspec import UNSET, Raw, inspect

from hydrophone_subsonic.encoding.envelope import TYPE, VERSION, Answer
from hydrophone_subsonic.encoding.xml_attributes import fields, is_child, open_tag, unmarked
from hydrophone_subsonic.encoding.xml_escaping import escape, needs_escape
from hydrophone_subsonic.responses.wire import Wire, takes_written

NAMESPACE = "http://subsonic.org/restapi"

Writer = Callable[[Any], str]
"""Writes a value of one field (or an item of it) as an element."""


class _ChildField(NamedTuple):
    """A field that is an element, or a list of them."""

    field: str
    element: str
    write: Writer
    """Writes the value, or an item."""
    is_list: bool
    has_written: bool
    """Whether an item may have a list of what is written already, which is not to be copied."""
    is_shared: bool
    """Whether it is a list of texts alone: artists or genres, which things that come one behind the
    other have in common; `mapping.child` gives them the very same list."""


_KEPT = 128
"""Short lists of names, of each kind, that are kept as written: songs of an album share theirs."""

_SLICE = 16
"""Items that are written at once."""

_number = lru_cache(maxsize=4096)(repr)
"""How a float is written, such as a loudness to a hundredth: to find that out takes four times as
long as to look it up."""

_SPELLING = {True: "true", False: "false"}
"""DSub compares with these words; 1 and 0 would do for the XSD only."""


class XmlEncoding:
    """Documents `<subsonic-response>...</subsonic-response>`."""

    content_type = b"text/xml; charset=utf-8"
    """Not application/xml: DSub would save an error of a stream as music."""
    between = b""

    def __init__(self, server_version: str) -> None:
        self._start = {
            status: '<?xml version="1.0" encoding="UTF-8"?>'
            f'<subsonic-response xmlns="{NAMESPACE}" status="{status}" version="{VERSION}"'
            f' type="{TYPE}" serverVersion="{escape(server_version)}" openSubsonic="true">'.encode()
            for status in ("ok", "failed")
        }

    def item(self, element: str, item: Wire) -> bytes:
        """Write an item of a list as an element."""
        return _element(element, type(item))(item).encode()

    def bare(self, item: Wire) -> bytes:
        """Write an element without its name, and so without the beginning of its start tag."""
        written = _element("", type(item))(item)
        return (written[1:-3] if written.endswith("</>") else f"{written[1:-2]}>").encode()

    def marks(self, marks: Wire) -> bytes:
        """Write attributes, each with the blank before it."""
        return _start_tag("", type(marks))(marks)[1:-1].encode()

    def marked(self, element: str, bare: bytes, marks: bytes) -> bytes:
        """Put attributes before those that are there, and the name around all."""
        name = element.encode()
        return b"<%b%b%b</%b>" % (name, marks, bare, name)

    def marks_at(self, element: str, bare: bytes) -> int:
        """Count what is before the attributes."""
        return len(f"<{element}".encode())

    def parts(self, status: str, element: str, answer: Answer) -> Iterator[bytes]:
        """Write a document; lists end up in parts that end between two of their items."""
        yield self._start[status]
        for item in answer if isinstance(answer, tuple) else (answer,):
            if item is not None:
                yield from _element_parts(element, item)
        yield b"</subsonic-response>"


def _element_parts(name: str, answer: Wire) -> Iterator[bytes]:
    wire = type(answer)
    children = _children(wire)
    if not children:
        yield _element(name, wire)(answer).encode()
        return
    yield _start_tag(name, wire)(answer).encode()
    if "value" in wire.__struct_fields__:
        yield escape(getattr(answer, "value")).encode()  # noqa: B009 - not every Wire has it
    for child in children:
        value = getattr(answer, child.field)
        if child.is_list:
            yield from _items_parts(child, value or ())
        elif value is not UNSET:
            yield child.write(value).encode()
    yield f"</{name}>".encode()


def _items_parts(child: _ChildField, items: tuple[Any, ...]) -> Iterator[bytes]:
    for start in range(0, len(items), _SLICE):
        some = items[start : start + _SLICE]
        if child.has_written:
            for item in some:
                yield from _element_parts(child.element, item)
        elif type(some[0]) is Raw:
            # None of them is decoded to be encoded again.
            yield b"".join([one if type(one) is Raw else child.write(one).encode() for one in some])
        else:
            yield "".join(map(child.write, some)).encode()


@cache
def _element(name: str, wire: type[Wire]) -> Writer:
    """Return a function that writes a Struct of this type as an element of this name."""
    scope: dict[str, object] = {"name": name}
    for child in _children(wire):
        scope[f"write_{child.field}"] = _list_writer(child) if child.is_list else child.write
        if child.is_shared:
            scope[f"last_{child.field}"] = ((), "")
    return _function(_element_code(wire), scope)


@cache
def _element_code(wire: type[Wire]) -> CodeType:
    """Generate what writes a Struct of this type, whatever the name: that takes milliseconds."""
    lines, opening = open_tag(wire)
    texts = []
    if "value" in wire.__struct_fields__:
        texts.append("{escape(wire.value)}")
    for child in _children(wire):
        field = child.field
        is_empty = "not value" if child.is_list else "value is UNSET"
        written = f"child_{field} = '' if {is_empty} else write_{field}(value)"
        lines.append(f"value = wire.{field}")
        if child.is_shared:
            # What was written last stands in the function's own scope, list and text as one value.
            lines += [
                f"global last_{field}",
                f"known, child_{field} = last_{field}",
                f"if value is not known: {written}; last_{field} = value, child_{field}",
            ]
        else:
            lines.append(written)
        texts.append(f"{{child_{field}}}")
    if texts:
        lines += [
            f"text = f'{''.join(texts)}'",
            f"if text: return f'{opening}>{{text}}</{{name}}>'",
        ]
    return _compile([*lines, f"return f'{opening}/>'"])


@cache
def _start_tag(name: str, wire: type[Wire]) -> Writer:
    """Generate the function that writes only the start tag."""
    lines, opening = open_tag(wire)
    return _function(_compile([*lines, f"return f'{opening}>'"]), {"name": name})


@cache
def _children(wire: type[Wire]) -> tuple[_ChildField, ...]:
    """Return the fields that are elements."""
    children = []
    for field in fields(wire):
        is_list = isinstance(field.type, inspect.VarTupleType)
        item = field.type.item_type if isinstance(field.type, inspect.VarTupleType) else field.type
        kind = _unwritten(item)
        if isinstance(kind, inspect.StructType):
            # All Structs within a Wire are.
            item_wire = cast(type[Wire], kind.cls)
            write = _element(field.encode_name, item_wire)
            if kind is not item:
                write = _or_written(write)
            has_written = takes_written(item_wire)
        elif is_child(field):
            write, has_written = _text_element(field.encode_name), False
        else:
            continue
        is_shared = is_list and isinstance(item, inspect.StructType) and _has_texts_alone(item)
        children.append(
            _ChildField(field.name, field.encode_name, write, is_list, has_written, is_shared)
        )
    return tuple(children)


def _unwritten(item: inspect.Type) -> inspect.Type:
    """Return the type of items that may also be written already, which are `Raw` then."""
    if not isinstance(item, inspect.UnionType):
        return item
    (kind,) = (kind for kind in item.types if not isinstance(kind, inspect.RawType))
    return kind


def _has_texts_alone(item: inspect.StructType) -> bool:
    return all(isinstance(unmarked(part.type), inspect.StrType) for part in item.fields)


def _list_writer(child: _ChildField) -> Writer:
    """Return a function that writes all items of a list."""
    write = child.write

    def write_all(items: tuple[object, ...]) -> str:
        return "".join(map(write, items))

    if child.is_shared:
        kept = lru_cache(maxsize=_KEPT)(write_all)
        # To look up a single artist takes as long as to write it, or twice in a list of many.
        return lambda items: write(items[0]) if len(items) == 1 else kept(items)
    return write_all


def _or_written(write: Writer) -> Writer:
    """Return a function that leaves as it is what has been written already."""
    return lambda value: bytes(value).decode() if type(value) is Raw else write(value)


def _text_element(name: str) -> Writer:
    """Return a function that writes a text or an integer as an element."""
    return lambda value: f"<{name}>{escape(str(value))}</{name}>"


def _compile(lines: list[str]) -> CodeType:
    """Compile the body of a function of one parameter, `wire`.

    The lines hold names of fields, and nothing that came from outside.
    """
    return compile("\n    ".join(["def write(wire):", *lines]), "<xml>", "exec")


def _function(code: CodeType, scope: dict[str, object]) -> Writer:
    """Define the function, for which `scope` has what it calls and the element's `name`."""
    scope |= {"UNSET": UNSET, "SPELLING": _SPELLING, "number": _number}
    scope |= {"escape": escape, "needs_escape": needs_escape}
    exec(code, scope)  # noqa: S102 - as dataclasses do; see above for what is compiled
    return cast(Writer, scope["write"])
