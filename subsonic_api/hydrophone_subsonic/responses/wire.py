"""What all wire Structs have in common."""

from functools import cache
from typing import Annotated, cast

from msgspec import Meta, Struct, UnsetType, inspect

XML_ELEMENT = "xml_element"
"""Key in `Meta.extra` of a text that XML writes as a child element, not as an attribute."""

JSON_ONLY = "json_only"
"""Key in `Meta.extra` of a field that the XSD forbids and that some client of JSON demands."""

USUAL = "usual"
"""Key in `Meta.extra` of an optional field that nearly all things have: XML writes all at once."""

Id = Annotated[str, Meta(pattern="^[a-z0-9-]*\\Z")]
"""Of anything. XML escapes nothing in a text with a pattern, so none may allow what it would."""

Moment = Annotated[str, Meta(pattern="^[0-9T:.Z-]*\\Z")]
"""A date with its time, as `mapping.values.date` writes it."""

_USUAL = Meta(extra={USUAL: True})
UsualId = Annotated[Id | UnsetType, _USUAL]
UsualMoment = Annotated[Moment | UnsetType, _USUAL]
UsualNumber = Annotated[int | UnsetType, _USUAL]
UsualText = Annotated[str | UnsetType, _USUAL]

TextElement = Annotated[str | UnsetType, Meta(extra={XML_ELEMENT: True})]
"""An optional text that is a child element in XML, as in artistInfo and albumInfo."""


class Wire(Struct, frozen=True, rename="camel", gc=False):
    """A piece of an answer, written as JSON by `encoding.json` and as XML by `encoding.xml`.

    An optional field of classic Subsonic is `UNSET` when there is nothing to say, and then left
    out. A field that OpenSubsonic added is always there, empty at worst: its presence tells
    clients that the server supports it. Hence plain defaults and never `omit_defaults`. Only mere
    folders have none of those that songs and albums got (`responses.child.FolderChild`). Nothing is
    ever `None`: Ultrasonic's parser throws on null.

    In XML, children appear in the order of declaration, which has to be the order of the XSD.
    `gc=False`: wire Structs are trees of immutable values, so no cycle can run through them.
    """


@cache
def takes_written(wire: type[Wire]) -> bool:
    """Tell whether a thing has a list with items that may be written already (`Raw`)."""
    # What it says of a Struct is always that.
    fields = cast(inspect.StructType, inspect.type_info(wire)).fields
    lists = (field.type for field in fields if isinstance(field.type, inspect.VarTupleType))
    unions = (one.item_type for one in lists if isinstance(one.item_type, inspect.UnionType))
    return any(isinstance(kind, inspect.RawType) for union in unions for kind in union.types)
