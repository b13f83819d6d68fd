"""Holds answers of plugins against their types, and against what can be kept of them."""

from math import isfinite
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from hydrophone.host.stranger import MistakeError, describe

T = TypeVar("T")

_MOST_ITEMS = 5000
"""In any one list of an answer."""
_LARGEST = 2**63
"""The first whole number that SQLite cannot hold."""


def checked(value: T, wanted: Any, *, name: str) -> tuple[T, str]:  # noqa: ANN401 - a type of typing
    """Return a copy that is what the Protocol promises of a method, down to the last field.

    Hits with text or numbers that no database can hold are left out of their list; the second
    value says so, and is empty otherwise. Raises MistakeError.
    """
    _refuse_masses(value, name)
    try:
        plain = msgspec.to_builtins(value, builtin_types=(bytes,))
        sieve = _Sieve()
        return msgspec.convert(sieve.kept(plain), wanted), sieve.complaint
    except (msgspec.ValidationError, TypeError, ValueError, RecursionError) as error:
        kind = type(value).__name__
        said = f"Its {name} returned a {kind} that cannot be used: {describe(error)}"
        raise MistakeError(said) from error


class _Sieve:
    """Leaves out what cannot be kept: lone surrogates and NUL in text, numbers beyond reason."""

    def __init__(self) -> None:
        self._left_out = 0
        self._reason = ""

    @property
    def complaint(self) -> str:
        if not self._left_out:
            return ""
        return f"{self._left_out} of its answer's items cannot be kept: {self._reason}"

    def kept(self, value: Any) -> Any:  # noqa: ANN401 - a document
        """Return a plain value with what can be kept of it; raises ValueError if nothing can."""
        kind = type(value)
        if kind is str:
            if "\0" in value or not value.isascii():
                _refuse_odd(value)
        elif kind is dict:
            return {key: self.kept(one) for key, one in value.items()}
        elif kind is list or kind is tuple:
            return self._items(value) if value else value
        elif kind is int or kind is float:
            _refuse_beyond(value)
        return value

    def _items(self, values: list[Any] | tuple[Any, ...]) -> list[Any]:
        found = []
        for one in values:
            try:
                found.append(self.kept(one))
            except ValueError as error:
                # A list of numbers means something only as a whole.
                if isinstance(one, int | float):
                    raise
                self._left_out += 1
                self._reason = str(error)
        return found


def _refuse_odd(text: str) -> None:
    if "\0" in text:
        raise ValueError("text with a NUL")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("text that is no Unicode") from error


def _refuse_beyond(number: float) -> None:
    if isinstance(number, int):
        if not -_LARGEST <= number < _LARGEST:
            raise ValueError("a number is too large")
    elif not isfinite(number):
        raise ValueError(f"{number} is no number")


def _refuse_masses(value: object, name: str) -> None:
    """Look at lengths before anything is copied: checking a million hits would take seconds."""
    parts = (
        [getattr(value, name) for name in value.__struct_fields__]
        if isinstance(value, Struct)
        else [value]
    )
    for part in parts:
        if isinstance(part, tuple | list | dict | set | frozenset) and len(part) > _MOST_ITEMS:
            raise MistakeError(f"Its {name} returned {len(part)} items; {_MOST_ITEMS} are allowed.")
