"""The keys of a schema: which there are, what kind each is, and which one was probably meant."""

import difflib
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, TypeGuard, get_args, get_origin

from msgspec import Struct
from msgspec.structs import fields


def all_keys(schema: type[Struct], prefix: str = "") -> Iterator[str]:
    """Give the dotted path of each table and key, in the order of the schema.

    Lists of tables count as one table: `libraries`, `libraries.name`.
    """
    for field in fields(schema):
        key = f"{prefix}{field.encode_name}"
        yield key
        inner = item_type(field.type) or field.type
        if is_table(inner):
            yield from all_keys(inner, f"{key}.")


def is_table(annotation: Any) -> TypeGuard[type[Struct]]:  # noqa: ANN401 - any field's annotation
    """Tell whether a field of this type is a table."""
    return isinstance(annotation, type) and issubclass(annotation, Struct)


def item_type(annotation: Any) -> Any | None:  # noqa: ANN401 - any field's annotation
    """Return the type of a list's items; `None` if the field is no list."""
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    return get_args(annotation)[0] if get_origin(annotation) is tuple else None


def nearest_key(key: str, known: Sequence[str]) -> str:
    """Find the known key that was probably meant; empty if none is near."""
    table, _, name = key.rpartition(".")
    names: dict[str, list[str]] = {}
    for candidate in known:
        names.setdefault(candidate.rpartition(".")[2], []).append(candidate)
    beside = [other for other in names if f"{table}.{other}".removeprefix(".") in known]
    if name in names:  # right, but in the wrong table
        return names[name][0]
    if close := difflib.get_close_matches(name, beside, n=1):
        return f"{table}.{close[0]}".removeprefix(".")
    return next(iter(difflib.get_close_matches(key, known, n=1, cutoff=0.8)), "")
