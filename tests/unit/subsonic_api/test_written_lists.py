"""Lists that are kept written: each thing once, and the marks of a user where they belong."""

from collections.abc import AsyncIterator, Hashable, Mapping

import pytest
from msgspec.json import decode

from hydrophone.domain.ids import UserId
from hydrophone.domain.units import Timestamp
from hydrophone.domain.user import User
from hydrophone_subsonic.encoding.json import JsonEncoding
from hydrophone_subsonic.responses.browsing import MusicFolder
from hydrophone_subsonic.responses.child import Marks
from hydrophone_subsonic.responses.wire import Wire
from hydrophone_subsonic.shelf import Shelf
from hydrophone_subsonic.written_lists import Listed, Part, Split, WrittenLists

pytestmark = pytest.mark.anyio

ANNA = User(id=UserId(1), name="anna", libraries=(), created=Timestamp(0))


def folder(number: int) -> MusicFolder:
    return MusicFolder(id=number, name=f"Nr. {number}")


def written(marks: Marks) -> bytes:
    return JsonEncoding("1").marks(marks)


async def parts(_: None) -> tuple[Part[None], ...]:
    return (Part(name="A", mark=1, thing=None),)


async def test_what_comes_on_two_pages_is_there_once() -> None:
    async def items(_: None, __: None) -> AsyncIterator[Mapping[Hashable, Wire]]:
        yield {1: folder(1), 2: folder(2)}
        yield {2: folder(2), 3: folder(3)}

    async def marked(_: User, __: None, ___: object) -> Mapping[Hashable, Wire]:
        return {}

    lists = WrittenLists(
        Listed(element="folder", parts=parts, items=items, marked=marked),
        JsonEncoding("1"),
        Shelf(),
    )
    for _ in range(2):
        found = await lists.of(ANNA, None)
        assert [one["id"] for one in decode(b"[%b]" % bytes(found["A"]))] == [1, 2, 3]


async def test_marks_alone_take_the_place_of_marks() -> None:
    async def items(_: None, __: None) -> AsyncIterator[Mapping[Hashable, Wire | Split]]:
        yield {
            1: Split(folder(1), written(Marks(play_count=0))),
            2: Split(folder(2), written(Marks())),
        }
        yield {3: folder(3), 4: Split(folder(4), written(Marks(play_count=0)))}

    async def marked(_: User, __: None, ___: object) -> Mapping[Hashable, Wire | bytes]:
        return {1: written(Marks(play_count=7)), 2: written(Marks(user_rating=4)), 3: folder(30)}

    lists = WrittenLists(
        Listed(element="folder", parts=parts, items=items, marked=marked),
        JsonEncoding("1"),
        Shelf(),
    )
    for _ in range(2):
        found = await lists.of(ANNA, None)
        assert decode(b"[%b]" % bytes(found["A"])) == [
            {"id": 1, "name": "Nr. 1", "playCount": 7},
            {"id": 2, "name": "Nr. 2", "userRating": 4},
            {"id": 30, "name": "Nr. 30"},
            {"id": 4, "name": "Nr. 4", "playCount": 0},
        ]
