"""What a request says in its query and its form, before anybody knows what it means."""

import re
from collections.abc import Mapping
from itertools import islice
from types import MappingProxyType
from urllib.parse import unquote, unquote_to_bytes

from hydrophone.errors import InvalidInputError

MAX_ARGUMENTS = 50_000
"""More than any playlist has songs; splitting so many takes some 20 ms."""

_NONE: Mapping[str, str] = MappingProxyType({})
_UNWRITABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 (section 2.2) has no place for, not even escaped."""
_FORMAT = re.compile(r"(?<![^&])(?:f|callback)=[^&]*")
_FEW = 10
"""That many parameters of the format are read of a text with too many: nobody sends more."""
_HEX = frozenset("0123456789abcdefABCDEF")


class Arguments:
    """Values by name. They are decoded when asked for: what nobody asks for can do no harm."""

    def __init__(self, *forms: bytes, successors: Mapping[str, str] = _NONE) -> None:
        """Split texts of the type `application/x-www-form-urlencoded`; the first comes first.

        A value that is one of `successors` counts as what that has become: an id is drawn from
        64 bits, and nobody says it who does not mean it.

        Of a text with more than `MAX_ARGUMENTS` only the format of the answer is read: `check`
        refuses it.
        """
        self._successors = successors
        self._are_too_many = False
        self._values: dict[str, list[str]] = {}
        for form in forms:
            # Latin-1 keeps all bytes: form bodies come with names that are not percent-encoded.
            text = form.decode("latin-1")
            if form.count(b"&") < MAX_ARGUMENTS:
                pairs = text.split("&")
            else:
                self._are_too_many = True
                pairs = [found[0] for found in islice(_FORMAT.finditer(text), _FEW)]
            for pair in pairs:
                name, _, value = pair.partition("=")
                name = unquote(name) if "%" in name else name
                self._values.setdefault(name, []).append(value)

    def check(self) -> None:
        """Refuse what is too much; once it is known in which format to say so.

        Raises:
            InvalidInputError: There are more than `MAX_ARGUMENTS`.
        """
        if self._are_too_many:
            raise InvalidInputError(f"There are more than {MAX_ARGUMENTS} parameters.")

    def __contains__(self, name: str) -> bool:
        """Tell whether a name occurs, be it with an empty value."""
        return name in self._values

    def first(self, name: str) -> str:
        """Return the first value that is not empty, else `""`.

        Raises:
            InvalidInputError: It is wrongly encoded, or has a character that XML cannot carry.
        """
        for value in self._values.get(name, ()):
            if value:
                decoded = _decode(name, value)
                return self._successors.get(decoded, decoded)
        return ""

    def all(self, name: str) -> list[str]:
        """Return all values that are not empty, in their order.

        Raises:
            InvalidInputError: One is wrongly encoded, or has a character that XML cannot carry.
        """
        values = [_decode(name, value) for value in self._values.get(name, ()) if value]
        return [self._successors.get(value, value) for value in values]


def _decode(name: str, value: str) -> str:
    if "%" in value or "+" in value or not value.isascii():
        value = _unquote(name, value.replace("+", " "))
    if not value.isprintable() and (unwritable := _UNWRITABLE.search(value)):
        character = f"U+{ord(unwritable[0]):04X}"
        raise InvalidInputError(f"Parameter {name} must not contain {character}.")
    return value


def _unquote(name: str, value: str) -> str:
    for escaped in value.split("%")[1:]:
        if len(escaped) < 2 or not _HEX.issuperset(escaped[:2]):
            raise InvalidInputError(f"Parameter {name} is wrongly percent-encoded.")
    try:
        return unquote_to_bytes(value.encode("latin-1")).decode()
    except UnicodeDecodeError as error:
        raise InvalidInputError(f"Parameter {name} is not UTF-8.") from error
