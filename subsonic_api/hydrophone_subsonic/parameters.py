"""Decoding of parameters: a decoder for each parameter Struct, made once at import.

A field says all there is to say of a parameter: its name (in camel case on the wire), its type,
its bounds, and whether it is required, which it is without a default. Types are `str`, `int`,
`float`, `bool`, a StrEnum, a tuple of one of these for a parameter that may be repeated, and each
of them `| None`. An empty value counts as an absent one (endpoints.md 1.1).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, TypeVar, cast

from msgspec import Meta, Struct, inspect

from hydrophone.errors import InvalidInputError
from hydrophone_subsonic.arguments import Arguments
from hydrophone_subsonic.errors import MissingParameterError

_CUT = "cut"
_KEEP_EMPTY = "keep_empty"
_CUT_FRACTION = "cut_fraction"
_LARGEST = 2**53 - 1
"""The largest whole number of JSON's readers; sums of two still fit into a database column."""


class Parameters(Struct, frozen=True, rename="camel"):
    """What an endpoint is told; as it stands, for those that are told nothing."""


P = TypeVar("P", bound=Parameters)

Natural = Annotated[int, Meta(ge=0)]
"""A whole number that cannot be negative."""

Time = Annotated[int, Meta(ge=0, extra={_CUT_FRACTION: True})]
"""A time since 1970 or into a song, in whole units. A fraction is cut off: knuckles sends moments
as Python has them, such as `1795596013051.677`."""

Since = Annotated[int, Meta(extra={_CUT_FRACTION: True})]
"""A time since 1970 of which an app has a list; as old as it likes, so it may be negative."""

NotNegative = Annotated[float, Meta(ge=0)]
"""A number, with a fraction or without, that cannot be negative."""

Count = Annotated[int, Meta(ge=0, extra={_CUT: 500})]
"""How much is wanted at once. Whoever wants more gets 500, as Subsonic has always done it:
Feishin pages by 500 until a page is short."""

ClearableText = Annotated[str | None, Meta(extra={_KEEP_EMPTY: True})]
"""A text for which an empty value is a value: DSub clears comments of playlists so."""

PossiblyEmpty = Annotated[str, Meta(extra={_KEEP_EMPTY: True})]
"""A text that has to be there, but may be empty."""


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """How to read one parameter."""

    field: str
    name: str
    """On the wire."""
    is_required: bool
    is_repeated: bool
    keeps_empty: bool
    read: Callable[[str], object]
    """Raises `ValueError` for what is not of this type or out of bounds."""
    expected: str
    """What it must be, for people: the end of a sentence."""

    def decode(self, arguments: Arguments, values: dict[str, object]) -> None:
        """Put the value into `values`, or leave it to the default.

        Raises:
            MissingParameterError: It is required, and absent or empty.
            InvalidInputError: It is not what it must be; the sentence names it.
        """
        try:
            if self.is_repeated:
                if texts := arguments.all(self.name):
                    values[self.field] = tuple([self.read(text) for text in texts])
            elif (text := arguments.first(self.name)) or self._is_cleared(arguments):
                values[self.field] = self.read(text)
        except ValueError as error:
            raise InvalidInputError(f"Parameter {self.name} must be {self.expected}.") from error
        if self.is_required and self.field not in values:
            raise MissingParameterError(f"Required parameter {self.name} is missing.")

    def _is_cleared(self, arguments: Arguments) -> bool:
        return self.keeps_empty and self.name in arguments


def parameters_of(struct: type[Parameters]) -> tuple[Parameter, ...]:
    """Return how each field of a Struct is read."""
    # What it says of a Struct is always that.
    information = cast(inspect.StructType, inspect.type_info(struct))
    return tuple(map(_parameter, information.fields))


def decoder(struct: type[P]) -> Callable[[Arguments], P]:
    """Make the function that reads this Struct out of a request.

    It raises `MissingParameterError` and `InvalidInputError`, and ignores what it does not know.
    """
    parameters = parameters_of(struct)

    def decode(arguments: Arguments) -> P:
        values: dict[str, object] = {}
        for parameter in parameters:
            parameter.decode(arguments, values)
        return struct(**values)

    return decode


def _parameter(field: inspect.Field) -> Parameter:
    kind, extra = _unwrapped(field.type)
    is_repeated = isinstance(kind, inspect.VarTupleType)
    if isinstance(kind, inspect.VarTupleType):
        kind, extra = _unwrapped(kind.item_type)
    read, expected = _reader(kind, extra)
    return Parameter(
        field=field.name,
        name=field.encode_name,
        is_required=field.required,
        is_repeated=is_repeated,
        keeps_empty=_KEEP_EMPTY in extra,
        read=read,
        expected=expected,
    )


def _unwrapped(kind: inspect.Type) -> tuple[inspect.Type, dict[str, int]]:
    """Take off `Annotated` and `| None`."""
    extra: dict[str, int] = {}
    if isinstance(kind, inspect.Metadata):
        extra |= kind.extra or {}
        kind = kind.type
    if isinstance(kind, inspect.UnionType):
        (kind,) = (one for one in kind.types if not isinstance(one, inspect.NoneType))
        kind, inner = _unwrapped(kind)
        extra |= inner
    return kind, extra


def _reader(kind: inspect.Type, extra: dict[str, int]) -> tuple[Callable[[str], object], str]:
    match kind:
        case inspect.StrType():
            return str, "a text"
        case inspect.BoolType():
            return _truth, "true or false"
        case inspect.IntType(ge=least, le=most):
            high = _LARGEST if most is None else most
            read = _integers(least, high, extra.get(_CUT))
            read = _without_fraction(read) if _CUT_FRACTION in extra else read
            return read, _whole(least, high)
        case inspect.FloatType(ge=least):
            return _floats(least), "a number" + ("" if least is None else f", not below {least:g}")
        case inspect.EnumType(cls=words) if issubclass(words, StrEnum):
            return words, f"one of {', '.join(words)}"
    raise TypeError(f"No parameter can be of the type {kind}")


def _whole(least: int | None, most: int) -> str:
    return f"a whole number from {-most if least is None else least} to {most}"


def _truth(text: str) -> bool:
    match text.lower():
        case "true" | "1":
            return True
        case "false" | "0":
            return False
    raise ValueError(text)


def _integers(least: int | None, high: int, cut: int | None) -> Callable[[str], int]:
    low = -high if least is None else least

    def read(text: str) -> int:
        # int() alone would also take " 1", "1_000", "+1" and the digits of other scripts.
        digits = text.removeprefix("-")
        if not digits.isdigit() or not digits.isascii() or len(digits) > 20:
            raise ValueError(text)
        number = int(text)
        if not low <= number <= high:
            raise ValueError(text)
        return number if cut is None else min(number, cut)

    return read


def _without_fraction(read: Callable[[str], int]) -> Callable[[str], int]:
    def read_time(text: str) -> int:
        whole, point, fraction = text.partition(".")
        # -0.5 would be 0 without it.
        if point and not (whole.isdigit() and fraction.isdigit() and fraction.isascii()):
            raise ValueError(text)
        return read(whole)

    return read_time


def _floats(least: float | None) -> Callable[[str], float]:
    def read(text: str) -> float:
        number = float(text)
        if not math.isfinite(number) or (least is not None and number < least):
            raise ValueError(text)
        return number

    return read
