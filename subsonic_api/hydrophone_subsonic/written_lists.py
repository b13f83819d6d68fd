"""Long lists that are written already: all artists, folders and episodes, which apps ask for."""

import asyncio
from array import array
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from msgspec import Raw, Struct

from hydrophone.domain.user import User
from hydrophone_subsonic.ahead import Ahead, Quiet, Rest, between_changes
from hydrophone_subsonic.encoding.envelope import ItemEncoding
from hydrophone_subsonic.responses.wire import Wire
from hydrophone_subsonic.shelf import Shelf, Written, pack

Key = TypeVar("Key", bound=Hashable)
Thing = TypeVar("Thing")


class Split(NamedTuple):
    """An item of which the marks alone are written anew, and the rest stays as it is.

    To read, describe and write a thing takes several times as long as what is left on it.
    """

    bare: Wire
    """Without the fields of `marks`."""
    marks: bytes
    """As `WrittenMarks` writes them without anything of a user."""


Items = Mapping[Hashable, Wire]
Marked = Mapping[Hashable, Wire | bytes]
"""{key: item}, or of one that is `Split` the marks."""

_STEP = 250
"""Things that are written in 1 to 3 ms."""


class Part(Struct, Generic[Thing], frozen=True, kw_only=True):
    """A part of a list, which is written as a whole: a letter, or a channel."""

    name: str
    """What no other part of the list is called."""
    mark: int
    """Another one as soon as anything in it is another."""
    thing: Thing


@dataclass(frozen=True, kw_only=True)
class Listed(Generic[Key, Thing]):
    """What is listed: where it comes from, and what it becomes."""

    element: str
    """What the items are called in their list."""
    parts: Callable[[Key], Awaitable[tuple[Part[Thing], ...]]]
    """Return what there is, in order."""
    items: Callable[[Key, Thing], AsyncIterator[Mapping[Hashable, Wire | Split]]]
    """Yield {key: item} for all of a part in its order, some 2 ms at a time."""
    marked: Callable[[User, Key, tuple[Part[Thing], ...]], Awaitable[Marked]]
    """Return what is for a user what it is not for all."""


class WrittenLists(Generic[Key, Thing]):
    """Writes lists of one kind in one format, which most of the time are written already.

    They are written ahead: at the start those that are expected, another one once somebody has
    asked for it, and anew after each change, as far as it has changed them.
    """

    def __init__(
        self,
        listed: Listed[Key, Thing],
        encoding: ItemEncoding,
        shelf: Shelf,
        *,
        quiet: Quiet = between_changes,
    ) -> None:
        """Write nothing yet; for `quiet` see `Ahead`."""
        self._listed = listed
        self._encoding = encoding
        self._shelf = shelf
        self._known: set[Key] = set()
        self.ahead = Ahead(self._write_ahead, quiet)

    def expect(self, key: Key) -> None:
        """Have a list written ahead that will be asked for; for a known one that is no work."""
        if key not in self._known:
            self._known.add(key)
            self._shelf.make_place(self._place(key))
            self.ahead.begin()

    async def of(
        self, viewer: User, key: Key, *, only: str | None = None, marked: Marked | None = None
    ) -> dict[str, Raw]:
        """Return {name of a part: its items side by side} as the viewer has them, in order.

        Empty parts are left out, and with `only` all but the one of this name. `marked` is what
        `Listed.marked` would find, if it is known already.
        """
        parts = await self._parts(key)
        if only is not None:
            parts = tuple(part for part in parts if part.name == only)
        if marked is None:
            marked = await self._listed.marked(viewer, key, parts)
        found = {}
        for part in parts:
            written = self._find(key, part)
            if written is None:
                written = await self._write(key, part, _let_others)
                self._shelf.put(self._place(key), part.name, written)
            body = await self._replaced(written, marked)
            if body:
                found[part.name] = Raw(body)
            await _let_others()
        self._known.add(key)
        return found

    async def _write_ahead(self, rest: Rest) -> None:
        """Write all lists that have a place, as far as they have changed."""
        for key in tuple(self._known):
            if self._place(key) in self._shelf:
                await self._write_list(key, rest)

    async def _write_list(self, key: Key, rest: Rest) -> None:
        for part in await self._parts(key):
            if self._find(key, part) is None:
                written = await self._write(key, part, rest)
                if not self._shelf.put(self._place(key), part.name, written):
                    return

    async def _parts(self, key: Key) -> tuple[Part[Thing], ...]:
        parts = await self._listed.parts(key)
        self._shelf.keep_only(self._place(key), {part.name for part in parts})
        return parts

    def _place(self, key: Key) -> tuple[object, Key]:
        return self, key

    def _find(self, key: Key, part: Part[Thing]) -> Written | None:
        return self._shelf.find(self._place(key), part.name, part.mark)

    async def _write(self, key: Key, part: Part[Thing], rest: Rest) -> Written:
        # By key: a thing may come again, if another before it is new since the last ones were read.
        items: dict[Hashable, tuple[bytes, int, int]] = {}
        async for some in self._listed.items(key, part.thing):
            for thing, item in some.items():
                items[thing] = self._place_of(item)
            await rest()
        starts, ends = array("I"), array("I")
        offset = 0
        for written, start, end in items.values():
            starts.append(offset + start)
            ends.append(offset + end)
            offset += len(written) + len(self._encoding.between)
        body = self._encoding.between.join([written for written, _, _ in items.values()])
        return Written(
            mark=part.mark,
            packed=pack(body),
            length=len(body),
            keys=tuple(items),
            starts=starts,
            ends=ends,
        )

    async def _replaced(self, part: Written, marked: Marked) -> bytes:
        """Return a part with some of its things, or their marks, written otherwise."""
        body = part.body()
        if not marked or marked.keys().isdisjoint(part.keys):
            return body
        pieces: list[bytes] = []
        end = 0
        for number, (key, start, after) in enumerate(
            zip(part.keys, part.starts, part.ends, strict=True), start=1
        ):
            item = marked.get(key)
            if item is not None:
                pieces.append(body[end:start])
                pieces.append(item if isinstance(item, bytes) else self._item(item))
                end = after
            if number % _STEP == 0:
                await _let_others()
        return b"".join([*pieces, body[end:]])

    def _item(self, item: Wire) -> bytes:
        return self._encoding.item(self._listed.element, item)

    def _place_of(self, item: Wire | Split) -> tuple[bytes, int, int]:
        """Write an item; return also from where to where it is another for a user."""
        element, encoding = self._listed.element, self._encoding
        if not isinstance(item, Split):
            written = self._item(item)
            return written, 0, len(written)
        bare, marks = encoding.bare(item.bare), item.marks
        start = encoding.marks_at(element, bare)
        return encoding.marked(element, bare, marks), start, start + len(marks)


async def _let_others() -> None:
    await asyncio.sleep(0)
