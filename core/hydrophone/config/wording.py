"""Words for people about keys, types and wrong values."""

import json
import re
from pathlib import Path
from typing import Any

from msgspec import inspect

from hydrophone.config.outbound import HostAndPort
from hydrophone.config.schema import Network
from hydrophone.config.toml_lines import KeyPath

_SECRET = re.compile(r"password|token|secret|key", re.IGNORECASE)
_PLAIN = re.compile(r"[\w.-]+")
_LONGEST_VALUE = 80
"""Characters of a wrong value that an error shows."""
_CUSTOM_WORDS: dict[type, str] = {
    Path: "path",
    Network: "IP address or network",
    HostAndPort: "host:port",
}


def dotted(path: KeyPath) -> str:
    """Write the path of a key as people do: `libraries[0].path`."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f".{part if _PLAIN.fullmatch(part) else json.dumps(part)}"
    return text.removeprefix(".")


def shown(path: KeyPath, value: object) -> str:
    """Write a wrong value for an error; never a secret, judged by the name of its key."""
    if any(isinstance(part, str) and _SECRET.search(part) for part in path):
        return "***"
    # What a table or a list holds may be secret, too, and would be long.
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}..."


def expectation(annotation: Any) -> str:  # noqa: ANN401 - any annotation of a field
    """Say which values a field of this type takes: `int >= 1 and <= 65535`."""
    info = inspect.type_info(annotation)
    if isinstance(info, inspect.Metadata):
        if info.extra is not None:
            return str(info.extra["expected"])
        info = info.type
    return _expectation_of(info)


def _expectation_of(info: inspect.Type) -> str:
    match info:
        case inspect.IntType(ge=least, le=most):
            return f"int >= {least} and <= {most}"
        case inspect.FloatType(ge=least, le=most):
            return f"number >= {least} and <= {most}"
        case inspect.BoolType():
            return "true or false"
        case inspect.StrType(min_length=least):
            return "text" if least is None else "text that is not empty"
        case inspect.EnumType(cls=cls):
            return "one of " + ", ".join(json.dumps(member.value) for member in cls)
        case inspect.CustomType(cls=cls):
            return _CUSTOM_WORDS[cls]
        case inspect.VarTupleType(item_type=item):
            return f"list, each {_expectation_of(item)}"
        case inspect.StructType():
            return "table"
        case _:
            raise TypeError(f"the configuration has no words for {info}")
