"""The attributes of wire Structs, as source text of what fetches and writes them."""

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple, cast

from msgspec import NODEFAULT, inspect

from hydrophone_subsonic.responses.wire import JSON_ONLY, USUAL, XML_ELEMENT, Wire


class _Attribute(NamedTuple):
    """A field that is an attribute."""

    variable: str
    """What its value is called in the source text."""
    field: str
    text: str
    """` name="value"`, as part of an f-string."""
    is_searched: bool
    """Whether there may be something in it to escape."""
    is_optional: bool
    is_usual: bool
    """Optional, but nearly all things have it."""


def open_tag(wire: type[Wire]) -> tuple[list[str], str]:
    """Return the lines that fetch all attributes, and the f-string of the open start tag.

    All texts together are searched once for something to escape, which there rarely is. What
    nearly all things have is put together at once, and one by one only where something is lacking.
    """
    attributes = _attributes(wire)
    lines = [f"{one.variable} = wire.{one.field}" for one in attributes]
    lines += _escaping([one.variable for one in attributes if one.is_searched])
    lines += [
        _or_nothing(one.variable, one.text)
        for one in attributes
        if one.is_optional and not one.is_usual
    ]
    tag = "<{name}" + "".join(
        f"{{{one.variable}}}" if one.is_optional else one.text
        for one in attributes
        if not one.is_usual
    )
    usual = {one.variable: one.text for one in attributes if one.is_usual}
    return ([*lines, *_all_usual(usual)], tag + "{usual}") if usual else (lines, tag)


def _attributes(wire: type[Wire]) -> list[_Attribute]:
    found = []
    for field in fields(wire):
        if is_child(field) or field.name == "value":
            continue
        kind = unmarked(field.type)
        variable = f"value_{field.name}"
        match kind:
            case inspect.StrType() | inspect.IntType():
                shown = f"{{{variable}}}"
            case inspect.BoolType():
                shown = f"{{SPELLING[{variable}]}}"
            case inspect.FloatType():
                # Among what is kept, 0.0 and -0.0 are the same.
                shown = f"{{number({variable}) if {variable} else repr({variable})}}"
            case _:
                raise TypeError(f"{wire.__name__}.{field.name} has no form in XML")
        found.append(
            _Attribute(
                variable=variable,
                field=field.name,
                text=f' {field.encode_name}="{shown}"',
                is_searched=isinstance(kind, inspect.StrType) and kind.pattern is None,
                is_optional=not field.required and field.default is NODEFAULT,
                is_usual=USUAL in _marks(field),
            )
        )
    return found


def _escaping(variables: list[str]) -> list[str]:
    if not variables:
        return []
    together = "".join(f"{{{one}}}" for one in variables)
    return [
        f"if needs_escape(f'{together}'):",
        *(f"    if {one} is not UNSET: {one} = escape({one})" for one in variables),
    ]


def _or_nothing(variable: str, text: str) -> str:
    return f"{variable} = '' if {variable} is UNSET else f'{text}'"


def _all_usual(texts: Mapping[str, str]) -> list[str]:
    """Return the lines that make one text, `usual`, of {variable: text of its attribute}."""
    return [
        f"if {' or '.join(f'{variable} is UNSET' for variable in texts)}:",
        *(f"    {_or_nothing(variable, text)}" for variable, text in texts.items()),
        f"    usual = f'{''.join(f'{{{variable}}}' for variable in texts)}'",
        "else:",
        f"    usual = f'{''.join(texts.values())}'",
    ]


@cache
def fields(wire: type[Wire]) -> tuple[inspect.Field, ...]:
    """Return the fields that XML has."""
    # What it says of a Struct is always that.
    every = cast(inspect.StructType, inspect.type_info(wire)).fields
    return tuple(field for field in every if JSON_ONLY not in _marks(field))


def is_child(field: inspect.Field) -> bool:
    """Tell whether a field is an element, or several."""
    is_structure = isinstance(field.type, inspect.StructType | inspect.VarTupleType)
    return is_structure or XML_ELEMENT in _marks(field)


def unmarked(kind: inspect.Type) -> inspect.Type:
    """Return a type without what was annotated to it."""
    return kind.type if isinstance(kind, inspect.Metadata) else kind


def _marks(field: inspect.Field) -> dict[str, bool]:
    return (field.type.extra or {}) if isinstance(field.type, inspect.Metadata) else {}
