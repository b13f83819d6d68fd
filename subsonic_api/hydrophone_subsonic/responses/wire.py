"""What all wire Structs have in common."""

from typing import Annotated

from msgspec import Meta, Struct, UnsetType

XML_ELEMENT = "xml_element"
"""Key in `Meta.extra` of a text that XML writes as a child element, not as an attribute."""

JSON_ONLY = "json_only"
"""Key in `Meta.extra` of a field that the XSD forbids and that some client of JSON demands."""

TextElement = Annotated[str | UnsetType, Meta(extra={XML_ELEMENT: True})]
"""An optional text that is a child element in XML, as in artistInfo and albumInfo."""


class Wire(Struct, frozen=True, rename="camel", gc=False):
    """A piece of an answer, written as JSON by `encoding.json` and as XML by `encoding.xml`.

    An optional field of classic Subsonic is `UNSET` when there is nothing to say, and then left
    out. A field that OpenSubsonic added is always there, empty at worst: its presence tells
    clients that the server supports it. Hence plain defaults and never `omit_defaults`. Nothing
    is ever `None`: Ultrasonic's parser throws on null.

    In XML, children appear in the order of declaration, which has to be the order of the XSD.
    `gc=False`: wire Structs are trees of immutable values, so no cycle can run through them.
    """
