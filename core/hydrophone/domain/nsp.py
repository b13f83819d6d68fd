"""Smart playlists as text: Navidrome's `.nsp` files, which are JSON with comments.

    {"name": "Played of late", "all": [{"inTheLast": {"lastPlayed": 30}}],
     "sort": "-lastPlayed", "limit": 100}

Whatever is wrong is said together with its place: `all[0].inTheLast`.
"""

import json
import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Any, NoReturn

from msgspec import Struct

from hydrophone.domain.nsp_values import MAX_TEXT, is_number, read_value
from hydrophone.domain.playlist import MAX_NAME
from hydrophone.domain.rules import (
    FIELDS,
    OPERATORS,
    OTHER_NAMES,
    RANDOM,
    UNSORTABLE,
    Condition,
    Group,
    Operator,
    Rules,
    SortKey,
    Value,
)
from hydrophone.errors import InvalidInputError

SUFFIX = "nsp"
MAX_SIZE = 64 * 1024
"""Characters of a file."""
MAX_TRACKS = 100_000
_MAX_CONDITIONS = 300
"""There are files with a hundred artists that are not wanted. SQLite takes expressions up to 1,000
deep, and playlists may name each other three deep."""
_MAX_DEPTH = 8
_CONTRARY = {
    Operator.IS_MISSING: Operator.IS_PRESENT,
    Operator.IS_PRESENT: Operator.IS_MISSING,
}
_ORDER = {"": False, "asc": False, "desc": True}
_OPERATORS = {operator.lower(): operator for operator in Operator}
_DESCRIPTION = ("name", "comment", "public")
_UNHEEDED = ("title", "refreshDelay")
"""What changes nothing: a title that some files have, though Navidrome calls them by `name` or by
their own; how old it may let a playlist grow, for here it is made anew whenever it is opened."""
_KNOWN = frozenset(
    {*_DESCRIPTION, "all", "any", "sort", "order", "limit", "limitPercent", "offset", *_UNHEEDED}
)
_STRING_OR_COMMENT = re.compile(r'"(?:[^"\\\n]|\\.)*"|//[^\n]*|/\*.*?\*/', re.DOTALL)


class SmartPlaylist(Struct, frozen=True, kw_only=True):
    """What an `.nsp` file says."""

    name: str = ""
    """Empty if the file has none: then it is called like the file."""
    comment: str = ""
    is_public: bool | None = None
    """`None` if the file does not say."""
    rules: str
    """The rules alone, as `read_rules` takes them."""


def read_smart_playlist(text: str) -> SmartPlaylist:
    """Read a whole file. Raises InvalidInputError with the place of the first fault."""
    said = _object(text)
    _rules(said)
    for key, kind in (("name", str), ("comment", str), ("public", bool)):
        if key in said and not isinstance(said[key], kind):
            wanted = "true or false" if kind is bool else "a text"
            _fail(key, f"must be {wanted}")
    return SmartPlaylist(
        name=said.get("name", "").strip()[:MAX_NAME],
        comment=said.get("comment", "").strip(),
        is_public=said.get("public"),
        rules=json.dumps({k: v for k, v in said.items() if k not in _DESCRIPTION}),
    )


def read_rules(text: str) -> Rules:
    """Read rules alone. Raises InvalidInputError with the place of the first fault."""
    return _rules(_object(text))


def write_smart_playlist(*, name: str, comment: str, is_public: bool, rules: str) -> str:
    """Write a file from which `read_smart_playlist` reads the same."""
    said = {"name": name, "comment": comment, "public": is_public} | json.loads(rules)
    return json.dumps(said, indent=2, ensure_ascii=False) + "\n"


def _object(text: str) -> dict[str, Any]:
    if len(text) > MAX_SIZE:
        raise InvalidInputError(f"A smart playlist has at most {MAX_SIZE} characters.")
    # Blanks in place of comments: what is wrong behind one is still told by its line and column.
    plain = _STRING_OR_COMMENT.sub(_without_comment, text.removeprefix("\ufeff"))
    try:
        said = json.loads(plain)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise InvalidInputError(f"This is not JSON: {error.msg} ({place}).") from error
    except (RecursionError, ValueError) as error:
        raise InvalidInputError("This is not JSON that anybody wrote.") from error
    if not isinstance(said, dict):
        raise InvalidInputError("A smart playlist is a JSON object.")
    for key in said:
        if key not in _KNOWN:
            _fail(key, f"is unknown{_meant(key, _KNOWN)}")
    return said


def _without_comment(match: re.Match[str]) -> str:
    found = match[0]
    return found if found.startswith('"') else re.sub(r"[^\n]", " ", found)


def _rules(said: dict[str, Any]) -> Rules:
    roots = [key for key in ("all", "any") if key in said]
    if len(roots) != 1:
        raise InvalidInputError("A smart playlist has either `all` or `any`.")
    choice = _group(roots[0], said[roots[0]], roots[0], 1)
    if sum(1 for _ in choice.conditions()) > _MAX_CONDITIONS:
        raise InvalidInputError(f"A smart playlist has at most {_MAX_CONDITIONS} conditions.")
    limit = _whole(said, "limit", MAX_TRACKS)
    # As in Navidrome, a limit goes before a percentage.
    percentage = _whole(said, "limitPercent", 100) if not limit else 0
    return Rules(
        choice=choice,
        sort=_sort(said),
        limit=limit or MAX_TRACKS,
        percentage=percentage or 100,
        offset=_whole(said, "offset", MAX_TRACKS),
    )


def _whole(said: dict[str, Any], key: str, most: int) -> int:
    """Read a number at the top, which is 0 where none is meant."""
    number = said.get(key, 0)
    if not is_number(number) or number != int(number) or not 0 <= number <= most:
        _fail(key, f"must be a whole number from 0 (none) to {most}")
    return int(number)


def _group(key: str, members: object, place: str, depth: int) -> Group:
    if not isinstance(members, list) or not members:
        _fail(place, "must be a list with at least one condition")
    if depth > _MAX_DEPTH:
        _fail(place, f"lies more than {_MAX_DEPTH} deep")
    read = [_member(member, f"{place}[{i}]", depth) for i, member in enumerate(members)]
    return Group(every=key == "all", members=tuple(read))


def _member(member: object, place: str, depth: int) -> Condition | Group:
    if not isinstance(member, dict) or len(member) != 1:
        _fail(place, 'must be an object with one key, such as {"is": {"loved": true}}')
    ((key, content),) = member.items()
    inside = f"{place}.{key}"
    if key in ("all", "any"):
        return _group(key, content, inside, depth + 1)
    operator = _OPERATORS.get(key.lower())
    if operator is None:
        _fail(place, f"{key!r} is no operator{_meant(key, tuple(Operator))}")
    if not isinstance(content, dict) or not content:
        _fail(inside, "must be an object with a field and its value")
    conditions = tuple(_condition(operator, *item, inside) for item in content.items())
    return conditions[0] if len(conditions) == 1 else Group(every=True, members=conditions)


def _condition(operator: Operator, name: str, value: object, place: str) -> Condition | Group:
    field = OTHER_NAMES.get(name.lower(), name.lower())
    kind = FIELDS.get(field)
    if kind is None:
        _fail(place, f"{name!r} is no field{_meant(field, tuple(FIELDS))}")
    if operator not in OPERATORS[kind]:
        words = ", ".join(OPERATORS[kind])
        _fail(place, f"{name!r} cannot be asked so; it is a {kind} and has {words}")
    # `is` with several values means any of them, `isNot` none.
    may_be_several = operator in (Operator.IS, Operator.IS_NOT)
    values = value if may_be_several and isinstance(value, list) and value else [value]
    try:
        read = [read_value(kind, operator, one) for one in values]
    except ValueError as error:
        _fail(f"{place}.{name}", f"must be {error}")
    conditions = tuple(_compared(operator, field, one) for one in read)
    if len(conditions) == 1:
        return conditions[0]
    return Group(every=operator is Operator.IS_NOT, members=conditions)


def _compared(operator: Operator, field: str, value: Value) -> Condition:
    if value is False and operator in _CONTRARY:
        return Condition(operator=_CONTRARY[operator], field=field, value=True)
    return Condition(operator=operator, field=field, value=value)


def _sort(said: dict[str, Any]) -> tuple[SortKey, ...]:
    order = said.get("order", "")
    if not isinstance(order, str) or order.lower() not in _ORDER:
        _fail("order", "must be asc or desc")
    sort = said.get("sort", "")
    if not isinstance(sort, str) or len(sort) > MAX_TEXT:
        _fail("sort", "must be a text such as -rating,title")
    return tuple(_sort_keys(sort or "title", descending=_ORDER[order.lower()]))


def _sort_keys(sort: str, *, descending: bool) -> Iterator[SortKey]:
    for word in sort.split(","):
        field = word.strip().lower().lstrip("+-").lstrip()
        field = OTHER_NAMES.get(field, field)
        if field != RANDOM and (field not in FIELDS or field in UNSORTABLE):
            known = [RANDOM, *(one for one in FIELDS if one not in UNSORTABLE)]
            _fail("sort", f"{field!r} is nothing to sort by{_meant(field, known)}")
        yield SortKey(field=field, descending=descending != word.strip().startswith("-"))


def _meant(word: str, known: Sequence[str] | frozenset[str]) -> str:
    near = get_close_matches(word, sorted(known), n=1)
    return f" (is {near[0]!r} meant?)" if near else ""


def _fail(place: str, what: str) -> NoReturn:
    raise InvalidInputError(f"At {place}: {what}.")
